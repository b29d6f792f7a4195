import type { ColumnData } from "../../model/column.ts";
import type { DType } from "../../model/dtype.ts";
import type { Floats, Vector } from "../columns/vector.ts";
import type { Summary } from "../downsample/summary.ts";
import type { Program } from "../operators/program.ts";

/** The groups of some rows. */
export interface Grouped {
  /** The group of each row. */
  readonly of: Uint32Array;
  /** Number of groups so far. */
  readonly count: number;
}

/** Blocks of consecutive rows, each of which lies in one group. */
export interface Blocks {
  /** Number of rows of each block, those with missing values included. */
  readonly rows: Floats;
  /** The values of the argument, by block. */
  readonly summary: Summary;
}

/** Computes one value per group from batches, in the order of the rows. */
export interface Aggregator {
  add(values: Vector, groups: Grouped): void;
  /** As `add`, for blocks of rows. Called only if {@link Aggregation.ofBlocks} is set. */
  addBlocks?(blocks: Blocks, groups: Grouped): void;
  /** Returns the values, one per group. */
  finish(groups: number): ColumnData;
}

/** An aggregate whose types were checked. */
export interface Aggregation {
  readonly dtype: DType;
  readonly of: Program;
  /** Whether summaries of blocks of rows give the same value as the rows do, to the last bit. */
  readonly ofBlocks: boolean;
  start(): Aggregator;
}

/** Returns `array` if it has room for `length` items, else a copy with room for twice as many. */
export function grown<T extends Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(
  array: T,
  length: number,
): T {
  if (array.length >= length) return array;
  const larger = new (array.constructor as new (length: number) => T)(2 * length);
  larger.set(array);
  return larger;
}
