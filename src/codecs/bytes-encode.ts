import type { Bytes } from "../model/bytes.ts";
import { LakotaError } from "../model/errors.ts";
import { SHUFFLE_ELEMENT, through, transpose } from "./bytes.ts";
import { wasmEncoder } from "./wasm-encoder.ts";

/** Encodes with the parameters that numcodecs takes when the registry names none. */
export type ByteEncoder = (bytes: Bytes, itemSize: number) => Promise<Bytes>;

const BLOSC = { cname: "zstd", clevel: 5, shuffle: "bit", blocksize: 0 } as const;

export const byteEncoders: Readonly<Record<string, ByteEncoder>> = {
  async blosc(bytes, itemSize) {
    const typesize = itemSize > 255 ? 1 : itemSize;
    return (await wasmEncoder()).bloscEncode(bytes, { ...BLOSC, typesize });
  },
  async zstd(bytes) {
    return (await wasmEncoder()).zstdEncode(bytes, 1);
  },
  /** numcodecs' LZ4: the raw size as uint32, then one block. */
  async lz4(bytes) {
    const block = (await wasmEncoder()).lz4Encode(bytes, 1);
    const out = new Uint8Array(4 + block.length);
    new DataView(out.buffer).setUint32(0, bytes.length, true);
    out.set(block, 4);
    return out;
  },
  gzip: (bytes) => through(bytes, new CompressionStream("gzip")),
  zlib: (bytes) => through(bytes, new CompressionStream("deflate")),
  async shuffle(bytes) {
    if (bytes.length % SHUFFLE_ELEMENT === 0) return transpose(bytes, SHUFFLE_ELEMENT);
    const message = `shuffle takes a multiple of ${SHUFFLE_ELEMENT} bytes, not ${bytes.length}.`;
    throw new LakotaError("invalid-frame", message);
  },
};
