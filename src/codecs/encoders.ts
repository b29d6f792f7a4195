import { encodeBlosc, encodeGzip, encodeLz4, encodeShuffle, encodeZlib, encodeZstd } from "./bytes-encode.ts";
import type { BytesEncoder, CodecTable, ValueEncoder } from "./codec.ts";
import { encodeJson } from "./json-encode.ts";
import { encodeMsgpack } from "./msgpack-encode.ts";
import { encodeVlen } from "./vlen-encode.ts";

/** All encoders. Readers never load this file. */
export const ENCODERS: CodecTable<ValueEncoder, BytesEncoder> = {
  values: { msgpack2: encodeMsgpack, json2: encodeJson, "vlen-utf8": encodeVlen },
  bytes: {
    blosc: encodeBlosc,
    zstd: encodeZstd,
    lz4: encodeLz4,
    gzip: encodeGzip,
    zlib: encodeZlib,
    shuffle: encodeShuffle,
  },
};
