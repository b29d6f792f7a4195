import { Writable } from "node:stream";
import { commands } from "../../src/cli/commands.ts";
import { Context } from "../../src/cli/context.ts";
import { Output } from "../../src/cli/output/output.ts";
import { Progress } from "../../src/cli/output/progress.ts";
import { parse } from "../../src/cli/parsing/parse.ts";

/** What a command has written. */
export interface Screen {
  readonly text: string;
  readonly warnings: readonly string[];
}

/** Runs a verb on this thread as if its output were a terminal. @throws what the verb throws */
export async function onTerminal(...argv: readonly string[]): Promise<Screen> {
  const parts: string[] = [];
  const warnings: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      parts.push(String(chunk));
      done();
    },
  });
  const { command, globals, args, options } = parse(argv, commands);
  const context = new Context({
    commands,
    globals,
    signal: new AbortController().signal,
    stdin: process.stdin,
    out: new Output(Object.assign(stream, { isTTY: true })),
    progress: new Progress(process.stderr, false),
    warn: (message) => warnings.push(message),
  });
  try {
    await command!.run(context, args, options);
  } finally {
    context.close();
  }
  return { text: parts.join(""), warnings };
}
