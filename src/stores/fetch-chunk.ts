import type { Bytes } from "../model/bytes.ts";
import { LakotaError } from "../model/errors.ts";
import { hashedPath, setAsidePrefix } from "../model/layout.ts";
import type { GetOptions, Store } from "./store.ts";

/**
 * Returns the encoded bytes of a chunk: its file, or the copy that a garbage collection has set aside.
 * Undefined if there is neither.
 */
export async function fetchChunk(
  store: Store,
  digest: string,
  options: GetOptions,
): Promise<Bytes | undefined> {
  const path = hashedPath(digest);
  return (await store.get(path, options)) ?? fetchSetAside(store, path, options);
}

/** Returns the copy of a file that a garbage collection has set aside. Undefined if there is none. */
export async function fetchSetAside(
  store: Store,
  path: string,
  options: GetOptions,
): Promise<Bytes | undefined> {
  const aside = await store.list(setAsidePrefix(path), { signal: options.signal }).catch(nothingListed);
  for (const entry of aside) {
    const found = await store.get(entry.path, options);
    if (found) return found;
  }
  return undefined;
}

/** Plain web hosts cannot list. There, a chunk without its file is missing. */
function nothingListed(error: unknown): [] {
  if (error instanceof LakotaError && error.code === "unsupported") return [];
  throw error;
}
