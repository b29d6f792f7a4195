/**
 * `lakota/arrow`: converts frames to and from tables of Apache Arrow. The package `apache-arrow` has to be
 * installed beside lakota.
 *
 * ```ts
 * import { tableFromArrays } from "apache-arrow";
 * import { fromArrow, toArrow } from "lakota/arrow";
 * import { openRepo } from "lakota/engine";
 *
 * const arrow = tableFromArrays({ step: Int32Array.of(1, 2), value: Float64Array.of(0.5, 0.25) });
 * const table = fromArrow(arrow, { index: ["step"] });
 *
 * const repo = await openRepo("memory://");
 * const series = (await repo.createCollection(table.schema, "losses")).series("run 1");
 * await series.write(table.frame);
 *
 * console.log(toArrow(await series.read()).numRows); // 2
 * repo.close();
 * ```
 *
 * @module
 */
export { type ArrowOptions, fromArrow } from "./interchange/arrow/from-arrow.ts";
export { type ArrowReceiver, type InsertOptions, insertFrame } from "./interchange/arrow/insert-frame.ts";
export { toArrow } from "./interchange/arrow/to-arrow.ts";
export type { TableOptions } from "./interchange/table/row-source.ts";
export type { Table } from "./interchange/table/table.ts";
