import type { Bytes } from "../model/bytes.ts";

/**
 * Bytes that a stream gets at a time. Browsers decompress all of them before they wait for the reader: these
 * become 16 MB at most.
 */
const STEP = 16 << 10;

/**
 * Returns what a compression or decompression stream makes of `bytes`, or undefined if that is more than
 * `max` bytes: the rest is not made then.
 */
export async function through(
  bytes: Bytes,
  transform: CompressionStream | DecompressionStream,
  max: number,
): Promise<Bytes | undefined> {
  let at = 0;
  const source = new ReadableStream<Bytes>({
    pull(controller) {
      controller.enqueue(bytes.subarray(at, at + STEP));
      at += STEP;
      if (at >= bytes.length) controller.close();
    },
  });
  const reader = source.pipeThrough<Uint8Array<ArrayBuffer>>(transform).getReader();
  const parts: Bytes[] = [];
  let size = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    size += read.value.length;
    if (size > max) {
      void reader.cancel().catch(() => {});
      return undefined;
    }
    parts.push(read.value);
  }
  return concat(parts, size);
}

function concat(parts: readonly Bytes[], size: number): Bytes {
  const out = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
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
