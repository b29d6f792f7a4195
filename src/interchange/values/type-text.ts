import { type DType, parseDType } from "../../model/dtype.ts";
import type { Column } from "../../model/schema.ts";

/** The shortest names that people write. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  "datetime64[s]": "timestamp",
  "datetime64[D]": "date",
  float64: "float",
  int64: "int",
  uint64: "uint",
  "<U0": "str",
  object: "O",
};

/** The text that {@link parseDType} takes for a type: `timestamp`, `float`, `M8[ms]`, `i2`, … */
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

/** The text of a column in a schema, as in `timestamp*`. Codecs are left out where they are the type's own. */
export const columnText = ({ dtype, index }: Pick<Column, "dtype" | "index">): string =>
  `${typeText(dtype)}${index ? "*" : ""}`;

/** Whether items of a type are text: what they lack is "". */
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
