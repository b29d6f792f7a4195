/**
 * `lakota/interchange/node`: all of `lakota/interchange`, and folders of this machine to import from and
 * export to.
 *
 * ```ts
 * import { exportCollection, filesIn, folderSink, importFiles } from "lakota/interchange/node";
 * import { openRepo } from "lakota/node";
 *
 * const repo = await openRepo("weather");
 * await importFiles(repo, await filesIn("csv"), { collection: "temperature" }); // one series per file
 * await exportCollection(await repo.collection("temperature"), folderSink("parquet"), { format: "parquet" });
 * repo.close();
 * ```
 *
 * @module
 */

// Folders

export { filesIn, folderSink } from "./interchange/files/folder.ts";

// Text and rows

export {
  type CsvDialect,
  type CsvOptions,
  type CsvSource,
  type CsvWriteOptions,
  fromRows,
  type Row,
  readCsv,
  type ToRowsOptions,
  toRows,
  writeCsv,
} from "./interchange.ts";

// Parquet

export {
  type ParquetOptions,
  type ParquetWriteOptions,
  type RandomAccess,
  type RandomAccessFile,
  readParquet,
  writeParquet,
} from "./interchange.ts";

// Many files

export {
  type ExportOptions,
  type ExportProgress,
  type ExportReport,
  type ExportSink,
  exportCollection,
  type ImportedSeries,
  type ImportFile,
  type ImportOptions,
  type ImportProgress,
  type ImportReport,
  importFiles,
  type SettledFormat,
} from "./interchange.ts";

// What readers return, and their common options

export type {
  ByteSource,
  ClockRule,
  Frames,
  RowSource,
  SourceOptions,
  SourceProgress,
  Table,
  TableOptions,
  TimeFormat,
} from "./interchange.ts";
