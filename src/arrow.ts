/**
 * `lakota/arrow`: frames from and to tables of Apache Arrow. It imports `apache-arrow`, which has to be installed beside
 * lakota.
 *
 * @module
 */
export { type ArrowOptions, fromArrow } from "./interchange/arrow/from-arrow.ts";
export { toArrow } from "./interchange/arrow/to-arrow.ts";
export type { TableOptions } from "./interchange/table/row-source.ts";
export type { Table } from "./interchange/table/table.ts";
