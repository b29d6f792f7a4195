import { CodecError } from "numcodecs-wasm/decoder";
import { isFixed } from "../model/dtype.ts";
import { type ErrorCode, LakotaError } from "../model/errors.ts";
import { type Column, checkCodec } from "../model/schema.ts";

/** How a column is stored: what {@link Column} has of it. */
export type Encoding = Pick<Column, "name" | "dtype" | "codecs">;

/** The codecs of a column, each as the function that does its work in one direction. */
export interface Pipeline<Value, Step> {
  /** Between values and bytes; none where the values are stored as their raw array. */
  value: Value | undefined;
  /** From bytes to bytes, in the order of writing. */
  steps: Step[];
}

/** @throws `unsupported-codec` where a codec is not among those given, or cannot hold the column. */
export function pipelineOf<Value, Step>(
  { name, dtype, codecs }: Encoding,
  values: Readonly<Record<string, Value>>,
  bytes: Readonly<Record<string, Step>>,
): Pipeline<Value, Step> {
  const [first] = codecs;
  const value = first === undefined ? undefined : values[first];
  if (!value && !isFixed(dtype)) {
    throw new LakotaError(
      "unsupported-codec",
      `Column "${name}": items of type ${dtype.name} have no fixed size, and ${first ?? "no codec"} cannot hold them.`,
    );
  }
  const steps = codecs.slice(value ? 1 : 0).map((codec) => {
    checkCodec(codec, name);
    const step = bytes[codec];
    if (step) return step;
    throw new LakotaError("unsupported-codec", `Column "${name}": ${codec} can only be the first codec.`);
  });
  return { value, steps };
}

/** An error of a codec, with the column's name. `code` is for those that are not ours. */
export function codecFailure(cause: unknown, name: string, code: ErrorCode): LakotaError {
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
