import type { Collection } from "../../model/api/collection.ts";
import type { CallOptions } from "../../model/api/options.ts";
import type { PageOptions, RangeOptions } from "../../model/api/read.ts";
import type { Frame } from "../../model/frame.ts";
import { type CsvWriteOptions, writeCsv } from "../csv/write-csv.ts";
import { type ParquetWriteOptions, writeParquet } from "../parquet/write-parquet.ts";
import { type FileFormat, labelToPath } from "./file-names.ts";

/** Makes a file at a path, as `FileSystemFileHandle.createWritable` does: whole when it is closed, and nothing if aborted. */
export type ExportSink = (path: string) => WritableStream<Uint8Array> | Promise<WritableStream<Uint8Array>>;

export interface ExportOptions
  extends Omit<RangeOptions, "onProgress">,
    Omit<CsvWriteOptions, "signal">,
    Omit<ParquetWriteOptions, "signal"> {
  /** Default `csv`. */
  format?: FileFormat;
  /** Only these series. Default: all. */
  labels?: readonly string[];
  /** Columns to write. Default: all. */
  columns?: readonly string[];
  /** Rows that are in memory at a time, and that make a row group of Parquet. Default 100,000. */
  pageLength?: number;
  onProgress?: (progress: ExportProgress) => void;
}

/** How far an export has come. */
export interface ExportProgress {
  /** Series written, of `totalSeries`. */
  series: number;
  totalSeries: number;
  /** The series that is being written. */
  label: string;
  /** Rows so far, of all series. */
  rows: number;
}

export interface ExportReport {
  readonly series: readonly { label: string; path: string; rows: number; bytes: number }[];
}

/**
 * Writes each series of a collection to a file of its own, named by its label: CSV, or Parquet. `importFiles` makes the same series
 * of them again.
 *
 * @throws as reading, and as `writeCsv` and `writeParquet`; what the sink throws
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
  const {
    format = "csv",
    labels,
    columns,
    pageLength,
    start,
    stop,
    closed,
    before,
    signal,
    onProgress,
  } = options;
  const call: CallOptions = signal ? { signal } : {};
  const all = labels ?? (await collection.ls(call));
  const progress = { series: 0, totalSeries: all.length, label: "", rows: 0 };
  const series: { label: string; path: string; rows: number; bytes: number }[] = [];
  for (const label of all) {
    const path = `${labelToPath(label)}.${format}`;
    const done = { label, path, rows: 0, bytes: 0 };
    const range = { start, stop, closed, before, columns, pageLength, signal };
    const pages = countedPages(collection, label, range, (rows) => {
      done.rows += rows;
      progress.rows += rows;
      onProgress?.({ ...progress, label });
    });
    done.bytes = await writeChunks(await sink(path), encodeFrames(pages, format, options));
    series.push(done);
    progress.series++;
    onProgress?.({ ...progress, label });
  }
  return { series };
}

/** The pages of a series: one without rows where it has none, for a file needs its columns. */
async function* countedPages(
  collection: Collection,
  label: string,
  range: Omit<PageOptions, "onProgress">,
  count: (rows: number) => void,
): AsyncGenerator<Frame> {
  const series = collection.series(label);
  let begun = false;
  for await (const page of series.pages(range)) {
    begun = true;
    yield page;
    count(page.length);
  }
  if (!begun) yield series.read({ ...range, limit: 0 });
}

async function* encodeFrames(frames: AsyncIterable<Frame>, format: FileFormat, options: ExportOptions) {
  if (format === "parquet") return yield* writeParquet(frames, options);
  const encoder = new TextEncoder();
  for await (const text of writeCsv(frames, options)) yield encoder.encode(text);
}

/** Answers the number of bytes. */
async function writeChunks(
  stream: WritableStream<Uint8Array>,
  pieces: AsyncIterable<Uint8Array>,
): Promise<number> {
  const writer = stream.getWriter();
  let bytes = 0;
  try {
    for await (const piece of pieces) {
      await writer.ready;
      await writer.write(piece);
      bytes += piece.length;
    }
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => {}); // what went wrong is told already
    throw error;
  }
  return bytes;
}
