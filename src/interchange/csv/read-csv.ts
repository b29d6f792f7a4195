import { LakotaError, throwIfAborted } from "../../model/errors.ts";
import type { Column, Schema } from "../../model/schema.ts";
import { TimeZone } from "../../model/time-zone.ts";
import { type ByteSource, readBytes } from "../table/byte-source.ts";
import { inferSchema, typeTexts } from "../table/infer-schema.ts";
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
import { isSpace } from "../values/parse-number.ts";
import { decodeUtf8 } from "../values/parse-text.ts";
import type { TimeFormat } from "../values/strptime.ts";
import { isTextType } from "../values/type-text.ts";
import { type CsvHead, parseHead } from "./dialect.ts";
import { CsvTokenizer } from "./tokenizer.ts";

export interface CsvOptions extends SourceOptions, ZoneOptions {
  /** What stands between cells: `,`, `;`, a tab, … Default: found in the first lines. */
  delimiter?: string;
  /** Whether the first line has the names of the columns. Default true. */
  header?: boolean;
  /** Names of the columns, in the order of the file, in place of those in the first line. */
  names?: readonly string[];
  /** Rows that types are inferred from, as far as the first MiB has them. Default 10,000. */
  sample?: number;
  /** How times are written, by name of column. Default `iso`; see {@link TimeFormat}. */
  formats?: Readonly<Record<string, TimeFormat>>;
  /** What separates a fraction. Default a point. */
  decimal?: "." | ",";
  /** Cells that mean "no value" in columns that are no text. Default: empty, NA, N/A, null, None, NaN and the like. */
  nulls?: readonly string[];
  /** Default `utf-8`. Others by their names, such as `utf-16le` or `windows-1252`. */
  encoding?: string;
}

/** A CSV file whose head was looked at, and whose rows wait to be read. */
export interface CsvSource extends RowSource {
  /** As told, or found. */
  readonly delimiter: string;
}

/** Bytes in which types are looked for. */
const HEAD_BYTES = 2 ** 20;

/**
 * Reads CSV in pieces: its head at once, from which the schema is inferred; then its rows, as fast as they are asked for
 * and in bounded memory. A later value that does not fit the inferred type is an error that names its line: nothing is
 * rounded or cut.
 *
 * @throws `invalid-frame`, `invalid-schema`, `invalid-argument`
 * @example
 * const csv = await readCsv(file, { types: { price: "f4" }, timeZone: "Europe/Brussels" });
 * const collection = await repo.createCollection(csv.schema, "prices");
 * await collection.batch(async (batch) => {
 *   for await (const frame of csv.frames()) await batch.series("ACME").write(frame);
 * });
 */
export async function readCsv(source: ByteSource, options: CsvOptions = {}): Promise<CsvSource> {
  checkOptions(options);
  const chunks = readBytes(source, options.encoding);
  try {
    const { bytes, whole } = await readHead(chunks);
    const head = parseHead(bytes, whole, { ...options, sample: options.sample ?? 10_000 });
    checkColumnNames(options, head.names);
    const nulls = new Set(options.nulls ?? DEFAULT_NULLS);
    const schema = inferSchema(inferColumns(head, nulls, options), options);
    const reader = new CsvRowReader(head, schema, nulls, options);
    let read = false;
    return {
      schema,
      types: typeTexts(schema),
      empty: emptyColumns(head, nulls, options),
      delimiter: head.delimiter,
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

/** The first bytes, in one piece. */
async function readHead(chunks: AsyncIterator<Uint8Array>): Promise<{ bytes: Uint8Array; whole: boolean }> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  let whole = false;
  while (size < HEAD_BYTES && !whole) {
    const { done, value } = await chunks.next();
    if (done) whole = true;
    else {
      pieces.push(value);
      size += value.length;
    }
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return { bytes, whole };
}

function inferColumns(head: CsvHead, nulls: ReadonlySet<string>, options: CsvOptions) {
  const { decimal = ".", formats = {}, fill = {} } = options;
  return head.names.map((name, i) => ({
    name,
    type: () => {
      const sample = head.rows.map((row) => row[i] ?? "");
      return inferType(sample, { nulls, decimal, format: formats[name], filled: name in fill });
    },
  }));
}

function emptyColumns(head: CsvHead, nulls: ReadonlySet<string>, options: CsvOptions): string[] {
  if (options.schema) return [];
  const { types = {}, columns = head.names } = options;
  const isEmpty = (i: number) => head.rows.every((row) => nulls.has(row[i]?.trim() ?? ""));
  return head.names.filter((name, i) => columns.includes(name) && !(name in types) && isEmpty(i));
}

/** One column of the schema while the file is read. */
interface CsvColumn {
  column: Column;
  parser: CellParser;
  /** Its place in a line. */
  position: number;
  isText: boolean;
}

/** Turns lines into rows of a schema. */
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
    this.#columns = schema.columns.map((column) => {
      const { name, dtype } = column;
      const rules = { decimal, clock, zone, format: formats[name] ?? "iso", fill: fill[name] };
      return {
        column,
        cells: createCellParser(column, rules),
        at: head.names.indexOf(name),
        isText: isTextType(dtype),
      };
    });
  }

  /** All rows, `pageLength` at a time. `head` is what was taken of `rest` already. */
  async *batches(
    head: Uint8Array,
    rest: AsyncIterable<Uint8Array>,
    pageLength: number,
  ): AsyncGenerator<RowBatch> {
    const { signal, onProgress, header = true } = this.#options;
    const records = this.#tokenizer;
    const progress = { rows: 0, bytes: 0 };
    let lines: number[] = [];
    let skip = header;
    for await (const piece of withEnd(head, rest)) {
      throwIfAborted(signal);
      if (piece) records.push(piece);
      else records.end();
      progress.bytes += piece?.length ?? 0;
      while (records.next()) {
        if (skip) {
          skip = false;
          continue;
        }
        this.#addRow();
        lines.push(records.line);
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

  #takeBatch(lines: readonly number[]): RowBatch {
    return {
      length: lines.length,
      data: this.#columns.map(({ parser: cells }) => cells.take()),
      location: (row) => `line ${lines[row]}`,
    };
  }

  #addRow(): void {
    const records = this.#tokenizer;
    const { bytes, starts, ends } = records;
    const { names } = this.#head;
    if (records.cells !== names.length) {
      throw new LakotaError(
        "invalid-frame",
        `Line ${records.line} has ${records.cells} cells, and there are ${names.length} columns: ${names.join(", ")}.`,
      );
    }
    for (const reading of this.#columns) {
      let start = starts[reading.position]!;
      let end = ends[reading.position]!;
      if (!reading.isText) {
        while (start < end && isSpace(bytes[start])) start++;
        while (start < end && isSpace(bytes[end - 1])) end--;
      }
      if (start < end && reading.parser.addCell(bytes, start, end)) continue;
      const text = decodeUtf8(bytes, start, end);
      const missing = reading.isText ? text === "" : text !== undefined && this.#nulls.has(text);
      if (!missing) throw this.#cellError(reading, text);
      this.#addMissing(reading);
    }
  }

  #addMissing({ parser: cells, column, isText }: CsvColumn): void {
    const { name, dtype, index } = column;
    const filled = this.#options.fill?.[name] !== undefined;
    if ((!index || isText || filled) && cells.addMissing()) return;
    const why = index ? "the index needs one in every row" : `${dtype.name} has nothing that says so`;
    throw new LakotaError(
      "invalid-frame",
      `Line ${this.#tokenizer.line}, column "${name}": there is no value, and ${why}. ` +
        `Tell what to fill in, as in fill: { ${name}: … }${index ? "." : `, or another type, as in types: { ${name}: "float" }.`}`,
    );
  }

  #cellError({ parser: cells, column: { name } }: CsvColumn, text: string | undefined): LakotaError {
    const place = `Line ${this.#tokenizer.line}, column "${name}"`;
    if (text === undefined) {
      const message = `${place}: its bytes are not UTF-8. Tell the encoding, as in encoding: "windows-1252".`;
      return new LakotaError("invalid-frame", message);
    }
    return new LakotaError(
      "invalid-frame",
      `${place}: ${JSON.stringify(text.slice(0, 60))} is not ${cells.expected(text)}. ` +
        `Mend the file, or give the column a type that fits, as in types: { ${name}: "str" }.`,
    );
  }
}

async function* withEnd(
  head: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array | undefined> {
  yield head;
  yield* rest;
  yield undefined;
}

function checkOptions({ delimiter, decimal = ".", sample = 1, pageLength = 1 }: CsvOptions): void {
  const say = (text: string) => new LakotaError("invalid-argument", text);
  if (delimiter !== undefined && !/^[\t\x20-\x7e]$/.test(delimiter))
    throw say(`delimiter: ${JSON.stringify(delimiter)} is not one ASCII character.`);
  if (delimiter === '"') throw say("delimiter: a quote cannot be one.");
  if (delimiter === decimal) throw say(`delimiter and decimal cannot both be "${decimal}".`);
  for (const [name, value] of Object.entries({ sample, pageLength })) {
    if (!Number.isInteger(value) || value < 1) throw say(`${name}: ${value} is not a number of rows.`);
  }
}
