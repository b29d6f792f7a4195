import type { ColumnData } from "../../model/column.ts";
import type { DType } from "../../model/dtype.ts";
import type { Vector } from "../columns/vector.ts";
import type { Program } from "../operators/program.ts";

/** Which rows belong to which group. */
export interface Grouped {
  /** The group of each row. */
  readonly of: Uint32Array;
  /** Groups so far. */
  readonly count: number;
}

/** Gathers one value for each group, batch after batch, in the order of the rows. */
export interface Aggregator {
  add(values: Vector, groups: Grouped): void;
  /** The values, one a group. */
  finish(groups: number): ColumnData;
}

/** An aggregate whose types were checked. */
export interface Aggregation {
  readonly dtype: DType;
  readonly of: Program;
  start(): Aggregator;
}

/** `array` with room for `length` items, twice that if it had to be made anew. */
export function grown<T extends Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(
  array: T,
  length: number,
): T {
  if (array.length >= length) return array;
  const larger = new (array.constructor as new (length: number) => T)(2 * length);
  larger.set(array);
  return larger;
}
