import type { Bytes } from "../model/bytes.ts";
import { LakotaError } from "../model/errors.ts";
import { SHUFFLE_ELEMENT, through, transpose } from "./bytes.ts";
import { wasmDecoder } from "./wasm.ts";

/** @throws `corrupt` */
export type ByteDecoder = (bytes: Bytes) => Promise<Bytes>;

/** No compressor here makes more bytes than this out of one. */
const MAX_EXPANSION = 65_536;

/** Room for decoded bytes. A header can claim any size: nothing is allocated that `bytes` cannot hold. */
function roomFor(size: number, bytes: Bytes): Bytes {
  if (size <= Math.min(bytes.length * MAX_EXPANSION, 2 ** 31 - 1)) return new Uint8Array(size);
  throw new LakotaError("corrupt", `${bytes.length} bytes cannot hold the ${size} that their header claims.`);
}

export const byteDecoders: Readonly<Record<string, ByteDecoder>> = {
  async blosc(bytes) {
    const decoder = await wasmDecoder();
    const out = roomFor(decoder.bloscInfo(bytes).nbytes, bytes);
    decoder.bloscDecode(bytes, out);
    return out;
  },
  async zstd(bytes) {
    const decoder = await wasmDecoder();
    const size = decoder.zstdSize(bytes);
    if (size === undefined) throw new LakotaError("corrupt", "A zstd frame does not tell its size.");
    const out = roomFor(size, bytes);
    decoder.zstdDecode(bytes, out);
    return out;
  },
  async lz4(bytes) {
    const decoder = await wasmDecoder();
    const size =
      bytes.length < 4 ? Number.NaN : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    // One byte of a block stands for at most 255 of content.
    if (!(size <= bytes.length * 255)) {
      throw new LakotaError("corrupt", "An lz4 block is shorter than its size says.");
    }
    const out = new Uint8Array(size);
    decoder.lz4Decode(bytes.subarray(4), out);
    return out;
  },
  gzip: (bytes) => through(bytes, new DecompressionStream("gzip")),
  zlib: (bytes) => through(bytes, new DecompressionStream("deflate")),
  async shuffle(bytes) {
    if (bytes.length % SHUFFLE_ELEMENT === 0) return transpose(bytes, bytes.length / SHUFFLE_ELEMENT);
    const message = `${bytes.length} shuffled bytes are no multiple of ${SHUFFLE_ELEMENT}.`;
    throw new LakotaError("corrupt", message);
  },
};

/** The codec whose header `bytes` bear, if any: how a reader tells chunks apart that share a digest. */
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
