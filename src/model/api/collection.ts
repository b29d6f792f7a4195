import type { Frame } from "../frame.ts";
import type { Schema } from "../schema.ts";
import type { CollectionDescription, DescriptionChange, InfoOptions } from "./description.ts";
import type {
  Change,
  ChangeListener,
  DiffOptions,
  LogOptions,
  MergeReport,
  RangeChange,
  Revision,
  RevisionDetails,
  RevisionRef,
  WatchOptions,
} from "./history.ts";
import type { DefragOptions, DefragReport, TrimOptions, TrimReport } from "./maintenance.ts";
import type { Bound, CallOptions, ChangeOptions, ChangeReport, StaleOptions } from "./options.ts";
import type { Aligned, Downsampled, DownsampleManyOptions, ReadOptions, ReadProgress } from "./read.ts";
import type { DeleteOptions, FrameInput, Series, WriteOptions } from "./series.ts";

/** Options of {@link Collection.ls}. */
export interface LsOptions extends StaleOptions<string[]> {
  /** Only labels that begin with this. Default: all. */
  prefix?: string;
  /** Only labels that sort after this one: the last label of the page before. Default: from the first one. */
  after?: string;
  /** At most so many labels. Default: all. */
  limit?: number;
  /** Only series that are described with this tag. */
  tag?: string;
  /**
   * Only series with this text in their label, title, unit, description or a tag; capital and small letters count as the
   * same. With this or a tag, the descriptions of all series are read, and `onStale` is not called.
   */
  text?: string;
}

/** Options of {@link Collection.read}. */
export interface ReadManyOptions extends Omit<ReadOptions, "onStale"> {
  /** Only this many rows at the end of the range, of each series. Default: all rows. */
  tail?: number;
}

/** Options of {@link Collection.pin}. */
export interface PinOptions extends CallOptions {
  /** Labels of the series to pin. Default: all. */
  series?: string | readonly string[];
  /** Pins only rows from here on. Default: all rows. */
  start?: Bound;
  /** Called when files have been fetched and verified. */
  onProgress?: (progress: ReadProgress) => void;
}

/** What {@link Collection.pin} keeps on this device. */
export interface PinReport {
  /** Series pinned by this call. */
  readonly series: number;
  /** Files pinned by this call: chunks, revisions, the registry's files that name the collection, and what describes it. */
  readonly files: number;
}

/** A series inside a batch: it can be written, not read. */
export interface BatchSeries {
  /** As {@link Series.write}; the rows become visible when the batch is committed. */
  write(frame: FrameInput, options?: Omit<WriteOptions, "note">): Promise<void>;
  /** As {@link Series.update}. */
  update(frame: FrameInput, options?: CallOptions): Promise<void>;
  /** As {@link Series.delete}. */
  delete(options: Omit<DeleteOptions, "note">): Promise<void>;
}

/** Changes that become one revision: see {@link Collection.batch}. */
export interface Batch {
  /**
   * Returns a series to write to. Nothing is stored by that.
   *
   * @throws `invalid-argument` for an empty label
   */
  series(label: string): BatchSeries;
  /** As {@link Collection.drop}. */
  drop(labels: string | readonly string[]): Promise<void>;
  /** As {@link Collection.rename}. */
  rename(label: string, to: string): Promise<void>;
}

/**
 * A schema, a changelog, and many series.
 *
 * All methods that return a promise may also fail with `aborted`, `closed`, `crashed`, `corrupt`, and the
 * store's errors: `forbidden`, `network`, `offline`, `quota`. Those that make a revision fail with
 * `invalid-argument` for a note that is not text, and with `unsupported` on a read-only host.
 */
export interface Collection {
  /** Its name in the repo. */
  readonly label: string;
  /** Its columns. They never change: `Repo.clone` makes a collection with others. */
  readonly schema: Schema;
  /**
   * Returns the labels of its series, sorted by code point. A series whose rows were deleted is still listed;
   * a dropped one is not. A page of very many labels is `limit` of them, `after` the last label of the page before.
   *
   * @throws `not-found` where the collection was deleted; `invalid-argument` for an option of the wrong type
   * @example
   * const labels = await collection.ls({ prefix: "sensor-1", limit: 100 });
   * const next = await collection.ls({ prefix: "sensor-1", limit: 100, after: labels.at(-1) });
   */
  ls(options?: LsOptions): Promise<string[]>;
  /**
   * Returns what is known of the collection and its columns, and of series if asked for: see {@link describe}. What it
   * returns can be passed to `describe`. Costs no request for a collection without a description.
   *
   * @throws `invalid-argument` for `before` or `series`
   * @example
   * const { title, columns } = await collection.info();
   * axis.label = columns?.close?.unit;
   */
  info(options?: InfoOptions): Promise<CollectionDescription>;
  /**
   * Says what the collection, its columns and its series are, for people. Merges with what is known: sets the fields that
   * it is given, removes those that are `null`, and leaves all others as they are. Makes a revision of the descriptions, which
   * are not in `log()`; makes none, and returns undefined, where nothing changes. Descriptions are copied by `pull`, `push` and
   * `clone`, and published. Python Lakota ignores them.
   *
   * A renamed series keeps its description. So does the label of a dropped one.
   *
   * @throws `invalid-argument`, naming the field, for an unknown one or a value that is too long or of the wrong type, and for a
   * column that does not exist. Nothing is changed then.
   * @example
   * await collection.describe({
   *   title: "Share prices",
   *   source: "https://example.org/prices",
   *   timeZone: "America/New_York",
   *   columns: { close: { title: "Closing price", unit: "USD" } },
   *   series: { ACME: { title: "Acme Corporation", tags: ["retail", "S&P 500"] }, GONE: null },
   * });
   */
  describe(change: DescriptionChange, options?: ChangeOptions): Promise<ChangeReport | undefined>;
  /**
   * Reads several series in one state of the collection, at once: `read` of each, or `tail` with that option. Returns
   * the frames by label.
   *
   * @throws as `Series.read`: `not-found` if any of the series does not exist; `invalid-argument` for `tail` together with `limit` or `offset`
   * @example
   * const frames = await collection.read(["Brussels", "Ghent"], { tail: 100, columns: ["value"] });
   */
  read(labels: readonly string[], options?: ReadManyOptions): Promise<Map<string, Frame>>;
  /**
   * Downsamples several series in one state of the collection, at once, as `Series.downsample` does each of them.
   *
   * With `align`, all series get the same positions, so that the result is what charts with one x axis take. If the series
   * have at most `points` different positions altogether, these are all rows, unchanged. Otherwise the range, from `start` to
   * `stop` or from the first row of any series to the last, is divided into slices that all share: `mean` has one position in the middle
   * of each, `minmax` two, and `m4` four, for the values in the order of their rows. So extremes are moved by less than the width of a slice.
   * A series has NaN in slices in which it has no value. Of several rows with the same position, the last is taken.
   *
   * @throws as `Series.downsample`; `invalid-argument` for `align` with `lttb`, which chooses other positions in each series
   * @example
   * const { x, series } = await collection.downsample({ series: ["ACME", "INIT"], columns: ["close"], align: true });
   * const data = [x, ...Array.from(series.values(), ({ columns }) => columns.close!.y)];
   */
  downsample(options: DownsampleManyOptions & { align: true }): Promise<Aligned>;
  downsample(options: DownsampleManyOptions & { align?: false }): Promise<Map<string, Downsampled>>;
  downsample(options: DownsampleManyOptions): Promise<Aligned | Map<string, Downsampled>>;
  /**
   * Returns whether there is a series of this label, with rows or without.
   *
   * @throws `invalid-argument` for an empty label
   * @example
   * if (await collection.has("Brussels")) draw(await collection.series("Brussels").read());
   */
  has(label: string, options?: CallOptions): Promise<boolean>;
  /**
   * Returns a series, without any request: it need not exist yet, and its first write makes it.
   *
   * @throws `invalid-argument` for an empty label
   * @example
   * const frame = await collection.series("Brussels").tail(100);
   */
  series(label: string): Series;
  /**
   * Returns the revisions, oldest first.
   *
   * @throws `not-found` where the collection was deleted, or with `details` where a revision was trimmed
   * meanwhile
   * @example
   * const log = await collection.log({ details: true });
   * for (const { time, note, rows } of log) console.log(time, note?.author, rows);
   */
  log(options?: LogOptions): Promise<(Revision & RevisionDetails)[]>;
  /**
   * Makes many writes one revision: all of them, or none if `work` throws or any of its writes fails. Returns undefined
   * where nothing changed.
   *
   * Await each write inside of `work`, so that only its frame is in memory. Frames of more than 16,384 rows are stored at
   * once; shorter ones stay in memory until the batch ends, up to 32 MB of rows.
   *
   * @throws what `work` and its writes throw; `closed` for a write after the batch has ended; `conflict`
   * where the batch took minutes and a garbage collection removed its chunks: run it again
   * @example
   * await collection.batch(async (batch) => {
   *   for (const [label, frame] of framesByLabel) await batch.series(label).write(frame);
   * });
   */
  batch(work: (batch: Batch) => Promise<unknown>, options?: ChangeOptions): Promise<ChangeReport | undefined>;
  /**
   * Removes series. Their history stays.
   *
   * @throws `not-found` for a label that does not exist; nothing is removed then
   * @example
   * await collection.drop(["Ghent", "Bruges"], { note: { author: "Ada", message: "stations closed" } });
   */
  drop(labels: string | readonly string[], options?: ChangeOptions): Promise<ChangeReport | undefined>;
  /**
   * Renames a series.
   *
   * @throws `not-found`; `exists` where there is a series `to`
   * @example
   * await collection.rename("Brussels", "Uccle");
   */
  rename(label: string, to: string, options?: ChangeOptions): Promise<ChangeReport | undefined>;
  /**
   * Returns the ranges that differ between two revisions. Compares their segment tables: no chunk is read
   * unless `rows` is set. Each revision is seen with all that it was built on, and nothing else.
   *
   * @throws `not-found` for a revision that does not exist
   * @example
   * const [first, last] = [log.at(0)!, log.at(-1)!];
   * const changes = await collection.diff(first, last);
   * for (const { label, kind, start, stop } of changes) console.log(label, kind, start, stop);
   */
  diff(from: RevisionRef, to: RevisionRef, options?: DiffOptions): Promise<RangeChange[]>;
  /**
   * Makes the state of an earlier revision the current one, as a new revision on top of all heads. Makes none
   * where the state is the same, and then returns undefined.
   *
   * @throws `not-found` for a revision that does not exist
   * @example
   * const log = await collection.log();
   * await collection.revert(log.at(-2)!, { note: { author: "Ada", message: "wrong sensor" } });
   */
  revert(to: RevisionRef, options?: ChangeOptions): Promise<ChangeReport | undefined>;
  /**
   * Joins all heads into one revision. Each write counts with the range that it touched. Where concurrent
   * writes touched the same range the later one is visible, and the report has a conflict. (The next write or
   * `defrag` joins heads too, and reports conflicts through the option `onWarning`.)
   *
   * @throws `not-found` where a revision that the merge needs is missing
   * @example
   * const { conflicts } = await collection.merge();
   */
  merge(options?: ChangeOptions): Promise<MergeReport>;
  /**
   * Removes old revisions from the history. Heads, and the revisions that merging them needs, always stay.
   * Chunks stay until `Repo.gc`.
   *
   * @throws `invalid-argument` for a `before` that is no time and no revision; `unsupported` on a read-only
   * host
   * @example
   * const { removed, bytes } = await collection.trim({ before: "2026-01-01", dryRun: true });
   */
  trim(options?: TrimOptions): Promise<TrimReport>;
  /**
   * Rewrites series of many short segments into few long ones, as one revision. The rows stay the same.
   *
   * @throws `not-found` for a label that does not exist; `unsupported` on a web host, which cannot list
   * chunks; `conflict` where it took minutes and a garbage collection removed its chunks: run it again
   * @example
   * const { series, replaced } = await collection.defrag({ dryRun: true });
   */
  defrag(options?: DefragOptions): Promise<DefragReport>;
  /**
   * Lists the changelog every few seconds, and calls `listener` with what new revisions changed. Returns a
   * function that ends the watch; `signal` and `Repo.close` end it too. Throws nothing: failures go to
   * `onError`.
   *
   * @example
   * const stop = collection.watch(({ ranges }) => redraw(ranges), { every: 5_000 });
   */
  watch(listener: ChangeListener, options?: WatchOptions): () => void;
  /**
   * Yields what new revisions changed. Lists the changelog while the next change is awaited: all that was changed since the
   * last one is one change, however long the loop takes for each. `break` ends the watch, and so does `return()`, also while a
   * change is awaited.
   *
   * @throws `aborted` when the signal fires, `closed` when the repo is closed, `invalid-argument`; other failures go to
   * `onError`, and the watch continues
   * @example
   * for await (const { ranges } of collection.watch({ numbers: true, signal })) redraw(ranges);
   */
  watch(options?: WatchOptions): AsyncIterableIterator<Change>;
  /**
   * Fetches and verifies series, and keeps their files on this device, exempt from cache eviction. Pinned
   * series can be read without a network, even after newer revisions were listed. Pinning again fetches what
   * is new, and releases what was replaced. Without a cache (`memory://`, `indexeddb://`, files) there is
   * nothing to keep.
   *
   * @throws `quota` where there is no room; `not-found` for a series that does not exist; `invalid-argument`
   * for `start`
   * @example
   * await collection.pin({ series: "Brussels", start: "2020-01-01", onProgress });
   */
  pin(options?: PinOptions): Promise<PinReport>;
  /**
   * Releases pinned series. Default: all. Their files stay in the cache until they are evicted.
   *
   * @throws `invalid-argument` for labels that are not text
   * @example
   * await collection.unpin("Ghent");
   */
  unpin(series?: string | readonly string[], options?: CallOptions): Promise<void>;
  /**
   * Returns the labels of pinned series, sorted.
   *
   * @example
   * const labels = await collection.pinned();
   */
  pinned(options?: CallOptions): Promise<string[]>;
  /**
   * Lists the changelog again, however young the last listing is (see the option `maxAge`). The next call of `info` lists
   * the descriptions again.
   *
   * @example
   * await collection.refresh();
   * draw(await series.tail(1_000)); // the newest rows, whatever was listed a moment ago
   */
  refresh(options?: CallOptions): Promise<void>;
}
