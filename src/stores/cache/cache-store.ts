import { SharedRequest } from "../../async/single-flight.ts";
import { LakotaError, throwIfAborted } from "../../model/errors.ts";
import { checkPath } from "../path.ts";
import type { Entry, GetOptions, ListOptions, PutOptions, SignalOptions, Store } from "../store.ts";
import { ByteLru } from "./byte-lru.ts";
import { ListingCache } from "./listing-cache.ts";
import { NearCache } from "./local-cache.ts";
import type { Outbox } from "./outbox.ts";

export interface CacheOptions {
  /** Bytes of files to hold in memory. Default 64 MiB. */
  memory?: number;
  /** Bytes of files to keep in the near store, least recently used out first. Default 512 MiB. `Infinity`: keep all. */
  quota?: number;
  /**
   * Whether to keep what is written while the far store cannot be reached, and send it later. Only for a near store that
   * is the cache's own.
   */
  writeOffline?: boolean;
  /** Whether a file never changes once it is there; others are never cached. Default: all files. */
  immutable?: (path: string) => boolean;
  /** Epoch milliseconds; for tests. */
  now?: () => number;
}

/** What a cache has done since it was made. */
export interface CacheStats {
  /** Files answered from memory or the near store. */
  hits: number;
  /** Files asked of the far store. */
  misses: number;
  /** Bytes of files that came from the far store. */
  fetchedBytes: number;
  /** Bytes of files that came from memory or the near store. */
  cachedBytes: number;
  /** Calls of the far store. */
  requests: number;
  /** Bytes of files held in memory now. */
  memoryBytes: number;
  /** Bytes of files in the near store, as far as known. */
  nearBytes: number;
  /** Bytes of those that are never evicted. */
  pinnedBytes: number;
  /** Files that the near store could not take. */
  dropped: number;
  /** Files that wait to be sent. */
  waiting: number;
}

/** Where keepsakes are kept: files of repositories have other names. */
const KEEPSAKES = "keepsakes/";

/** Small things made of files, kept beside them under the same quota. One that is lost can be made again. */
export interface DerivedCache {
  recall(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** From here on, `bytes` belong to the cache. */
  keep(name: string, bytes: Uint8Array<ArrayBuffer>): void;
}

/**
 * Keeps the files of a far store close by: in memory, then in a near store.
 *
 * - Readers who ask for one file at the same time share one fetch; each has a copy of its own.
 * - Files go to the near store in the background; trouble there never fails a read.
 * - Listings always come from the far store. While that cannot be reached, the last one stands in: see `stale`.
 * - Changes go to the far store first.
 *
 * @example
 * const store = new CacheStore(new IndexedDBStore("cache"), new S3Store("my-bucket"), { quota: 100 << 20 });
 */
export class CacheStore implements Store {
  readonly near: Store;
  readonly far: Store;
  readonly #memory: ByteLru<Uint8Array<ArrayBuffer>>;
  readonly #kept: NearCache;
  readonly #listings: ListingCache;
  readonly #immutable: (path: string) => boolean;
  readonly #flights = new Map<string, SharedRequest>();
  readonly #stats = { hits: 0, misses: 0, fetchedBytes: 0, cachedBytes: 0, requests: 0 };
  #stale: Date | undefined;
  #standIn: Date | undefined;
  #outbox: Outbox | undefined;
  readonly #opening: Promise<Outbox> | undefined;
  /** Told once all files that had waited were sent: for whoever knows what they mean. */
  onSent: (paths: readonly string[]) => void = () => {};
  /** Told of trouble with what waits to be sent, of which nobody who waits for an answer would hear. */
  onTrouble: (message: string) => void = () => {};

  constructor(near: Store, far: Store, options: CacheOptions = {}) {
    const now = options.now ?? Date.now;
    this.near = near;
    this.far = far;
    this.#memory = new ByteLru(options.memory ?? 64 << 20);
    this.#kept = new NearCache(near, options.quota ?? 512 << 20, now);
    this.#listings = new ListingCache(near, now);
    this.#immutable = options.immutable ?? (() => true);
    if (!options.writeOffline || !this.#kept.isOwn) return;
    this.#opening = import("./outbox.ts").then(async ({ Outbox }) => {
      this.#outbox = await Outbox.open({
        near,
        far,
        onSent: (paths) => this.onSent(paths),
        onTrouble: (message) => this.onTrouble(message),
      });
      return this.#outbox;
    });
    this.#opening.catch(() => {}); // who writes without a network hears of it
  }

  get uri(): string {
    return this.far.uri;
  }

  /**
   * The time of the listing that was last answered in place of the far store's, or of what stands in for the files it names,
   * whichever is older; `undefined` where the far store answered itself.
   */
  get stale(): Date | undefined {
    const [last, older] = [this.#stale, this.#standIn];
    return last && older && older < last ? older : last;
  }

  /** Until the far store answers, some of what it lists is answered as it was at this time: see {@link stale}. */
  standIn(since: Date): void {
    if (!this.#standIn || since < this.#standIn) this.#standIn = since;
    this.#stale ??= since;
  }

  stats(): CacheStats {
    const { bytes: nearBytes, protectedBytes: pinnedBytes, dropped } = this.#kept;
    const waiting = this.#outbox?.paths.length ?? 0;
    return { ...this.#stats, memoryBytes: this.#memory.bytes, nearBytes, pinnedBytes, dropped, waiting };
  }

  async get(path: string, options: GetOptions = {}): Promise<Uint8Array<ArrayBuffer> | undefined> {
    checkPath(path);
    throwIfAborted(options.signal);
    if (!this.#immutable(path)) return this.#fetchFar(path, options);
    const reload = options.reload === true && !this.#outbox?.has(path); // what waits is nowhere else
    const held = reload ? undefined : this.#memory.get(path);
    if (held) {
      this.#kept.touch(path);
      this.#countHit(held.length);
      options.onBytes?.(held.length, true);
      return held.slice();
    }
    return this.#flight(path, reload).join(options);
  }

  async put(path: string, bytes: Uint8Array, options: PutOptions = {}): Promise<boolean> {
    const own = new Uint8Array(bytes);
    this.#stats.requests++;
    try {
      const made = await this.#putFar(path, own, options);
      if (made) this.#listings.update(path, own.length);
      if (made && !options.overwrite) this.#keep(path, own, false);
      return made;
    } finally {
      if (options.overwrite) await this.#drop(path);
    }
  }

  async #putFar(path: string, bytes: Uint8Array<ArrayBuffer>, options: PutOptions): Promise<boolean> {
    try {
      // What was written before goes first: a revision must not arrive before those that it builds on.
      await this.send();
      return await this.far.put(path, bytes, options);
    } catch (error) {
      const outbox = await this.#opening;
      if (!outbox || options.overwrite || !isUnreachable(error)) throw error;
      if (!(await outbox.keep(path, bytes, (count) => this.#kept.free(count)))) return false;
      this.#kept.adopt(path, bytes.length);
      return true;
    }
  }

  /** What waits to be sent; undefined where nothing can. */
  async #ready(): Promise<Outbox | undefined> {
    return this.#opening?.catch(() => undefined);
  }

  /** Sends what was written while the far store could not be reached. */
  async send(): Promise<void> {
    await (await this.#ready())?.sendAll();
  }

  /** Paths that wait to be sent. */
  async waiting(): Promise<readonly string[]> {
    return (await this.#ready())?.paths ?? [];
  }

  /** A folder is new: nobody else can have put anything there. So it can be used without a network from the start. */
  expectNothing(prefix: string): void {
    this.#listings.remember(prefix, "", []);
  }

  /** What is kept near, for whoever decides what is to stay: see pins.ts. */
  get kept(): NearCache {
    return this.#kept;
  }

  async list(prefix: string, options: ListOptions = {}): Promise<Entry[]> {
    const { startAfter = "" } = options;
    this.#stats.requests++;
    const entries = await this.#listed(prefix, startAfter, options);
    return (await this.#outbox?.listed(entries, prefix, startAfter)) ?? entries;
  }

  async #listed(prefix: string, startAfter: string, options: ListOptions): Promise<Entry[]> {
    try {
      await this.send().catch((error: unknown) => {
        if (isUnreachable(error)) throw error; // other trouble was told, and is no reason not to read
      });
      const entries = await this.far.list(prefix, options);
      this.#stale = this.#standIn = undefined;
      this.#listings.remember(prefix, startAfter, entries);
      return entries;
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      const last = await this.#listings.recall(prefix, startAfter);
      if (!last) throw error;
      this.#stale = last.since;
      return last.entries;
    }
  }

  async delete(path: string, options?: SignalOptions): Promise<void> {
    this.#stats.requests++;
    try {
      await this.far.delete(path, options);
      this.#listings.update(path);
    } finally {
      await this.#drop(path);
    }
  }

  async move(from: string, to: string, options?: SignalOptions): Promise<void> {
    this.#stats.requests++;
    try {
      await this.far.move(from, to, options);
      this.#listings.move(from, to);
    } finally {
      await Promise.all([this.#drop(from), this.#drop(to)]);
    }
  }

  /** Undefined where the near store may be a repo of its own, in which nothing else belongs. */
  get keepsakes(): DerivedCache | undefined {
    if (!this.#kept.isOwn) return undefined;
    return {
      recall: (name) => this.#kept.get(KEEPSAKES + name),
      keep: (name, bytes) => this.#kept.save(KEEPSAKES + name, bytes),
    };
  }

  /** Empties the cache: memory, and **all** of the near store, what waits to be sent included. The far store stays as it is. */
  async forget(): Promise<void> {
    this.#memory.clear();
    for (const flight of this.#flights.values()) flight.outdated = true;
    this.#flights.clear();
    this.#listings.clear();
    await this.#listings.settle();
    await this.#kept.clear();
  }

  /** Resolves once all that was fetched is in the near store, and its times of use are noted. */
  async flush(): Promise<void> {
    await this.#listings.settle();
    await this.#kept.note();
  }

  close(): void {
    this.#outbox?.close();
    this.far.close?.();
    void this.flush().finally(() => this.near.close?.());
  }

  /** The flight to join; a reload serves those who do not ask for one as well. */
  #flight(path: string, reload: boolean): SharedRequest {
    const reloading = this.#flights.get(`reload ${path}`);
    const flying = reloading?.abandoned === false || reload ? reloading : this.#flights.get(path);
    if (flying && !flying.abandoned) return flying;
    const key = reload ? `reload ${path}` : path;
    const flight = new SharedRequest(async (signal, onBytes, self) => {
      try {
        return await this.#fetch(path, { signal, reload, onBytes }, self);
      } finally {
        if (this.#flights.get(key) === self) this.#flights.delete(key);
      }
    });
    this.#flights.set(key, flight);
    return flight;
  }

  async #fetch(
    path: string,
    options: GetOptions,
    flight: SharedRequest,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const near = options.reload ? undefined : await this.#kept.get(path);
    if (near) {
      this.#countHit(near.length);
      options.onBytes?.(near.length, true);
      if (!flight.outdated) this.#memory.set(path, near, near.length);
      return near;
    }
    throwIfAborted(options.signal);
    const far = await this.#fetchFar(path, options);
    if (flight.outdated) return far;
    if (far) this.#keep(path, far, options.reload === true);
    else if (options.reload) await this.#drop(path);
    return far;
  }

  async #fetchFar(path: string, options: GetOptions): Promise<Uint8Array<ArrayBuffer> | undefined> {
    this.#stats.misses++;
    this.#stats.requests++;
    const bytes = await this.#kept.whileQuiet(() => this.far.get(path, options));
    this.#stats.fetchedBytes += bytes?.length ?? 0;
    return bytes;
  }

  #countHit(bytes: number): void {
    this.#stats.hits++;
    this.#stats.cachedBytes += bytes;
  }

  /** From here on, `bytes` belong to the cache. */
  #keep(path: string, bytes: Uint8Array<ArrayBuffer>, overwrite: boolean): void {
    if (!this.#immutable(path)) return;
    this.#memory.set(path, bytes, bytes.length);
    this.#kept.save(path, bytes, overwrite);
  }

  /** What is known of a file no longer holds. */
  async #drop(path: string): Promise<void> {
    this.#memory.delete(path);
    for (const key of [path, `reload ${path}`]) {
      const flight = this.#flights.get(key);
      if (flight) flight.outdated = true;
      this.#flights.delete(key);
    }
    await this.#kept.remove(path);
  }
}

/** Whether a store did not answer: it may when it is asked again. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof LakotaError && (error.code === "offline" || error.code === "network");
