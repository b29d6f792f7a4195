import { type DType, parseDType } from "../../model/dtype.ts";
import type { Column } from "../../model/schema.ts";

/** Names that are shorter than the types' own. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  "datetime64[s]": "timestamp",
  "datetime64[D]": "date",
  float64: "float",
  int64: "int",
  uint64: "uint",
  "<U0": "str",
  object: "O",
};

/**
 * Returns the short name of a type, which {@link parseDType} accepts: `timestamp`, `float`, `M8[ms]`,
 * `int16`, …
 */
export function typeText(dtype: DType | string): string {
  const { name } = typeof dtype === "string" ? parseDType(dtype) : dtype;
  return (
    SHORT_NAMES[name] ??
    name
      .replace(/^datetime64/, "M8")
      .replace(/^timedelta64/, "m8")
      .replace(/^[<|]/, "")
  );
}

/** Returns the type of a column, with `*` for an index column, and without its codecs. */
export const columnText = ({ dtype, index }: Pick<Column, "dtype" | "index">): string =>
  `${typeText(dtype)}${index ? "*" : ""}`;

/** Whether values of a type are text, so that a missing one becomes "". */
export const isTextType = ({ kind }: DType): boolean =>
  kind === "str" || kind === "fixed-str" || kind === "bytes";

/** Whether `text` names a type. */
export function isTypeText(text: string): boolean {
  try {
    return parseDType(text).name !== "";
  } catch {
    return false;
  }
}
