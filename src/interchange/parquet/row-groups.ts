import type { AsyncBuffer, Compressors, DecodedArray, FileMetaData, ParquetParsers } from "hyparquet";
import { asLakotaError, throwIfAborted } from "../../model/errors.ts";
import { loadOptionalPackage } from "../table/optional-package.ts";
import { damaged } from "./check-encodings.ts";
import { checkedGroup, checkRange, rowsOfGroup } from "./check-pages.ts";
import { withRawDecimals } from "./decimals.ts";
import type { RandomAccess, RandomAccessFile } from "./random-access.ts";
import type { ParquetColumn } from "./types.ts";

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

export const hyparquet = () => loadOptionalPackage("hyparquet", () => import("hyparquet"));

/** A file for hyparquet. Ranges are checked, since `Blob.slice` of Node ends the process for some of them. */
export class SourceFile implements AsyncBuffer {
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

export interface RowGroup {
  /** Index of its first row in the file. */
  start: number;
  rows: number;
  /** Bytes of the file that it takes. */
  bytes: number;
  /** The values as they are stored, by column. */
  read: readonly DecodedArray[];
}

/** Reads columns, one row group at a time. */
export async function* readGroups(
  file: SourceFile,
  metadata: FileMetaData,
  names: string[],
  columns: readonly ParquetColumn[],
  signal: AbortSignal | undefined,
): AsyncGenerator<RowGroup> {
  const { parquetScan } = await hyparquet();
  const decompressors = await loadDecompressors(metadata);
  const optional = new Set(columns.filter(({ isOptional }) => isOptional).map(({ name }) => name));
  let start = 0;
  for (const [i, group] of metadata.row_groups.entries()) {
    throwIfAborted(signal);
    const rows = rowsOfGroup(group);
    const range = { rowStart: start, rowEnd: start + rows };
    // A scan caches what it decodes. One scan per row group keeps a single group in memory.
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
    yield { start, rows, bytes: Number(group.total_compressed_size ?? group.total_byte_size), read };
    start += rows;
  }
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
  const { compressors } = await loadOptionalPackage("hyparquet-compressors", load);
  const { LZ4, LZ4_RAW } = compressors;
  return { ...compressors, LZ4: orEmpty(LZ4), LZ4_RAW: orEmpty(LZ4_RAW), SNAPPY: snappy };
}

/** The LZ4 of hyparquet-compressors refuses pages without content, such as the dictionary of a column of nulls. */
const orEmpty =
  (decompress: Compressors["LZ4"]): Compressors["LZ4"] =>
  (input, size) =>
    size === 0 ? new Uint8Array() : decompress!(input, size);
