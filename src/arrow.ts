/**
 * `lakota/arrow`: frames from and to tables of Apache Arrow. It imports `apache-arrow`, which has to be installed beside
 * lakota.
 *
 * @module
 */
export { type ArrowOptions, fromArrow } from "./interchange/arrow-read.ts";
export { toArrow } from "./interchange/arrow-write.ts";
export type { TableOptions } from "./interchange/source.ts";
export type { Table } from "./interchange/table.ts";
