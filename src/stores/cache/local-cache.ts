import { lazy } from "../../async/lazy.ts";
import type { Bytes } from "../../model/bytes.ts";
import { asLakotaError } from "../../model/errors.ts";
import type { Store } from "../store.ts";
import type { CacheSpace, Save } from "./local-space.ts";
import { UsageIndex } from "./usage-index.ts";

const saving = lazy(() => import("./local-space.ts"));

/** Most bytes queued to be saved. Beyond that, the oldest files are dropped. */
const MAX_QUEUED = 64 << 20;
/** Queued bytes from which saving no longer waits for callers. */
const PATIENT_BYTES = MAX_QUEUED / 2;
/** Shortest time between two records of the times of use, in milliseconds. */
const RECORD_INTERVAL = 60_000;

/**
 * Saves files to the local store in the background, in few transactions, within a quota. Best effort: a file
 * that cannot be saved is counted and dropped, and callers get no error.
 */
export class LocalCache implements CacheSpace {
  dropped = 0;
  quota: number;
  readonly store: Store;
  readonly index: UsageIndex;
  readonly #now: () => number;
  readonly #onFailure: (error: unknown) => void;
  #queued = new Map<string, Save>();
  #queuedBytes = 0;
  /** Files that are being saved now. */
  #batch = new Map<string, Save>();
  #batchDone: Promise<void> = Promise.resolve();
  #work: Promise<void> | undefined;
  /** Work that callers wait for, and whether others wait for the files to be saved. */
  #running = 0;
  #isUrgent = false;
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
    this.store = store;
    this.#onFailure = onFailure;
    this.quota = quota;
    this.#now = now;
    this.#recorded = now();
    this.index = new UsageIndex(now);
  }

  /** Whether the store is used by caches only. Without a quota it may be a repository. */
  get isExclusive(): boolean {
    return this.quota < Number.POSITIVE_INFINITY;
  }

  /** Bytes in the store, as far as known. */
  get bytes(): number {
    return this.index.total;
  }

  /** Bytes of files that are never evicted. */
  get protectedBytes(): number {
    return this.index.protectedBytes;
  }

  /** Takes over a file that the outbox has put into the store, and never evicts it. */
  adopt(path: string, size: number): void {
    this.index.add(path, size);
    this.index.protected.add(path);
  }

  /** Returns which of these files the store does not have, once everything queued is saved. */
  async missing(paths: readonly string[]): Promise<string[]> {
    await this.settle();
    await (await saving()).refresh(this);
    return paths.filter((path) => !this.index.sizes.has(path));
  }

  async has(path: string): Promise<boolean> {
    await this.#prepare();
    return this.index.sizes.has(path) || this.#isUnsaved(path);
  }

  #isUnsaved(path: string): boolean {
    return this.#queued.has(path) || this.#batch.has(path);
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
      return await this.store.get(path);
    } catch (error) {
      this.failed(error);
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
    return this.#indexed && !this.index.sizes.has(path) && !this.#isUnsaved(path);
  }

  /** Records that a file was used, wherever it was read from. */
  touch(path: string): void {
    this.index.touch(path);
    if (this.#isRecordDue()) this.#start();
  }

  /** Saves a file in the background. The caller must not change `bytes` afterwards. */
  save(path: string, bytes: Bytes, overwrite = false): void {
    this.#unqueue(path);
    this.#queued.set(path, { bytes, overwrite });
    this.#queuedBytes += bytes.length;
    if (this.#queuedBytes >= PATIENT_BYTES) this.#onQuiet();
    for (const oldest of this.#queued.keys()) {
      if (this.#queuedBytes <= Math.min(MAX_QUEUED, this.quota)) break;
      this.#unqueue(oldest);
      this.dropped++;
    }
    this.#start();
  }

  /** Runs work that a caller waits for. Saving pauses meanwhile, since no one waits for it. */
  async whileQuiet<T>(work: () => Promise<T>): Promise<T> {
    this.#running++;
    try {
      return await work();
    } finally {
      this.#running--;
      if (this.#running === 0) this.#onQuiet();
    }
  }

  /** Evicts files to make room for `bytes`. */
  async free(bytes: number): Promise<void> {
    await (await saving()).makeRoom(this, bytes);
  }

  async remove(path: string): Promise<void> {
    this.#unqueue(path);
    if (this.#batch.has(path)) await this.#batchDone;
    this.index.remove(path);
    await this.store.delete(path).catch(() => {});
  }

  /** Resolves once everything queued is saved. */
  async settle(): Promise<void> {
    while (this.#work) {
      this.#isUrgent = true;
      this.#onQuiet();
      await this.#work;
    }
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
      this.#isUrgent = false;
      if (this.#queued.size > 0) this.#start();
    });
  }

  async #run(): Promise<void> {
    if (this.isExclusive) await this.#prepare();
    while (this.#queued.size > 0) {
      await this.#quiet();
      this.#batch = this.#queued;
      this.#queued = new Map();
      this.#queuedBytes = 0;
      this.#batchDone = this.#save(this.#batch);
      await this.#batchDone;
      this.#batch = new Map();
    }
    if (this.#isRecordDue()) await this.#record();
  }

  async #save(batch: ReadonlyMap<string, Save>): Promise<void> {
    try {
      await (await saving()).saveAll(this, batch);
    } catch {
      this.dropped += batch.size; // the code for it cannot be loaded
    }
  }

  /** Resolves once no caller waits for anything, or too many bytes are queued. */
  async #quiet(): Promise<void> {
    while (this.#running > 0 && !this.#isUrgent && this.#queuedBytes < PATIENT_BYTES) {
      await new Promise<void>((resolve) => {
        this.#onQuiet = resolve;
      });
      // The caller may go on with what it waited for, and sends its result first.
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  async #record(): Promise<void> {
    this.#recorded = this.#now();
    const code = await saving().catch(() => undefined);
    await code?.recordUse(this);
  }

  /** Fills the index, once it succeeds. */
  #prepare(): Promise<void> {
    this.#firstRefresh ??= saving()
      .then((code) => code.refresh(this))
      .then(
        () => {
          this.#indexed = true;
        },
        (error) => {
          this.#firstRefresh = undefined; // the next read tries again
          this.failed(error);
        },
      );
    return this.#firstRefresh;
  }

  /** Handles an error of the store. One that was cleared, as another tab does, is not used any more. */
  failed(error: unknown): void {
    if (asLakotaError(error).code === "closed") {
      this.quota = 0;
      this.index.clear();
    }
    this.#onFailure(error);
  }
}
