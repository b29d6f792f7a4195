import { untilAborted } from "../../async/abort.ts";
import { lazy } from "../../async/lazy.ts";
import { SharedRequest } from "../../async/single-flight.ts";
import { asLakotaError, throwIfAborted } from "../../model/errors.ts";
import { checkPath } from "../path.ts";
import {
  type CacheStats,
  type DerivedCache,
  type Entry,
  type GetOptions,
  isUnreachable,
  type ListOptions,
  type LocalCopies,
  type PutOptions,
  type SignalOptions,
  type Store,
} from "../store.ts";
import { ByteLru } from "./byte-lru.ts";
import type { ListingCache } from "./listing-cache.ts";
import { LocalCache } from "./local-cache.ts";
import type { Outbox } from "./outbox.ts";

export interface CacheOptions {
  /** Bytes of files to hold in memory. Default 64 MiB. */
  memory?: number;
  /**
   * Bytes of files to keep in the local store; the least recently used are evicted. Default 512 MiB.
   * `Infinity`: keep all.
   */
  quota?: number;
  /**
   * Whether to keep what is written while the remote store cannot be reached, and send it later. Needs a
   * local store that is used by caches only, so a finite `quota`. Default false.
   */
  writeOffline?: boolean;
  /** Whether a file never changes once it exists; other files are not cached. Default: all files. */
  immutable?: (path: string) => boolean;
  /** Returns epoch milliseconds; for tests. */
  now?: () => number;
}

/** Path prefix of derived data in the local store. No file of a repository starts so. */
const DERIVED = "derived/";

const loadListingCache = lazy(() => import("./listing-cache.ts"));
const loadOutbox = lazy(() => import("./outbox.ts"));

/**
 * Caches the files of a remote store: in memory, then in a local store.
 *
 * - Concurrent reads of one file share one fetch; each caller gets a copy.
 * - Files are saved to the local store in the background; its errors never fail a read.
 * - Listings always come from the remote store. While it cannot be reached, the last listing is used: see
 *   `stale`.
 * - Changes go to the remote store first.
 *
 * @example
 * const store = new CacheStore(new IndexedDBStore("cache"), new S3Store("my-bucket"), { quota: 100 << 20 });
 */
export class CacheStore implements Store, LocalCopies {
  readonly local: LocalCopies = this;
  readonly localStore: Store;
  readonly remoteStore: Store;
  readonly #memory: ByteLru<Uint8Array<ArrayBuffer>>;
  readonly #copies: LocalCache;
  /** Created when a listing is first recorded or recalled. */
  #listings: Promise<ListingCache> | undefined;
  readonly #immutable: (path: string) => boolean;
  readonly #now: () => number;
  /** Fetches in progress, by path; those of a reload by `reload path`. */
  readonly #requests = new Map<string, SharedRequest>();
  readonly #stats = { hits: 0, misses: 0, fetchedBytes: 0, cachedBytes: 0, requests: 0 };
  #hasWarned = false;
  #staleListing: Date | undefined;
  #staleFiles: Date | undefined;
  #outbox: Outbox | undefined;
  readonly #writesOffline: boolean;
  #opening: Promise<Outbox> | undefined;
  onSent: (paths: readonly string[]) => void | Promise<void> = () => {};
  onWarning: (message: string) => void = () => {};

  constructor(localStore: Store, remoteStore: Store, options: CacheOptions = {}) {
    const now = options.now ?? Date.now;
    this.localStore = localStore;
    this.remoteStore = remoteStore;
    this.#memory = new ByteLru(options.memory ?? 64 << 20);
    this.#copies = new LocalCache(localStore, options.quota ?? 512 << 20, now, (error) =>
      this.#warnOfLocalStore(error),
    );
    this.#now = now;
    this.#immutable = options.immutable ?? (() => true);
    this.#writesOffline = options.writeOffline === true && this.isExclusive;
    void this.#openOutbox();
  }

  get uri(): string {
    return this.remoteStore.uri;
  }

  get isExclusive(): boolean {
    return this.#copies.isExclusive;
  }

  get stale(): Date | undefined {
    const [listing, files] = [this.#staleListing, this.#staleFiles];
    return listing && files && files < listing ? files : listing;
  }

  markStale(since: Date): void {
    if (!this.#staleFiles || since < this.#staleFiles) this.#staleFiles = since;
    this.#staleListing ??= since;
  }

  stats(): CacheStats {
    const { bytes: localBytes, protectedBytes: pinnedBytes, dropped } = this.#copies;
    const pending = this.#outbox?.paths.length ?? 0;
    return { ...this.#stats, memoryBytes: this.#memory.bytes, localBytes, pinnedBytes, dropped, pending };
  }

  async get(path: string, options: GetOptions = {}): Promise<Uint8Array<ArrayBuffer> | undefined> {
    checkPath(path);
    throwIfAborted(options.signal);
    if (!this.#immutable(path)) return this.#fetchRemote(path, options);
    const reload = options.reload === true && !this.#outbox?.has(path); // pending files are local only
    const cached = reload ? undefined : this.#memory.get(path);
    if (cached) {
      this.#copies.touch(path);
      this.#countHit(cached.length);
      options.onBytes?.(cached.length, true);
      return options.readOnly ? cached : cached.slice();
    }
    return this.#requestFor(path, reload).join(options);
  }

  async put(path: string, bytes: Uint8Array, options: PutOptions = {}): Promise<boolean> {
    const copy = new Uint8Array(bytes);
    this.#stats.requests++;
    try {
      const created = await this.#putRemote(path, copy, options);
      if (created) this.#record((listings) => listings.update(path, copy.length));
      // The outbox has saved a pending file.
      if (created && !options.overwrite && !this.#outbox?.has(path)) this.#cache(path, copy, false);
      return created;
    } finally {
      if (options.overwrite) await this.#drop(path);
    }
  }

  async #putRemote(path: string, bytes: Uint8Array<ArrayBuffer>, options: PutOptions): Promise<boolean> {
    try {
      // Pending files first: a revision must not arrive before its ancestors.
      await untilAborted(this.send(), options.signal);
      return await this.remoteStore.put(path, bytes, options);
    } catch (error) {
      const outbox = await this.#requireOutbox();
      if (!outbox || options.overwrite || !isUnreachable(error)) throw error;
      if (!(await outbox.add(path, bytes, (count) => this.#copies.free(count)))) return false;
      this.#copies.adopt(path, bytes.length);
      return true;
    }
  }

  /** Returns the outbox once it is open; `undefined` without `writeOffline`, or if it cannot be opened. */
  async #openOutbox(): Promise<Outbox | undefined> {
    return this.#requireOutbox()?.catch(() => undefined);
  }

  /** Opens the outbox; after a failure, again. Returns `undefined` without `writeOffline`. */
  #requireOutbox(): Promise<Outbox> | undefined {
    if (!this.#writesOffline) return undefined;
    if (this.#opening) return this.#opening;
    const { localStore, remoteStore } = this;
    const opening = loadOutbox().then(async ({ Outbox }) => {
      this.#outbox = await Outbox.open({
        localStore,
        remoteStore,
        onSent: (paths) => this.onSent(paths),
        onWarning: (message) => this.onWarning(message),
      });
      return this.#outbox;
    });
    this.#opening = opening;
    opening.catch(() => {
      this.#opening = undefined;
    });
    return opening;
  }

  async send(): Promise<void> {
    await (await this.#openOutbox())?.sendAll();
  }

  async pending(): Promise<readonly string[]> {
    return (await this.#openOutbox())?.paths ?? [];
  }

  expectEmpty(prefix: string): void {
    this.#record((listings) => listings.remember(prefix, "", []));
  }

  async has(path: string): Promise<boolean> {
    return this.#memory.has(path) || this.#copies.has(path);
  }

  missing(paths: readonly string[]): Promise<string[]> {
    return this.#copies.missing(paths);
  }

  whileQuiet<T>(work: () => Promise<T>): Promise<T> {
    return this.#copies.whileQuiet(work);
  }

  async keep(path: string): Promise<void> {
    const bytes = await this.get(path);
    if (bytes) this.#copies.save(path, bytes);
  }

  async list(prefix: string, options: ListOptions = {}): Promise<Entry[]> {
    const { startAfter = "" } = options;
    this.#stats.requests++;
    const entries = await this.#listRemote(prefix, startAfter, options);
    return (await this.#outbox?.addPending(entries, prefix, startAfter)) ?? entries;
  }

  /** What an earlier visit has listed counts first. The store is asked meanwhile: on a first visit, code is still loading. */
  async expected(prefix: string): Promise<Entry[] | undefined> {
    const published = this.remoteStore.expected?.(prefix);
    published?.catch(() => {}); // it may not be needed
    const last = await this.lastListing(prefix);
    return last?.length ? last : published;
  }

  async lastListing(prefix: string): Promise<Entry[] | undefined> {
    const last = await this.#recall(prefix, "");
    const outbox = last && (await this.#openOutbox());
    return outbox ? outbox.addPending(last.entries, prefix, "") : last?.entries;
  }

  async #listRemote(prefix: string, startAfter: string, options: ListOptions): Promise<Entry[]> {
    try {
      await untilAborted(this.send(), options.signal).catch((error: unknown) => {
        if (isUnreachable(error)) throw error; // others were reported, and do not prevent reading
      });
      const entries = await this.remoteStore.list(prefix, options);
      this.#staleListing = this.#staleFiles = undefined;
      const listed = entries.map((entry) => ({ ...entry })); // the caller's may change
      this.#record((listings) => listings.remember(prefix, startAfter, listed));
      return entries;
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      const last = await this.#recall(prefix, startAfter);
      if (!last) throw error;
      this.#staleListing = last.since;
      return last.entries;
    }
  }

  /** Records a change of the listings in the background. They are best effort: nothing waits for their code. */
  #record(change: (listings: ListingCache) => void): void {
    this.#openListings().then(change, () => {});
  }

  async #recall(prefix: string, startAfter: string) {
    const listings = await this.#openListings().catch(() => undefined);
    return listings?.recall(prefix, startAfter);
  }

  #openListings(): Promise<ListingCache> {
    this.#listings ??= loadListingCache().then(
      ({ ListingCache }) => new ListingCache(this.localStore, this.#now),
    );
    this.#listings.catch(() => {
      this.#listings = undefined; // the next use tries again
    });
    return this.#listings;
  }

  async delete(path: string, options?: SignalOptions): Promise<void> {
    this.#stats.requests++;
    try {
      await this.remoteStore.delete(path, options);
      this.#record((listings) => listings.update(path));
    } finally {
      await this.#drop(path);
    }
  }

  async move(from: string, to: string, options?: SignalOptions): Promise<void> {
    this.#stats.requests++;
    try {
      await this.remoteStore.move(from, to, options);
      this.#record((listings) => listings.move(from, to));
    } finally {
      await Promise.all([this.#drop(from), this.#drop(to)]);
    }
  }

  get derived(): DerivedCache | undefined {
    if (!this.isExclusive) return undefined;
    return {
      get: (name) => this.#copies.get(DERIVED + name),
      set: (name, ...save) => this.#copies.save(DERIVED + name, ...save),
    };
  }

  async flush(): Promise<void> {
    await (await this.#listings)?.settle();
    await this.#copies.flush();
  }

  close(): void {
    this.#outbox?.close();
    this.remoteStore.close?.();
    void this.flush().finally(() => this.localStore.close?.());
  }

  /** Returns the request to join. A reload in progress serves callers that need none, too. */
  #requestFor(path: string, reload: boolean): SharedRequest {
    const reloading = this.#requests.get(`reload ${path}`);
    const running = reloading?.abandoned === false || reload ? reloading : this.#requests.get(path);
    if (running && !running.abandoned) return running;
    const key = reload ? `reload ${path}` : path;
    const request = new SharedRequest(async (signal, onBytes, self) => {
      try {
        return await this.#fetch(path, { signal, reload, onBytes }, self);
      } finally {
        if (this.#requests.get(key) === self) this.#requests.delete(key);
      }
    });
    this.#requests.set(key, request);
    return request;
  }

  async #fetch(
    path: string,
    options: GetOptions,
    request: SharedRequest,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const copy = options.reload ? undefined : await this.#copies.get(path);
    if (copy) {
      this.#countHit(copy.length);
      options.onBytes?.(copy.length, true);
      if (!request.outdated) this.#memory.set(path, copy, copy.length);
      return copy;
    }
    throwIfAborted(options.signal);
    const bytes = await this.#fetchRemote(path, options);
    if (request.outdated) return bytes;
    if (bytes) this.#cache(path, bytes, options.reload === true);
    else if (options.reload) await this.#drop(path);
    return bytes;
  }

  async #fetchRemote(path: string, options: GetOptions): Promise<Uint8Array<ArrayBuffer> | undefined> {
    this.#stats.misses++;
    this.#stats.requests++;
    const bytes = await this.#copies.whileQuiet(() => this.remoteStore.get(path, options));
    this.#stats.fetchedBytes += bytes?.length ?? 0;
    return bytes;
  }

  /** Warns once that the local store cannot be used: reading continues without it. */
  #warnOfLocalStore(error: unknown): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.onWarning(
      `Nothing is read from the cache ${this.localStore.uri} for now. ${asLakotaError(error).message}`,
    );
  }

  #countHit(bytes: number): void {
    this.#stats.hits++;
    this.#stats.cachedBytes += bytes;
  }

  /** Adds a file to memory and the local store. Takes ownership of `bytes`. */
  #cache(path: string, bytes: Uint8Array<ArrayBuffer>, overwrite: boolean): void {
    if (!this.#immutable(path)) return;
    this.#memory.set(path, bytes, bytes.length);
    this.#copies.save(path, bytes, overwrite);
  }

  /** Invalidates all copies of a file, those that are being fetched included. */
  async #drop(path: string): Promise<void> {
    this.#memory.delete(path);
    for (const key of [path, `reload ${path}`]) {
      const request = this.#requests.get(key);
      if (request) request.outdated = true;
      this.#requests.delete(key);
    }
    await this.#copies.remove(path);
  }
}
