import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const PYTHON = `${ROOT}.cache/interop/bin/python`;

/** An exception that Python raised. */
export class PythonError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(`${type}: ${message}`);
    this.type = type;
  }
}

type Response = { value: unknown } | { error: { type: string; message: string } };

interface PendingRequest {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The process of python_server.py. It answers requests in the order in which they are made. */
export class PythonProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #pending: PendingRequest[] = [];
  #stderr = "";

  constructor() {
    if (!existsSync(PYTHON))
      throw new Error(`${PYTHON} does not exist. Run \`node scripts/setup.mjs python\``);
    this.#child = spawn(PYTHON, [fileURLToPath(new URL("python_server.py", import.meta.url))], {
      // Without the environment of the user, from which boto3 would read settings.
      env: { PATH: process.env.PATH, AWS_DEFAULT_REGION: "us-east-1", AWS_CONFIG_FILE: "/dev/null" },
    });
    this.#child.stderr.on("data", (text: Buffer) => {
      this.#stderr += text;
    });
    createInterface(this.#child.stdout).on("line", (line) => this.#onResponse(JSON.parse(line)));
    this.#child.on("close", (code) => {
      const error = new Error(`Python ended with ${code}: ${this.#stderr}`);
      for (const { reject } of this.#pending.splice(0)) reject(error);
    });
  }

  /** @throws {PythonError} */
  request<T = unknown>(op: string, params: object): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#pending.push({ resolve: resolve as (value: unknown) => void, reject });
      this.#child.stdin.write(`${JSON.stringify({ op, ...params })}\n`);
    });
  }

  close(): void {
    this.#child.stdin.end();
  }

  #onResponse(response: Response): void {
    const { resolve, reject } = this.#pending.shift()!;
    if ("value" in response) resolve(response.value);
    else reject(new PythonError(response.error.type, response.error.message));
  }
}
