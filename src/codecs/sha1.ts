import { lazy } from "../async/lazy.ts";
import { toHex } from "../model/bytes.ts";

const fallback = lazy(() => import("./sha1-fallback.ts"));

/** Returns the SHA-1 as 40 hex digits. */
export async function sha1(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  if (globalThis.crypto?.subtle) return toHex(new Uint8Array(await crypto.subtle.digest("SHA-1", bytes)));
  // Pages on plain http have no crypto.subtle, except on localhost.
  const { createSHA1 } = await fallback();
  return (await createSHA1()).update(bytes).digest("hex");
}
