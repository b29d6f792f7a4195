import { GLOBAL_OPTIONS } from "../options/global-options.ts";
import type { Option, OptionTable } from "../options/options.ts";
import type { Argument, CommandSpec } from "./command-spec.ts";

const WIDTH = 80;

/** `lakota read LABEL [COLUMN…] [options]` */
export function usageLine({ name, arguments: args = [], options = {} }: CommandSpec): string {
  const tail = Object.keys(options).length > 0 ? ["[options]"] : [];
  return ["lakota", name, ...args.map(argumentText), ...tail].join(" ");
}

export function argumentText({ name, optional, many }: Argument): string {
  const text = many ? `${name}…` : name;
  return optional ? `[${text}]` : text;
}

/** `-l, --limit COUNT` */
export function optionText(name: string, { short, also = [], value }: Option): string {
  const names = [...(short ? [`-${short}`] : []), ...[name, ...also].map((one) => `--${one}`)];
  return names.join(", ") + (value === undefined ? "" : ` ${value}`);
}

/** Returns the help of a verb. Backticks in it are left as in Markdown. */
export function helpText(command: CommandSpec): string {
  const { summary, also = [], description = [], arguments: args = [], options = {}, examples } = command;
  return [
    `${summary}.`,
    `Usage: ${usageLine(command)}${also.length > 0 ? `\nAlso:  lakota ${also.join(", lakota ")}` : ""}`,
    ...description.map((paragraph) => wrap(paragraph, 0)),
    section(
      "Arguments",
      args.map((one) => [argumentText(one), one.about]),
    ),
    section("Options", optionRows(options)),
    section("Options of every verb", optionRows(GLOBAL_OPTIONS)),
    examples.length > 0 &&
      `Examples\n${examples.map(({ command, about }) => `  ${about ? `# ${about}\n  ` : ""}${command}`).join("\n\n")}`,
  ]
    .filter(Boolean)
    .join("\n\n")
    .concat("\n");
}

export function overviewText(commands: readonly CommandSpec[]): string {
  const shown = commands.filter(({ hidden }) => !hidden);
  return [
    "lakota: version control for time series, on disk, on S3 or on the web.",
    "Usage: lakota VERB [arguments] [options]",
    section(
      "Verbs",
      shown.map(({ name, summary }) => [name, summary]),
    ),
    section("Options of every verb", optionRows(GLOBAL_OPTIONS)),
    [
      "Getting started",
      '  lakota create temperature "timestamp timestamp*" "value float"',
      "  lakota write temperature/Brussels < brussels.csv",
      "  lakota read temperature/Brussels",
    ].join("\n"),
    "`lakota help VERB` explains a verb, with examples.",
  ]
    .filter(Boolean)
    .join("\n\n")
    .concat("\n");
}

const optionRows = (options: OptionTable): [string, string][] =>
  Object.entries(options).map(([name, option]) => [optionText(name, option), option.about]);

/** Returns a title and two columns; a first cell wider than its column gets a separate line. */
function section(title: string, rows: readonly (readonly [string, string])[]): string | false {
  if (rows.length === 0) return false;
  const width = Math.min(24, Math.max(...rows.map(([text]) => text.length)));
  const lines = rows.map(([text, about]) => {
    const body = wrap(about, width + 4);
    return text.length > width
      ? `  ${text}\n${" ".repeat(width + 4)}${body}`
      : `  ${text.padEnd(width)}  ${body}`;
  });
  return [title, ...lines].join("\n");
}

/** Wraps text at spaces and indents all lines but the first. */
function wrap(text: string, indent: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && indent + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${" ".repeat(indent)}`);
}
