import type { Frame } from "lakota";
import Papa from "papaparse";
import { datetimeUnit } from "../data/x-values.ts";

/** Counts a second of the units of time that are no longer than one. */
const PER_SECOND: Readonly<Record<string, bigint>> = {
  s: 1n,
  ms: 1_000n,
  us: 1_000_000n,
  ns: 1_000_000_000n,
};
/** Seconds of those that are longer. */
const SECONDS: Readonly<Record<string, bigint>> = { m: 60n, h: 3600n, D: 86_400n, W: 604_800n };

/** Names of columns as the first line of comma-separated text. */
export const formatHeader = (columns: readonly string[]): string => `${Papa.unparse([columns])}\n`;

/** A frame of exact values (read without `numbers`) as comma-separated text that can be pasted back. */
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

function formatCell(item: unknown, unit: string | undefined): string {
  if (typeof item === "bigint" && unit !== undefined) return formatTime(item, unit);
  if (typeof item === "number" && Number.isNaN(item)) return "";
  return String(item);
}

/** ISO 8601 in UTC, with all digits that the unit has. */
function formatTime(count: bigint, unit: string): string {
  if (count === -(2n ** 63n)) return "NaT";
  if (unit === "Y") return String(1970n + count).padStart(4, "0");
  if (unit === "M") return new Date(Date.UTC(1970, Number(count))).toISOString().slice(0, 7);
  const per = PER_SECOND[unit] ?? 1n;
  const part = ((count % per) + per) % per;
  const seconds = ((count - part) / per) * (SECONDS[unit] ?? 1n);
  const text = new Date(Number(seconds) * 1000).toISOString();
  if (unit === "D" || unit === "W") return text.slice(0, 10);
  const digits = String(per).length - 1;
  return `${text.slice(0, 19)}${digits > 0 ? `.${String(part).padStart(digits, "0")}` : ""}Z`;
}
