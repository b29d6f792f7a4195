import type { Writable } from "node:stream";
import { safeText } from "./safe-text.ts";
import { textWidth } from "./text-width.ts";

/** Milliseconds between two updates. */
const INTERVAL = 100;
/** Width of a terminal that does not tell its own. */
const DEFAULT_COLUMNS = 80;

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Returns the start of a text that fits into some columns of a terminal. Splits no character. */
export function cutToWidth(text: string, columns: number): string {
  let cut = "";
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    width += textWidth(segment);
    if (width > columns) break;
    cut += segment;
  }
  return cut;
}

/** A stream that may be a terminal. */
export type TerminalStream = Writable & { isTTY?: boolean; columns?: number };

/** A progress line on a terminal, erased when the command ends. Not shown in a pipe. */
export class Progress {
  readonly #stream: TerminalStream;
  readonly #enabled: boolean;
  #lastShown = 0;
  #visible = false;

  constructor(stream: TerminalStream, enabled: boolean) {
    this.#stream = stream;
    this.#enabled = enabled && stream.isTTY === true;
  }

  show(text: () => string): void {
    const now = performance.now();
    if (!this.#enabled || now - this.#lastShown < INTERVAL) return;
    this.#lastShown = now;
    this.#visible = true;
    const columns = (this.#stream.columns || DEFAULT_COLUMNS) - 1;
    this.#stream.write(`\r\x1b[2K${cutToWidth(safeText(text()), columns)}`);
  }

  clear(): void {
    if (this.#visible) this.#stream.write("\r\x1b[2K");
    this.#visible = false;
  }
}
