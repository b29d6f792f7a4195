import type { ColumnInput } from "../cast.ts";
import type { Frame } from "../frame.ts";
import type { Closed } from "../key.ts";
import type { Edited, SeriesDescription, SeriesInfoOptions } from "./description.ts";
import type { Change, ChangeListener, WatchOptions } from "./history.ts";
import type { Bound, ChangeOptions, ChangeReport } from "./options.ts";
import type {
  Downsampled,
  DownsampleOptions,
  LengthOptions,
  PageOptions,
  ReadOptions,
  ReduceOptions,
} from "./read.ts";

/**
 * Rows to write: a frame, or columns by name. A time that is finer than the unit of its column is rounded down, as
 * numpy does: write milliseconds to a column of seconds, and two rows may get one time. `timestamp` counts seconds;
 * `datetime64[ms]` keeps milliseconds.
 */
export type FrameInput = Frame | Readonly<Record<string, ColumnInput>>;

/** Options of `Series.write`. */
export interface WriteOptions extends ChangeOptions {
  /**
   * Start of the range that is replaced. Default: the first row written. Rows outside the range are refused.
   */
  start?: Bound;
  /** End of the range that is replaced. Default: the last row written. */
  stop?: Bound;
  /** Which ends belong to the range. Default `"both"`. */
  closed?: Closed;
}

/** What `Series.delete` removes: a range, or the rows with certain keys. */
export interface DeleteOptions extends ChangeOptions {
  /** Start of the range. Default: the first row. */
  start?: Bound;
  /** End of the range. Default: the last row. */
  stop?: Bound;
  /** Which ends belong to the range. Default `"left"`, as for reading. */
  closed?: Closed;
  /** Full keys of the rows to remove, as they are stored. Not together with `start` or `stop`. */
  keys?: readonly Bound[];
}

/**
 * One label in a collection: rows sorted by the index columns. Its first write makes it; to read one that does not exist
 * is an error, unless the option `missing` is `"empty"`.
 *
 * All methods that return a promise may also fail with `aborted`, `closed`, `crashed`, and the store's
 * errors: `forbidden`, `network`, `offline`, `quota`.
 */
export interface Series {
  /** Its name in the collection. */
  readonly label: string;
  /**
   * Returns the rows of a range, sorted by the index. Where the changelog has several heads, their rows are
   * merged.
   *
   * @throws `invalid-argument` for an option that makes no sense, a column that does not exist, or a bound of
   * the wrong type; `not-found` for a series that does not exist, naming similar ones; `corrupt` for a damaged
   * file, `not-found` for a missing one; `unsupported-codec`
   * @example
   * const frame = await series.read({ start: "2020-01-01", columns: ["timestamp", "value"], numbers: true });
   * const hot = await series.read({ where: "(> self.value 30)", limit: 10 });
   */
  read(options?: ReadOptions): Promise<Frame>;
  /**
   * Returns the last `rows` rows of the range, or all where it has fewer. Fetches only the chunks that they
   * need.
   *
   * @throws as `read`
   * @example
   * draw(await series.tail(1_000, { numbers: true, onStale: draw }));
   */
  tail(rows: number, options?: Omit<ReadOptions, "limit" | "offset">): Promise<Frame>;
  /**
   * Yields the range in frames of at most `pageLength` rows. All are read from the state that was current at
   * the first page. A range without rows yields no frame.
   *
   * @throws as `read`
   * @example
   * for await (const frame of series.pages({ pageLength: 10_000 })) send(frame);
   */
  pages(options?: PageOptions): AsyncIterableIterator<Frame>;
  /**
   * Returns the number of rows in the range. Reads only index columns, of the segments that the range cuts.
   *
   * @throws as `read`
   * @example
   * const rows = await series.length({ start: "2026-01-01" });
   */
  length(options?: LengthOptions): Promise<number>;
  /**
   * Reduces a range to a few points for a chart. Slices are of equal width, from `start` to `stop` (default:
   * from the first row to the last). Chunks are summarised when they are first read, and the summaries are
   * cached: zooming and panning over millions of rows reads no chunk twice. Where slices hold many rows,
   * their borders may move by less than a quarter of their width; every extreme is kept.
   *
   * @throws `invalid-argument` for a column without numbers, an index that starts with text, or `points` out
   * of range; as `read`
   * @example
   * const { columns } = await series.downsample({ start: "1990-01-01", points: 2 * width });
   * draw(columns.value.x, columns.value.y);
   */
  downsample(options?: DownsampleOptions): Promise<Downsampled>;
  /**
   * Computes columns from the rows of a range, or from groups of them. If any column is an aggregate, rows
   * with equal values in all other columns form one group, and the groups are sorted by these columns;
   * otherwise each row gives one. A range without rows gives no group.
   *
   * Works chunk by chunk on the columns that are needed: only the groups are held in memory, except for
   * `quantile`, which holds its values. All aggregates except `count` ignore missing values (NaN and NaT).
   *
   * @throws `invalid-argument` for a column that does not exist or types that do not match, before anything
   * is read; as `read`
   * @example
   * import { col, floor, max, mean } from "lakota/query";
   * const days = await series.reduce({
   *   columns: {
   *     day: floor(col("timestamp"), "day", "Europe/Brussels"),
   *     top: max(col("value")),
   *     mean: mean(col("value")),
   *   },
   *   where: "(!= self.quality 9)",
   *   start: "2020-01-01",
   * });
   */
  reduce(options: ReduceOptions): Promise<Frame>;
  /**
   * Replaces the rows of a range, as one revision. Makes none, and returns undefined, where the same rows are there already.
   * In a key-value collection, without `start` and `stop`, rows are merged by key instead: new rows replace
   * old ones, and all others stay.
   *
   * Leave typed arrays unchanged until the promise resolves.
   *
   * @throws `invalid-frame` or `unsorted`, naming column and row; `invalid-argument` for a bound or note;
   * `conflict` where the write took minutes and a garbage collection removed its chunks; `unsupported` on a
   * read-only host. Nothing is written then.
   * @example
   * await series.write({ timestamp: ["2026-03-01", "2026-03-02"], value: [1, 2] });
   */
  write(frame: FrameInput, options?: WriteOptions): Promise<ChangeReport | undefined>;
  /**
   * Writes some columns of some rows: the frame has the index and the columns to change. Rows whose key does
   * not exist yet are added, with zero values (0, `""`, false) in the columns that the frame lacks. All other
   * rows stay. Returns what `write` returns.
   *
   * @throws `invalid-frame` for a key that occurs twice; as `write`
   * @example
   * await series.update({ timestamp: ["2026-03-01"], quality: [2] });
   */
  update(frame: FrameInput, options?: ChangeOptions): Promise<ChangeReport | undefined>;
  /**
   * Removes the rows of a range, or those with certain keys. Makes no revision, and returns undefined, where there are none. The
   * series itself stays, even without rows; `Collection.drop` removes it.
   *
   * @throws `invalid-argument` for keys together with a range, or a key that lacks a value; as `write`
   * @example
   * await series.delete({ start: "2026-03-01", stop: "2026-04-01" });
   * await series.delete({ keys: ["2026-03-01", "2026-03-05"] });
   */
  delete(options: DeleteOptions): Promise<ChangeReport | undefined>;
  /**
   * Returns what is known of the series: see {@link describe}. `Collection.info` tells what its columns are. Returns `{}`
   * for a series that does not exist, unless its label was described: before it was written, or before it was dropped.
   *
   * @throws `invalid-argument` for `before`
   * @example
   * const { title, unit } = await series.info();
   */
  info(options?: SeriesInfoOptions): Promise<SeriesDescription>;
  /**
   * Says what the series is, for people, as `Collection.describe` does for many. Sets the fields that it is given, removes
   * those that are `null`, and leaves all others as they are; `null` instead of fields removes all. The series need not exist yet.
   *
   * @throws as `Collection.describe`
   * @example
   * await series.describe({ title: "Brussels, Uccle", unit: "°C", tags: ["synoptic"] });
   */
  describe(
    change: Edited<SeriesDescription> | null,
    options?: ChangeOptions,
  ): Promise<ChangeReport | undefined>;
  /**
   * Calls `listener` with each change of this series, as `Collection.watch` does for all. Returns a function
   * that ends the watch. Throws nothing: failures go to `onError`.
   *
   * @example
   * const stop = series.watch(({ revisions, ranges }) => redraw(ranges), { every: 5_000 });
   */
  watch(listener: ChangeListener, options?: WatchOptions): () => void;
  /**
   * Yields each change of this series, as `Collection.watch` does for all. The series need not exist yet.
   *
   * @throws as `Collection.watch`
   * @example
   * for await (const { ranges } of series.watch({ numbers: true })) {
   *   for (const { start, stop, closed } of ranges) draw(await series.read({ start, stop, closed, numbers: true }));
   * }
   */
  watch(options?: WatchOptions): AsyncIterableIterator<Change>;
}
