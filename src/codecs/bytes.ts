import type { Bytes } from "../model/bytes.ts";

/** Returns what a compression or decompression stream makes of `bytes`. */
export async function through(
  bytes: Bytes,
  transform: CompressionStream | DecompressionStream,
): Promise<Bytes> {
  const out = new Response(new Blob([bytes]).stream().pipeThrough(transform));
  return new Uint8Array(await out.arrayBuffer());
}

/** Bytes per element of numcodecs' Shuffle, whatever the dtype. */
export const SHUFFLE_ELEMENT = 4;

/**
 * Transposes a matrix of bytes with `width` columns: shuffles elements of `width` bytes. With the number of
 * elements as width it is the inverse.
 */
export function transpose(bytes: Bytes, width: number): Bytes {
  const rows = bytes.length / width;
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < width; j++) out[j * rows + i] = bytes[i * width + j]!;
  return out;
}
