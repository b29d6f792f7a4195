import { PRIVATE_FOLDER } from "../../model/layout.ts";
import type { Store } from "../store.ts";
import { listRecords, OUTBOX, PINS, readRecord, writeRecord } from "./records.ts";
import type { UsageIndex } from "./usage-index.ts";

/** Times of last use, as they are recorded. Epoch milliseconds. */
interface UsageRecord {
  /** When the record was written. */
  time: number;
  /** By path. */
  used: Record<string, number>;
}

const RECORD = "used";
/** Prefixes of the names of records. Files whose paths such a record contains are never evicted. */
const PROTECTING = [PINS, OUTBOX];

/** Lists a store, and reads its records, into its index. @throws the store's errors */
export async function readUsage(index: UsageIndex, store: Store): Promise<void> {
  const [entries, usage, ...protecting] = await Promise.all([
    store.list(""),
    readRecord(store, RECORD),
    ...PROTECTING.map((prefix) => listRecords(store, prefix)),
  ]);
  index.protected = new Set(protecting.flat().flatMap(([, record]) => stringsIn(record)));
  const files = entries.filter((entry) => !entry.path.startsWith(PRIVATE_FOLDER));
  index.sizes = new Map(files.map(({ path, size }) => [path, size]));
  index.total = files.reduce((sum, { size }) => sum + size, 0);
  const { time, used } = isUsageRecord(usage) ? usage : { time: index.now(), used: {} };
  for (const { path } of files) {
    // A file that is not in the record was saved after it.
    index.used.set(path, Math.max(index.used.get(path) ?? 0, used[path] ?? time));
  }
  for (const path of index.used.keys()) if (!index.sizes.has(path)) index.used.delete(path);
}

/** Records the times of use. To be called right after {@link readUsage}, so that those of other tabs are included. */
export async function writeUsage(index: UsageIndex, store: Store): Promise<void> {
  const record: UsageRecord = { time: index.now(), used: Object.fromEntries(index.used) };
  await writeRecord(store, RECORD, record).catch(() => {}); // best effort
}

/** Returns the files to evict, least recently used first, so that at most `limit` bytes remain. */
export function victims({ sizes, used, total, protected: kept }: UsageIndex, limit: number): string[] {
  const evictable = [...sizes].filter(([path]) => !kept.has(path));
  const byUse = evictable.sort(([a], [b]) => (used.get(a) ?? 0) - (used.get(b) ?? 0));
  let remaining = total;
  let count = 0;
  while (remaining > limit && count < byUse.length) remaining -= byUse[count++]![1];
  return byUse.slice(0, count).map(([path]) => path);
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
