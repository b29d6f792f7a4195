import { LakotaError } from "../../model/errors.ts";
import type { CacheStore } from "./cache-store.ts";
import { listRecords, readRecord, writeRecord } from "./records.ts";
import { PINS } from "./usage-index.ts";

/** What was pinned together. */
export interface Pin {
  /** When the store listed the revisions, in epoch milliseconds. */
  since: number;
  /** Paths of the revisions that show the series, and of all by which their collection is found. */
  revisions: readonly string[];
  /** Paths of chunks, by series. */
  series: Readonly<Record<string, readonly string[]>>;
}

/**
 * Keeps some files in a cache, whatever else has to go, until `name` is pinned to others.
 *
 * @throws `quota`
 */
export async function pinFiles(cache: CacheStore, name: string, pins: readonly Pin[]): Promise<void> {
  const { kept, near } = cache;
  if (!kept.isOwn) return;
  const paths = [...new Set(pins.flatMap(pathsOf))];
  await writeRecord(near, PINS + name, pins);
  for (const path of await kept.lacking(paths)) {
    const bytes = await cache.get(path);
    if (bytes) kept.save(path, bytes);
  }
  const lacking = await kept.lacking(paths);
  if (lacking.length > 0)
    throw new LakotaError(
      "quota",
      `${lacking.length} of ${paths.length} files found no room on this device.`,
    );
}

/** Paths of all that a pin keeps. */
export const pathsOf = ({ revisions, series }: Pin): string[] => [
  ...revisions,
  ...Object.values(series).flat(),
];

/** What is pinned under a name. */
export async function pinsOf(cache: CacheStore, name: string): Promise<Pin[]> {
  return pinsIn(await readRecord(cache.near, PINS + name));
}

/** What is pinned under any name. */
export async function allPins(cache: CacheStore): Promise<Pin[]> {
  const records = await listRecords(cache.near, PINS);
  return records.flatMap(([, record]) => pinsIn(record));
}

const pinsIn = (record: unknown): Pin[] => (Array.isArray(record) ? record.filter(isPin) : []);

function isPin(value: unknown): value is Pin {
  if (typeof value !== "object" || value === null) return false;
  if (!("since" in value && "revisions" in value && "series" in value)) return false;
  const { since, revisions, series } = value;
  if (typeof since !== "number" || !Array.isArray(revisions)) return false;
  return typeof series === "object" && series !== null && Object.values(series).every(Array.isArray);
}
