import type { Bytes } from "../../model/bytes.ts";
import { asLakotaError } from "../../model/errors.ts";
import type { Store } from "../store.ts";
import { OUTBOX, PINS } from "./records.ts";
import { UsageIndex } from "./usage-index.ts";

interface Save {
  bytes: Bytes;
  overwrite: boolean;
}

/** Most bytes queued to be saved. Beyond that, the oldest files are dropped. */
const MAX_QUEUED = 64 << 20;
/** Queued bytes from which saving no longer waits for fetches to end. */
const PATIENT_BYTES = MAX_QUEUED / 2;
/** Shortest time between two records of the times of use, in milliseconds. */
const RECORD_INTERVAL = 60_000;
/** Share of the quota that eviction leaves in use, so that the next file does not evict again. */
const AFTER_EVICTION = 0.9;

/**
 * Saves files to the local store in the background, in few transactions, within a quota. Best effort: a file
 * that cannot be saved is counted and dropped, and callers get no error.
 */
export class LocalCache {
  /** Files that could not be saved. */
  dropped = 0;
  readonly #store: Store;
  readonly #index: UsageIndex;
  readonly #now: () => number;
  readonly #onFailure: (error: unknown) => void;
  #quota: number;
  #queued = new Map<string, Save>();
  #queuedBytes = 0;
  /** Files that are being saved now. */
  #batch = new Map<string, Save>();
  #batchDone: Promise<void> = Promise.resolve();
  #work: Promise<void> | undefined;
  #fetches = 0;
  #onQuiet: () => void = () => {};
  #firstRefresh: Promise<void> | undefined;
  /** Whether the index describes what the store holds. */
  #indexed = false;
  #recorded: number;

  /**
   * @param quota in bytes; with `Infinity` nothing is ever evicted
   * @param onFailure called when the store cannot be read
   */
  constructor(store: Store, quota: number, now: () => number, onFailure: (error: unknown) => void) {
    this.#store = store;
    this.#onFailure = onFailure;
    this.#quota = quota;
    this.#now = now;
    this.#recorded = now();
    this.#index = new UsageIndex(store, now, [PINS, OUTBOX]);
  }

  /** Whether the store is used by caches only. Without a quota it may be a repository. */
  get isExclusive(): boolean {
    return this.#quota < Number.POSITIVE_INFINITY;
  }

  /** Bytes in the store, as far as known. */
  get bytes(): number {
    return this.#index.total;
  }

  /** Bytes of files that are never evicted. */
  get protectedBytes(): number {
    return this.#index.protectedBytes;
  }

  /** Takes over a file that the outbox has put into the store, and never evicts it. */
  adopt(path: string, size: number): void {
    this.#index.add(path, size);
    this.#index.protect(path);
  }

  /** Returns which of these files the store does not have, once everything queued is saved. */
  async missing(paths: readonly string[]): Promise<string[]> {
    await this.settle();
    await this.#index.refresh();
    return paths.filter((path) => !this.#index.has(path));
  }

  async get(path: string): Promise<Bytes | undefined> {
    if (this.#isAbsent(path)) return undefined;
    const unsaved = this.#queued.get(path) ?? this.#batch.get(path);
    const bytes = unsaved?.bytes.slice() ?? (await this.#read(path));
    if (bytes) this.touch(path);
    return bytes;
  }

  async #read(path: string): Promise<Bytes | undefined> {
    try {
      return await this.#store.get(path);
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  /**
   * Whether the index shows that a file is absent, so that the store need not be read. A file that another
   * tab has saved since is missed, and fetched again. Without a quota there is no index.
   */
  #isAbsent(path: string): boolean {
    if (!this.isExclusive) return false;
    void this.#prepare();
    return this.#indexed && !this.#index.has(path) && !this.#queued.has(path) && !this.#batch.has(path);
  }

  /** Records that a file was used, wherever it was read from. */
  touch(path: string): void {
    this.#index.touch(path);
    if (this.#isRecordDue()) this.#start();
  }

  /** Saves a file in the background. The caller must not change `bytes` afterwards. */
  save(path: string, bytes: Bytes, overwrite = false): void {
    this.#unqueue(path);
    this.#queued.set(path, { bytes, overwrite });
    this.#queuedBytes += bytes.length;
    if (this.#queuedBytes >= PATIENT_BYTES) this.#onQuiet();
    for (const oldest of this.#queued.keys()) {
      if (this.#queuedBytes <= Math.min(MAX_QUEUED, this.#quota)) break;
      this.#unqueue(oldest);
      this.dropped++;
    }
    this.#start();
  }

  /** Runs a fetch from the remote store. Saving pauses meanwhile: the fetch has a caller, saving has none. */
  async whileQuiet<T>(fetch: () => Promise<T>): Promise<T> {
    this.#fetches++;
    try {
      return await fetch();
    } finally {
      this.#fetches--;
      if (this.#fetches === 0) this.#onQuiet();
    }
  }

  /** Evicts files to make room for `bytes`. */
  async free(bytes: number): Promise<void> {
    await this.#index.refresh();
    await this.#evict(this.#index.total * AFTER_EVICTION - bytes);
  }

  async remove(path: string): Promise<void> {
    this.#unqueue(path);
    if (this.#batch.has(path)) await this.#batchDone;
    this.#index.remove(path);
    await this.#store.delete(path).catch(() => {});
  }

  /** Resolves once everything queued is saved. */
  async settle(): Promise<void> {
    while (this.#work) await this.#work;
  }

  /** Resolves once everything queued is saved, and the times of use are recorded. */
  async flush(): Promise<void> {
    await this.settle();
    if (this.isExclusive) await this.#record();
  }

  #unqueue(path: string): void {
    this.#queuedBytes -= this.#queued.get(path)?.bytes.length ?? 0;
    this.#queued.delete(path);
  }

  #isRecordDue(): boolean {
    return this.isExclusive && this.#now() - this.#recorded > RECORD_INTERVAL;
  }

  #start(): void {
    this.#work ??= this.#run().finally(() => {
      this.#work = undefined;
      if (this.#queued.size > 0) this.#start();
    });
  }

  async #run(): Promise<void> {
    if (this.isExclusive) await this.#prepare();
    while (this.#queued.size > 0) {
      await this.#quiet();
      this.#batch = this.#queued;
      this.#queued = new Map();
      const bytes = this.#queuedBytes;
      this.#queuedBytes = 0;
      this.#batchDone = this.#saveBatch(this.#batch, bytes);
      await this.#batchDone;
      this.#batch = new Map();
    }
    if (this.#isRecordDue()) await this.#record();
  }

  /** Resolves once no fetch is in progress, or too many bytes are queued. */
  async #quiet(): Promise<void> {
    while (this.#fetches > 0 && this.#queuedBytes < PATIENT_BYTES) {
      await new Promise<void>((resolve) => {
        this.#onQuiet = resolve;
      });
    }
  }

  /** Takes the changes of other tabs into account, evicts down to the quota, and records the times of use. */
  async #record(): Promise<void> {
    this.#recorded = this.#now();
    await this.#evict(this.#quota);
    await this.#index.save();
  }

  /** Fills the index, once it succeeds. */
  #prepare(): Promise<void> {
    this.#firstRefresh ??= this.#index.refresh().then(
      () => {
        this.#indexed = true;
      },
      (error) => {
        this.#firstRefresh = undefined; // the next read tries again
        this.#failed(error);
      },
    );
    return this.#firstRefresh;
  }

  async #saveBatch(batch: Map<string, Save>, bytes: number): Promise<void> {
    if (this.#index.total + bytes > this.#quota) await this.#evict(this.#quota * AFTER_EVICTION - bytes);
    const refused = await this.#putAll(batch);
    if (!this.isExclusive) this.dropped += refused.size;
    if (refused.size === 0 || !this.isExclusive) return;
    // The browser's quota is below ours: from now on it is ours.
    this.#quota = this.#index.total * AFTER_EVICTION;
    await this.#evict(this.#quota - totalBytes(refused));
    this.dropped += (await this.#putAll(refused)).size;
  }

  /** Returns the files for which there was no room. */
  async #putAll(batch: Map<string, Save>): Promise<Map<string, Save>> {
    const refused = new Map<string, Save>();
    const put = async ([path, save]: [string, Save]) => {
      try {
        const created = await this.#store.put(path, save.bytes, { overwrite: save.overwrite });
        if (created) this.#index.add(path, save.bytes.length);
      } catch (error) {
        const { code } = asLakotaError(error);
        if (code === "quota") refused.set(path, save);
        else this.dropped++;
        if (code === "closed") this.#failed(error);
      }
    };
    await Promise.all([...batch].map(put));
    return refused;
  }

  /** Handles an error of the store. One that was cleared, as another tab does, is not used any more. */
  #failed(error: unknown): void {
    if (asLakotaError(error).code === "closed") {
      this.#quota = 0;
      this.#index.clear();
    }
    this.#onFailure(error);
  }

  /** Evicts files until at most `limit` bytes remain. */
  async #evict(limit: number): Promise<void> {
    try {
      await this.#index.refresh(); // another tab may have evicted enough already
      const victims = this.#index.victims(limit);
      await Promise.all(victims.map((path) => this.#store.delete(path)));
      for (const path of victims) this.#index.remove(path);
    } catch {
      // Best effort: the writes that follow report that there is no room.
    }
  }
}

function totalBytes(saves: Map<string, Save>): number {
  let bytes = 0;
  for (const save of saves.values()) bytes += save.bytes.length;
  return bytes;
}
