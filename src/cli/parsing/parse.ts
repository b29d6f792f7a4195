import { parseArgs } from "node:util";
import { closest } from "../../model/closest.ts";
import { GLOBAL_OPTIONS, type GlobalValues } from "../options/global-options.ts";
import type { Option, OptionTable } from "../options/options.ts";
import { UsageError } from "../options/usage-error.ts";
import { parseWhen } from "../options/when.ts";
import type { CommandSpec } from "./command-spec.ts";

/** A parsed command line. */
export interface Parsed<Spec extends CommandSpec> {
  /** The verb, if one was named. */
  readonly command: Spec | undefined;
  readonly args: readonly string[];
  readonly options: object;
  readonly globals: GlobalValues;
}

/** A command line that could not be parsed, with the verb if that was recognised. */
export class ParseError extends UsageError {
  readonly command: CommandSpec | undefined;

  constructor(message: string, command?: CommandSpec) {
    super(message);
    this.command = command;
  }
}

/** @throws ParseError */
export function parse<Spec extends CommandSpec>(
  argv: readonly string[],
  commands: readonly Spec[],
): Parsed<Spec> {
  const position = verbPosition(argv);
  const name = position === undefined ? undefined : argv[position];
  const command = name === undefined ? undefined : find(commands, name);
  if (name !== undefined && !command) {
    throw new ParseError(unknownVerb(commands, name));
  }
  const rest = argv.filter((_, i) => i !== position);
  const table: OptionTable = { ...GLOBAL_OPTIONS, ...command?.options };
  try {
    const { values, positionals } = splitArgs(rest, table, command);
    const globals = pick(values, GLOBAL_OPTIONS);
    // Help is shown even if arguments are missing.
    if (!globals.help && !globals.version && command) checkCount(command, positionals);
    return { command, args: positionals, options: values, globals };
  } catch (error) {
    if (error instanceof UsageError) throw new ParseError(error.message, command);
    throw error;
  }
}

export const find = <Spec extends CommandSpec>(commands: readonly Spec[], name: string): Spec | undefined =>
  commands.find((command) => command.name === name || command.also?.includes(name));

/** Says that there is no such verb, and which one may be meant. */
export function unknownVerb(commands: readonly CommandSpec[], name: string): string {
  const verbs = commands.filter(({ hidden }) => !hidden).flatMap((one) => [one.name, ...(one.also ?? [])]);
  const suggestion = closest(name, verbs);
  return `there is no verb "${name}".${suggestion ? ` Did you mean ${suggestion}?` : ""}`;
}

/** Returns the position of the verb: the first word that is neither a global option nor the value of one. */
function verbPosition(argv: readonly string[]): number | undefined {
  const { tokens } = parseArgs({
    args: [...argv],
    options: nodeOptions(GLOBAL_OPTIONS),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  return tokens.find((token) => token.kind === "positional")?.index;
}

type OptionValues = Record<string, unknown>;

function splitArgs(
  args: readonly string[],
  table: OptionTable,
  command: CommandSpec | undefined,
): { values: OptionValues; positionals: string[] } {
  const { values, positionals } = parseStrictly(args, table, command);
  const parsedValues: OptionValues = {};
  for (const [name, option] of Object.entries(table)) {
    const texts = [name, ...(option.also ?? [])].flatMap((one) => values[one] ?? []);
    if (texts.length === 0) continue;
    const parsed = texts.map((text) => (typeof text === "string" ? parsedValue(name, option, text) : text));
    parsedValues[name] = option.many ? parsed : parsed.at(-1);
  }
  return { values: parsedValues, positionals };
}

/** Joins an option and a value that begins with a dash and a digit, as in `--start -7d`: parseArgs would refuse it. */
function joinSigned(args: readonly string[], table: OptionTable): string[] {
  const withValue = new Set(
    Object.entries(table).flatMap(([name, { value, short, also = [] }]) =>
      value === undefined
        ? []
        : [...(short ? [`-${short}`] : []), ...[name, ...also].map((one) => `--${one}`)],
    ),
  );
  const joined: string[] = [];
  for (const [i, arg] of args.entries()) {
    const option = joined.includes("--") ? undefined : args[i - 1];
    if (option !== undefined && withValue.has(option) && /^-\d/.test(arg))
      joined.push(`${joined.pop()}${option.startsWith("--") ? "=" : ""}${arg}`);
    else joined.push(arg);
  }
  return joined;
}

/** Arguments that name a revision. */
const REVISIONS = ["REVISION", "FROM", "TO"];

/** Finds a relative time among arguments that was to name a revision, as in `diff temperature -1h`. */
function relativeTime(args: readonly string[], command: CommandSpec | undefined): string | undefined {
  if (!command?.arguments?.some(({ name }) => REVISIONS.includes(name))) return undefined;
  return args.find((arg) => /^-\d/.test(arg) && parseWhen(arg) !== undefined);
}

function parseStrictly(args: readonly string[], table: OptionTable, command: CommandSpec | undefined) {
  const joined = joinSigned(args, table);
  try {
    return parseArgs({ args: joined, options: nodeOptions(table), allowPositionals: true });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS")))
      throw error;
    const time = /^Unknown option '-\d/.test(error.message) ? relativeTime(joined, command) : undefined;
    if (time !== undefined) throw new UsageError(`"${time}" looks like an option. Write "@{${time}}".`);
    throw new UsageError(explain(error.message, table));
  }
}

/** Rewords the message of an error of `parseArgs`. */
function explain(message: string, table: OptionTable): string {
  const unknown = /^Unknown option '(-[^']*)'/.exec(message)?.[1];
  if (unknown !== undefined) {
    const names = Object.entries(table).flatMap(([name, { also = [] }]) => [name, ...also]);
    const suggestion = unknown.startsWith("--") ? closest(unknown.slice(2), names) : undefined;
    return `there is no option ${unknown} here.${suggestion ? ` Did you mean --${suggestion}?` : ""}`;
  }
  const name = /--([\w-]+)/.exec(message)?.[1] ?? "";
  if (/ambiguous/.test(message))
    return `--${name} needs a value; one that begins with a dash is written --${name}=-VALUE.`;
  if (/does not take an argument/.test(message)) return `--${name} takes no value.`;
  if (/argument missing/.test(message)) return `--${name} needs a value.`;
  return message.split("\n")[0] ?? message;
}

function nodeOptions(table: OptionTable) {
  const options: Record<string, { type: "string" | "boolean"; short?: string; multiple: true }> = {};
  for (const [name, { value, short, also = [] }] of Object.entries(table)) {
    const type = value === undefined ? "boolean" : "string";
    options[name] = { type, multiple: true, ...(short && { short }) };
    for (const other of also) options[other] = { type, multiple: true };
  }
  return options;
}

function parsedValue(name: string, { parse }: Option, text: string): unknown {
  try {
    return parse ? parse(text) : text;
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`--${name}: ${error.message}`);
    throw error;
  }
}

function pick(values: OptionValues, table: OptionTable): GlobalValues {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name in table));
}

function checkCount(command: CommandSpec, args: readonly string[]): void {
  const expected = command.arguments ?? [];
  const missing = expected.find(({ optional }, i) => !optional && args.length <= i);
  if (missing) throw new UsageError(`${command.name} needs ${missing.name}: ${missing.about}.`);
  const extra = args[expected.length];
  if (extra !== undefined && !expected.at(-1)?.many)
    throw new UsageError(`${command.name} takes no argument "${extra}".`);
}
