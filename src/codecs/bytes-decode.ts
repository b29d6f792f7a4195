import type { Bytes } from "../model/bytes.ts";
import { LakotaError } from "../model/errors.ts";
import { SHUFFLE_ELEMENT, through, transpose } from "./bytes.ts";
import { checkClaim } from "./limits.ts";
import { wasmDecoder } from "./wasm.ts";

/** No compressor here expands one byte to more than this. */
const MAX_EXPANSION = 65_536;

/** Allocates space for decoded bytes, unless a header claims a size that is impossible. */
function allocate(size: number, bytes: Bytes, max: number): Bytes {
  checkClaim(size, Math.min(max, bytes.length * MAX_EXPANSION));
  return new Uint8Array(size);
}

export async function decodeBlosc(bytes: Bytes, max: number): Promise<Bytes> {
  const decoder = await wasmDecoder();
  const out = allocate(decoder.bloscInfo(bytes).nbytes, bytes, max);
  decoder.bloscDecode(bytes, out);
  return out;
}

export async function decodeZstd(bytes: Bytes, max: number): Promise<Bytes> {
  const decoder = await wasmDecoder();
  const size = decoder.zstdSize(bytes);
  if (size === undefined) throw new LakotaError("corrupt", "A zstd frame does not state its content size.");
  const out = allocate(size, bytes, max);
  decoder.zstdDecode(bytes, out);
  return out;
}

export async function decodeLz4(bytes: Bytes, max: number): Promise<Bytes> {
  const decoder = await wasmDecoder();
  if (bytes.length < 4) throw new LakotaError("corrupt", "An lz4 block has no header.");
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  checkClaim(size, Math.min(max, bytes.length * 255)); // one byte of a block holds at most 255 of content
  const out = new Uint8Array(size);
  decoder.lz4Decode(bytes.subarray(4), out);
  return out;
}

export const decodeGzip = (bytes: Bytes, max: number): Promise<Bytes> => decompress(bytes, "gzip", max);
export const decodeZlib = (bytes: Bytes, max: number): Promise<Bytes> => decompress(bytes, "deflate", max);

/** These formats do not state the size of their content: it is counted. */
async function decompress(bytes: Bytes, format: CompressionFormat, max: number): Promise<Bytes> {
  const out = await through(bytes, new DecompressionStream(format), max);
  if (out) return out;
  throw new LakotaError("corrupt", `It decompresses to more than the ${max} bytes that it can have.`);
}

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
