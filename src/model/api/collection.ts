import type { Frame } from "../frame.ts";
import type { Schema } from "../schema.ts";
import type {
  Change,
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
import type { ReadOptions, ReadProgress } from "./read.ts";
import type { DeleteOptions, FrameInput, Series, WriteOptions } from "./series.ts";

/** Options of {@link Collection.ls}. */
export interface LsOptions extends StaleOptions<string[]> {
  /** Only labels that begin with this. Default: all. */
  prefix?: string;
  /** Only labels that sort after this one: the last label of the page before. Default: from the first one. */
  after?: string;
  /** At most so many labels. Default: all. */
  limit?: number;
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
  onProgress?: (progress: ReadProgress) => void;
}

/** What {@link Collection.pin} keeps on this device. */
export interface PinReport {
  /** Series pinned by this call. */
  readonly series: number;
  /** Files pinned by this call: chunks, revisions, and the registry's files that name the collection. */
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
  /** @throws `invalid-argument` for an empty label */
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
   * a dropped one is not.
   *
   * @throws `not-found` where the collection was deleted
   */
  ls(options?: LsOptions): Promise<string[]>;
  /**
   * Reads several series in one state of the collection, at once: `read` of each, or `tail` with that option. Returns
   * the frames by label; that of a series that does not exist has no rows.
   *
   * @throws as `Series.read`; `invalid-argument` for `tail` together with `limit` or `offset`
   * @example
   * const frames = await collection.read(["Brussels", "Ghent"], { tail: 100, columns: ["value"] });
   */
  read(labels: readonly string[], options?: ReadManyOptions): Promise<Map<string, Frame>>;
  /**
   * Returns a series, without any request: it need not exist yet, and its first write makes it.
   *
   * @throws `invalid-argument` for an empty label
   */
  series(label: string): Series;
  /**
   * Returns the revisions, oldest first.
   *
   * @throws `not-found` where the collection was deleted, or with `details` where a revision was trimmed
   * meanwhile
   */
  log(options?: LogOptions): Promise<(Revision & RevisionDetails)[]>;
  /**
   * Makes many writes one revision: all of them, or none if `work` throws or any of its writes fails. Returns undefined
   * where nothing changed. Await each write inside of `work`.
   *
   * @throws what `work` and its writes throw; `closed` for a write after the batch has ended; `conflict`
   * where the batch took minutes and a garbage collection removed its chunks: run it again
   * @example
   * await collection.batch(async (batch) => {
   *   for (const [label, frame] of frames) await batch.series(label).write(frame);
   * });
   */
  batch(work: (batch: Batch) => Promise<unknown>, options?: ChangeOptions): Promise<ChangeReport | undefined>;
  /**
   * Removes series. Their history stays.
   *
   * @throws `not-found` for a label that does not exist; nothing is removed then
   */
  drop(labels: string | readonly string[], options?: ChangeOptions): Promise<ChangeReport | undefined>;
  /**
   * Renames a series.
   *
   * @throws `not-found`; `exists` where there is a series `to`
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
   */
  trim(options?: TrimOptions): Promise<TrimReport>;
  /**
   * Rewrites series of many short segments into few long ones, as one revision. The rows stay the same.
   *
   * @throws `not-found` for a label that does not exist; `unsupported` on a web host, which cannot list
   * chunks
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
  watch(listener: (change: Change) => void, options?: WatchOptions): () => void;
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
  /** Releases pinned series. Default: all. Their files stay in the cache until they are evicted. */
  unpin(series?: string | readonly string[], options?: CallOptions): Promise<void>;
  /** Returns the labels of pinned series, sorted. */
  pinned(options?: CallOptions): Promise<string[]>;
  /** Lists the changelog again, however young the last listing is (see the option `maxAge`). */
  refresh(options?: CallOptions): Promise<void>;
}
