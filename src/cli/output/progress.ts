/** Milliseconds between two looks: more often nobody can read. */
const EVERY = 100;

/** One line on a terminal that tells how far a command is, and is gone when that ends. In a pipe, nothing. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #on: boolean;
  #shown = 0;
  #visible = false;

  constructor(stream: NodeJS.WriteStream, on: boolean) {
    this.#stream = stream;
    this.#on = on && stream.isTTY;
  }

  show(text: () => string): void {
    const now = performance.now();
    if (!this.#on || now - this.#shown < EVERY) return;
    this.#shown = now;
    this.#visible = true;
    this.#stream.write(`\r\x1b[2K${text().slice(0, Math.max(20, this.#stream.columns - 1))}`);
  }

  clear(): void {
    if (this.#visible) this.#stream.write("\r\x1b[2K");
    this.#visible = false;
  }
}
