/**
 * `lakota/interchange`: frames from and to other forms. It knows repositories by their interfaces only, so it works with
 * those of every door, and none of it comes with the others.
 *
 * @module
 */
export type { ByteSource } from "./interchange/bytes.ts";
export { type CsvOptions, type CsvSource, readCsv } from "./interchange/csv-read.ts";
export { type CsvWriteOptions, writeCsv } from "./interchange/csv-write.ts";
export {
  type ExportOptions,
  type ExportProgress,
  type ExportReport,
  type ExportSink,
  exportCollection,
} from "./interchange/export-collection.ts";
export type { Frames } from "./interchange/frames.ts";
export {
  type ImportedSeries,
  type ImportFile,
  type ImportOptions,
  type ImportProgress,
  type ImportReport,
  importFiles,
} from "./interchange/import-files.ts";
export {
  type ParquetOptions,
  type RandomAccess,
  type RandomAccessFile,
  readParquet,
} from "./interchange/parquet-read.ts";
export { type ParquetWriteOptions, writeParquet } from "./interchange/parquet-write.ts";
export { fromRows, type Row, type ToRowsOptions, toRows } from "./interchange/rows.ts";
export type { RowSource, SourceOptions, SourceProgress, TableOptions } from "./interchange/source.ts";
export type { Table } from "./interchange/table.ts";
export type { TimeFormat } from "./interchange/time-format.ts";
export type { ClockRule } from "./interchange/time-zone.ts";
