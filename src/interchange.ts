/**
 * `lakota/interchange`: frames from and to other forms. It knows repositories by their interfaces only, so it works with
 * those of every door, and none of it comes with the others.
 *
 * @module
 */

export { type CsvOptions, type CsvSource, readCsv } from "./interchange/csv/read-csv.ts";
export { type CsvWriteOptions, writeCsv } from "./interchange/csv/write-csv.ts";
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
export {
  type ParquetOptions,
  type RandomAccess,
  type RandomAccessFile,
  readParquet,
} from "./interchange/parquet/read-parquet.ts";
export { type ParquetWriteOptions, writeParquet } from "./interchange/parquet/write-parquet.ts";
export { fromRows, type Row, type ToRowsOptions, toRows } from "./interchange/rows/rows.ts";
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
