import type { Bytes } from "../model/bytes.ts";
import { LakotaError } from "../model/errors.ts";
import { SHUFFLE_ELEMENT, through, transpose } from "./bytes.ts";
import { wasmDecoder } from "./wasm.ts";

/** No compressor here expands one byte to more than this. */
const MAX_EXPANSION = 65_536;

/** Allocates space for decoded bytes, unless a damaged header claims a size that `bytes` cannot hold. */
function allocate(size: number, bytes: Bytes): Bytes {
  if (size <= Math.min(bytes.length * MAX_EXPANSION, 2 ** 31 - 1)) return new Uint8Array(size);
  throw new LakotaError("corrupt", `${bytes.length} bytes cannot hold the ${size} that their header claims.`);
}

export async function decodeBlosc(bytes: Bytes): Promise<Bytes> {
  const decoder = await wasmDecoder();
  const out = allocate(decoder.bloscInfo(bytes).nbytes, bytes);
  decoder.bloscDecode(bytes, out);
  return out;
}

export async function decodeZstd(bytes: Bytes): Promise<Bytes> {
  const decoder = await wasmDecoder();
  const size = decoder.zstdSize(bytes);
  if (size === undefined) throw new LakotaError("corrupt", "A zstd frame does not state its content size.");
  const out = allocate(size, bytes);
  decoder.zstdDecode(bytes, out);
  return out;
}

export async function decodeLz4(bytes: Bytes): Promise<Bytes> {
  const decoder = await wasmDecoder();
  const size =
    bytes.length < 4 ? Number.NaN : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  // One byte of a block holds at most 255 bytes of content.
  if (!(size <= bytes.length * 255)) {
    throw new LakotaError("corrupt", "An lz4 block is too short for the size in its header.");
  }
  const out = new Uint8Array(size);
  decoder.lz4Decode(bytes.subarray(4), out);
  return out;
}

export const decodeGzip = (bytes: Bytes): Promise<Bytes> => through(bytes, new DecompressionStream("gzip"));
export const decodeZlib = (bytes: Bytes): Promise<Bytes> =>
  through(bytes, new DecompressionStream("deflate"));

export async function decodeShuffle(bytes: Bytes): Promise<Bytes> {
  if (bytes.length % SHUFFLE_ELEMENT === 0) return transpose(bytes, bytes.length / SHUFFLE_ELEMENT);
  const message = `${bytes.length} shuffled bytes are not a multiple of ${SHUFFLE_ELEMENT}.`;
  throw new LakotaError("corrupt", message);
}

/**
 * Returns the codec that the header of `bytes` identifies, if any. Readers use it where chunks share a
 * digest.
 */
export function sniff(bytes: Bytes): string | undefined {
  const [a, b, c, d] = bytes;
  if (a === 2 && b === 1 && bytes.length >= 16) {
    const cbytes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(12, true);
    if (cbytes === bytes.length) return "blosc";
  }
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return "zstd";
  if (a === 0x1f && b === 0x8b && c === 8) return "gzip";
  return undefined;
}
