import { sameBytes } from "../../model/bytes.ts";
import type { SignalOptions, Store } from "../store.ts";

/**
 * Whether a request may be sent twice without notice: browsers may repeat a PUT when a connection breaks,
 * Node does not.
 */
export const RESENDS_SILENTLY = globalThis.process?.versions?.node === undefined;

/**
 * Returns whether the file at `path` holds `bytes`: then the write succeeded whose response was lost. The
 * same bytes from another writer count as this write.
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

/** Returns bytes that `fetch` accepts as a body: it takes no view of shared memory. */
export function bodyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
    : bytes.slice();
}
