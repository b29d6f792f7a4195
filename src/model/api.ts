import type { ColumnInput } from "./cast.ts";
import type { IndexValue } from "./column.ts";
import type { Frame } from "./frame.ts";
import type { Closed } from "./key.ts";
import type { Schema } from "./schema.ts";
import type { TimeInput } from "./time.ts";

/** One index value: a number, a bigint, a string, or for a time what {@link TimeInput} says. */
export type KeyInput = IndexValue | Date;

/** A bound: one value, or an array of values for the first few index columns. */
export type Bound = KeyInput | readonly KeyInput[];

/** Rows to write: a frame, or columns by name. */
export type FrameInput = Frame | Readonly<Record<string, ColumnInput>>;

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

/** Options of everything that may take long. */
export interface CallOptions {
  signal?: AbortSignal;
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

export interface WriteOptions extends CallOptions {
  /** The range that this write replaces. Default: from its first row to its last. Rows outside are refused. */
  start?: Bound;
  stop?: Bound;
  /** Which ends of the range belong to it. Default `"both"`. */
  closed?: Closed;
}

/** One commit in the changelog. */
export interface Revision {
  /** Hextime and sha1 of the commit; names it. */
  readonly id: string;
  readonly parents: readonly string[];
  /** When it was made: 11 hex digits of epoch milliseconds. */
  readonly epoch: string;
  readonly time: Date;
  /** Whether nothing was built on it yet. More than one head: branches that wait for a merge. */
  readonly head: boolean;
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
   */
  read(options?: ReadOptions): Promise<Frame>;
  /** The last `rows` rows of the range. */
  tail(rows: number, options?: Omit<ReadOptions, "limit" | "offset">): Promise<Frame>;
  /** The range in frames of at most `pageLength` rows, of the state at the first page. */
  pages(options?: PageOptions): AsyncIterableIterator<Frame>;
  /** How many rows the range has. */
  length(options?: RangeOptions): Promise<number>;
  /**
   * Writes rows, replacing what the range held before, as one revision. Writing what is already there
   * makes none.
   *
   * @throws `invalid-frame` or `unsorted`, naming column and row; nothing is written then.
   * @example
   * await series.write({ timestamp: ["2026-03-01", "2026-03-02"], value: [1, 2] });
   */
  write(frame: FrameInput, options?: WriteOptions): Promise<void>;
}

/** What can be written inside a batch. */
export interface BatchSeries {
  /** As {@link Series.write}; the rows become visible with the batch. */
  write(frame: FrameInput, options?: WriteOptions): Promise<void>;
}

export interface Batch {
  series(label: string): BatchSeries;
}

/** A schema, a changelog, and many series. */
export interface Collection {
  readonly label: string;
  readonly schema: Schema;
  /** Labels of its series, sorted by code point. */
  ls(options?: CallOptions): Promise<string[]>;
  series(label: string): Series;
  /** Revisions, oldest first. */
  log(options?: CallOptions): Promise<Revision[]>;
  /**
   * Many writes as one revision: all of them, or none if `work` throws or any of its writes fails.
   *
   * @example
   * await collection.batch(async (batch) => {
   *   for (const [label, frame] of frames) await batch.series(label).write(frame);
   * });
   */
  batch<T>(work: (batch: Batch) => Promise<T>, options?: CallOptions): Promise<T>;
  /** Forgets what is known of the changelog, so that the next read lists it again. */
  refresh(options?: CallOptions): Promise<void>;
}

/** Where the bytes of a repo came from since it was opened. All zero for a store that needs no cache. */
export interface RepoStatus {
  /** Encoded bytes from the network. */
  fetched: number;
  /** Encoded bytes from the cache. */
  cached: number;
  /** Requests made to the store behind the cache. */
  requests: number;
  /** Bytes that the cache keeps on this device. */
  kept: number;
  /** Since when listings are answered from the cache because the store cannot be reached. */
  staleSince: Date | undefined;
}

/** One storage location: a registry and its collections. */
export interface Repo {
  readonly uri: string;
  /** Labels of its collections, sorted by code point. */
  ls(options?: CallOptions): Promise<string[]>;
  /** @throws `not-found`, naming the collections that there are. */
  collection(label: string, options?: CallOptions): Promise<Collection>;
  /**
   * Makes a collection. One of this name with the same schema is returned as it is.
   *
   * @throws `exists` where the name is taken by another schema; `invalid-argument` for an empty name.
   */
  createCollection(schema: Schema, label: string, options?: CallOptions): Promise<Collection>;
  status(): Promise<RepoStatus>;
  /** Ends all pending calls with `closed` and frees workers and connections. */
  close(): void;
}

/** What {@link FrameInput} accepts for times. */
export type { TimeInput };
