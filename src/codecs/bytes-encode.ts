import type { Bytes } from "../model/bytes.ts";
import { LakotaError } from "../model/errors.ts";
import { SHUFFLE_ELEMENT, through, transpose } from "./bytes.ts";
import { wasmEncoder } from "./wasm-encoder.ts";

const BLOSC = { cname: "zstd", clevel: 5, shuffle: "bit", blocksize: 0 } as const;

export async function encodeBlosc(bytes: Bytes, itemSize: number): Promise<Bytes> {
  const typesize = itemSize > 255 ? 1 : itemSize; // the header has one byte for it
  return (await wasmEncoder()).bloscEncode(bytes, { ...BLOSC, typesize });
}

export const encodeZstd = async (bytes: Bytes): Promise<Bytes> => (await wasmEncoder()).zstdEncode(bytes, 1);

/** As numcodecs' LZ4: the raw size as uint32, then one block. */
export async function encodeLz4(bytes: Bytes): Promise<Bytes> {
  const block = (await wasmEncoder()).lz4Encode(bytes, 1);
  const out = new Uint8Array(4 + block.length);
  new DataView(out.buffer).setUint32(0, bytes.length, true);
  out.set(block, 4);
  return out;
}

export const encodeGzip = (bytes: Bytes): Promise<Bytes> => compress(bytes, "gzip");
export const encodeZlib = (bytes: Bytes): Promise<Bytes> => compress(bytes, "deflate");

const compress = async (bytes: Bytes, format: CompressionFormat): Promise<Bytes> =>
  (await through(bytes, new CompressionStream(format), Number.POSITIVE_INFINITY))!;

export async function encodeShuffle(bytes: Bytes): Promise<Bytes> {
  if (bytes.length % SHUFFLE_ELEMENT === 0) return transpose(bytes, SHUFFLE_ELEMENT);
  const message = `shuffle takes a multiple of ${SHUFFLE_ELEMENT} bytes, not ${bytes.length}.`;
  throw new LakotaError("invalid-frame", message);
}
