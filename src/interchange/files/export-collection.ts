import { checkArguments } from "../../model/api/arguments.ts";
import type { Collection } from "../../model/api/collection.ts";
import type { CallOptions } from "../../model/api/options.ts";
import type { PageOptions, RangeOptions } from "../../model/api/read.ts";
import { describeValue } from "../../model/cast-value.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Frame } from "../../model/frame.ts";
import { type CsvWriteOptions, writeCsv } from "../csv/write-csv.ts";
import { type ParquetWriteOptions, writeParquet } from "../parquet/write-parquet.ts";
import { DESCRIPTION_FILE, describedColumns, jsonText, SCHEMA_FILE } from "./collection-files.ts";
import { type FileFormat, labelToPath } from "./file-names.ts";

/**
 * Creates a file at a path and returns a stream to it, as `FileSystemFileHandle.createWritable` does: closing
 * the stream completes the file, aborting it leaves none.
 */
export type ExportSink = (path: string) => WritableStream<Uint8Array> | Promise<WritableStream<Uint8Array>>;

/** Options of {@link exportCollection}. */
export interface ExportOptions
  extends Omit<RangeOptions, "onProgress">,
    Omit<CsvWriteOptions, "signal">,
    Omit<ParquetWriteOptions, "signal"> {
  /** Format of the files. Default `csv`. */
  format?: FileFormat;
  /** Series to export. Default: all that there are now; those that an earlier state (`before`) lacks have no rows then. */
  labels?: readonly string[];
  /** Columns to export. Default: all. */
  columns?: readonly string[];
  /** Rows read at a time, and rows per row group of Parquet. Default 100,000. */
  pageLength?: number;
  /** Called when rows have been written. */
  onProgress?: (progress: ExportProgress) => void;
}

/** Progress of an export. */
export interface ExportProgress {
  /** Series written so far, of `totalSeries`. */
  series: number;
  /** Series to be written. */
  totalSeries: number;
  /** The series being written. */
  label: string;
  /** Rows written so far, of all series. */
  rows: number;
}

/** What {@link exportCollection} has written. */
export interface ExportReport {
  /** Whether there is a description, so that `_description.json` was written. */
  readonly isDescribed: boolean;
  /** Each series, the path of its file, and how much it holds. */
  readonly series: readonly { label: string; path: string; rows: number; bytes: number }[];
}

/**
 * Writes each series of a collection to its own file, CSV or Parquet, named by the label. Beside them, `_schema.json` has the
 * schema, unless `columns` are chosen, and `_description.json` what describes the collection, its columns and the exported
 * series, if anything does. `importFiles` restores the same collection from them.
 *
 * @throws the errors of `Series.pages`, of `writeCsv` and `writeParquet`, and of the sink
 * @example
 * const folder = await showDirectoryPicker({ mode: "readwrite" });
 * await exportCollection(collection, async (path) => {
 *   const file = await folder.getFileHandle(path.replaceAll("/", "_"), { create: true });
 *   return file.createWritable();
 * });
 */
export async function exportCollection(
  collection: Collection,
  sink: ExportSink,
  options: ExportOptions = {},
): Promise<ExportReport> {
  checkArguments("exportCollection", collection, sink, options);
  const {
    format = "csv",
    labels,
    columns,
    pageLength,
    start,
    stop,
    closed,
    before,
    missing = labels ? "error" : "empty",
    signal,
    onProgress,
  } = options;
  const call: CallOptions = signal ? { signal } : {};
  const selected = labels ?? (await collection.ls(call));
  const progress = { series: 0, totalSeries: selected.length, label: "", rows: 0 };
  const series: { label: string; path: string; rows: number; bytes: number }[] = [];
  for (const label of selected) {
    const path = `${labelToPath(label)}.${format}`;
    const written = { label, path, rows: 0, bytes: 0 };
    const range = { start, stop, closed, before, missing, columns, pageLength, signal };
    const pages = countedPages(collection, label, range, (rows) => {
      written.rows += rows;
      progress.rows += rows;
      onProgress?.({ ...progress, label });
    });
    written.bytes = await writeChunks(await sink(path), encodeFrames(pages, format, options));
    series.push(written);
    progress.series++;
    onProgress?.({ ...progress, label });
  }
  const isDescribed = await writeAbout(collection, sink, options); // last: an export that fails leaves none
  return { series, isDescribed };
}

/** Writes the schema and the description. Returns whether there is one. */
async function writeAbout(
  collection: Collection,
  sink: ExportSink,
  { labels, columns, before, signal }: ExportOptions,
): Promise<boolean> {
  const write = async (path: string, value: object) =>
    writeChunks(await sink(path), [new TextEncoder().encode(jsonText(value))]);
  if (!columns) await write(SCHEMA_FILE, collection.schema.dump());
  const described = await collection.info({ series: labels ?? "all", before, signal });
  const names = columns ?? collection.schema.columns.map(({ name }) => name);
  const description = describedColumns(described, names);
  const isDescribed = Object.keys(description).length > 0;
  if (isDescribed) await write(DESCRIPTION_FILE, description);
  return isDescribed;
}

/** Yields the pages of a series, or one without rows if it has none: a file needs its columns. */
async function* countedPages(
  collection: Collection,
  label: string,
  range: Omit<PageOptions, "onProgress">,
  onRows: (rows: number) => void,
): AsyncGenerator<Frame> {
  const series = collection.series(label);
  let isEmpty = true;
  for await (const page of series.pages(range)) {
    isEmpty = false;
    yield page;
    onRows(page.length);
  }
  if (isEmpty) yield series.read({ ...range, limit: 0 });
}

async function* encodeFrames(frames: AsyncIterable<Frame>, format: FileFormat, options: ExportOptions) {
  if (format === "parquet") return yield* writeParquet(frames, options);
  const encoder = new TextEncoder();
  for await (const text of writeCsv(frames, options)) yield encoder.encode(text);
}

/** Writes chunks to a stream, and closes or aborts it. Returns the number of bytes. */
async function writeChunks(
  stream: WritableStream<Uint8Array>,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<number> {
  if (typeof stream?.getWriter !== "function")
    throw new LakotaError(
      "invalid-argument",
      `sink: it returned ${describeValue(stream)}, not a WritableStream.`,
    );
  const writer = stream.getWriter();
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      await writer.ready;
      await writer.write(chunk);
      bytes += chunk.length;
    }
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => {}); // the first error is the one to report
    throw error;
  }
  return bytes;
}
