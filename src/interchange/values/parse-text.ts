import type { ColumnData } from "../../model/column.ts";
import type { DType } from "../../model/dtype.ts";
import { Strings } from "../../model/strings.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Collects the values of a text column. Cells are copied as UTF-8 bytes, without decoding them. */
export class TextColumnBuilder {
  readonly #dtype: DType;
  #bytes = new Uint8Array(64);
  #used = 0;
  #offsets = new Uint32Array(16);
  #rows = 0;

  constructor(dtype: DType) {
    this.#dtype = dtype;
  }

  /**
   * Adds a cell. Returns false, and adds nothing, where it is not UTF-8 or does not fit a type of fixed
   * width.
   */
  push(bytes: Uint8Array, start: number, end: number): boolean {
    if (!this.#fits(bytes, start, end)) return false;
    const length = end - start;
    if (this.#used + length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#used + length));
      grown.set(this.#bytes.subarray(0, this.#used));
      this.#bytes = grown;
    }
    if (this.#rows + 1 === this.#offsets.length) {
      const grown = new Uint32Array(this.#offsets.length * 2);
      grown.set(this.#offsets);
      this.#offsets = grown;
    }
    // Most cells are short, and a call of `set` costs as much as copying dozens of bytes in a loop.
    if (length < 48) for (let i = 0; i < length; i++) this.#bytes[this.#used + i] = bytes[start + i]!;
    else this.#bytes.set(bytes.subarray(start, end), this.#used);
    this.#used += length;
    this.#offsets[++this.#rows] = this.#used;
    return true;
  }

  pushText(text: string): boolean {
    const bytes = encoder.encode(text);
    return this.push(bytes, 0, bytes.length);
  }

  /** Returns the values so far as a column, and starts a new one. */
  take(): ColumnData {
    const taken = new Strings(this.#bytes.slice(0, this.#used), this.#offsets.slice(0, this.#rows + 1));
    this.#used = 0;
    this.#rows = 0;
    return taken;
  }

  #fits(bytes: Uint8Array, start: number, end: number): boolean {
    const { kind, size } = this.#dtype;
    if (kind !== "str") {
      const text = decodeUtf8(bytes, start, end);
      if (text === undefined) return false;
      const width = kind === "bytes" ? size : size / 4;
      return [...text].length <= width && (kind !== "bytes" || /^[\0-\xff]*$/.test(text));
    }
    for (let at = start; at < end; at++) {
      if (bytes[at]! >= 0x80) return decodeUtf8(bytes, at, end) !== undefined;
    }
    return true;
  }
}

/** Returns the text of UTF-8 bytes; undefined where they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string | undefined {
  try {
    return decoder.decode(bytes.subarray(start, end));
  } catch {
    return undefined;
  }
}
