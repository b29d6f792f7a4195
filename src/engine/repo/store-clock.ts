import { MAX_TIME } from "../../changelog/revision.ts";
import { sha1 } from "../../codecs/sha1.ts";
import { hashedPath } from "../../model/layout.ts";
import { setAsidePath } from "../../model/parse-layout.ts";
import type { Store } from "../../stores/store.ts";

/** Milliseconds by which a store may have cut a time. */
const resolutionOf = (time: number): number => (time % 1_000 === 0 ? 1_000 : 0);

/**
 * The clock of a store. The machines that write to a store have clocks of their own, which may differ by hours;
 * what they do at different times is only comparable by the store's.
 */
export interface StoreClock {
  /** Returns a time, in epoch milliseconds, that the store's clock has reached. */
  earliest(): number;
  /** Returns a time, in epoch milliseconds, that the store's clock has not passed. */
  latest(): number;
}

/**
 * Reads the clock of a store: the time that it gives to a file which is written now. Without times in its
 * listings, the store is taken to have the clock of this machine.
 *
 * The file has the path of a chunk that was set aside, which readers never look for. If it cannot be deleted, a
 * later garbage collection will do that.
 */
export async function readClock(store: Store, signal: AbortSignal): Promise<StoreClock> {
  const origin = originOf(store);
  const content = new TextEncoder().encode(`garbage collection ${crypto.randomUUID()}`);
  const path = setAsidePath(hashedPath(await sha1(content)), Math.min(Math.max(0, Date.now()), MAX_TIME));
  const before = performance.now();
  await origin.put(path, content, { signal });
  try {
    const listed = await origin.list(path, { detail: "modified", signal });
    const after = performance.now();
    const entry = listed.find((file) => file.path === path);
    if (entry && entry.modified === undefined) return { earliest: Date.now, latest: Date.now };
    // Without the file, the listing is an older one, and nothing is known of the time.
    if (entry?.modified === undefined) return { earliest: () => Number.NEGATIVE_INFINITY, latest: Date.now };
    const { modified } = entry;
    return {
      earliest: () => modified + (performance.now() - after),
      latest: () => modified + resolutionOf(modified) + (performance.now() - before),
    };
  } finally {
    await origin.delete(path).catch(() => {});
  }
}

/** Returns the store behind caches, which would keep the file. */
function originOf(store: Store): Store {
  return store.local ? originOf(store.local.remoteStore) : store;
}
