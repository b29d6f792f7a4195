import { LakotaError } from "../../model/errors.ts";

const LF = 10;
const CR = 13;
const QUOTE = 34;

/** A record this long is a missing quote, not data. */
const MAX_RECORD_BYTES = 2 ** 24;

/**
 * Finds the cells of a CSV file in its bytes, record by record, without making text of them. Lines end with LF, CRLF or CR;
 * empty ones are skipped; what stands in quotes may hold delimiters, line ends and doubled quotes.
 *
 * Used as a pump: `push` bytes, take records while `next` says that there is one, and `end` it.
 */
export class CsvTokenizer {
  /** Cell `i` of the current record is `bytes[starts[i] … ends[i]]`, until the next `next` or `push`. */
  bytes = new Uint8Array(2 ** 17);
  starts = new Uint32Array(16);
  ends = new Uint32Array(16);
  /** Cells of the current record. */
  cells = 0;
  /** The line on which the current record begins, counted from 1. */
  line = 0;

  readonly #delimiter: number;
  #size = 0;
  #at = 0;
  /** The line of what comes next. */
  #nextLine = 1;
  /** A CR ended the last line: an LF that follows belongs to it. */
  #afterCr = false;
  #ended = false;
  #atStart = true;
  /** Which cells of the record have doubled quotes. */
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

  /** No bytes follow: the last record may lack its line end. */
  end(): void {
    this.#ended = true;
  }

  /**
   * Goes to the next record. False where the bytes so far hold no whole one.
   *
   * @throws `invalid-frame`, naming the line, for a quote that is not closed or not followed by a delimiter.
   */
  next(): boolean {
    if (this.#atStart && !this.#skipByteOrderMark()) return false;
    if (!this.#skipEmptyLines()) return false;
    const { bytes } = this;
    const size = this.#size;
    const delimiter = this.#delimiter;
    let at = this.#at;
    let cells = 0;
    let lines = 0;
    this.#cellsWithDoubledQuotes.length = 0;
    for (;;) {
      if (cells === this.starts.length) this.#growCells();
      if (bytes[at] === QUOTE && at < size) {
        const start = ++at;
        for (;;) {
          while (at < size && bytes[at] !== QUOTE) {
            const c = bytes[at++];
            if (c === LF || (c === CR && bytes[at] !== LF)) lines++;
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
      if (c !== LF && c !== CR) throw this.#textAfterQuoteError(this.#nextLine + lines);
      this.#afterCr = c === CR;
      lines++;
      break;
    }
    this.cells = cells;
    this.line = this.#nextLine;
    this.#nextLine += lines;
    this.#at = at;
    for (const cell of this.#cellsWithDoubledQuotes) this.#unescapeQuotes(cell);
    return true;
  }

  /** The text of a cell. @throws `invalid-frame` for bytes that are no UTF-8. */
  text(cell: number): string {
    try {
      return decoder.decode(this.bytes.subarray(this.starts[cell], this.ends[cell]));
    } catch (cause) {
      throw new LakotaError(
        "invalid-frame",
        `Line ${this.line}: its bytes are not UTF-8. Tell the encoding, as in encoding: "windows-1252".`,
        { cause },
      );
    }
  }

  /** The byte order mark, with which spreadsheets begin a file. False where it cannot be told yet. */
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

  /** Goes over empty lines. False where the bytes end. */
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

  /** Makes one quote of two, in place. */
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
      `Line ${this.#nextLine}: a quote that begins in this record is never closed.`,
    );
  }

  #textAfterQuoteError(line: number): LakotaError {
    return new LakotaError(
      "invalid-frame",
      `Line ${line}: text follows a closing quote. Inside quotes a quote is written twice: "".`,
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
