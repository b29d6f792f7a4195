import { LakotaError } from "../model/errors.ts";
import type { CacheStore } from "./cache.ts";
import { readRecord, writeRecord } from "./cache-record.ts";
import { PINS } from "./lru-index.ts";

/**
 * Keeps some files in a cache, whatever else has to go, until `name` is pinned to others.
 *
 * @param pins paths, by what they are for
 * @throws `quota`
 */
export async function pinFiles(
  cache: CacheStore,
  name: string,
  pins: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const { kept, near } = cache;
  if (!kept.isOwn) return;
  const paths = Object.values(pins).flat();
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

/** What is pinned under a name. */
export async function pinnedFiles(cache: CacheStore, name: string): Promise<Record<string, string[]>> {
  const record = await readRecord(cache.near, PINS + name);
  if (typeof record !== "object" || record === null) return {};
  return Object.fromEntries(Object.entries(record).filter(([, paths]) => Array.isArray(paths)));
}
