import type { Bytes } from "../model/bytes.ts";

export async function through(
  bytes: Bytes,
  transform: CompressionStream | DecompressionStream,
): Promise<Bytes> {
  const out = new Response(new Blob([bytes]).stream().pipeThrough(transform));
  return new Uint8Array(await out.arrayBuffer());
}

/** Bytes of an item of numcodecs' Shuffle, whatever the dtype. */
export const SHUFFLE_ELEMENT = 4;

/** Items of `width` bytes, their bytes regrouped by position in the item. With the number of items as width: back again. */
export function transpose(bytes: Bytes, width: number): Bytes {
  const rows = bytes.length / width;
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < width; j++) out[j * rows + i] = bytes[i * width + j]!;
  return out;
}
