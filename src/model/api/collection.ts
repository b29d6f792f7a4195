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
import type { Bound, CallOptions, ChangeOptions } from "./options.ts";
import type { ReadProgress } from "./read.ts";
import type { DeleteOptions, FrameInput, Series, WriteOptions } from "./series.ts";

export interface PinOptions extends CallOptions {
  /** Series to keep. Default: all. */
  series?: string | readonly string[];
  /** Keep rows from here on. Default: all. */
  start?: Bound;
  onProgress?: (progress: ReadProgress) => void;
}

/** What {@link Collection.pin} keeps on this device. */
export interface PinReport {
  readonly series: number;
  readonly files: number;
}

/** What can be written inside a batch. */
export interface BatchSeries {
  /** As {@link Series.write}; the rows become visible with the batch. */
  write(frame: FrameInput, options?: Omit<WriteOptions, "note">): Promise<void>;
  /** As {@link Series.update}. */
  update(frame: FrameInput, options?: CallOptions): Promise<void>;
  /** As {@link Series.delete}. */
  delete(options: Omit<DeleteOptions, "note">): Promise<void>;
}

export interface Batch {
  series(label: string): BatchSeries;
  /** As {@link Collection.drop}. */
  drop(labels: string | readonly string[]): Promise<void>;
  /** As {@link Collection.rename}. */
  rename(label: string, to: string): Promise<void>;
}

/** A schema, a changelog, and many series. */
export interface Collection {
  readonly label: string;
  readonly schema: Schema;
  /** Labels of its series, sorted by code point. */
  ls(options?: CallOptions): Promise<string[]>;
  series(label: string): Series;
  /** Revisions, oldest first. */
  log(options?: LogOptions): Promise<(Revision & RevisionDetails)[]>;
  /**
   * Many writes as one revision: all of them, or none if `work` throws or any of its writes fails.
   *
   * @throws `conflict` where it took minutes, and a garbage collection took what it had stored: write it again
   * @example
   * await collection.batch(async (batch) => {
   *   for (const [label, frame] of frames) await batch.series(label).write(frame);
   * });
   */
  batch<T>(work: (batch: Batch) => Promise<T>, options?: ChangeOptions): Promise<T>;
  /** Takes series away. Their history stays. @throws `not-found` for a label that is not there. */
  drop(labels: string | readonly string[], options?: ChangeOptions): Promise<void>;
  /** Renames a series. @throws `not-found`; `exists` where `to` is taken. */
  rename(label: string, to: string, options?: ChangeOptions): Promise<void>;
  /**
   * What differs between two revisions, told by their segment tables: no chunk is read unless `rows` is set.
   * `from` and `to` are seen with all that they were built on, and nothing else.
   *
   * @throws `not-found` for a revision that is not there.
   */
  diff(from: RevisionRef, to: RevisionRef, options?: DiffOptions): Promise<RangeChange[]>;
  /** Makes the state of an earlier revision the current one, as a new revision. */
  revert(to: RevisionRef, options?: ChangeOptions): Promise<void>;
  /**
   * Joins all heads into one. Each write counts with the range that it really touched; where two who did
   * not know of each other touched the same range, the later one wins and the report says so. (The next write or
   * `defrag` joins them too, and tells of that through the option `onWarning`.)
   */
  merge(options?: ChangeOptions): Promise<MergeReport>;
  /** Forgets old revisions. Heads, and what is needed to merge them, always stay. */
  trim(options?: TrimOptions): Promise<TrimReport>;
  /**
   * Stores series of many short segments anew in few long ones.
   *
   * @throws `not-found` for a label that is not there; `unsupported` on a web host, which cannot list chunks
   */
  defrag(options?: DefragOptions): Promise<DefragReport>;
  /**
   * Looks for new revisions, and calls `listener` with what they changed. Returns a function that ends it.
   *
   * @example
   * const stop = collection.watch(({ ranges }) => redraw(ranges), { every: 5_000 });
   */
  watch(listener: (change: Change) => void, options?: WatchOptions): () => void;
  /**
   * Fetches series ahead and keeps them on this device, whatever else the cache has to let go, so that they can be read
   * without a network, even after newer revisions were listed. Pinning again brings what is new, and lets go of what was
   * replaced.
   *
   * @throws `quota` where there is no room; `not-found` for a series that is not there
   * @example
   * await collection.pin({ series: "Brussels", start: "2020-01-01", onProgress });
   */
  pin(options?: PinOptions): Promise<PinReport>;
  /** Lets go of series; of all, if none are named. Their files stay in the cache until room is needed. */
  unpin(series?: string | readonly string[], options?: CallOptions): Promise<void>;
  /** Series that are pinned, sorted. */
  pinned(options?: CallOptions): Promise<string[]>;
  /** Forgets what is known of the changelog, so that the next read lists it again. */
  refresh(options?: CallOptions): Promise<void>;
}
