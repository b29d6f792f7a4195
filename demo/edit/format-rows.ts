import type { Frame } from "lakota";
import Papa from "papaparse";
import { datetimeUnit } from "../data/x-values.ts";

/** Counts per second, for units of at most a second. */
const PER_SECOND: Readonly<Record<string, bigint>> = {
  s: 1n,
  ms: 1_000n,
  us: 1_000_000n,
  ns: 1_000_000_000n,
};
/** Seconds per count, for longer units of fixed length. */
const SECONDS: Readonly<Record<string, bigint>> = { m: 60n, h: 3600n, D: 86_400n, W: 604_800n };

/** Returns the first line of a CSV file with these columns. */
export const formatHeader = (columns: readonly string[]): string => `${Papa.unparse([columns])}\n`;

/**
 * Returns the rows of a frame as CSV, without a header. If the frame was read without `numbers`, `parseRows`
 * restores its exact values.
 */
export function formatRows(frame: Frame): string {
  if (frame.length === 0) return "";
  const columns = frame.columns.map((name) => {
    const values = frame.get(name);
    const type = frame.type(name);
    const unit = datetimeUnit(type);
    return (row: number) => (type === "object" ? JSON.stringify(values[row]) : formatCell(values[row], unit));
  });
  const data = Array.from({ length: frame.length }, (_, row) => columns.map((cell) => cell(row)));
  return `${Papa.unparse(data, { newline: "\n" })}\n`;
}

function formatCell(value: unknown, unit: string | undefined): string {
  if (typeof value === "bigint" && unit !== undefined) return formatTime(value, unit);
  if (typeof value === "number" && Number.isNaN(value)) return "";
  return String(value);
}

/** Formats a count of a unit since 1970 as ISO 8601 in UTC, with all digits of the unit. */
function formatTime(count: bigint, unit: string): string {
  if (count === -(2n ** 63n)) return "NaT";
  if (unit === "Y") return String(1970n + count).padStart(4, "0");
  if (unit === "M") return new Date(Date.UTC(1970, Number(count))).toISOString().slice(0, 7);
  const perSecond = PER_SECOND[unit] ?? 1n;
  const fraction = ((count % perSecond) + perSecond) % perSecond;
  const seconds = ((count - fraction) / perSecond) * (SECONDS[unit] ?? 1n);
  const text = new Date(Number(seconds) * 1000).toISOString();
  if (unit === "D" || unit === "W") return text.slice(0, 10);
  const digits = String(perSecond).length - 1;
  return `${text.slice(0, 19)}${digits > 0 ? `.${String(fraction).padStart(digits, "0")}` : ""}Z`;
}
