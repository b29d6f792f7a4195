import { PRIVATE_FOLDER } from "../../model/layout.ts";
import type { Store } from "../store.ts";
import { listRecords, readRecord, writeRecord } from "./records.ts";

/** When each file was last used. */
interface UseRecord {
  /** Of the record itself. */
  time: number;
  used: Record<string, number>;
}

const RECORD = "used";
/** Folder of the records of what is pinned. */
export const PINS = "pins/";

/**
 * What a near store holds, and when each file was last used.
 *
 * What there is comes from the store's own listing, so that two tabs on one store cannot mislead each other;
 * only the times of use are noted in a record, of which the later time wins.
 */
export class UsageIndex {
  /** Bytes of all files. */
  total = 0;
  readonly #near: Store;
  readonly #now: () => number;
  #sizes = new Map<string, number>();
  readonly #used = new Map<string, number>();
  /** Files that are never among the victims: pinned, or waiting to be sent. */
  #protected = new Set<string>();

  constructor(near: Store, now: () => number) {
    this.#near = near;
    this.#now = now;
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

  /** Keeps a file from being a victim; so do records, which {@link refresh} reads. */
  protect(path: string): void {
    this.#protected.add(path);
  }

  remove(path: string): void {
    this.total -= this.#sizes.get(path) ?? 0;
    this.#sizes.delete(path);
    this.#used.delete(path);
  }

  /** Looks at the store again. */
  async refresh(): Promise<void> {
    const [entries, record, pins, outbox] = await Promise.all([
      this.#near.list(""),
      readRecord(this.#near, RECORD),
      listRecords(this.#near, PINS),
      listRecords(this.#near, "outbox/"),
    ]);
    // A pin is a record of lists of paths, what waits to be sent one of a path.
    this.#protected = new Set([...pins, ...outbox].flatMap(([, value]) => pathsIn(value)));
    const files = entries.filter((entry) => !entry.path.startsWith(PRIVATE_FOLDER));
    this.#sizes = new Map(files.map(({ path, size }) => [path, size]));
    this.total = files.reduce((sum, { size }) => sum + size, 0);
    const { time, used } = isUseRecord(record) ? record : { time: this.#now(), used: {} };
    for (const { path } of files) {
      // A file that nobody has noted came after the record.
      this.#used.set(path, Math.max(this.#used.get(path) ?? 0, used[path] ?? time));
    }
    for (const path of this.#used.keys()) if (!this.#sizes.has(path)) this.#used.delete(path);
  }

  /** Notes the times of use. Right after a refresh, those noted by other tabs are among them. */
  async save(): Promise<void> {
    const record: UseRecord = { time: this.#now(), used: Object.fromEntries(this.#used) };
    await writeRecord(this.#near, RECORD, record);
  }

  /** The files to remove, least recently used first, so that at most `limit` bytes remain. */
  victims(limit: number): string[] {
    const free = [...this.#sizes].filter(([path]) => !this.#protected.has(path));
    const byUse = free.sort(([a], [b]) => (this.#used.get(a) ?? 0) - (this.#used.get(b) ?? 0));
    let left = this.total;
    let count = 0;
    while (left > limit && count < byUse.length) left -= byUse[count++]![1];
    return byUse.slice(0, count).map(([path]) => path);
  }

  /** Bytes of the files that stay. */
  get protectedBytes(): number {
    return [...this.#protected].reduce((sum, path) => sum + (this.#sizes.get(path) ?? 0), 0);
  }

  clear(): void {
    this.#sizes.clear();
    this.#used.clear();
    this.total = 0;
  }
}

function pathsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(pathsIn) : [];
}

function isUseRecord(value: unknown): value is UseRecord {
  if (typeof value !== "object" || value === null || !("time" in value && "used" in value)) return false;
  const { time, used } = value;
  if (typeof time !== "number" || typeof used !== "object" || used === null) return false;
  return Object.values(used).every(Number.isFinite);
}
