import type { Bytes } from "../model/bytes.ts";
import { checkCodec } from "../model/codec-names.ts";
import type { ColumnData } from "../model/column.ts";
import { zeros } from "../model/column-rows.ts";
import { type DType, isFixed } from "../model/dtype.ts";
import { LakotaError } from "../model/errors.ts";
import { sniff } from "./bytes-decode.ts";
import { DECODERS } from "./decoders.ts";
import { checkRows, type Expected, maxBytesOf, maxEncoded } from "./limits.ts";
import { codecFailure, type Encoding, pipelineOf } from "./pipeline.ts";
import { columnOfRaw, rawOfColumn } from "./raw.ts";

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
 * @throws `corrupt`, also where the column would take more memory than `expected` allows, before it is taken;
 *   `unsupported-codec`
 */
export async function decodeColumn(
  bytes: Bytes,
  encoding: Encoding,
  expected: Expected = {},
): Promise<Decoded> {
  const { name, dtype } = encoding;
  try {
    if (bytes.length === 0) {
      checkRows(0, expected);
      return { column: zeros(dtype, 0), raw: isFixed(dtype) ? bytes : undefined };
    }
    const { value, steps } = pipelineOf({ ...encoding, codecs: actualCodecs(bytes, encoding) }, DECODERS);
    const decodeValues = await value?.();
    const limits: number[] = [maxBytesOf(dtype, decodeValues !== undefined, expected)];
    for (let i = 1; i < steps.length; i++) limits.push(maxEncoded(limits[i - 1]!));
    for (let i = steps.length - 1; i >= 0; i--) bytes = await steps[i]!(bytes, limits[i]!);
    if (!decodeValues) {
      if (expected.rows !== undefined) checkSize(bytes.length, expected.rows, dtype);
      return { column: await columnOfRaw(bytes, dtype), raw: bytes };
    }
    const column = decodeValues(bytes, dtype, expected);
    return { column, raw: isFixed(dtype) ? await rawOfColumn(column, dtype) : undefined };
  } catch (cause) {
    throw codecFailure(cause, name, "corrupt");
  }
}

/** @throws `corrupt` if a raw array is not that of `rows` items */
function checkSize(size: number, rows: number, { name, size: itemSize }: DType): void {
  if (size === rows * itemSize) return;
  const message = `${rows} rows of ${name} take ${rows * itemSize} bytes, but the chunk has ${size}.`;
  throw new LakotaError("corrupt", message);
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
