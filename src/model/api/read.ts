import type { Condition, Expression } from "../expression.ts";
import type { Closed } from "../key.ts";
import type { Revision } from "./history.ts";
import type { Bound, CallOptions } from "./options.ts";

/** How far a read has come. The totals are known before the first byte is fetched. */
export interface ReadProgress {
  /** Chunks decoded, of `totalChunks`. */
  chunks: number;
  totalChunks: number;
  /** Bytes of decoded data, of `totalBytes`. Items without a fixed size (text, objects) count as 16 bytes. */
  bytes: number;
  totalBytes: number;
  /** Encoded bytes that came over the network so far. */
  fetched: number;
  /** Encoded bytes that came from the cache so far. */
  cached: number;
}

export interface RangeOptions extends CallOptions {
  /** First index value, or a prefix of it. Absent: from the first row. */
  start?: Bound;
  /** Last index value, or a prefix of it. Absent: to the last row. */
  stop?: Bound;
  /** Which ends belong to the range. Default `"left"`: start included, stop excluded. */
  closed?: Closed;
  /**
   * Read the state right before a moment: a time, a revision of `log()`, or its epoch (11 hex digits).
   * Revisions made at or after it are not seen.
   */
  before?: Date | string | number | Revision;
  onProgress?: (progress: ReadProgress) => void;
}

export interface ReadOptions extends RangeOptions {
  /** Columns to read. Default: all. They come in schema order. */
  columns?: readonly string[];
  /**
   * Only the rows of which this is true: built with `lakota/query`, or as text such as `(> self.value 0)`. `limit`,
   * `offset` and pages then count the rows that pass.
   */
  where?: Condition;
  /** At most this many rows, after `offset`. */
  limit?: number;
  /** Leave out this many rows first. */
  offset?: number;
  /** int64 and times as `Float64Array` (times: epoch milliseconds) instead of exact `BigInt64Array`. */
  numbers?: boolean;
}

export interface PageOptions extends Omit<ReadOptions, "limit" | "offset"> {
  /** Rows a page. Default 100,000. */
  pageLength?: number;
}

/**
 * How many rows become few points:
 * - `minmax`: the lowest and the highest row of each slice of the range, slices being of equal width;
 * - `m4`: also its first and its last row, which draws as all rows would;
 * - `mean`: the mean of each slice, with its lowest and highest value;
 * - `lttb`: the rows that make the largest triangles. Looks smooth, and may miss extremes.
 */
export type DownsampleMethod = "minmax" | "m4" | "mean" | "lttb";

export interface DownsampleOptions extends RangeOptions {
  /** Columns of numbers. Default: all that there are, the first index column aside. */
  columns?: readonly string[];
  /**
   * At most so many points a column; default 2,000. For a chart that is w pixels wide: w with `mean`, 2w with
   * `minmax`, 4w with `m4`. A range of no more rows than this comes as it is.
   */
  points?: number;
  /** Default `minmax`. */
  method?: DownsampleMethod;
}

/** Points of one column, in the order of the rows. Where rows have no value, a NaN breaks the line. */
export interface Points {
  /** The first index column: epoch milliseconds, or a number. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** With `mean`: the lowest and the highest value of each slice. */
  readonly low?: Float64Array;
  readonly high?: Float64Array;
}

export interface Downsampled {
  /** Rows that the range has. */
  readonly rows: number;
  /** By name of the column. */
  readonly columns: Readonly<Record<string, Points>>;
}

export interface ReduceOptions extends RangeOptions {
  /**
   * What to compute, by the name that it gets: built with `lakota/query`, or as text. Text without brackets is the name
   * of a column.
   */
  columns: Readonly<Record<string, Expression | string>>;
  /** Only of the rows of which this is true. */
  where?: Condition;
  /** int64 and times as `Float64Array`, as in {@link ReadOptions}. */
  numbers?: boolean;
}
