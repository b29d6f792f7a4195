import type { DecodeTask } from "../../codecs/chunk.ts";

/** Minimum of encoded plus decoded bytes for sending a chunk to a decoder: less is decoded faster here. */
export const MIN_WORK = 128 << 10;

/** Estimates the bytes that decoding a chunk reads and writes. */
export function workOf({ bytes, codecs }: DecodeTask): number {
  const isBlosc = codecs.at(-1) === "blosc" && bytes.length >= 16;
  const decoded = isBlosc
    ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true) // the header's nbytes
    : 4 * bytes.length;
  return bytes.length + decoded;
}
