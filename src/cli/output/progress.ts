/** Milliseconds between two updates. */
const INTERVAL = 100;

/** A progress line on a terminal, erased when the command ends. Not shown in a pipe. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #enabled: boolean;
  #lastShown = 0;
  #visible = false;

  constructor(stream: NodeJS.WriteStream, enabled: boolean) {
    this.#stream = stream;
    this.#enabled = enabled && stream.isTTY;
  }

  show(text: () => string): void {
    const now = performance.now();
    if (!this.#enabled || now - this.#lastShown < INTERVAL) return;
    this.#lastShown = now;
    this.#visible = true;
    this.#stream.write(`\r\x1b[2K${text().slice(0, Math.max(20, this.#stream.columns - 1))}`);
  }

  clear(): void {
    if (this.#visible) this.#stream.write("\r\x1b[2K");
    this.#visible = false;
  }
}
