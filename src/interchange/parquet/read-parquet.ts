import type { AsyncBuffer, Compressors, FileMetaData, ParquetParsers } from "hyparquet";
import { checkArguments } from "../../model/api/arguments.ts";
import { type DType, parseDType } from "../../model/dtype.ts";
import { asLakotaError, throwIfAborted } from "../../model/errors.ts";
import { ownEntry } from "../../model/own-entry.ts";
import type { Schema } from "../../model/schema.ts";
import { TimeZone } from "../../model/time-zone.ts";
import { inferSchema, typeTexts } from "../table/infer-schema.ts";
import { loadOptionalPackage } from "../table/optional-package.ts";
import { paginate, type RowBatch } from "../table/paging.ts";
import {
  checkColumnNames,
  DEFAULT_PAGE_LENGTH,
  type RowSource,
  type SourceOptions,
  withFileName,
} from "../table/row-source.ts";
import { coerceColumn } from "../values/coerce-column.ts";
import { fromLocal, type ZoneOptions } from "../values/local-times.ts";
import { isTypeText } from "../values/type-text.ts";
import { damaged } from "./check-encodings.ts";
import { checkedGroup, checkRange, rowsOfGroup } from "./check-pages.ts";
import { toFloat, withRawDecimals } from "./decimals.ts";
import { fromParquetType, type ParquetColumn, TYPES_METADATA_KEY } from "./types.ts";

/**
 * A file with random access: a `File` or `Blob`, bytes in memory, or an object that fetches ranges of bytes.
 */
export type RandomAccess = Blob | Uint8Array | RandomAccessFile;

export interface RandomAccessFile {
  readonly byteLength: number;
  slice(start: number, end?: number): ArrayBuffer | Promise<ArrayBuffer>;
}

export interface ParquetOptions extends SourceOptions, ZoneOptions {}

/** hyparquet's own decoder strips a byte order mark, and replaces invalid UTF-8. */
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

/** Parsers that return values as they are stored. The column's type says what they mean. */
const RAW_PARSERS: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (count) => count,
  timestampFromMicroseconds: (count) => count,
  timestampFromNanoseconds: (count) => count,
  stringFromBytes: (bytes) => bytes && utf8.decode(bytes),
  dateFromDays: (days) => (typeof days === "number" ? BigInt(days) : days),
  geometryFromBytes: (value) => value, // see withRawDecimals
};

/**
 * Opens a Parquet file. Its rows are then read one row group at a time. Requires the package `hyparquet`, and
 * `hyparquet-compressors` for files with compression other than Snappy.
 *
 * @throws `unsupported` where a package is missing; `invalid-frame` for a file that is not Parquet;
 *   `invalid-schema` for nested columns, and for columns that differ from `schema`; `invalid-argument` for
 *   options that name unknown columns
 * @example
 * const parquet = await readParquet(file, { index: ["time"] });
 * for await (const frame of parquet.frames()) await series.write(frame);
 */
export async function readParquet(source: RandomAccess, options: ParquetOptions = {}): Promise<RowSource> {
  checkArguments("readParquet", source, options);
  const { name } = options;
  try {
    const { parquetMetadataAsync, parquetSchema } = await hyparquet();
    const file = new SourceFile(source);
    const metadata = await file.parse("This is not a Parquet file", () =>
      parquetMetadataAsync(file, { geoparquet: false }),
    );
    const elements = await file.parse("The schema of this Parquet file is damaged", async () =>
      parquetSchema(metadata).children.map(({ element }) => element),
    );
    checkColumnNames(
      options,
      elements.map((element) => element.name),
    );
    const { columns: selected = elements.map((element) => element.name) } = options;
    const columns = elements.filter((element) => selected.includes(element.name)).map(fromParquetType);
    const types = storedTypes(metadata);
    const schema = inferSchema(
      columns.map(({ name, type }) => ({ name, inferType: () => ownEntry(types, name) ?? type })),
      options,
    );
    const { pageLength = DEFAULT_PAGE_LENGTH, sort = false } = options;
    return {
      schema,
      types: typeTexts(schema),
      empty: [],
      async *frames() {
        try {
          yield* paginate(schema, readBatches(file, metadata, schema, columns, options), {
            pageLength,
            sort,
          });
        } catch (error) {
          throw withFileName(error, name);
        }
      },
      close: async () => {},
    };
  } catch (error) {
    throw withFileName(error, name);
  }
}

const hyparquet = () => loadOptionalPackage("hyparquet", () => import("hyparquet"));

/** A file for hyparquet. Ranges are checked, since `Blob.slice` of Node ends the process for some of them. */
class SourceFile implements AsyncBuffer {
  readonly byteLength: number;
  readonly #slice: RandomAccessFile["slice"];
  /** What the source has thrown: no fault of the file. */
  readonly #failures = new Set<unknown>();

  constructor(source: RandomAccess) {
    if (source instanceof Blob) {
      this.byteLength = source.size;
      this.#slice = (start, end) => source.slice(start, end).arrayBuffer();
    } else {
      this.byteLength = source.byteLength;
      this.#slice =
        source instanceof Uint8Array
          ? (start, end) => source.slice(start, end).buffer as ArrayBuffer
          : (start, end) => source.slice(start, end);
    }
  }

  async slice(start: number, end: number = this.byteLength): Promise<ArrayBuffer> {
    checkRange(start, end, this.byteLength);
    try {
      return await this.#slice(start, end);
    } catch (error) {
      this.#failures.add(error);
      throw error;
    }
  }

  /** Calls a function that parses the file. @throws `invalid-frame` for errors other than the source's */
  async parse<T>(context: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw this.#failures.has(error) ? error : asLakotaError(error, "invalid-frame", context);
    }
  }
}

/** Returns the types that `writeParquet` stored in the file's metadata. */
function storedTypes({ key_value_metadata: entries = [] }: FileMetaData): Record<string, string> {
  try {
    const types: unknown = JSON.parse(entries.find(({ key }) => key === TYPES_METADATA_KEY)?.value ?? "{}");
    return Object.fromEntries(
      Object.entries(types ?? {}).filter(([, type]) => typeof type === "string" && isTypeText(type)),
    );
  } catch {
    return {}; // written by another program
  }
}

async function* readBatches(
  file: SourceFile,
  metadata: FileMetaData,
  schema: Schema,
  columns: readonly ParquetColumn[],
  options: ParquetOptions,
): AsyncGenerator<RowBatch> {
  const {
    signal,
    onProgress,
    fill = {},
    pageLength = DEFAULT_PAGE_LENGTH,
    clock = "reject",
    timeZone,
  } = options;
  const zone = timeZone === undefined ? undefined : TimeZone.named(timeZone);
  const { parquetScan } = await hyparquet();
  const decompressors = await loadDecompressors(metadata);
  const progress = { rows: 0, bytes: 0 };
  const optional = new Set(columns.filter(({ isOptional }) => isOptional).map(({ name }) => name));
  for (const [i, group] of metadata.row_groups.entries()) {
    throwIfAborted(signal);
    const rows = rowsOfGroup(group);
    const range = { rowStart: progress.rows, rowEnd: progress.rows + rows };
    // A scan caches what it decodes. One scan per row group keeps a single group in memory.
    const names = schema.columns.map((column) => column.name);
    const read = await file.parse("The Parquet file is damaged", async () => {
      const scan = await parquetScan({
        ...checkedGroup(file, withRawDecimals(metadata), i, names, optional, decompressors),
        columns: names,
        parsers: RAW_PARSERS,
        geoparquet: false,
        ...range,
      });
      return Promise.all(
        rows === 0 ? [] : names.map(async (column) => scan.readColumn({ column, ...range })),
      );
    });
    const short = read.findIndex(({ length }) => length !== rows);
    if (short >= 0) throw damaged(`column "${names[short]}" has ${read[short]!.length} of ${rows} rows`);
    for (let from = 0; from < rows; from += pageLength) {
      const to = Math.min(rows, from + pageLength);
      const location = (row: number) => `row ${range.rowStart + from + row}`;
      const data = schema.columns.map((column, i) => {
        const source = columns.find(({ name }) => name === column.name)!;
        const dtype = parseDType(source.type);
        const stored = toCastInput(read[i]!.slice(from, to), source, dtype);
        const values =
          zone && source.isLocal && dtype.unit
            ? fromLocal(stored, dtype.unit, zone, clock, location)
            : stored;
        return coerceColumn(column, dtype, values, {
          fill: ownEntry(fill, column.name),
          isFixed: options.schema !== undefined,
          location,
        });
      });
      yield { length: to - from, data, location };
    }
    progress.rows += rows;
    progress.bytes += Number(group.total_compressed_size ?? group.total_byte_size);
    onProgress?.({ ...progress });
  }
}

/** Converts stored values to what `castColumn` accepts for their type. */
function toCastInput(values: ArrayLike<unknown>, { scale }: ParquetColumn, dtype: DType): ArrayLike<unknown> {
  if (scale !== undefined) return Array.from(values, (value) => toFloat(value, scale));
  // Times of day in milliseconds are stored as 32-bit integers.
  if (dtype.unit && !(values instanceof BigInt64Array)) {
    return Array.from(values, (value) => (typeof value === "number" ? BigInt(value) : value));
  }
  return values;
}

/** Loads the decompressors that the file needs. hyparquet includes that of Snappy. */
async function loadDecompressors(metadata: FileMetaData): Promise<Compressors> {
  const codecs = new Set(
    metadata.row_groups.flatMap(({ columns }) => columns.map(({ meta_data }) => meta_data?.codec)),
  );
  const { snappyUncompress } = await hyparquet();
  const snappy = (input: Uint8Array, size: number) => {
    const out = new Uint8Array(size);
    snappyUncompress(input, out);
    return out;
  };
  codecs.delete("UNCOMPRESSED");
  codecs.delete("SNAPPY");
  if (codecs.size === 0) return { SNAPPY: snappy };
  const load = () => import("hyparquet-compressors");
  return { ...(await loadOptionalPackage("hyparquet-compressors", load)).compressors, SNAPPY: snappy };
}
