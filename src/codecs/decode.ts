import type { Bytes } from "../model/bytes.ts";
import type { ColumnData } from "../model/column.ts";
import { zeros } from "../model/column-rows.ts";
import { type DType, isFixed } from "../model/dtype.ts";
import { checkCodec } from "../model/schema.ts";
import { byteDecoders, sniff } from "./bytes-decode.ts";
import { decodeMsgpack } from "./msgpack-decode.ts";
import { codecFailure, type Encoding, pipelineOf } from "./pipeline.ts";
import { fromRaw, toRaw } from "./values.ts";

export type ValueDecoder = (bytes: Bytes, dtype: DType) => ColumnData;
type ValueDecoders = Readonly<Record<string, ValueDecoder>>;

const valueDecoders: ValueDecoders = { msgpack2: decodeMsgpack };

/** Codecs of which few columns have need; what decodes them loads late. */
const RARE: readonly string[] = ["json2", "vlen-utf8"];

const decodersFor = async ([first = ""]: readonly string[]): Promise<ValueDecoders> =>
  RARE.includes(first) ? (await import("./rare-decoders.ts")).lazyDecoders : valueDecoders;

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
  const codecs = believed(bytes, encoding);
  const { value, steps } = pipelineOf({ ...encoding, codecs }, await decodersFor(codecs), byteDecoders);
  try {
    for (const step of steps.reverse()) bytes = await step(bytes);
    if (!value) return { column: fromRaw(bytes, dtype), raw: bytes };
    const column = value(bytes, dtype);
    return { column, raw: isFixed(dtype) ? toRaw(column, dtype) : undefined };
  } catch (cause) {
    throw codecFailure(cause, name, "corrupt");
  }
}

/** The codecs that the bytes really went through, as far as their header tells. */
function believed(bytes: Bytes, { codecs, dtype, name }: Encoding): readonly string[] {
  for (const codec of codecs) checkCodec(codec, name);
  const last = codecs.at(-1);
  const seen = sniff(bytes);
  // Shuffled bytes can begin with anything; those of the other codecs cannot begin like another's header.
  return seen && seen !== last && last !== "shuffle" && isFixed(dtype) ? [seen] : codecs;
}
