import { CodecError } from "numcodecs-wasm";
import type { ColumnData } from "../model/column.ts";
import { type DType, isFixed } from "../model/dtype.ts";
import { asLakotaError, LakotaError } from "../model/errors.ts";
import { type Column, checkCodec } from "../model/schema.ts";
import { Strings } from "../model/strings.ts";
import { byteCodecs, sniff } from "./bytes.ts";
import { decodeJson, encodeJson } from "./json.ts";
import { decodeMsgpack, encodeMsgpack } from "./msgpack.ts";
import { fromRaw, toRaw } from "./values.ts";
import { decodeVlen, encodeVlen } from "./vlen.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** How a column is stored: what {@link Column} has of it. */
export type Encoding = Pick<Column, "name" | "dtype" | "codecs">;

interface ValueCodec {
  encode(column: ColumnData, dtype: DType): Bytes;
  decode(bytes: Bytes, dtype: DType): ColumnData;
}

const valueCodecs: Readonly<Record<string, ValueCodec>> = {
  msgpack2: { encode: encodeMsgpack, decode: decodeMsgpack },
  json2: { encode: encodeJson, decode: decodeJson },
  "vlen-utf8": {
    encode: (column) => {
      if (!(column instanceof Strings))
        throw new LakotaError("internal", "vlen-utf8 takes a column of text.");
      return encodeVlen(column);
    },
    decode: (bytes) => decodeVlen(bytes),
  },
};

/** The bytes of a column: codecs left to right. No rows are no bytes. */
export async function encodeColumn(column: ColumnData, { name, dtype, codecs }: Encoding): Promise<Bytes> {
  if (column.length === 0) return new Uint8Array(0);
  const [first, ...rest] = codecs;
  const valueCodec = first === undefined ? undefined : valueCodecs[first];
  let bytes = valueCodec ? valueCodec.encode(column, dtype) : toRaw(column, dtype);
  let itemSize = valueCodec ? 1 : dtype.size;
  for (const codec of valueCodec ? rest : codecs) {
    bytes = await byteCodec(codec, name).encode(bytes, itemSize);
    itemSize = 1;
  }
  return bytes;
}

/** A decoded column, and its raw array where its items have a fixed size. */
export interface Decoded {
  column: ColumnData;
  raw: Bytes | undefined;
}

/**
 * The column in `bytes`: codecs right to left. Where the last codec is not the one whose header the bytes bear, the
 * header is believed: Python gives columns with equal values one file, whatever their codecs.
 *
 * @throws `corrupt`, `unsupported-codec`.
 */
export async function decodeColumn(bytes: Bytes, encoding: Encoding): Promise<Decoded> {
  const { name, dtype } = encoding;
  if (bytes.length === 0) return decodedRaw(new Uint8Array(0), encoding);
  for (const codec of encoding.codecs) checkCodec(codec, name);
  const codecs = believed(bytes, encoding.codecs, dtype);
  const [first] = codecs;
  const valueCodec = first === undefined ? undefined : valueCodecs[first];
  try {
    for (const codec of codecs.slice(valueCodec ? 1 : 0).reverse())
      bytes = await byteCodec(codec, name).decode(bytes);
    if (!valueCodec) return decodedRaw(bytes, encoding);
    const column = valueCodec.decode(bytes, dtype);
    return { column, raw: isFixed(dtype) ? toRaw(column, dtype) : undefined };
  } catch (cause) {
    if (cause instanceof CodecError && cause.code === "unsupported") {
      throw new LakotaError("unsupported-codec", `Column "${name}": ${cause.message}`, { cause });
    }
    throw asLakotaError(cause, "corrupt", `Column "${name}" cannot be decoded`);
  }
}

function decodedRaw(raw: Bytes, { dtype }: Encoding): Decoded {
  if (!isFixed(dtype)) return { column: dtype.kind === "str" ? Strings.from([]) : [], raw: undefined };
  return { column: fromRaw(raw, dtype), raw };
}

/** The codecs that the bytes really went through, as far as their header tells. */
function believed(bytes: Bytes, codecs: readonly string[], dtype: DType): readonly string[] {
  const last = codecs.at(-1);
  const seen = sniff(bytes);
  const distinct = last === undefined || ["blosc", "zstd", "gzip", "lz4", "zlib"].includes(last);
  return seen && seen !== last && distinct && isFixed(dtype) ? [seen] : codecs;
}

function byteCodec(codec: string, column: string) {
  const found = byteCodecs[codec];
  if (found) return found;
  checkCodec(codec, column);
  throw new LakotaError("unsupported-codec", `Column "${column}": ${codec} can only be the first codec.`);
}
