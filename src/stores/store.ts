/** A file in a store. */
export interface Entry {
  /** Path relative to the store's root, parts joined by `/`. */
  path: string;
  /** Bytes. */
  size: number;
}

/** What every call of a store takes. */
export interface SignalOptions {
  signal?: AbortSignal;
}

export interface GetOptions extends SignalOptions {
  /**
   * Do not trust any copy kept nearby: ask the origin again, and replace the copy. For a reader whose
   * digest check failed.
   */
  reload?: boolean;
  /** Called as bytes arrive; `cached` tells that they came from a nearby copy and not from the origin. */
  onBytes?: (bytes: number, cached: boolean) => void;
}

export interface PutOptions extends SignalOptions {
  /** Replace a file that is there (default: leave it as it is). For repairing a torn file. */
  overwrite?: boolean;
}

export interface ListOptions extends SignalOptions {
  /** Only paths that sort after this one, by UTF-8 bytes. */
  startAfter?: string;
}

/**
 * Where the bytes of a repository live. A store knows nothing of what the bytes mean.
 *
 * All failures are a `LakotaError`: `forbidden`, `network` (no answer, or none that is whole, after retries),
 * `offline`, `quota`, `aborted`, `unsupported` (what the backend or the platform cannot do, such as listing a
 * plain web host), `not-found` (the bucket, or what is to be moved), `invalid-argument` (what cannot be a path:
 * see `checkPath`). The same store may be used by any number of callers at once.
 */
export interface Store {
  /** What a message may call this store: a URI without secrets. */
  readonly uri: string;

  /**
   * The whole file, or `undefined` where there is none. The buffer is the caller's own: it may be
   * changed or transferred, and no later `get` will show that.
   */
  get(path: string, options?: GetOptions): Promise<Uint8Array<ArrayBuffer> | undefined>;

  /**
   * Makes a file: whole or not at all, never half. Where one is already there it stays untouched and
   * the answer is `false` (unless `overwrite`). The store does not keep `bytes`; leave them as they are until
   * the answer comes.
   *
   * A remote store may lose the answer to its own success. It then reads the file back, and answers `true` for
   * equal bytes: of two writers of the same bytes to the same path, both may then hear that they made it.
   */
  put(path: string, bytes: Uint8Array, options?: PutOptions): Promise<boolean>;

  /**
   * All files whose path starts with `prefix` (a string, not a folder: `"ab/c"` finds `ab/cd/e`), at
   * any depth, sorted by the bytes of their UTF-8 path. Nothing there: an empty array.
   */
  list(prefix: string, options?: ListOptions): Promise<Entry[]>;

  /** Removes a file; one that is not there is no error. */
  delete(path: string, options?: SignalOptions): Promise<void>;

  /** Renames a file, replacing what is at `to`. `not-found` where `from` is not there. */
  move(from: string, to: string, options?: SignalOptions): Promise<void>;

  /** Lets go of connections and handles. No call may follow. */
  close?(): void;
}
