import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll, vi } from "vitest";
import { run } from "../../src/cli/run.ts";

const BIN = fileURLToPath(new URL("../../dist/lakota.js", import.meta.url));

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface RunOptions {
  input?: string | Uint8Array;
  env?: Readonly<Record<string, string>>;
}

/** Variables that commands read, and that those of a test must not have of the machine. */
const READ_BY_COMMANDS = /^(AWS_|LAKOTA_|XDG_|HOME$)/;

/** Collects what is written to it. */
class Collected extends Writable {
  readonly #parts: Buffer[] = [];

  override _write(part: Buffer, _: BufferEncoding, callback: () => void): void {
    this.#parts.push(Buffer.from(part));
    callback();
  }

  get text(): string {
    return Buffer.concat(this.#parts).toString("utf8");
  }
}

/** The command that runs in this process: one at a time, as it has one folder and one environment. */
let running: Promise<unknown> = Promise.resolve();

/** Runs commands in a temporary folder, with an empty home directory and nothing of what the machine sets for them. */
export class Shell {
  readonly folder: string;
  readonly #running = new Set<ChildProcess>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Starts a command in a process of its own: one that is to be interrupted, or serves. */
  start(args: readonly string[], env: RunOptions["env"] = {}): ChildProcess {
    const child = spawn(process.execPath, [BIN, ...args], {
      cwd: this.folder,
      env: { PATH: process.env.PATH, HOME: join(this.folder, "home"), ...env },
    });
    this.#running.add(child);
    child.once("exit", () => this.#running.delete(child));
    return child;
  }

  /** Runs a command in this process: one of its own would take most of the time to start. */
  run(args: readonly string[], { input = "", env = {} }: RunOptions = {}): Promise<Outcome> {
    const outcome = running.then(() => this.#run(args, input, { HOME: join(this.folder, "home"), ...env }));
    running = outcome.catch(() => undefined);
    return outcome;
  }

  async #run(
    args: readonly string[],
    input: string | Uint8Array,
    env: Readonly<Record<string, string>>,
  ): Promise<Outcome> {
    const [folder, before] = [process.cwd(), { ...process.env }];
    const stdin = Readable.from(input.length > 0 ? [Buffer.from(input)] : []);
    const [stdout, stderr] = [new Collected(), new Collected()];
    const { signal } = new AbortController();
    process.chdir(this.folder);
    for (const name of Object.keys(before)) if (READ_BY_COMMANDS.test(name)) delete process.env[name];
    Object.assign(process.env, env);
    try {
      const code = await run(args, { stdin, stdout, stderr }, { signal, code: () => undefined });
      return { code, stdout: stdout.text, stderr: stderr.text };
    } finally {
      process.chdir(folder);
      for (const name of Object.keys(env)) delete process.env[name];
      Object.assign(process.env, before);
    }
  }

  /** Runs a command that must succeed and returns its standard output. */
  async ok(args: readonly string[], options?: RunOptions): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, options);
    if (code === 0 && stderr === "") return stdout;
    throw new Error(`lakota ${args.join(" ")}: exit code ${code}\n${stderr}${stdout}`);
  }

  async json(args: readonly string[], options?: RunOptions) {
    return JSON.parse(await this.ok([...args, "--json"], options));
  }

  async close(): Promise<void> {
    for (const child of this.#running) child.kill("SIGKILL");
    await rm(this.folder, { recursive: true, force: true });
  }
}

export async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]!.setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
    });
  }
  const [code] = await once(child, "close");
  return { code, ...texts };
}

// Each command starts a process, which is slow on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** Returns a function that makes shells, which are removed after the tests of the file. */
export function shells(): () => Promise<Shell> {
  if (!existsSync(BIN)) throw new Error("dist/lakota.js is not there: run `npm run build` first");
  const created: Shell[] = [];
  afterAll(() => Promise.all(created.map((shell) => shell.close())));
  return async () => {
    const shell = new Shell(await mkdtemp(join(tmpdir(), "lakota-cli-")));
    await mkdir(join(shell.folder, "home"));
    created.push(shell);
    return shell;
  };
}

export const TEMPERATURE = ["create", "temperature", "timestamp timestamp*", "value float"];
export const ROWS =
  "timestamp,value\n2026-03-01T00:00:00Z,4.5\n2026-03-02T00:00:00Z,6.1\n2026-03-03T00:00:00Z,5\n";

/** Creates a repo with one series in a shell. */
export async function withRows(shell: Shell): Promise<Shell> {
  await shell.ok(TEMPERATURE);
  await shell.ok(["write", "temperature/Brussels"], { input: ROWS });
  return shell;
}

/** CSV of rows that are too irregular to be embedded in the commit. */
export function manyRows(rows: number, first = 0): string {
  let text = "timestamp,value\n";
  for (let row = first; row < first + rows; row++) {
    const time = new Date(1e12 + 1000 * (row * 1_000 + ((row * 7_919) % 991)));
    text += `${time.toISOString()},${Math.sin(row * 7.77)}\n`;
  }
  return text;
}
