import { checkArguments } from "../../model/api/arguments.ts";
import { LakotaError, throwIfAborted } from "../../model/errors.ts";
import { ownEntry } from "../../model/own-entry.ts";
import type { Column, Schema } from "../../model/schema.ts";
import { TimeZone } from "../../model/time-zone.ts";
import { type ByteSource, readBytes } from "../table/byte-source.ts";
import { typeTexts } from "../table/infer-schema.ts";
import { paginate, type RowBatch } from "../table/paging.ts";
import {
  checkColumnNames,
  DEFAULT_PAGE_LENGTH,
  type RowSource,
  type SourceOptions,
  withFileName,
} from "../table/row-source.ts";
import { type CellParser, createCellParser } from "../values/cell-parsers.ts";
import { DEFAULT_NULLS, inferType } from "../values/infer-types.ts";
import type { ZoneOptions } from "../values/local-times.ts";
import { missingValueError } from "../values/missing-value.ts";
import { isSpace } from "../values/parse-number.ts";
import { decodeUtf8 } from "../values/parse-text.ts";
import type { TimeFormat } from "../values/strptime.ts";
import { isTextType } from "../values/type-text.ts";
import { type CsvDialect, type CsvHead, parseHead } from "./dialect.ts";
import { sniffColumns } from "./sniff-columns.ts";
import { sniffDecimal } from "./sniff-decimal.ts";
import { CsvTokenizer } from "./tokenizer.ts";

/** Options of {@link readCsv}. */
export interface CsvOptions extends SourceOptions, ZoneOptions {
  /** The character between cells, such as `,`, `;` or a tab. Default: detected from the first lines. */
  delimiter?: string;
  /**
   * Whether the first line contains the names of the columns. Default true, but a first line of numbers and times only
   * is refused.
   */
  header?: boolean;
  /** Names of the columns, in the order of the file. They replace those in the first line. */
  names?: readonly string[];
  /** Number of rows from which types are inferred, limited to the first MiB. Default 10,000. */
  sample?: number;
  /** Formats of times, by column. Default: detected from the first rows; see {@link TimeFormat}. */
  formats?: Readonly<Record<string, TimeFormat>>;
  /** The decimal separator. Default: detected from the first rows. */
  decimal?: "." | ",";
  /**
   * Cells that mean "no value" in columns other than text. Default: empty cells, `NA`, `N/A`, `n/a`, `#N/A`,
   * `<NA>`, `null`, `NULL`, `None`, `NaN`, `nan`, `-nan` and `NaT`.
   */
  nulls?: readonly string[];
  /** Character encoding, such as `utf-16le` or `windows-1252`. Default `utf-8`. */
  encoding?: string;
}

/** An opened CSV file: its schema and dialect are known, its rows are read on demand. */
export interface CsvSource extends RowSource, CsvDialect {}

/** Bytes from which the delimiter and the types are inferred. */
const HEAD_BYTES = 2 ** 20;

/**
 * Opens a CSV file. Infers its dialect and schema from the first MiB; the rows are then streamed as frames in bounded
 * memory. What the first rows leave open, such as the day in 02/03/2026, is an error that says what to set. A later value that does not fit the inferred type throws an error that names its line: no value is
 * rounded or truncated, except that decimals become the nearest float.
 *
 * @throws `invalid-frame`, naming line and column, for a malformed file; `invalid-schema` for columns that
 *   differ from `schema`; `invalid-argument` for options that are invalid or name unknown columns
 * @example
 * const csv = await readCsv(file, { types: { price: "f4" }, timeZone: "Europe/Brussels" });
 * const collection = await repo.createCollection(csv.schema, "prices");
 * await collection.batch(async (batch) => {
 *   for await (const frame of csv.frames()) await batch.series("ACME").write(frame);
 * });
 */
export async function readCsv(source: ByteSource, options: CsvOptions = {}): Promise<CsvSource> {
  checkArguments("readCsv", source, options);
  checkOptions(options);
  const chunks = readBytes(source, options.encoding);
  try {
    const { bytes, complete } = await readHead(chunks);
    const head = parseHead(bytes, complete, { ...options, sample: options.sample ?? 10_000 });
    checkColumnNames(options, head.names);
    const nulls = new Set(options.nulls ?? DEFAULT_NULLS);
    const decimal = options.decimal ?? sniffDecimal(head, nulls);
    const { schema, formats } = sniffColumns(head, nulls, decimal, options);
    const reader = new CsvRowReader(head, schema, nulls, { ...options, decimal, formats });
    let read = false;
    return {
      schema,
      types: typeTexts(schema),
      empty: emptyColumns(head, nulls, options),
      delimiter: head.delimiter,
      decimal,
      formats,
      async *frames() {
        if (read) throw new LakotaError("invalid-argument", "The rows of a source can be read only once.");
        read = true;
        const { pageLength = DEFAULT_PAGE_LENGTH, sort = false } = options;
        try {
          yield* paginate(schema, reader.batches(bytes, chunks, pageLength), { pageLength, sort });
        } catch (error) {
          throw withFileName(error, options.name);
        } finally {
          await chunks.return(undefined);
        }
      },
      close: async () => {
        await chunks.return(undefined);
      },
    };
  } catch (error) {
    await chunks.return(undefined);
    throw withFileName(error, options.name);
  }
}

/** Reads the first MiB, and at most one chunk more. `complete` is true where that is the whole file. */
async function readHead(chunks: AsyncIterator<Uint8Array>) {
  const head: Uint8Array[] = [];
  let size = 0;
  let complete = false;
  while (size < HEAD_BYTES && !complete) {
    const { done, value } = await chunks.next();
    if (done) complete = true;
    else {
      head.push(value);
      size += value.length;
    }
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of head) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return { bytes, complete };
}

function emptyColumns(head: CsvHead, nulls: ReadonlySet<string>, options: CsvOptions): string[] {
  if (options.schema) return [];
  const { types = {} } = options;
  const columns = new Set(options.columns ?? head.names);
  const isEmpty = (i: number) => head.rows.every((row) => nulls.has(row[i]?.trim() ?? ""));
  return head.names.filter((name, i) => columns.has(name) && !Object.hasOwn(types, name) && isEmpty(i));
}

/** A column of the schema, and how its cells are parsed. */
interface CsvColumn {
  column: Column;
  parser: CellParser;
  /** Index of its cell in a record. */
  position: number;
  isText: boolean;
}

/** Parses the records of a file into batches of rows. */
class CsvRowReader {
  readonly #head: CsvHead;
  readonly #nulls: ReadonlySet<string>;
  readonly #options: CsvOptions;
  readonly #columns: CsvColumn[];
  readonly #tokenizer: CsvTokenizer;

  constructor(head: CsvHead, schema: Schema, nulls: ReadonlySet<string>, options: CsvOptions) {
    this.#head = head;
    this.#nulls = nulls;
    this.#options = options;
    this.#tokenizer = new CsvTokenizer(head.delimiter);
    const { decimal = ".", clock = "reject", formats = {}, fill = {}, timeZone } = options;
    const zone = timeZone === undefined ? undefined : TimeZone.named(timeZone);
    const positions = new Map(head.names.map((name, i) => [name, i]));
    this.#columns = schema.columns.map((column) => {
      const { name, dtype } = column;
      const format = ownEntry(formats, name) ?? "iso";
      const parserOptions = { decimal, clock, zone, format, fill: ownEntry(fill, name) };
      return {
        column,
        parser: createCellParser(column, parserOptions),
        position: positions.get(name) ?? -1,
        isText: isTextType(dtype),
      };
    });
  }

  /**
   * Yields all rows, `pageLength` at a time.
   *
   * @param head the first bytes of the file, which were consumed from `rest` already
   */
  async *batches(
    head: Uint8Array,
    rest: AsyncIterable<Uint8Array>,
    pageLength: number,
  ): AsyncGenerator<RowBatch> {
    const { signal, onProgress, header = true } = this.#options;
    const tokenizer = this.#tokenizer;
    const progress = { rows: 0, bytes: 0 };
    let lines: number[] = [];
    let skipHeader = header;
    for await (const chunk of withEnd(head, rest)) {
      throwIfAborted(signal);
      if (chunk) tokenizer.push(chunk);
      else tokenizer.end();
      progress.bytes += chunk?.length ?? 0;
      while (tokenizer.next()) {
        if (skipHeader) {
          skipHeader = false;
          continue;
        }
        this.#addRow();
        lines.push(tokenizer.line);
        if (lines.length < pageLength) continue;
        yield this.#takeBatch(lines);
        progress.rows += lines.length;
        lines = [];
        onProgress?.({ ...progress });
      }
    }
    yield this.#takeBatch(lines);
    progress.rows += lines.length;
    onProgress?.({ ...progress });
  }

  /** @param lines the line of each row */
  #takeBatch(lines: readonly number[]): RowBatch {
    return {
      length: lines.length,
      data: this.#columns.map(({ parser }) => parser.take()),
      location: (row) => `line ${lines[row]}`,
    };
  }

  #addRow(): void {
    const { bytes, starts, ends, cells, line } = this.#tokenizer;
    const { names } = this.#head;
    if (cells !== names.length) {
      throw new LakotaError(
        "invalid-frame",
        `Line ${line} has ${cells} cells, but there are ${names.length} columns: ${names.join(", ")}. ` +
          'Correct the line, or set the delimiter, as in delimiter: ";".',
      );
    }
    for (const csvColumn of this.#columns) {
      const { parser, position, isText } = csvColumn;
      let start = starts[position]!;
      let end = ends[position]!;
      if (!isText) {
        while (start < end && isSpace(bytes[start])) start++;
        while (start < end && isSpace(bytes[end - 1])) end--;
      }
      if (start < end && parser.addCell(bytes, start, end)) continue;
      const text = decodeUtf8(bytes, start, end);
      const missing = isText ? text === "" : text !== undefined && this.#nulls.has(text);
      if (!missing) throw this.#cellError(csvColumn, text);
      this.#addMissing(csvColumn);
    }
  }

  #addMissing({ parser, column, isText }: CsvColumn): void {
    const filled = this.#options.fill?.[column.name] !== undefined;
    if ((!column.index || isText || filled) && parser.addMissing()) return;
    throw missingValueError(column, `Line ${this.#tokenizer.line}`, this.#options.schema !== undefined);
  }

  /** A type that has a place for a value, which the first rows did not need. */
  #typeFor(text: string): string {
    const { decimal = "." } = this.#options;
    return inferType([text], { nulls: this.#nulls, decimal, format: undefined, filled: false }).type;
  }

  #cellError({ parser, column: { name } }: CsvColumn, text: string | undefined): LakotaError {
    const location = `Line ${this.#tokenizer.line}, column "${name}"`;
    if (text === undefined) {
      const message = `${location}: the bytes are not UTF-8. Set the encoding, as in encoding: "windows-1252".`;
      return new LakotaError("invalid-frame", message);
    }
    const type = `give the column a type that fits, as in types: { ${name}: "${this.#typeFor(text)}" }`;
    return new LakotaError(
      "invalid-frame",
      `${location}: ${JSON.stringify(text.slice(0, 60))} is not ${parser.expected(text)}. ` +
        (this.#options.schema ? "Correct the file." : `Correct the file, or ${type}.`),
    );
  }
}

/** Yields the chunks, and undefined for the end of the file. */
async function* withEnd(
  head: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array | undefined> {
  yield head;
  yield* rest;
  yield undefined;
}

function checkOptions({ delimiter, decimal, sample = 1, pageLength = 1 }: CsvOptions): void {
  const invalid = (message: string) => new LakotaError("invalid-argument", message);
  if (delimiter !== undefined && !/^[\t\x20-\x7e]$/.test(delimiter))
    throw invalid(`delimiter: ${JSON.stringify(delimiter)} is not a single ASCII character.`);
  if (delimiter === '"') throw invalid("delimiter: a quote cannot be the delimiter.");
  if (delimiter !== undefined && delimiter === decimal)
    throw invalid(`delimiter and decimal cannot both be "${decimal}".`);
  for (const [name, value] of Object.entries({ sample, pageLength })) {
    if (!Number.isInteger(value) || value < 1)
      throw invalid(`${name}: ${value} is not a number of rows. Use a whole number of at least 1.`);
  }
}
