import { LakotaError } from "../../model/errors.ts";

const LF = 10;
const CR = 13;
const QUOTE = 34;

/** A longer record is taken for a missing quote. */
const MAX_RECORD_BYTES = 2 ** 24;

/**
 * Splits the bytes of a CSV file into records and cells without decoding them. Lines end with LF, CRLF or CR;
 * empty lines are skipped; quoted cells may contain delimiters, line ends and doubled quotes.
 *
 * Usage: `push` bytes, read records while `next` returns true, repeat; call `end` after the last bytes and
 * read the remaining records.
 */
export class CsvTokenizer {
  /**
   * Cell `i` of the current record is `bytes[starts[i] … ends[i]]`, valid until the next call of `next` or
   * `push`.
   */
  bytes = new Uint8Array(2 ** 17);
  starts = new Uint32Array(16);
  ends = new Uint32Array(16);
  /** Number of cells of the current record. */
  cells = 0;
  /** The line on which the current record begins, counted from 1. */
  line = 0;

  readonly #delimiter: number;
  #size = 0;
  #at = 0;
  /** The line on which the next record begins. */
  #nextLine = 1;
  /** Whether a CR ended the last line: an LF that follows belongs to the same line end. */
  #afterCr = false;
  #ended = false;
  #atStart = true;
  /** Indices of the cells of the current record that have doubled quotes. */
  readonly #cellsWithDoubledQuotes: number[] = [];

  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  push(chunk: Uint8Array): void {
    const rest = this.#size - this.#at;
    if (rest > MAX_RECORD_BYTES) throw this.#recordTooLongError();
    if (rest + chunk.length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(this.bytes.length * 2, rest + chunk.length));
      grown.set(this.bytes.subarray(this.#at, this.#size));
      this.bytes = grown;
    } else this.bytes.copyWithin(0, this.#at, this.#size);
    this.bytes.set(chunk, rest);
    this.#at = 0;
    this.#size = rest + chunk.length;
  }

  /** Marks the end of the file: the last record need not have a line end. */
  end(): void {
    this.#ended = true;
  }

  /**
   * Advances to the next record. Returns false where the bytes so far contain no complete one.
   *
   * @throws `invalid-frame`, naming the line, for a quote that is not closed or not followed by a delimiter
   */
  next(): boolean {
    if (this.#atStart && !this.#skipByteOrderMark()) return false;
    if (!this.#skipEmptyLines()) return false;
    const { bytes } = this;
    const size = this.#size;
    const delimiter = this.#delimiter;
    let at = this.#at;
    let cells = 0;
    let lineEnds = 0;
    this.#cellsWithDoubledQuotes.length = 0;
    for (;;) {
      if (cells === this.starts.length) this.#growCells();
      if (bytes[at] === QUOTE && at < size) {
        const start = ++at;
        for (;;) {
          while (at < size && bytes[at] !== QUOTE) {
            const c = bytes[at++];
            if (c === LF || (c === CR && bytes[at] !== LF)) lineEnds++;
          }
          if (at + 1 >= size && !this.#ended) return false;
          if (at >= size) throw this.#unclosedQuoteError();
          if (bytes[at + 1] !== QUOTE || at + 1 >= size) break;
          if (this.#cellsWithDoubledQuotes.at(-1) !== cells) this.#cellsWithDoubledQuotes.push(cells);
          at += 2;
        }
        this.starts[cells] = start;
        this.ends[cells] = at++;
      } else {
        this.starts[cells] = at;
        for (let c = bytes[at]; at < size && c !== delimiter && c !== LF && c !== CR; c = bytes[++at]);
        this.ends[cells] = at;
      }
      cells++;
      if (at >= size) {
        if (!this.#ended) return false;
        break;
      }
      const c = bytes[at++];
      if (c === delimiter) continue;
      if (c !== LF && c !== CR) throw this.#textAfterQuoteError(this.#nextLine + lineEnds);
      this.#afterCr = c === CR;
      lineEnds++;
      break;
    }
    this.cells = cells;
    this.line = this.#nextLine;
    this.#nextLine += lineEnds;
    this.#at = at;
    for (const cell of this.#cellsWithDoubledQuotes) this.#unescapeQuotes(cell);
    return true;
  }

  /** Returns the text of a cell. @throws `invalid-frame` for bytes that are not UTF-8 */
  text(cell: number): string {
    try {
      return decoder.decode(this.bytes.subarray(this.starts[cell], this.ends[cell]));
    } catch (cause) {
      throw new LakotaError(
        "invalid-frame",
        `Line ${this.line}: the bytes are not UTF-8. Set the encoding, as in encoding: "windows-1252".`,
        { cause },
      );
    }
  }

  /**
   * Skips the byte order mark that spreadsheets write. Returns false where more bytes are needed to decide.
   */
  #skipByteOrderMark(): boolean {
    if (this.#size < 3 && !this.#ended) return false;
    this.#atStart = false;
    const [a, b, c] = this.bytes;
    if (this.#size >= 3 && a === 0xef && b === 0xbb && c === 0xbf) this.#at = 3;
    if (this.#size >= 2 && ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff))) {
      const encoding = a === 0xff ? "utf-16le" : "utf-16be";
      throw new LakotaError("invalid-frame", `The file is UTF-16. Read it with encoding: "${encoding}".`);
    }
    return true;
  }

  /** Skips empty lines. Returns false where the bytes end. */
  #skipEmptyLines(): boolean {
    for (; this.#at < this.#size; this.#at++) {
      const c = this.bytes[this.#at];
      if (c === LF && this.#afterCr) this.#afterCr = false;
      else if (c === LF || c === CR) {
        this.#afterCr = c === CR;
        this.#nextLine++;
      } else {
        this.#afterCr = false;
        return true;
      }
    }
    return false;
  }

  /** Replaces doubled quotes by single ones, in place. */
  #unescapeQuotes(cell: number): void {
    const { bytes } = this;
    let to = this.starts[cell]!;
    for (let at = to; at < this.ends[cell]!; at++) {
      bytes[to++] = bytes[at]!;
      if (bytes[at] === QUOTE) at++;
    }
    this.ends[cell] = to;
  }

  #growCells(): void {
    const starts = new Uint32Array(this.starts.length * 2);
    const ends = new Uint32Array(this.ends.length * 2);
    starts.set(this.starts);
    ends.set(this.ends);
    this.starts = starts;
    this.ends = ends;
  }

  #unclosedQuoteError(): LakotaError {
    return new LakotaError(
      "invalid-frame",
      `Line ${this.#nextLine}: a quote that opens in this record is never closed.`,
    );
  }

  #textAfterQuoteError(line: number): LakotaError {
    return new LakotaError(
      "invalid-frame",
      `Line ${line}: text follows a closing quote. Write a quote inside quotes twice: "".`,
    );
  }

  #recordTooLongError(): LakotaError {
    return new LakotaError(
      "invalid-frame",
      `Line ${this.#nextLine}: a record is longer than ${MAX_RECORD_BYTES / 2 ** 20} MiB. Is a quote missing?`,
    );
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
