#!/usr/bin/env node
/** Entry point of the command `lakota`, the package's `bin`. */

import { asLakotaError, LakotaError } from "../model/errors.ts";
import type { Command } from "./command.ts";
import { commands } from "./commands.ts";
import { Context } from "./context.ts";
import { UsageError } from "./options/usage-error.ts";
import { inCommandWords } from "./output/command-words.ts";
import { errorText, systemErrorText, withoutErrno } from "./output/error-text.ts";
import { Output, OutputClosed } from "./output/output.ts";
import { Progress } from "./output/progress.ts";
import { packageVersion } from "./package.ts";
import { helpText, overviewText } from "./parsing/help-text.ts";
import { type Parsed, ParseError, parse } from "./parsing/parse.ts";

const INTERRUPTED = 130;
const TERMINATED = 143;

/** Aborts the command at the first SIGINT or SIGTERM, and exits at once at the second. */
function listenForSignals(): { signal: AbortSignal; code(): number | undefined } {
  const controller = new AbortController();
  let code: number | undefined;
  const end = (value: number) => () => {
    if (code !== undefined) process.exit(value);
    code = value;
    controller.abort(new LakotaError("aborted", "Interrupted."));
  };
  process.on("SIGINT", end(INTERRUPTED));
  process.on("SIGTERM", end(TERMINATED));
  return { signal: controller.signal, code: () => code };
}

/** Returns a message of the library in the words of the command, without the codes of the operating system. */
const plainWords = (message: string): string => inCommandWords(withoutErrno(message));

function printError(message: string): void {
  process.stderr.write(`lakota: ${errorText(message)}\n`);
}

async function main(argv: readonly string[]): Promise<number> {
  const { signal, code } = listenForSignals();
  const out = new Output(process.stdout);
  let parsed: Parsed<Command> | undefined;
  let context: Context | undefined;
  let verb: string | undefined;
  try {
    parsed = parse(argv, commands);
    const { command, globals, args, options } = parsed;
    verb = command?.name;
    if (globals.version) return await print(out, `${packageVersion()}\n`);
    if (!command) return await print(out, overviewText(commands));
    if (globals.help) return await print(out, helpText(command));
    const progress = new Progress(process.stderr, !globals.quiet);
    const warn = (message: string) => {
      progress.clear();
      printError(`warning: ${plainWords(message)}`);
    };
    context = new Context({ commands, globals, signal, out, progress, warn });
    const result = await command.run(context, args, options);
    await context.settle();
    return result ?? 0;
  } catch (error) {
    context?.progress.clear();
    const interrupted = code();
    if (interrupted !== undefined) return interrupted;
    return reportError(error, verb, parsed?.globals.verbose ?? false);
  } finally {
    context?.close();
  }
}

async function print(out: Output, text: string): Promise<number> {
  await out.write(text);
  return 0;
}

/** Prints what went wrong and returns the exit code. */
function reportError(error: unknown, verb: string | undefined, verbose: boolean): number {
  if (error instanceof OutputClosed) return 0;
  if (error instanceof UsageError) {
    printError(error.message);
    const topic = error instanceof ParseError ? error.command?.name : verb;
    process.stderr.write(`Try \`lakota help${topic ? ` ${topic}` : ""}\`.\n`);
    return 2;
  }
  const known = asLakotaError(error);
  const isSystem = error instanceof Error && "syscall" in error;
  if (isSystem) printError(systemErrorText(error));
  else {
    const isOurs = known.code === "internal" && withoutErrno(known.message) === known.message;
    printError(`${isOurs ? "internal error: " : ""}${plainWords(known.message)}`);
  }
  if (verbose) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}

main(process.argv.slice(2)).then((code) => process.exit(code));
