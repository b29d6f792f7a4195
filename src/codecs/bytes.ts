import { LakotaError } from "../model/errors.ts";
import { wasmDecoder, wasmEncoder } from "./wasm.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A codec from bytes to bytes, with the parameters that numcodecs takes when the registry names none. */
export interface ByteCodec {
  encode(bytes: Bytes, itemSize: number): Promise<Bytes>;
  decode(bytes: Bytes): Promise<Bytes>;
}

const BLOSC = { cname: "zstd", clevel: 5, shuffle: "bit", blocksize: 0 } as const;

/** No compressor here makes more bytes than this out of one. */
const MAX_EXPANSION = 65_536;

/** Room for decoded bytes. A header can claim any size: nothing is allocated that `bytes` cannot hold. */
function roomFor(size: number, bytes: Bytes): Bytes {
  if (size <= Math.min(bytes.length * MAX_EXPANSION, 2 ** 31 - 1)) return new Uint8Array(size);
  throw new LakotaError("corrupt", `${bytes.length} bytes cannot hold the ${size} that their header claims.`);
}

const blosc: ByteCodec = {
  async encode(bytes, itemSize) {
    const typesize = itemSize > 255 ? 1 : itemSize;
    return (await wasmEncoder()).bloscEncode(bytes, { ...BLOSC, typesize });
  },
  async decode(bytes) {
    const decoder = await wasmDecoder();
    const out = roomFor(decoder.bloscInfo(bytes).nbytes, bytes);
    decoder.bloscDecode(bytes, out);
    return out;
  },
};

const zstd: ByteCodec = {
  async encode(bytes) {
    return (await wasmEncoder()).zstdEncode(bytes, 1);
  },
  async decode(bytes) {
    const decoder = await wasmDecoder();
    const size = decoder.zstdSize(bytes);
    if (size === undefined) throw new LakotaError("corrupt", "A zstd frame does not tell its size.");
    const out = roomFor(size, bytes);
    decoder.zstdDecode(bytes, out);
    return out;
  },
};

/** numcodecs' LZ4: the raw size as uint32, then one block. */
const lz4: ByteCodec = {
  async encode(bytes) {
    const block = (await wasmEncoder()).lz4Encode(bytes, 1);
    const out = new Uint8Array(4 + block.length);
    new DataView(out.buffer).setUint32(0, bytes.length, true);
    out.set(block, 4);
    return out;
  },
  async decode(bytes) {
    const decoder = await wasmDecoder();
    const size =
      bytes.length < 4 ? Number.NaN : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    // One byte of a block stands for at most 255 of content.
    if (!(size <= bytes.length * 255))
      throw new LakotaError("corrupt", "An lz4 block is shorter than its size says.");
    const out = new Uint8Array(size);
    decoder.lz4Decode(bytes.subarray(4), out);
    return out;
  },
};

function deflate(format: "gzip" | "deflate"): ByteCodec {
  return {
    encode: (bytes) => through(bytes, new CompressionStream(format)),
    decode: (bytes) => through(bytes, new DecompressionStream(format)),
  };
}

async function through(bytes: Bytes, transform: CompressionStream | DecompressionStream): Promise<Bytes> {
  const out = new Response(new Blob([bytes]).stream().pipeThrough(transform));
  return new Uint8Array(await out.arrayBuffer());
}

/** numcodecs' Shuffle with its default element size, whatever the dtype. */
const ELEMENT = 4;
const shuffle: ByteCodec = {
  async encode(bytes) {
    if (bytes.length % ELEMENT === 0) return transpose(bytes, ELEMENT, bytes.length / ELEMENT);
    throw new LakotaError(
      "invalid-frame",
      `shuffle takes a multiple of ${ELEMENT} bytes, not ${bytes.length}.`,
    );
  },
  async decode(bytes) {
    if (bytes.length % ELEMENT !== 0)
      throw new LakotaError("corrupt", `${bytes.length} shuffled bytes are no multiple of ${ELEMENT}.`);
    return transpose(bytes, bytes.length / ELEMENT, ELEMENT);
  },
};

/** Bytes of `rows` wide items, regrouped by their position in the item. */
function transpose(bytes: Bytes, width: number, rows: number): Bytes {
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < width; j++) out[j * rows + i] = bytes[i * width + j]!;
  return out;
}

export const byteCodecs: Readonly<Record<string, ByteCodec>> = {
  blosc,
  zstd,
  lz4,
  gzip: deflate("gzip"),
  zlib: deflate("deflate"),
  shuffle,
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
