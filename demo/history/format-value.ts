import type { RangeChange } from "lakota";
import { DAY } from "../data/range.ts";
import { datetimeUnit, toX } from "../data/x-values.ts";
import { formatTime, formatValue } from "../page/format.ts";

/** Formats a value of a column as a cell. Times are in UTC; whole days have no clock. */
export function formatCell(value: unknown, type: string): string {
  if (typeof value === "bigint" || typeof value === "number") {
    if (datetimeUnit(type) !== undefined) return formatInstant(toX(value, type));
    return typeof value === "bigint" ? String(value) : formatValue(value);
  }
  return typeof value === "string" ? value : String(JSON.stringify(value));
}

const formatInstant = (x: number): string =>
  Number.isFinite(x) && Math.abs(x) < 8.64e15 ? formatTime(x, x % DAY === 0 ? DAY : 0) : "no time";

/** Formats a range of the index: `2001-01-01 to 2001-12-01`. */
export function formatSpan({ start, stop }: Pick<RangeChange, "start" | "stop">, type: string): string {
  const [from = "the beginning", to = "the end"] = [start[0], stop[0]].map((value) =>
    value === undefined ? undefined : formatCell(value, type),
  );
  return from === to ? from : `${from} to ${to}`;
}
