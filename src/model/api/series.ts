import type { ColumnInput } from "../cast.ts";
import type { Frame } from "../frame.ts";
import type { Closed } from "../key.ts";
import type { Change, WatchOptions } from "./history.ts";
import type { Bound, ChangeOptions } from "./options.ts";
import type {
  Downsampled,
  DownsampleOptions,
  PageOptions,
  RangeOptions,
  ReadOptions,
  ReduceOptions,
} from "./read.ts";

/** Rows to write: a frame, or columns by name. */
export type FrameInput = Frame | Readonly<Record<string, ColumnInput>>;

export interface WriteOptions extends ChangeOptions {
  /** The range that this write replaces. Default: from its first row to its last. Rows outside are refused. */
  start?: Bound;
  stop?: Bound;
  /** Which ends of the range belong to it. Default `"both"`. */
  closed?: Closed;
}

export interface DeleteOptions extends ChangeOptions {
  /** The range to empty. A missing end: from the first row, to the last one. */
  start?: Bound;
  stop?: Bound;
  /** Which ends belong to the range. Default `"left"`, as for reading. */
  closed?: Closed;
  /** The rows with these index values, instead of a range. */
  keys?: readonly Bound[];
}

/** One label in a collection: rows sorted by the index columns. */
export interface Series {
  readonly label: string;
  /**
   * Reads a range of rows. Where two heads exist the rows of both are seen.
   *
   * @throws `invalid-argument`, `corrupt`, `unsupported-codec`, and the store's errors.
   * @example
   * const frame = await series.read({ start: "2020-01-01", columns: ["timestamp", "value"], numbers: true });
   * const hot = await series.read({ where: "(> self.value 30)", limit: 10 });
   */
  read(options?: ReadOptions): Promise<Frame>;
  /** The last `rows` rows of the range. */
  tail(rows: number, options?: Omit<ReadOptions, "limit" | "offset">): Promise<Frame>;
  /** The range in frames of at most `pageLength` rows, of the state at the first page. */
  pages(options?: PageOptions): AsyncIterableIterator<Frame>;
  /** How many rows the range has. */
  length(options?: RangeOptions): Promise<number>;
  /**
   * A range in few points, for a chart. Slices are of equal width from `start` to `stop` (where missing: from the
   * first row, to the last). Chunks are summarised when they are first read, and the summaries kept with the cache: a zoom
   * or pan over millions of rows reads no chunk again. Where a slice has many rows, its borders give way by less than a
   * quarter of its width; every extreme is kept.
   *
   * @throws `invalid-argument` for a column without numbers, or an index that starts with none; as `read`
   * @example
   * const { columns } = await series.downsample({ start: "1990-01-01", points: 2 * width, columns: ["value"] });
   * draw(columns.value.x, columns.value.y);
   */
  downsample(options?: DownsampleOptions): Promise<Downsampled>;
  /**
   * Computes other columns of the rows of a range, or of groups of them. Where any column is an aggregate, rows of
   * which all columns without an aggregate are equal are one group, and groups come sorted by these; else each row
   * gives one. Goes chunk by chunk over the columns that are needed: memory is that of the groups, but for `quantile`,
   * which holds its values. Missing values (NaN, and times that are none) are left out by all aggregates but
   * `count`. Where no row is left there is no group.
   *
   * @throws `invalid-argument` for a column that is not there, or types that do not fit, before anything is read; as `read`
   * @example
   * import { col, floor, max, mean } from "lakota/query";
   * const days = await series.reduce({
   *   columns: { day: floor(col("timestamp"), "day", "Europe/Brussels"), top: max(col("value")), mean: mean(col("value")) },
   *   where: "(!= self.quality 9)",
   *   start: "2020-01-01",
   * });
   */
  reduce(options: ReduceOptions): Promise<Frame>;
  /**
   * Writes rows, replacing what the range held before, as one revision. Writing what is already there
   * makes none. In a key-value collection, without `start` and `stop`, rows are merged by key: the new ones win.
   *
   * @throws `invalid-frame` or `unsorted`, naming column and row; nothing is written then.
   * @example
   * await series.write({ timestamp: ["2026-03-01", "2026-03-02"], value: [1, 2] });
   */
  write(frame: FrameInput, options?: WriteOptions): Promise<void>;
  /**
   * Writes some columns: the index, and those to change. Rows whose key is not there yet are added, with zero
   * values (0, `""`, false) in the columns that the frame lacks; rows in between stay.
   *
   * @throws as `write`
   * @example
   * await series.update({ timestamp: ["2026-03-01"], quality: [2] });
   */
  update(frame: FrameInput, options?: ChangeOptions): Promise<void>;
  /**
   * Removes the rows of a range, or those with certain keys. Where there are none, no revision is made. The
   * series stays, even empty; {@link Collection.drop} takes it away.
   *
   * @example
   * await series.delete({ start: "2026-03-01", stop: "2026-04-01" });
   * await series.delete({ keys: ["2026-03-01", "2026-03-05"] });
   */
  delete(options: DeleteOptions): Promise<void>;
  /** As {@link Collection.watch}, for this series alone. */
  watch(listener: (change: Change) => void, options?: WatchOptions): () => void;
}
