/** A process that works with a repository: what the one that starts it and what it runs know of each other. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const READY = "ready";

/** A process that was started. It waits for {@link begin}, so that all begin together. */
export class Machine<Report> {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #closed: Promise<unknown[]>;

  /** @param script beside this file */
  constructor(script: string, task: object) {
    const path = fileURLToPath(new URL(script, import.meta.url));
    this.#child = spawn(process.execPath, ["--import", "tsx", path, JSON.stringify(task)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#closed = once(this.#child, "close");
    this.#lines = createInterface(this.#child.stdout!)[Symbol.asyncIterator]();
  }

  /** Waits until it could begin. */
  async ready(): Promise<void> {
    const { value } = await this.#lines.next();
    if (value !== READY) throw new Error("A process has ended before it could begin.");
  }

  begin(): void {
    this.#child.stdin!.end("begin\n");
  }

  /** Waits for its end. */
  async report(): Promise<Report> {
    const { value } = await this.#lines.next();
    const [code] = await this.#closed;
    if (code !== 0 || value === undefined) throw new Error(`A process has ended with ${code}.`);
    return JSON.parse(value);
  }

  end(): void {
    this.#child.kill();
  }
}

/** In the process: returns its task. */
export const readTask = <Task>(): Task => JSON.parse(process.argv[2]!);

/** In the process: says that it is ready, and waits until all begin. */
export async function beginning(): Promise<void> {
  console.log(READY);
  await once(process.stdin, "data");
}

/** In the process: sends its report. */
export const sendReport = (report: object): void => console.log(JSON.stringify(report));
