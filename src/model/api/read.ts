import type { Condition, Expression } from "../expression.ts";
import type { Frame } from "../frame.ts";
import type { Closed } from "../key.ts";
import type { Revision } from "./history.ts";
import type { Bound, CallOptions, StaleOptions } from "./options.ts";

/**
 * How far a read has come. The totals are known before the first byte is fetched; where a read may stop early
 * (`limit`, `offset`, `tail`, `pages`) they grow with each step.
 */
export interface ReadProgress {
  /** Chunks decoded, out of `totalChunks`. */
  chunks: number;
  /** Chunks to decode, as far as it is known. */
  totalChunks: number;
  /**
   * Bytes of decoded data, out of `totalBytes`. Items without a fixed size (text, objects) count as 16 bytes.
   */
  bytes: number;
  /** Bytes of decoded data, as far as it is known. */
  totalBytes: number;
  /** Encoded bytes received from the network so far. */
  fetched: number;
  /** Encoded bytes received from the cache so far. */
  cached: number;
}

/** A range of rows, as of now or of an earlier moment. */
export interface RangeOptions extends CallOptions {
  /** First index value, or a prefix of it. Default: the range begins with the first row. */
  start?: Bound;
  /** Last index value, or a prefix of it. Default: the range ends with the last row. */
  stop?: Bound;
  /** Which ends belong to the range. Default `"left"`: `start` included, `stop` excluded. */
  closed?: Closed;
  /**
   * Reads the state right before a moment; revisions made at or after it are ignored. A `Date`, epoch
   * milliseconds, ISO 8601 text (UTC where it names no zone), a revision of `log()`, its id, or its epoch (11
   * hex digits). Default: the current state.
   */
  before?: Date | string | number | Revision;
  /**
   * What a series that does not exist is: an error (`not-found`), or one without rows. A series that exists may have no
   * rows, too. Default `"error"`.
   */
  missing?: "error" | "empty";
  /** Called when chunks arrive and when they are decoded. */
  onProgress?: (progress: ReadProgress) => void;
}

/** Options of `Series.length`. */
export interface LengthOptions extends RangeOptions, StaleOptions<number> {}

/** Options of `Series.read`. */
export interface ReadOptions extends RangeOptions, StaleOptions<Frame> {
  /** Columns to read. Default: all. The frame has them in schema order. */
  columns?: readonly string[];
  /**
   * Only rows for which this is true: an expression of `lakota/query`, or text such as `(> self.value 0)`.
   * `limit`, `offset` and page lengths then count the rows that pass. Default: all rows.
   */
  where?: Condition;
  /** At most this many rows, after `offset`. Default: all. */
  limit?: number;
  /** Skips this many rows of the range. Default 0. */
  offset?: number;
  /**
   * Returns int64, uint64 and times as `Float64Array` (times in epoch milliseconds, durations in
   * milliseconds) instead of the exact `BigInt64Array` and `BigUint64Array`. Default: false.
   */
  numbers?: boolean;
}

/** Options of `Series.pages`. */
export interface PageOptions extends Omit<ReadOptions, "limit" | "offset" | "onStale"> {
  /** Rows per page. Default 100,000. */
  pageLength?: number;
}

/**
 * How many rows become few points. The range is divided into slices of equal width.
 * - `minmax`: the lowest and the highest row of each slice.
 * - `m4`: also its first and its last row. A line drawn through them covers the same pixels as one through
 *   all rows.
 * - `mean`: the mean of each slice, with its lowest and highest value.
 * - `lttb`: the rows that form the largest triangles. Looks smooth, and may miss extremes.
 */
export type DownsampleMethod = "minmax" | "m4" | "mean" | "lttb";

/** Options of `Series.downsample`. */
export interface DownsampleOptions extends RangeOptions, StaleOptions<Downsampled> {
  /** Numeric columns (booleans and times included). Default: all of them except the first index column. */
  columns?: readonly string[];
  /**
   * At most this many points per column, from 4 to 1,000,000. Default 2,000. For a chart w pixels wide: w
   * with `mean`, 2w with `minmax`, 4w with `m4`. A range with no more rows than this is returned unchanged.
   */
  points?: number;
  /** Default `"minmax"`. */
  method?: DownsampleMethod;
}

/** The points of one column, in row order. A NaN in `y` breaks the line where rows have no value. */
export interface Points {
  /** Values of the first index column: epoch milliseconds for times, else numbers. */
  readonly x: Float64Array;
  /** Values of the column. */
  readonly y: Float64Array;
  /** With the method `mean`: the lowest value of each slice. */
  readonly low?: Float64Array;
  /** With the method `mean`: the highest value of each slice. */
  readonly high?: Float64Array;
}

/** What `Series.downsample` returns. */
export interface Downsampled {
  /** Rows in the range. */
  readonly rows: number;
  /** Points by column name. */
  readonly columns: Readonly<Record<string, Points>>;
}

/** Options of `Collection.downsample`. */
export interface DownsampleManyOptions extends Omit<DownsampleOptions, "onStale"> {
  /** Labels of the series. */
  series: readonly string[];
  /** Gives all series the same positions, as charts with one x axis need them: see {@link Aligned}. Default: false. */
  align?: boolean;
}

/** The points of one column at the positions of {@link Aligned}: NaN where it has none. */
export interface AlignedPoints {
  /** Values of the column, as many as `x` has. */
  readonly y: Float64Array;
  /** With the method `mean`: the lowest value of each slice. */
  readonly low?: Float64Array;
  /** With the method `mean`: the highest value of each slice. */
  readonly high?: Float64Array;
}

/** One series of {@link Aligned}. */
export interface AlignedSeries {
  /** Rows in the range. */
  readonly rows: number;
  /** Points by column name. */
  readonly columns: Readonly<Record<string, AlignedPoints>>;
}

/** What `Collection.downsample` returns with the option `align`: series that share their positions. */
export interface Aligned {
  /** Ascending: epoch milliseconds for times, else numbers. */
  readonly x: Float64Array;
  /** By label. */
  readonly series: ReadonlyMap<string, AlignedSeries>;
}

/** Options of `Series.reduce`. */
export interface ReduceOptions extends RangeOptions {
  /**
   * What to compute, by the name of the resulting column: an expression of `lakota/query`, or text. Text
   * without brackets is the name of a column.
   */
  columns: Readonly<Record<string, Expression | string>>;
  /** Only rows for which this is true. Default: all rows. */
  where?: Condition;
  /** Returns 64-bit integers and times as `Float64Array`, as in {@link ReadOptions}. Default: false. */
  numbers?: boolean;
}
