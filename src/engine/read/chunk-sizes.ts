import { FairSemaphore } from "../../async/fair-semaphore.ts";
import type { Store } from "../../stores/store.ts";
import { hashedPath } from "./chunk-loader.ts";

/** Of more chunks than this, one listing of the whole store is less to ask for. */
const MANY = 1_000;

/** The bytes of chunks' files, by digest. Chunks that have none are left out. */
export async function sizesOf(
  digests: Iterable<string>,
  store: Store,
  concurrency: number,
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const digestAt = new Map([...digests].map((digest) => [hashedPath(digest), digest]));
  const prefixes = digestAt.size > MANY ? [""] : [...digestAt.keys()];
  const slots = new FairSemaphore(concurrency);
  const lists = prefixes.map((prefix) => slots.run(() => store.list(prefix, { signal })));
  const sizes = new Map<string, number>();
  for (const { path, size } of (await Promise.all(lists)).flat()) {
    const digest = digestAt.get(path);
    if (digest !== undefined) sizes.set(digest, size);
  }
  return sizes;
}
