/**
 * `lakota/interchange`: frames from and to other forms. It knows repositories by their interfaces only, so it works with
 * those of every door, and none of it comes with the others.
 *
 * @module
 */
export type { ByteSource } from "./interchange/bytes.ts";
export { type CsvOptions, type CsvSource, readCsv } from "./interchange/csv-read.ts";
export { type CsvWriteOptions, type Frames, writeCsv } from "./interchange/csv-write.ts";
export type { RowSource, SourceOptions, SourceProgress } from "./interchange/source.ts";
export type { TimeFormat } from "./interchange/time-format.ts";
export type { ClockRule } from "./interchange/time-zone.ts";
