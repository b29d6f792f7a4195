import { createSHA1, type IHasher } from "hash-wasm";

/** From here on the platform's hash is faster; below, its start-up costs more than it saves. */
const NATIVE_FROM = 32_768;

let hasher: Promise<IHasher> | undefined;

/** SHA-1 as 40 hex digits. Works on plain-http pages too, where `crypto.subtle` does not exist. */
export async function sha1(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  if (bytes.length >= NATIVE_FROM && globalThis.crypto?.subtle) {
    return toHex(new Uint8Array(await crypto.subtle.digest("SHA-1", bytes)));
  }
  hasher ??= createSHA1();
  const hash = await hasher;
  return hash.init().update(bytes).digest("hex");
}

export function toHex(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return hex;
}
