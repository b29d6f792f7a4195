import type { Frame } from "lakota";
import { formatTime, formatValue } from "../page/format.ts";

/**
 * Returns what the cells of a column say.
 *
 * @param step the smallest distance between two rows, in milliseconds
 */
export function cellsOf(frame: Frame, name: string, step: number): (row: number) => string {
  const values = frame.get(name);
  const isTime = frame.type(name).startsWith("datetime64");
  return (row) => {
    const item = values[row];
    if (typeof item === "number") return isTime ? formatTime(item, step) : formatValue(item);
    return typeof item === "string" ? item : typeof item === "bigint" ? String(item) : JSON.stringify(item);
  };
}

/** Whether the values of a type are aligned at the right, as numbers are. */
export const isNumeric = (type: string): boolean => /^(u?int|float)/.test(type);
