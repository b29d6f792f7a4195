import type { Readable, Writable } from "node:stream";
import { asLakotaError } from "../model/errors.ts";
import type { Command } from "./command.ts";
import { commands } from "./commands.ts";
import { Context } from "./context.ts";
import { UsageError } from "./options/usage-error.ts";
import { startCommandTime } from "./options/when.ts";
import { inCommandWords } from "./output/command-words.ts";
import { errorText, systemErrorText, withoutErrno } from "./output/error-text.ts";
import { Output, OutputClosed } from "./output/output.ts";
import { Progress, type TerminalStream } from "./output/progress.ts";
import { packageVersion } from "./package.ts";
import { helpText, overviewText } from "./parsing/help-text.ts";
import { type Parsed, ParseError, parse } from "./parsing/parse.ts";

/** Where a command reads and writes: the streams of its process, as a rule. */
export interface Streams {
  readonly stdin: Readable;
  readonly stdout: Writable & { isTTY?: boolean };
  readonly stderr: TerminalStream;
}

/** What may end a command early. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Returns the exit code of a command that was interrupted; undefined if it was not. */
  code(): number | undefined;
}

/**
 * Runs the command.
 *
 * @param argv the arguments after `lakota`
 * @returns the exit code
 */
export async function run(
  argv: readonly string[],
  { stdin, stdout, stderr }: Streams,
  { signal, code }: Interruption,
): Promise<number> {
  startCommandTime();
  const out = new Output(stdout);
  let parsed: Parsed<Command> | undefined;
  let context: Context | undefined;
  try {
    parsed = parse(argv, commands);
    const { command, globals, args, options } = parsed;
    if (globals.version) return await print(out, `${packageVersion()}\n`);
    if (!command) return await print(out, overviewText(commands));
    if (globals.help) return await print(out, helpText(command));
    const progress = new Progress(stderr, !globals.quiet);
    const warn = (message: string) => {
      progress.clear();
      stderr.write(errorLine(`warning: ${plainWords(message)}`));
    };
    context = new Context({ commands, globals, signal, stdin, out, progress, warn });
    const result = await command.run(context, args, options);
    await context.settle();
    return result ?? 0;
  } catch (error) {
    context?.progress.clear();
    const interrupted = code();
    if (interrupted !== undefined) return interrupted;
    if (error instanceof OutputClosed) return 0;
    if (error instanceof UsageError) {
      stderr.write(usageText(error, parsed?.command?.name));
      return 2;
    }
    stderr.write(failureText(error, parsed?.globals.verbose ?? false));
    return 1;
  } finally {
    context?.close();
  }
}

async function print(out: Output, text: string): Promise<number> {
  await out.write(text);
  return 0;
}

/** Returns a message of the library in the words of the command, without the codes of the operating system. */
const plainWords = (message: string): string => inCommandWords(withoutErrno(message));

const errorLine = (message: string): string => `lakota: ${errorText(message)}\n`;

/** Says what is wrong with the arguments, and where to read how they are written. */
function usageText(error: UsageError, verb: string | undefined): string {
  const topic = error instanceof ParseError ? error.command?.name : verb;
  return `${errorLine(error.message)}Try \`lakota help${topic ? ` ${topic}` : ""}\`.\n`;
}

/** Says what went wrong. */
function failureText(error: unknown, isVerbose: boolean): string {
  const stack = isVerbose ? `${error instanceof Error ? error.stack : String(error)}\n` : "";
  if (error instanceof Error && "syscall" in error) return errorLine(systemErrorText(error)) + stack;
  const { code, message } = asLakotaError(error);
  const isOurs = code === "internal" && withoutErrno(message) === message;
  return errorLine(`${isOurs ? "internal error: " : ""}${plainWords(message)}`) + stack;
}
