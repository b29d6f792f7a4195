import { toHex } from "../model/bytes.ts";

/** SHA-1 as 40 hex digits. */
export async function sha1(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  if (globalThis.crypto?.subtle) return toHex(new Uint8Array(await crypto.subtle.digest("SHA-1", bytes)));
  // Pages on plain http, other than localhost, have no crypto.subtle.
  const { createSHA1 } = await import("./sha1-fallback.ts");
  return (await createSHA1()).update(bytes).digest("hex");
}
