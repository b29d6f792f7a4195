import type { Writable } from "node:stream";

/** The reader of our output has closed it, as in `lakota read … | head`. Not a failure. */
export class OutputClosed extends Error {}

/** Standard output with backpressure: each write resolves once it was flushed. */
export class Output {
  readonly #stream: Writable;
  /** Whether it is a terminal: tables are then aligned, and a message follows each change. */
  readonly isTerminal: boolean;

  constructor(stream: Writable & { isTTY?: boolean }) {
    this.#stream = stream;
    this.isTerminal = stream.isTTY === true;
    stream.on("error", () => undefined); // each write reports its error through its callback
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
