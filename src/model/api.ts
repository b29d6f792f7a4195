import type { ColumnInput } from "./cast.ts";
import type { IndexValue } from "./column.ts";
import type { Condition, Expression } from "./expression.ts";
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

/** Who made a revision, and why. Kept in the revision; Python Lakota leaves it aside. */
export interface Note {
  author?: string;
  message?: string;
}

/** Options of everything that makes a revision. */
export interface ChangeOptions extends CallOptions {
  note?: Note;
}

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

export interface LogOptions extends CallOptions {
  /** Only the last so many revisions. */
  limit?: number;
  /** Also read the revisions themselves (one file each): see {@link RevisionDetails}. */
  details?: boolean;
}

/** What a revision says of itself. Absent in what {@link Collection.log} answers without `details`. */
export interface RevisionDetails {
  readonly note?: Note;
  /** Rows that it wrote. */
  readonly rows?: number;
  /** Encoded bytes of the chunks that it stored; undefined for revisions by Python. */
  readonly bytes?: number;
}

/** A state in the history: what `before` takes, or a revision, which then includes what it wrote. */
export type RevisionRef = string | Pick<Revision, "id">;

/** A range of keys, as index values. */
export interface KeyRange {
  readonly start: readonly IndexValue[];
  readonly stop: readonly IndexValue[];
  readonly closed: Closed;
}

/** A range of one series that differs between two revisions. */
export interface RangeChange extends KeyRange {
  readonly label: string;
  /** `added` where nothing was before, `removed` where nothing is after. */
  readonly kind: "added" | "changed" | "removed";
  /** With `rows`: rows that only the first revision has, and rows that only the second has. A row that changed is in both. */
  readonly rows?: { readonly removed: Frame; readonly added: Frame };
}

export interface DiffOptions extends CallOptions {
  /** Only these series. */
  labels?: readonly string[];
  /** Read the ranges that changed and compare them row by row. */
  rows?: boolean;
}

/** A range that several heads have written, not knowing of each other. */
export interface Conflict extends KeyRange {
  readonly label: string;
  /** The revision whose rows are seen: the later one. */
  readonly kept: string;
  /** The revision whose rows of this range are seen no longer. They stay readable in its history. */
  readonly lost: string;
}

export interface MergeReport {
  /** Heads that were joined. Fewer than two: there was nothing to do. */
  readonly heads: readonly string[];
  /** The revision that joins them. */
  readonly revision: string | undefined;
  readonly conflicts: readonly Conflict[];
}

/** Options of what takes something away. */
export interface DryRunOptions extends CallOptions {
  /** Change nothing; only say what would be done. */
  dryRun?: boolean;
}

export interface TrimOptions extends DryRunOptions {
  /** Forget revisions made before this. Default: 20 minutes ago. */
  before?: Date | string | number | Revision;
}

export interface TrimReport {
  /** Revisions that are forgotten. */
  readonly removed: readonly string[];
  /** Bytes of their files. What only they referred to is freed by {@link Repo.gc}. */
  readonly bytes: number;
}

export interface DefragOptions extends DryRunOptions, ChangeOptions {
  /** Only these series. */
  labels?: readonly string[];
}

export interface DefragReport {
  /** Series that were stored anew in fewer segments. */
  readonly series: readonly { label: string; segments: number; was: number }[];
  /** Encoded bytes of the new chunks. Of a dry run an estimate: those of the old ones, which are seldom fewer. */
  readonly bytes: number;
  /**
   * What only older revisions refer to from now on. Once a trim has forgotten these, {@link Repo.gc} frees it, but for chunks that
   * another collection has too (a clone, say). Of a dry run an estimate: a new chunk may turn out equal to an old one.
   */
  readonly replaced: { readonly segments: number; readonly chunks: number; readonly bytes: number };
  readonly revision: string | undefined;
}

export interface GcOptions extends DryRunOptions {
  /**
   * Milliseconds for which a chunk that nobody refers to is only set aside, and still found by readers and
   * writers. Default: 600,000, as Python has it.
   */
  grace?: number;
  onProgress?: (progress: GcProgress) => void;
}

/** Files set aside, restored or deleted, of `total`. */
export interface GcProgress {
  done: number;
  total: number;
}

/** What a garbage collection did: paths, and their bytes. */
export interface GcReport {
  readonly kept: number;
  /** Chunks that nobody refers to, set aside until the next collection after `grace`. */
  readonly setAside: { readonly files: number; readonly bytes: number };
  /** Chunks set aside earlier that are referred to again. */
  readonly restored: { readonly files: number; readonly bytes: number };
  readonly deleted: { readonly files: number; readonly bytes: number };
}

export interface VerifyOptions extends CallOptions {
  /** Only these collections, and the registry. Default: all. */
  labels?: readonly string[];
  onProgress?: (progress: VerifyProgress) => void;
}

/** How far a verification has come. The total grows: a revision tells of its chunks when it is read. */
export interface VerifyProgress {
  /** Revisions and chunks looked at, of `totalFiles` that are known so far. */
  files: number;
  totalFiles: number;
  /** Bytes read. */
  bytes: number;
  /** The collection that is being read. */
  label: string;
  /** Problems found so far. */
  problems: number;
}

/** Something that is not as it must be. */
export interface Problem {
  readonly kind: "missing" | "corrupt";
  /** Its file, in the repo. A chunk that a revision holds itself is named by the path that it would have. */
  readonly path: string;
  /** The collection that needs it; `registry` and `index` are the repo's own. */
  readonly collection: string;
  /** Of a chunk: where it was first met. */
  readonly series?: string;
  readonly column?: string;
  readonly revision?: string;
  /** What is wrong, and what can be done. */
  readonly message: string;
}

/** What {@link Repo.verify} found. */
export interface VerifyReport {
  readonly collections: number;
  readonly revisions: number;
  /** Chunks looked at, each once, those that revisions hold included. */
  readonly chunks: number;
  /** Bytes read. */
  readonly bytes: number;
  /**
   * Chunks that are there and could not be checked: times that Python was given in another unit and rounded, and columns of
   * codecs that this library lacks.
   */
  readonly unchecked: number;
  /** Nothing: all is well. */
  readonly problems: readonly Problem[];
}

export interface DeleteReport {
  readonly revisions: number;
  readonly bytes: number;
}

export interface RenameOptions extends DryRunOptions, ChangeOptions {}

/** What {@link Repo.rename} did. */
export interface RenameReport {
  readonly label: string;
  /** Its new name, without blanks around it. */
  readonly to: string;
  /** The revision of the registry that says so; undefined for a dry run, and where both names are the same. Nothing is freed. */
  readonly revision: string | undefined;
}

export interface CloneOptions extends ChangeOptions {
  /** The clone's schema. Default: the same. Columns that it lacks are left out. Columns have to keep their types. */
  schema?: Schema;
  /** Old name of a column to its new one. */
  rename?: Readonly<Record<string, string>>;
  /** What columns that are new are filled with. Default: 0, `""` or false. */
  defaults?: Readonly<Record<string, unknown>>;
}

/** What a clone would be: the answer to a dry run. */
export interface CloneReport {
  readonly label: string;
  readonly to: string;
  readonly series: number;
  readonly segments: number;
  /** Columns that are new. */
  readonly added: readonly string[];
  /** Encoded bytes of the chunks that these would get. */
  readonly bytes: number;
  /** Columns that are left out, by the names that they have. */
  readonly omitted: readonly string[];
  /** Chunks that both would refer to, those that commits hold included, and their bytes. */
  readonly shared: { readonly chunks: number; readonly bytes: number };
}

/** How far a pull or push has come. */
export interface SyncProgress {
  /** Files copied, of `totalFiles`. */
  files: number;
  totalFiles: number;
  /** Bytes copied. */
  bytes: number;
  /** The collection whose files are being copied. */
  label: string;
}

export interface SyncOptions extends CallOptions {
  /** Only these collections. */
  labels?: readonly string[];
  /** Only what the heads need, without the chunks of older states. */
  shallow?: boolean;
  onProgress?: (progress: SyncProgress) => void;
}

export interface SyncReport {
  readonly collections: readonly { label: string; revisions: number; chunks: number; bytes: number }[];
}

/** What {@link Repo.publish} wrote. */
export interface PublishReport {
  /** Path of the index in the repo. */
  readonly path: string;
  /** Its bytes, before the host compresses them. */
  readonly bytes: number;
  readonly collections: number;
  readonly revisions: number;
}

export interface WatchOptions {
  /** Milliseconds between two looks at the store. Default 5,000. */
  every?: number;
  /** What the caller has seen: all that came after it is told. Default: what the first look finds, some time after the call. */
  since?: readonly RevisionRef[];
  signal?: AbortSignal;
  /** Told of a look that failed; the next one follows. Default: `console.warn`. */
  onError?: (error: unknown) => void;
}

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

/** What {@link Repo.send} did. */
export interface SendReport {
  /** Files that are where they belong now. */
  readonly sent: number;
  /** Files that wait still. */
  readonly waiting: number;
  /** Ranges that others had written meanwhile; the later write is seen. */
  readonly conflicts: readonly (Conflict & { readonly collection: string })[];
}

/** News of a collection. */
export interface Change {
  /** Revisions that were not there before, oldest first. */
  readonly revisions: readonly Revision[];
  /** What they changed. */
  readonly ranges: readonly RangeChange[];
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
  /** Of these, bytes that are pinned, or wait to be sent. */
  pinned: number;
  /** Files that were written without a network and wait to be sent: see the option `writeOffline`. */
  waiting: number;
  /** Whether the store answered when it was last asked, and the device has a network as far as it knows. */
  online: boolean;
  /** Since when listings, or pinned series, are answered from the cache because the store cannot be reached. */
  staleSince: Date | undefined;
}

/**
 * Another repository: its URI, or several that are stacked, reached with the options that this repo was opened with
 * (but for `token`, which is for one host alone); or an object with options of its own.
 */
export type RepoAddress = string | readonly string[] | RepoPlace;

export interface RepoPlace {
  readonly uri: string | readonly string[];
  readonly endpoint?: string;
  readonly region?: string;
  readonly style?: "path" | "virtual";
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** What `lakota serve --writable` asks of those who write. */
  readonly token?: string;
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
  /** Renames a collection; its files stay where they are. @throws `not-found`; `exists` where `to` is taken. */
  rename(label: string, to: string, options?: RenameOptions): Promise<RenameReport>;
  /** Removes a collection and its history. Its chunks are freed by {@link gc}. @throws `not-found` */
  delete(label: string, options?: DryRunOptions): Promise<DeleteReport>;
  /**
   * Makes a collection with the current rows of another one, sharing its chunks. A dry run checks all that the clone
   * checks, makes nothing, and answers what it would be.
   *
   * @throws `not-found`, `exists`, `invalid-schema`; `invalid-argument` for a column that is not there; `invalid-frame` for
   * a default that its column cannot hold
   * @example
   * const { shared, added } = await repo.clone("temperature", "copy", { schema, dryRun: true });
   * const copy = await repo.clone("temperature", "copy", { schema });
   */
  clone(label: string, to: string, options: CloneOptions & { dryRun: true }): Promise<CloneReport>;
  clone(label: string, to: string, options?: CloneOptions & { dryRun?: false }): Promise<Collection>;
  clone(label: string, to: string, options: CloneOptions & DryRunOptions): Promise<Collection | CloneReport>;
  /**
   * Removes chunks that no revision refers to, in two steps, so that writers who are at work lose nothing: a first
   * collection sets them aside, one after `grace` deletes them.
   */
  gc(options?: GcOptions): Promise<GcReport>;
  /**
   * Reads all that revisions refer to, from the store and not from a cache, and tells what is missing or corrupt: revisions, the chunks
   * of all of them, and the published index. Changes nothing.
   *
   * @throws `not-found` for a label; the store's errors. Damage is no error: it is in the report.
   * @example
   * const { problems } = await repo.verify();
   * for (const { message } of problems) console.error(message);
   */
  verify(options?: VerifyOptions): Promise<VerifyReport>;
  /**
   * Copies what this repo lacks of another one, revisions and chunks. Both histories stay; where both have moved on,
   * heads of both are seen until the next write or `merge()`. What was copied before an error or abort is not
   * copied again.
   *
   * @throws `not-found` for a label; `conflict` where both have made a collection of one name; `corrupt`
   * @example
   * await repo.pull("s3://bucket/weather", { labels: ["temperature"], shallow: true });
   */
  pull(from: RepoAddress, options?: SyncOptions): Promise<SyncReport>;
  /** As {@link pull}, the other way. */
  push(to: RepoAddress, options?: SyncOptions): Promise<SyncReport>;
  /**
   * Writes an index beside the repo, with which a plain web host can serve it: `connect("https://host/folder")` then
   * takes one request. Once it is there, every write through this library renews it; writers in Python do not, so publish
   * after them. Let hosts and CDNs ask for it anew (`Cache-Control: no-cache`); all other files never change.
   */
  publish(options?: CallOptions): Promise<PublishReport>;
  /**
   * Sends what was written without a network (option `writeOffline`), and merges it with what others wrote
   * meanwhile. This also happens by itself once there is a network; then conflicts are told as warnings.
   *
   * @throws the store's errors; what was not sent waits on
   */
  send(options?: CallOptions): Promise<SendReport>;
  status(): Promise<RepoStatus>;
  /** Ends all pending calls with `closed` and frees workers and connections. */
  close(): void;
}

/** What {@link FrameInput} accepts for times. */
export type { TimeInput };
