import type { Bytes } from "../model/bytes.ts";
import type { ColumnData } from "../model/column.ts";
import { zeros } from "../model/column-rows.ts";
import { isFixed } from "../model/dtype.ts";
import { checkCodec } from "../model/schema.ts";
import { sniff } from "./bytes-decode.ts";
import { DECODERS } from "./decoders.ts";
import { codecFailure, type Encoding, pipelineOf } from "./pipeline.ts";
import { fromRaw, toRaw } from "./values.ts";

/** A decoded column, and its raw array where its items have a fixed size. */
export interface Decoded {
  column: ColumnData;
  raw: Bytes | undefined;
}

/**
 * Decodes a column: applies its codecs from right to left. If the header of `bytes` is that of another codec
 * than the last one, the header decides: Python stores columns with equal values in one file, whatever their
 * codecs.
 *
 * @throws `corrupt`, `unsupported-codec`
 */
export async function decodeColumn(bytes: Bytes, encoding: Encoding): Promise<Decoded> {
  const { name, dtype } = encoding;
  if (bytes.length === 0) {
    const column = zeros(dtype, 0);
    return { column, raw: isFixed(dtype) ? bytes : undefined };
  }
  const { value, steps } = pipelineOf({ ...encoding, codecs: actualCodecs(bytes, encoding) }, DECODERS);
  const decodeValues = await value?.();
  try {
    for (const step of steps.reverse()) bytes = await step(bytes);
    if (!decodeValues) return { column: fromRaw(bytes, dtype), raw: bytes };
    const column = decodeValues(bytes, dtype);
    return { column, raw: isFixed(dtype) ? toRaw(column, dtype) : undefined };
  } catch (cause) {
    throw codecFailure(cause, name, "corrupt");
  }
}

/**
 * Returns the codecs with which the bytes were encoded: those of the column, unless the header contradicts
 * them.
 */
function actualCodecs(bytes: Bytes, { codecs, dtype, name }: Encoding): readonly string[] {
  for (const codec of codecs) checkCodec(codec, name);
  const last = codecs.at(-1);
  const found = sniff(bytes);
  // Shuffled bytes can start with anything. The output of any other codec cannot start like another codec's
  // header.
  return found && found !== last && last !== "shuffle" && isFixed(dtype) ? [found] : codecs;
}
