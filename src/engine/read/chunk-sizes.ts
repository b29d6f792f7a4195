import { FairSemaphore } from "../../async/fair-semaphore.ts";
import { hashedPath } from "../../model/layout.ts";
import type { Store } from "../../stores/store.ts";

/**
 * Above this number of chunks, one listing of the whole store takes fewer requests than a listing for each.
 */
const MAX_SINGLE_LISTINGS = 1_000;

/** Returns the size of each chunk's file in bytes, by digest. Chunks without a file are left out. */
export async function sizesOf(
  digests: Iterable<string>,
  store: Store,
  concurrency: number,
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const digestAt = new Map([...digests].map((digest) => [hashedPath(digest), digest]));
  const prefixes = digestAt.size > MAX_SINGLE_LISTINGS ? [""] : [...digestAt.keys()];
  const slots = new FairSemaphore(concurrency);
  const lists = prefixes.map((prefix) => slots.run(() => store.list(prefix, { signal })));
  const sizes = new Map<string, number>();
  for (const { path, size } of (await Promise.all(lists)).flat()) {
    const digest = digestAt.get(path);
    if (digest !== undefined) sizes.set(digest, size);
  }
  return sizes;
}
