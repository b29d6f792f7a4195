import { LakotaError } from "../model/errors.ts";

/** A file in a store. */
export interface Entry {
  /** Path relative to the store's root, parts joined by `/`. */
  path: string;
  /** Bytes; may be 0 in a listing of which only paths were wanted. */
  size: number;
  /**
   * Epoch milliseconds, by the store's clock, since when the file has its content and name, possibly cut to
   * seconds. Only in a listing of which it was wanted, and only where the backend knows it.
   */
  modified?: number;
}

/** Options of every call of a store. */
export interface SignalOptions {
  /** Fires when no one wants the result any more: the request must then end, with `aborted`. */
  signal?: AbortSignal;
}

export interface GetOptions extends SignalOptions {
  /**
   * Bypass every cached copy: fetch from the origin, and replace the copies. For a reader whose digest check
   * failed.
   */
  reload?: boolean;
  /** The caller only reads the bytes: they may be those of a cache, of which no copy is made. */
  readOnly?: boolean;
  /** Called as bytes arrive; `cached` if they come from a local copy and not from the origin. */
  onBytes?: (bytes: number, cached: boolean) => void;
}

export interface PutOptions extends SignalOptions {
  /** Replace an existing file (default: leave it as it is). For repairing a torn file. */
  overwrite?: boolean;
}

export interface ListOptions extends SignalOptions {
  /** Only paths that sort after this one, by UTF-8 bytes. */
  startAfter?: string;
  /** What is wanted of each file: its path, also its size (default), or also when it was modified. */
  detail?: "path" | "size" | "modified";
}

/**
 * Where the bytes of a repository live. A store does not interpret them.
 *
 * All failures are a `LakotaError`: `forbidden`, `network` (no answer, or an incomplete one, after retries),
 * `offline`, `quota`, `aborted`, `unsupported` (what the backend or the platform cannot do, such as listing a
 * plain web host), `not-found` (the bucket, or the file to be moved), `invalid-argument` (not a valid path:
 * see `checkPath`). Any number of callers may use a store at once.
 */
export interface Store {
  /** How messages refer to this store: a URI without secrets. */
  readonly uri: string;

  /** What a cache offers beyond a store. Other stores have none. */
  readonly local?: LocalCopies;

  /**
   * Returns the whole file, or `undefined` if there is none. The buffer belongs to the caller: it may be
   * changed or transferred without effect on later calls, unless it was asked for as `readOnly`.
   */
  get(path: string, options?: GetOptions): Promise<Uint8Array<ArrayBuffer> | undefined>;

  /**
   * Returns bytes `from` (included) to `to` (excluded) of a file. Undefined if there is no such file, or its host sends
   * whole files only: what arrives is to be verified, and the caller to get the whole file otherwise. Only stores that are
   * reached over the network have it.
   */
  getRange?(
    path: string,
    from: number,
    to: number,
    options?: SignalOptions,
  ): Promise<Uint8Array<ArrayBuffer> | undefined>;

  /**
   * Creates a file atomically. An existing file is left untouched, and the result is `false` (unless
   * `overwrite`). The store does not keep `bytes`; the caller must not change them until the promise
   * resolves.
   *
   * A remote store may lose the response to a successful write. It then reads the file back, and returns
   * `true` for equal bytes: two writers of the same bytes to the same path may both get `true`.
   */
  put(path: string, bytes: Uint8Array, options?: PutOptions): Promise<boolean>;

  /**
   * Returns all files whose path starts with `prefix` (a string, not a folder: `"ab/c"` finds `ab/cd/e`), at
   * any depth, sorted by the UTF-8 bytes of their path. An empty array if there are none.
   */
  list(prefix: string, options?: ListOptions): Promise<Entry[]>;

  /**
   * Returns files that a listing of `prefix` will most likely have, those added last among them; undefined if none are
   * known. They may be outdated or wrong, so a caller may prepare with them, but must list before it shows anything.
   */
  expected?(prefix: string): Promise<Entry[] | undefined>;

  /** Deletes a file. A missing file is no error. */
  delete(path: string, options?: SignalOptions): Promise<void>;

  /** Renames a file, and replaces the one at `to`. @throws `not-found` if there is no `from` */
  move(from: string, to: string, options?: SignalOptions): Promise<void>;

  /** Releases connections and handles. The store must not be used afterwards. */
  close?(): void;
}

/** A store that can hold the files of a cache. */
export interface LocalStore extends Store {
  /**
   * Removes everything, in one step where the backend can, unless there are files whose path starts with `unless`.
   * Returns whether it did. From then on `put` throws `closed`, and other calls may, so that nothing that was read
   * before is written back: of this object and, in a browser, of all that have used the same storage.
   */
  clear(unless?: string): Promise<boolean>;
}

/**
 * What a cache offers beyond a store: local copies of a remote store's files, pins, and writes while offline.
 */
export interface LocalCopies {
  /** The store whose files are cached. */
  readonly remoteStore: Store;
  /** The store that holds the copies, and records about them. */
  readonly localStore: Store;
  /** Whether the local store is used by caches only. If not, nothing in it is evicted, pinned or derived. */
  readonly isExclusive: boolean;
  /**
   * Since when the data may be outdated: the time of the recorded listing that replaced the last one, or an
   * earlier time passed to {@link markStale}. `undefined` if the remote store answered the last listing.
   */
  readonly stale: Date | undefined;
  /** Cache of derived data; `undefined` if the local store is not exclusive. */
  readonly derived: DerivedCache | undefined;
  /** Called with the paths of pending files once all of them were sent; if it rejects, again later. */
  onSent: (paths: readonly string[]) => void | Promise<void>;
  /** Called for trouble with pending files, which no caller is waiting for. */
  onWarning: (message: string) => void;

  stats(): CacheStats;

  /**
   * Returns the last known listing of a prefix, of this visit or an earlier one, with the files that were written
   * offline. Asks the remote store nothing. Undefined if none is known.
   */
  lastListing(prefix: string): Promise<Entry[] | undefined>;

  /** Until the remote store answers a listing, {@link stale} is at most `since`. */
  markStale(since: Date): void;

  /** Whether a file can be read without the remote store, as far as is known. */
  has(path: string): Promise<boolean>;

  /** Returns which of these files have no local copy, after copies in progress are saved. */
  missing(paths: readonly string[]): Promise<string[]>;

  /** Runs work that a caller waits for. Saving local copies pauses meanwhile. */
  whileQuiet<T>(work: () => Promise<T>): Promise<T>;

  /** Fetches a file, if need be, and saves a local copy in the background. */
  keep(path: string): Promise<void>;

  /** Records that a folder, which is newly created, has no files: it can then be listed offline. */
  expectEmpty(prefix: string): void;

  /** Returns the paths of files that were written offline and are not sent yet. */
  pending(): Promise<readonly string[]>;

  /**
   * Sends pending files to the remote store.
   *
   * @throws the remote store's errors; unsent files remain pending
   */
  send(): Promise<void>;

  /** Resolves once everything that was fetched is saved locally. */
  flush(): Promise<void>;
}

/**
 * Small data derived from files, saved beside them under the same quota. It may be evicted, and can be
 * derived again.
 */
export interface DerivedCache {
  get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Takes ownership of `bytes`. Replaces what is stored only with `overwrite`. */
  set(name: string, bytes: Uint8Array<ArrayBuffer>, overwrite?: boolean): void;
}

/** What a cache has done since it was created. */
export interface CacheStats {
  /** Files read from memory or the local store. */
  hits: number;
  /** Files requested from the remote store. */
  misses: number;
  /** Bytes of files read from the remote store. */
  fetchedBytes: number;
  /** Bytes of files read from memory or the local store. */
  cachedBytes: number;
  /** Calls of the remote store. */
  requests: number;
  /** Bytes of files in memory now. */
  memoryBytes: number;
  /** Bytes of files in the local store, as far as known. */
  localBytes: number;
  /** Bytes of those that are never evicted. */
  pinnedBytes: number;
  /** Files that the local store had no room for. */
  dropped: number;
  /** Files written offline that are not sent yet. */
  pending: number;
}

/** Returns the store behind all caches. */
export function originOf(store: Store): Store {
  return store.local ? originOf(store.local.remoteStore) : store;
}

/** Whether a store did not respond. The same call may succeed later. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof LakotaError && (error.code === "offline" || error.code === "network");
