import { parseDType } from "../../model/dtype.ts";
import { typeText } from "./type-text.ts";

export interface NullableColumn {
  /** The type of the values. */
  readonly type: string;
  readonly rows: number;
  /** Rows without a value. */
  readonly missing: number;
  /** Whether a double represents all values, if they are integers. */
  readonly isSafe: boolean;
}

/** Whether a type has no missing value of its own: an integer or boolean one. */
export const lacksMissing = (type: string): boolean => /^(?:int|uint|bool)/.test(typeText(parseDType(type)));

/**
 * Returns the type for a column of another library, as it would be inferred from CSV: `float` for integers of which some
 * are missing, if doubles represent them, and for integers and booleans of which all are.
 */
export function nullableType({ type, rows, missing, isSafe }: NullableColumn): string {
  if (missing === 0 || !lacksMissing(type)) return type;
  if (missing === rows) return "float";
  return isSafe && parseDType(type).kind !== "bool" ? "float" : type;
}
