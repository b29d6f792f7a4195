import { sameBytes } from "../../model/bytes.ts";
import type { SignalOptions, Store } from "../store.ts";

/** Node tells of every failed attempt; browsers may send a PUT again on their own when a connection breaks. */
export const RESENDS_SILENTLY = globalThis.process?.versions?.node === undefined;

/**
 * Whether a file that stands in the way of `bytes` is that very write, of which the answer was lost. The same bytes of
 * another writer count as our own.
 */
export async function isStored(
  store: Store,
  path: string,
  bytes: Uint8Array,
  { signal }: SignalOptions,
): Promise<boolean> {
  const found = await store.get(path, { signal, reload: true });
  return found !== undefined && sameBytes(found, bytes);
}

/** A body for `fetch`, which takes no view of shared memory. */
export function bodyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
    : bytes.slice();
}
