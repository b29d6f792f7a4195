import { lazy } from "../async/lazy.ts";
import { decodeBlosc, decodeGzip, decodeLz4, decodeShuffle, decodeZlib, decodeZstd } from "./bytes-decode.ts";
import type { BytesDecoder, CodecTable, ValueDecoder } from "./codec.ts";
import { decodeMsgpack } from "./msgpack-decode.ts";
import { cannotLoad } from "./wasm.ts";

const rareDecoders = lazy(() => import("./rare-decoders.ts").catch(cannotLoad));

/** All decoders. Those of values may be loaded on demand. */
export const DECODERS: CodecTable<() => ValueDecoder | Promise<ValueDecoder>, BytesDecoder> = {
  values: {
    msgpack2: () => decodeMsgpack,
    json2: async () => (await rareDecoders()).decodeJson,
    "vlen-utf8": async () => (await rareDecoders()).decodeVlen,
  },
  bytes: {
    blosc: decodeBlosc,
    zstd: decodeZstd,
    lz4: decodeLz4,
    gzip: decodeGzip,
    zlib: decodeZlib,
    shuffle: decodeShuffle,
  },
};
