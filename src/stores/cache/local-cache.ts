import type { Bytes } from "../../model/bytes.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Store } from "../store.ts";
import { UsageIndex } from "./usage-index.ts";

interface Save {
  bytes: Bytes;
  overwrite: boolean;
}

/** Bytes that may wait to be written; more than that, and the oldest are given up. */
const MOST_PENDING = 64 << 20;
/** Beyond this, writing no longer waits for fetches to end. */
const PATIENT_BYTES = MOST_PENDING / 2;
/** Times of use are noted no more often than this. */
const NOTE_EVERY = 60_000;
/** Making room, some more is made, so as not to come back with the next file. */
const AFTER_EVICTION = 0.9;

/**
 * The near side of a cache: files are kept in the background, a few transactions for many files, under a
 * quota. Nothing here ever fails its caller: what cannot be kept is counted and given up.
 */
export class NearCache {
  readonly store: Store;
  /** Files that could not be kept. */
  dropped = 0;
  readonly #index: UsageIndex;
  readonly #now: () => number;
  #quota: number;
  #pending = new Map<string, Save>();
  #pendingBytes = 0;
  /** Being written right now. */
  #batch = new Map<string, Save>();
  #batchDone: Promise<void> = Promise.resolve();
  #work: Promise<void> | undefined;
  #fetches = 0;
  #onQuiet: () => void = () => {};
  #ready: Promise<void> | undefined;
  /** Whether the index tells what the store holds. */
  #known = false;
  #noted: number;

  /** With a quota of `Infinity` nothing is ever evicted. */
  constructor(store: Store, quota: number, now: () => number) {
    this.store = store;
    this.#quota = quota;
    this.#now = now;
    this.#noted = now();
    this.#index = new UsageIndex(store, now);
  }

  /** Whether the store is for caching only: with no quota it may be anybody's. */
  get isOwn(): boolean {
    return this.#quota < Number.POSITIVE_INFINITY;
  }

  /** Bytes kept, as far as known. */
  get bytes(): number {
    return this.#index.total;
  }

  /** Bytes of files that are never evicted. */
  get protectedBytes(): number {
    return this.#index.protectedBytes;
  }

  /** A file was put into the store by others, and is to stay. */
  adopt(path: string, size: number): void {
    this.#index.add(path, size);
    this.#index.protect(path);
  }

  /** Those of some files that are not there, once all that waits has been kept. */
  async lacking(paths: readonly string[]): Promise<string[]> {
    await this.settle();
    await this.#index.refresh();
    return paths.filter((path) => !this.#index.has(path));
  }

  async get(path: string): Promise<Bytes | undefined> {
    if (this.#isAbsent(path)) return undefined;
    const waiting = this.#pending.get(path) ?? this.#batch.get(path);
    const bytes = waiting?.bytes.slice() ?? (await this.store.get(path).catch(() => undefined));
    if (bytes) this.touch(path);
    return bytes;
  }

  /**
   * Whether a look into the store can be spared. What another tab has put there since is missed, and fetched again; with
   * no quota nothing is known.
   */
  #isAbsent(path: string): boolean {
    if (!this.isOwn) return false;
    void this.#prepare();
    return this.#known && !this.#index.has(path) && !this.#pending.has(path) && !this.#batch.has(path);
  }

  /** A file was used, from wherever. */
  touch(path: string): void {
    this.#index.touch(path);
    if (this.#isNoteDue()) this.#start();
  }

  /** Keeps a file, some time soon. The caller must not change `bytes` any more. */
  save(path: string, bytes: Bytes, overwrite = false): void {
    this.#unqueue(path);
    this.#pending.set(path, { bytes, overwrite });
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes >= PATIENT_BYTES) this.#onQuiet();
    for (const oldest of this.#pending.keys()) {
      if (this.#pendingBytes <= Math.min(MOST_PENDING, this.#quota)) break;
      this.#unqueue(oldest);
      this.dropped++;
    }
    this.#start();
  }

  /** Runs a fetch from the far store. Nothing is written meanwhile: somebody waits for it, and nobody for the cache. */
  async whileQuiet<T>(fetch: () => Promise<T>): Promise<T> {
    this.#fetches++;
    try {
      return await fetch();
    } finally {
      this.#fetches--;
      if (this.#fetches === 0) this.#onQuiet();
    }
  }

  /** Makes room: lets go of so many bytes that are not to stay. */
  async free(bytes: number): Promise<void> {
    await this.#index.refresh();
    await this.#evict(this.#index.total * AFTER_EVICTION - bytes);
  }

  async remove(path: string): Promise<void> {
    this.#unqueue(path);
    if (this.#batch.has(path)) await this.#batchDone;
    this.#index.remove(path);
    await this.store.delete(path).catch(() => {});
  }

  /** Resolves once nothing waits to be kept. */
  async settle(): Promise<void> {
    while (this.#work) await this.#work;
  }

  /** Notes the times of use now. */
  async note(): Promise<void> {
    await this.settle();
    if (this.isOwn) await this.#tend();
  }

  /** Removes all files from the near store. */
  async clear(): Promise<void> {
    this.#pending.clear();
    this.#pendingBytes = 0;
    await this.settle();
    const entries = await this.store.list("");
    await Promise.all(entries.map(({ path }) => this.store.delete(path)));
    this.#index.clear();
  }

  #unqueue(path: string): void {
    this.#pendingBytes -= this.#pending.get(path)?.bytes.length ?? 0;
    this.#pending.delete(path);
  }

  #isNoteDue(): boolean {
    return this.isOwn && this.#now() - this.#noted > NOTE_EVERY;
  }

  #start(): void {
    this.#work ??= this.#run().finally(() => {
      this.#work = undefined;
      if (this.#pending.size > 0) this.#start();
    });
  }

  async #run(): Promise<void> {
    if (this.isOwn) await this.#prepare();
    while (this.#pending.size > 0) {
      await this.#quiet();
      this.#batch = this.#pending;
      this.#pending = new Map();
      const bytes = this.#pendingBytes;
      this.#pendingBytes = 0;
      this.#batchDone = this.#saveBatch(this.#batch, bytes);
      await this.#batchDone;
      this.#batch = new Map();
    }
    if (this.#isNoteDue()) await this.#tend();
  }

  /** Resolves once no fetch is under way, or too much waits to be written. */
  async #quiet(): Promise<void> {
    while (this.#fetches > 0 && this.#pendingBytes < PATIENT_BYTES) {
      await new Promise<void>((resolve) => {
        this.#onQuiet = resolve;
      });
    }
  }

  /** Looks at what other tabs have done, removes what is too much, and notes the times of use. */
  async #tend(): Promise<void> {
    this.#noted = this.#now();
    await this.#evict(this.#quota);
    await this.#index.save();
  }

  /** What the store holds is looked up once. */
  #prepare(): Promise<void> {
    this.#ready ??= this.#index.refresh().then(
      () => {
        this.#known = true;
      },
      () => {},
    );
    return this.#ready;
  }

  async #saveBatch(batch: Map<string, Save>, bytes: number): Promise<void> {
    if (this.#index.total + bytes > this.#quota) await this.#evict(this.#quota * AFTER_EVICTION - bytes);
    const refused = await this.#putAll(batch);
    if (!this.isOwn) this.dropped += refused.size;
    if (refused.size === 0 || !this.isOwn) return;
    // The browser's own limit is below ours: from now on, live within it.
    this.#quota = this.#index.total * AFTER_EVICTION;
    await this.#evict(this.#quota - sum(refused));
    this.dropped += (await this.#putAll(refused)).size;
  }

  /** Answers what there was no room for. */
  async #putAll(batch: Map<string, Save>): Promise<Map<string, Save>> {
    const refused = new Map<string, Save>();
    const put = async ([path, save]: [string, Save]) => {
      try {
        const made = await this.store.put(path, save.bytes, { overwrite: save.overwrite });
        if (made) this.#index.add(path, save.bytes.length);
      } catch (error) {
        if (error instanceof LakotaError && error.code === "quota") refused.set(path, save);
        else this.dropped++;
      }
    };
    await Promise.all([...batch].map(put));
    return refused;
  }

  /** Leaves at most `limit` bytes. */
  async #evict(limit: number): Promise<void> {
    try {
      await this.#index.refresh(); // another tab may have made room already
      const victims = this.#index.victims(limit);
      await Promise.all(victims.map((path) => this.store.delete(path)));
      for (const path of victims) this.#index.remove(path);
    } catch {
      // No room is made, then: the writes that follow will say so.
    }
  }
}

function sum(saves: Map<string, Save>): number {
  let bytes = 0;
  for (const save of saves.values()) bytes += save.bytes.length;
  return bytes;
}
