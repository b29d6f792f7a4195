import type { Frame } from "lakota";
import { formatTime, formatValue } from "../page/format.ts";

/** How times are shown. */
export interface TimeStyle {
  /** The smallest distance between two rows, in milliseconds. */
  readonly step: number;
  /** The time zone whose clocks show them. */
  readonly zone: string;
}

/** Returns what the cells of a column say. */
export function cellsOf(frame: Frame, name: string, { step, zone }: TimeStyle): (row: number) => string {
  const values = frame.get(name);
  const isTime = frame.type(name).startsWith("datetime64");
  const shown = /\[[DWMY]\]$/.test(frame.type(name)) ? "UTC" : zone; // dates have no time zone
  return (row) => {
    const item = values[row];
    if (typeof item === "number") return isTime ? formatTime(item, step, shown) : formatValue(item);
    return typeof item === "string" ? item : typeof item === "bigint" ? String(item) : JSON.stringify(item);
  };
}

/** Whether the values of a type are aligned at the right, as numbers are. */
export const isNumeric = (type: string): boolean => /^(u?int|float)/.test(type);
