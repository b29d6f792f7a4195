import { CodecError } from "numcodecs-wasm/decoder";
import { checkCodec, MAX_CODECS } from "../model/codec-names.ts";
import { isFixed } from "../model/dtype.ts";
import { type ErrorCode, LakotaError } from "../model/errors.ts";
import { explainNoMemory } from "../model/no-memory.ts";
import type { Column } from "../model/schema.ts";
import type { CodecTable } from "./codec.ts";

/** How a column is stored. */
export type Encoding = Pick<Column, "name" | "dtype" | "codecs">;

/** The codecs of a column, as the functions of one direction. */
export interface Pipeline<Values, Bytes> {
  /** Between values and bytes; undefined where the bytes are the raw array. */
  value: Values | undefined;
  /** Between bytes, in the order of writing. */
  steps: Bytes[];
}

/**
 * Looks up the codecs of a column.
 *
 * @throws `unsupported-codec` for an unknown codec, or one that cannot hold the column
 */
export function pipelineOf<Values, Bytes>(
  { name, dtype, codecs }: Encoding,
  table: CodecTable<Values, Bytes>,
): Pipeline<Values, Bytes> {
  for (const codec of codecs) checkCodec(codec, name);
  if (codecs.length > MAX_CODECS) {
    const message = `Column "${name}": ${codecs.length} codecs are more than the ${MAX_CODECS} that are supported.`;
    throw new LakotaError("unsupported-codec", message);
  }
  const values: Readonly<Record<string, Values>> = table.values;
  const bytes: Readonly<Record<string, Bytes>> = table.bytes;
  const [first = "no codec"] = codecs;
  const value = values[first];
  if (!value && !isFixed(dtype)) {
    throw new LakotaError(
      "unsupported-codec",
      `Column "${name}": items of type ${dtype.name} have no fixed size, and ${first} cannot hold them.`,
    );
  }
  const steps = codecs.slice(value ? 1 : 0).map((codec) => {
    const step = bytes[codec];
    if (step) return step;
    throw new LakotaError("unsupported-codec", `Column "${name}": ${codec} can only be the first codec.`);
  });
  return { value, steps };
}

/** Returns an error of a codec with the column's name. `code` is for errors that have no code. */
export function codecFailure(failure: unknown, name: string, code: ErrorCode): LakotaError {
  const cause = explainNoMemory(failure);
  const message = `Column "${name}": ${cause instanceof Error ? cause.message : String(cause)}`;
  if (cause instanceof LakotaError) return new LakotaError(cause.code, message, { cause: cause.cause });
  if (!(cause instanceof CodecError)) return new LakotaError(code, message, { cause });
  const codes = {
    corrupt: "corrupt",
    invalid: code,
    unsupported: "unsupported-codec",
    memory: "quota",
  } as const;
  return new LakotaError(codes[cause.code], message, { cause });
}
