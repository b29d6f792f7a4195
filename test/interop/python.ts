import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const PYTHON = `${ROOT}.cache/interop/bin/python`;

/** What Python raised. */
export class PythonError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(`${type}: ${message}`);
    this.type = type;
  }
}

type Answer = { value: unknown } | { error: { type: string; message: string } };

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The process of python_side.py. Requests are answered in the order in which they are made. */
export class Python {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: Waiting[] = [];
  #said = "";

  constructor() {
    if (!existsSync(PYTHON)) throw new Error(`${PYTHON} is not there: run \`node scripts/setup.mjs python\``);
    this.#child = spawn(PYTHON, [fileURLToPath(new URL("python_side.py", import.meta.url))], {
      // No settings of whoever runs this: boto3 would read them.
      env: { PATH: process.env.PATH, AWS_DEFAULT_REGION: "us-east-1", AWS_CONFIG_FILE: "/dev/null" },
    });
    this.#child.stderr.on("data", (text: Buffer) => {
      this.#said += text;
    });
    createInterface(this.#child.stdout).on("line", (line) => this.#answer(JSON.parse(line)));
    this.#child.on("close", (code) => {
      const error = new Error(`Python ended with ${code}: ${this.#said}`);
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
  }

  /** @throws {PythonError} */
  ask<T = unknown>(op: string, request: object): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ resolve: resolve as (value: unknown) => void, reject });
      this.#child.stdin.write(`${JSON.stringify({ op, ...request })}\n`);
    });
  }

  close(): void {
    this.#child.stdin.end();
  }

  #answer(answer: Answer): void {
    const { resolve, reject } = this.#waiting.shift()!;
    if ("value" in answer) resolve(answer.value);
    else reject(new PythonError(answer.error.type, answer.error.message));
  }
}
