import type { DType } from "../../model/dtype.ts";
import type { Column } from "../../model/schema.ts";

/** Quotes an identifier. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
/** Quotes a text. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Returns the type of SQL for a column. What SQL has no type for (complex numbers, objects, months) is text, durations are counts. */
export function sqlType({ dtype }: Column): string {
  switch (dtype.kind) {
    case "float":
      return dtype.size > 4 ? "DOUBLE" : "FLOAT";
    case "int":
    case "uint":
      return integerType(dtype);
    case "timedelta":
      return "BIGINT";
    case "bool":
      return "BOOLEAN";
    case "datetime":
      return timeType(dtype);
    default:
      return "VARCHAR";
  }
}

const SIZES: Readonly<Record<number, string>> = { 1: "TINYINT", 2: "SMALLINT", 4: "INTEGER", 8: "BIGINT" };

const integerType = ({ kind, size }: DType): string =>
  (kind === "uint" ? "U" : "") + (SIZES[size] ?? "HUGEINT");

function timeType({ unit }: DType): string {
  if (unit === "D" || unit === "W") return "DATE";
  if (unit === "M" || unit === "Y" || unit === "h" || unit === "m") return "VARCHAR"; // their text is no whole time
  return unit === "ns" ? "TIMESTAMP_NS" : "TIMESTAMP";
}
