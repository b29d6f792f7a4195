import { CodecError } from "numcodecs-wasm";
import type { ColumnData } from "../model/column.ts";
import { zeros } from "../model/column-rows.ts";
import { type DType, isFixed } from "../model/dtype.ts";
import { type ErrorCode, LakotaError } from "../model/errors.ts";
import { type Column, checkCodec } from "../model/schema.ts";
import { Strings } from "../model/strings.ts";
import { type ByteCodec, byteCodecs, sniff } from "./bytes.ts";
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
    encode: (column) => encodeVlen(column instanceof Strings ? column : allText(column)),
    decode: (bytes, dtype) => (dtype.kind === "object" ? decodeVlen(bytes).toArray() : decodeVlen(bytes)),
  },
};

function allText(column: ArrayLike<unknown>): Strings {
  const items = Array.from(column, (item, row) => {
    if (typeof item === "string") return item;
    throw new LakotaError("invalid-frame", `Row ${row} is not a string, which vlen-utf8 is for.`);
  });
  return Strings.from(items);
}

/**
 * The bytes of a column: codecs left to right. No rows are no bytes.
 *
 * @throws `invalid-frame` for a value that the codecs cannot hold, `unsupported-codec`.
 */
export async function encodeColumn(column: ColumnData, { name, dtype, codecs }: Encoding): Promise<Bytes> {
  if (column.length === 0) return new Uint8Array(0);
  const { valueCodec, steps } = pipelineOf({ name, dtype, codecs });
  try {
    let bytes = valueCodec ? valueCodec.encode(column, dtype) : toRaw(column, dtype);
    let itemSize = valueCodec ? 1 : dtype.size;
    for (const step of steps) {
      bytes = await step.encode(bytes, itemSize);
      itemSize = 1;
    }
    return bytes;
  } catch (cause) {
    throw failure(cause, name, "invalid-frame");
  }
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
  if (bytes.length === 0) {
    const column = zeros(dtype, 0);
    return { column, raw: isFixed(dtype) ? bytes : undefined };
  }
  const { valueCodec, steps } = pipelineOf({ ...encoding, codecs: believed(bytes, encoding) });
  try {
    for (const step of steps.reverse()) bytes = await step.decode(bytes);
    if (!valueCodec) return { column: fromRaw(bytes, dtype), raw: bytes };
    const column = valueCodec.decode(bytes, dtype);
    return { column, raw: isFixed(dtype) ? toRaw(column, dtype) : undefined };
  } catch (cause) {
    throw failure(cause, name, "corrupt");
  }
}

/** An error of a codec, with the column's name. `code` is for those that are not ours. */
function failure(cause: unknown, name: string, code: ErrorCode): LakotaError {
  const message = `Column "${name}": ${cause instanceof Error ? cause.message : String(cause)}`;
  if (cause instanceof LakotaError) return new LakotaError(cause.code, message, { cause: cause.cause });
  if (!(cause instanceof CodecError)) return new LakotaError(code, message, { cause });
  const codes = {
    corrupt: "corrupt",
    invalid: code,
    unsupported: "unsupported-codec",
    memory: "unsupported",
  } as const;
  return new LakotaError(codes[cause.code], message, { cause });
}

/** The codecs that the bytes really went through, as far as their header tells. */
function believed(bytes: Bytes, { codecs, dtype, name }: Encoding): readonly string[] {
  for (const codec of codecs) checkCodec(codec, name);
  const last = codecs.at(-1);
  const seen = sniff(bytes);
  // Shuffled bytes can begin with anything; those of the other codecs cannot begin like another's header.
  return seen && seen !== last && last !== "shuffle" && isFixed(dtype) ? [seen] : codecs;
}

interface Pipeline {
  /** Turns values into bytes; none where they are their raw array. */
  valueCodec: ValueCodec | undefined;
  /** From bytes to bytes, in the order of writing. */
  steps: ByteCodec[];
}

function pipelineOf({ name, dtype, codecs }: Encoding): Pipeline {
  const [first] = codecs;
  const valueCodec = first === undefined ? undefined : valueCodecs[first];
  if (!valueCodec && !isFixed(dtype)) {
    throw new LakotaError(
      "unsupported-codec",
      `Column "${name}": items of type ${dtype.name} have no fixed size, and ${first ?? "no codec"} cannot hold them.`,
    );
  }
  const steps = codecs.slice(valueCodec ? 1 : 0).map((codec) => {
    checkCodec(codec, name);
    const step = byteCodecs[codec];
    if (step) return step;
    throw new LakotaError("unsupported-codec", `Column "${name}": ${codec} can only be the first codec.`);
  });
  return { valueCodec, steps };
}
