import type { Bytes } from "../../model/bytes.ts";
import { asLakotaError } from "../../model/errors.ts";
import type { Store } from "../store.ts";
import type { UsageIndex } from "./usage-index.ts";
import { readUsage, victims, writeUsage } from "./usage-records.ts";

/** A file to save. */
export interface Save {
  bytes: Bytes;
  overwrite: boolean;
}

/** What a cache shares with the code that saves its files. */
export interface CacheSpace {
  readonly store: Store;
  readonly index: UsageIndex;
  /** Bytes of all files at most. */
  quota: number;
  /** Whether files may be evicted. */
  readonly isExclusive: boolean;
  /** Files that could not be saved. */
  dropped: number;
  /** Handles an error of the store that concerns all files. */
  failed(error: unknown): void;
}

/** Share of the quota that eviction leaves in use, so that the next file does not evict again. */
const AFTER_EVICTION = 0.9;

/** Fills the index from the store. @throws the store's errors */
export const refresh = ({ index, store }: CacheSpace): Promise<void> => readUsage(index, store);

/** Saves files, and evicts others to make room for them. Those that cannot be saved are counted. */
export async function saveAll(space: CacheSpace, saves: ReadonlyMap<string, Save>): Promise<void> {
  const { index, isExclusive } = space;
  const bytes = totalBytes(saves);
  if (index.total + bytes > space.quota) await evict(space, space.quota * AFTER_EVICTION - bytes);
  const refused = await putAll(space, saves);
  if (!isExclusive) space.dropped += refused.size;
  if (refused.size === 0 || !isExclusive) return;
  // The browser's quota is below ours: from now on it is ours.
  space.quota = index.total * AFTER_EVICTION;
  await evict(space, space.quota - totalBytes(refused));
  space.dropped += (await putAll(space, refused)).size;
}

/** Evicts files to make room for `bytes`, in a store that is as full as the browser lets it be. */
export async function makeRoom(space: CacheSpace, bytes: number): Promise<void> {
  await refresh(space);
  await evict(space, space.index.total * AFTER_EVICTION - bytes);
}

/** Takes the changes of other tabs into account, evicts down to the quota, and records the times of use. */
export async function recordUse(space: CacheSpace): Promise<void> {
  await evict(space, space.quota);
  await writeUsage(space.index, space.store);
}

/** Returns the files for which there was no room. */
async function putAll(space: CacheSpace, saves: ReadonlyMap<string, Save>): Promise<Map<string, Save>> {
  const refused = new Map<string, Save>();
  const put = async ([path, save]: [string, Save]) => {
    try {
      const created = await space.store.put(path, save.bytes, { overwrite: save.overwrite });
      if (created) space.index.add(path, save.bytes.length);
    } catch (error) {
      const { code } = asLakotaError(error);
      if (code === "quota") refused.set(path, save);
      else space.dropped++;
      if (code === "closed") space.failed(error);
    }
  };
  await Promise.all([...saves].map(put));
  return refused;
}

/** Evicts files until at most `limit` bytes remain. */
async function evict(space: CacheSpace, limit: number): Promise<void> {
  try {
    await refresh(space); // another tab may have evicted enough already
    const paths = victims(space.index, limit);
    await Promise.all(paths.map((path) => space.store.delete(path)));
    for (const path of paths) space.index.remove(path);
  } catch {
    // Best effort: the writes that follow report that there is no room.
  }
}

function totalBytes(saves: ReadonlyMap<string, Save>): number {
  let bytes = 0;
  for (const save of saves.values()) bytes += save.bytes.length;
  return bytes;
}
