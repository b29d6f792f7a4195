import type { Writable } from "node:stream";

/** Whoever read our output has gone: `lakota read … | head`. No error of anybody. */
export class OutputClosed extends Error {}

/** Standard output, one write after the other: who waits for each holds no more than that in memory. */
export class Output {
  readonly #stream: Writable;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on("error", () => undefined); // each write is told of its own
  }

  /** @throws OutputClosed */
  write(data: string | Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stream.write(data, (error) => {
        if (!error) resolve();
        else reject("code" in error && error.code === "EPIPE" ? new OutputClosed() : error);
      });
    });
  }

  line(text: string): Promise<void> {
    return this.write(`${text}\n`);
  }
}
