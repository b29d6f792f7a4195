import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/** A program that runs JavaScript outside of browsers. */
export interface Runtime {
  name: string;
  /** Returns the command that runs a script. */
  command(modules: string): readonly string[];
}

/** The first is the one that runs the tests; the others come from npm. */
export const runtimes: readonly Runtime[] = [
  { name: `Node ${process.versions.node}`, command: () => [process.execPath] },
  { name: "Node 22", command: (modules) => [join(modules, "node22/bin/node")] },
  { name: "Node 24", command: (modules) => [join(modules, "node24/bin/node")] },
  { name: "Deno 2", command: (modules) => [join(modules, ".bin/deno"), "run", "--allow-all"] },
  { name: "Bun 1", command: (modules) => [join(modules, ".bin/bun")] },
];

/** Runs a script in a folder and returns what it prints. @throws with its error output */
export async function runScript(
  runtime: Runtime,
  modules: string,
  folder: string,
  ...args: string[]
): Promise<string> {
  const [program = "", ...options] = runtime.command(modules);
  const running = promisify(execFile)(program, [...options, ...args], { cwd: folder, timeout: 120_000 });
  return (await running).stdout;
}
