/**
 * `lakota/interchange`: converts frames to and from CSV, Parquet and row objects, and whole collections to
 * and from files. It knows repositories by their interfaces only, so it works with those of every entry
 * point.
 *
 * {@link readCsv} and {@link readParquet} return a {@link RowSource}: the inferred schema, and frames that are
 * read on demand. For Parquet, the packages `hyparquet`, `hyparquet-compressors` and `hyparquet-writer` have to
 * be installed beside lakota.
 *
 * ```ts
 * import { openRepo } from "lakota/engine";
 * import { readCsv, toRows } from "lakota/interchange";
 *
 * const csv = await readCsv("time,celsius\n2026-03-01,4.5\n2026-03-02,6.1\n");
 * console.log(csv.types); // { time: 'date*', celsius: 'float' }
 *
 * const repo = await openRepo("memory://");
 * const series = (await repo.createCollection(csv.schema, "temperature")).series("Brussels");
 * for await (const frame of csv.frames()) await series.write(frame);
 *
 * console.log(toRows(await series.tail(1))); // [ { time: '2026-03-02', celsius: 6.1 } ]
 * repo.close();
 * ```
 *
 * @module
 */

// Text and rows

export type { CsvDialect } from "./interchange/csv/dialect.ts";
export { type CsvOptions, type CsvSource, readCsv } from "./interchange/csv/read-csv.ts";
export { type CsvWriteOptions, writeCsv } from "./interchange/csv/write-csv.ts";
export { fromRows, type ToRowsOptions, toRows } from "./interchange/rows/rows.ts";
export type { Row } from "./model/frame-rows.ts";

// Parquet

export type { RandomAccess, RandomAccessFile } from "./interchange/parquet/random-access.ts";
export { type ParquetOptions, readParquet } from "./interchange/parquet/read-parquet.ts";
export { type ParquetWriteOptions, writeParquet } from "./interchange/parquet/write-parquet.ts";

// Many files

export {
  type ExportOptions,
  type ExportProgress,
  type ExportReport,
  type ExportSink,
  exportCollection,
} from "./interchange/files/export-collection.ts";
export {
  type ImportedSeries,
  type ImportFile,
  type ImportOptions,
  type ImportProgress,
  type ImportReport,
  importFiles,
} from "./interchange/files/import-files.ts";
export type { SettledFormat } from "./interchange/files/settle-times.ts";

// What readers return, and their common options

export type { ByteSource } from "./interchange/table/byte-source.ts";
export type { Frames } from "./interchange/table/frames.ts";
export type {
  RowSource,
  SourceOptions,
  SourceProgress,
  TableOptions,
} from "./interchange/table/row-source.ts";
export type { Table } from "./interchange/table/table.ts";
export type { TimeFormat } from "./interchange/values/strptime.ts";
export type { ClockRule } from "./model/time-zone.ts";
