/** Bytes with a buffer of their own kind, not a `SharedArrayBuffer`: what Web APIs take. */
export type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Frees the memory of a buffer that no one uses any more. The garbage collector would do so much later. Does nothing where
 * the platform cannot.
 */
export function free(buffer: ArrayBuffer): void {
  if (buffer.byteLength > 0) buffer.transfer?.(0);
}

/** Whether two arrays hold the same bytes. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

/** Returns two lower-case hex digits for each byte. */
export function toHex(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return hex;
}

/** Returns the bytes of {@link toHex}. */
export const fromHex = (hex: string): Bytes =>
  Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
