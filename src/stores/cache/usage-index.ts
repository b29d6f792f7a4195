import { PRIVATE_FOLDER } from "../../model/layout.ts";
import type { Store } from "../store.ts";
import { listRecords, readRecord, writeRecord } from "./records.ts";

/** Times of last use, as they are recorded. Epoch milliseconds. */
interface UsageRecord {
  /** When the record was written. */
  time: number;
  /** By path. */
  used: Record<string, number>;
}

const RECORD = "used";

/**
 * The files of a local store with their sizes and times of last use, from which victims of eviction are
 * chosen.
 *
 * Files and sizes come from the store's own listing, so that two tabs on one store agree on them. Only the
 * times of use are recorded; of two times for a file, the later one counts.
 */
export class UsageIndex {
  /** Bytes of all files. */
  total = 0;
  readonly #store: Store;
  readonly #now: () => number;
  readonly #protectedBy: readonly string[];
  #sizes = new Map<string, number>();
  readonly #used = new Map<string, number>();
  #protected = new Set<string>();

  /**
   * @param protectedBy prefixes of the names of records; files whose paths such a record contains are never
   * evicted
   */
  constructor(store: Store, now: () => number, protectedBy: readonly string[]) {
    this.#store = store;
    this.#now = now;
    this.#protectedBy = protectedBy;
  }

  has(path: string): boolean {
    return this.#sizes.has(path);
  }

  touch(path: string): void {
    this.#used.set(path, this.#now());
  }

  add(path: string, size: number): void {
    this.remove(path);
    this.#sizes.set(path, size);
    this.total += size;
    this.touch(path);
  }

  /** Excludes a file from eviction until the next {@link refresh}, which relies on the records. */
  protect(path: string): void {
    this.#protected.add(path);
  }

  remove(path: string): void {
    this.total -= this.#sizes.get(path) ?? 0;
    this.#sizes.delete(path);
    this.#used.delete(path);
  }

  /** Lists the store and reads the records again. */
  async refresh(): Promise<void> {
    const [entries, usage, ...protecting] = await Promise.all([
      this.#store.list(""),
      readRecord(this.#store, RECORD),
      ...this.#protectedBy.map((prefix) => listRecords(this.#store, prefix)),
    ]);
    this.#protected = new Set(protecting.flat().flatMap(([, record]) => stringsIn(record)));
    const files = entries.filter((entry) => !entry.path.startsWith(PRIVATE_FOLDER));
    this.#sizes = new Map(files.map(({ path, size }) => [path, size]));
    this.total = files.reduce((sum, { size }) => sum + size, 0);
    const { time, used } = isUsageRecord(usage) ? usage : { time: this.#now(), used: {} };
    for (const { path } of files) {
      // A file that is not in the record was saved after it.
      this.#used.set(path, Math.max(this.#used.get(path) ?? 0, used[path] ?? time));
    }
    for (const path of this.#used.keys()) if (!this.#sizes.has(path)) this.#used.delete(path);
  }

  /**
   * Records the times of use. To be called right after {@link refresh}, so that those of other tabs are
   * included.
   */
  async save(): Promise<void> {
    const record: UsageRecord = { time: this.#now(), used: Object.fromEntries(this.#used) };
    await writeRecord(this.#store, RECORD, record).catch(() => {}); // best effort
  }

  /** Returns the files to evict, least recently used first, so that at most `limit` bytes remain. */
  victims(limit: number): string[] {
    const evictable = [...this.#sizes].filter(([path]) => !this.#protected.has(path));
    const byUse = evictable.sort(([a], [b]) => (this.#used.get(a) ?? 0) - (this.#used.get(b) ?? 0));
    let remaining = this.total;
    let count = 0;
    while (remaining > limit && count < byUse.length) remaining -= byUse[count++]![1];
    return byUse.slice(0, count).map(([path]) => path);
  }

  /** Bytes of the files that are never evicted. */
  get protectedBytes(): number {
    return [...this.#protected].reduce((sum, path) => sum + (this.#sizes.get(path) ?? 0), 0);
  }

  clear(): void {
    this.#sizes.clear();
    this.#used.clear();
    this.total = 0;
  }
}

/** Returns all strings in a JSON value, at any depth. */
function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

function isUsageRecord(value: unknown): value is UsageRecord {
  if (typeof value !== "object" || value === null || !("time" in value && "used" in value)) return false;
  const { time, used } = value;
  if (typeof time !== "number" || typeof used !== "object" || used === null) return false;
  return Object.values(used).every(Number.isFinite);
}
