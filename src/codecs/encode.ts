import type { Bytes } from "../model/bytes.ts";
import type { ColumnData } from "../model/column.ts";
import { type DType, isFixed } from "../model/dtype.ts";
import { byteEncoders } from "./bytes-encode.ts";
import { EMPTY_DIGEST } from "./digest.ts";
import { encodeJson } from "./json-encode.ts";
import { encodeMsgpack } from "./msgpack-encode.ts";
import { codecFailure, type Encoding, pipelineOf } from "./pipeline.ts";
import { sha1 } from "./sha1.ts";
import { toRaw } from "./values.ts";
import { encodeVlen } from "./vlen-encode.ts";

type ValueEncoder = (column: ColumnData, dtype: DType) => Bytes;

const valueEncoders: Readonly<Record<string, ValueEncoder>> = {
  msgpack2: encodeMsgpack,
  json2: encodeJson,
  "vlen-utf8": encodeVlen,
};

/**
 * The bytes of a column: codecs left to right. No rows are no bytes.
 *
 * @throws `invalid-frame` for a value that the codecs cannot hold, `unsupported-codec`.
 */
export async function encodeColumn(column: ColumnData, encoding: Encoding): Promise<Bytes> {
  if (column.length === 0) return new Uint8Array(0);
  const { name, dtype } = encoding;
  const { value, steps } = pipelineOf(encoding, valueEncoders, byteEncoders);
  try {
    let bytes = value ? value(column, dtype) : toRaw(column, dtype);
    let itemSize = value ? 1 : dtype.size;
    for (const step of steps) {
      bytes = await step(bytes, itemSize);
      itemSize = 1;
    }
    return bytes;
  } catch (cause) {
    throw codecFailure(cause, name, "invalid-frame");
  }
}

/**
 * The name of a chunk. Columns of numbers in the default codec are named by their raw array, as Python does, so that
 * equal data is stored once. All others are named by their encoded bytes: two encodings of
 * the same numbers must not share a name.
 */
export async function digestOf(
  column: ColumnData,
  encoded: Bytes,
  { dtype, codecs }: Encoding,
): Promise<string> {
  if (encoded.length === 0) return EMPTY_DIGEST;
  const byRaw = isFixed(dtype) && codecs.length === 1 && codecs[0] === "blosc";
  return sha1(byRaw ? toRaw(column, dtype) : encoded);
}
