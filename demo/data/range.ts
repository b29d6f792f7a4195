import type { XRange } from "../chart/chart-data.ts";
import { parsePeriod } from "./iso-period.ts";

/** Which rows to read. `from` and `to` are as the user typed them: see {@link boundsOf}. */
export type Range =
  | { kind: "all" }
  | { kind: "last"; days: number }
  | { kind: "tail"; rows: number }
  | { kind: "between"; from: string; to: string };

/** The first and the last value of a series' x axis, and the smallest distance between its last rows. */
export interface Span {
  first: number;
  last: number;
  step: number;
}

/** Returns the smallest span that contains both. */
export function unionSpan(a: Span, b: Span | undefined): Span {
  if (!b) return a;
  return {
    first: Math.min(a.first, b.first),
    last: Math.max(a.last, b.last),
    step: Math.min(a.step, b.step),
  };
}

export interface Preset {
  /** Identifies the preset in the page's URL. */
  name: string;
  label: string;
  range: Range;
}

export const DAY = 86_400_000;

const PRESETS: readonly Preset[] = [
  { name: "all", label: "All", range: { kind: "all" } },
  { name: "10y", label: "10 years", range: { kind: "last", days: 3653 } },
  { name: "5y", label: "5 years", range: { kind: "last", days: 1826 } },
  { name: "1y", label: "1 year", range: { kind: "last", days: 365 } },
  { name: "1m", label: "1 month", range: { kind: "last", days: 30 } },
  { name: "1w", label: "1 week", range: { kind: "last", days: 7 } },
  { name: "tail", label: "Last 1,000 rows", range: { kind: "tail", rows: 1000 } },
];

/** Presets with fewer rows than this are not offered. */
const MIN_ROWS = 10;

/**
 * Returns the presets that are useful for a span: those of days only where x is a time. Without a span, the index has
 * no numbers, and those that need none are returned.
 */
export function presetsFor(span: Span | undefined, time: boolean): Preset[] {
  return PRESETS.filter(({ range }) => {
    if (range.kind === "tail") return !span || span.last - span.first >= range.rows * span.step;
    if (range.kind !== "last") return true;
    if (!span || !time) return false;
    const length = range.days * DAY;
    return length < span.last - span.first && length > MIN_ROWS * span.step;
  });
}

/** Formats a range for the page's URL: the name of a preset, or two ends. */
export function formatRange(range: Range): string {
  if (range.kind === "between") return `${range.from}..${range.to}`;
  return PRESETS.find((preset) => equalRanges(preset.range, range))?.name ?? "all";
}

/** Parses what {@link formatRange} returns. Text that is no range becomes one without {@link boundsOf}. */
export function parseRange(text: string): Range {
  const preset = PRESETS.find(({ name }) => name === (text || "all"));
  if (preset) return preset.range;
  const [from = "", to = ""] = text.split("..");
  return { kind: "between", from, to };
}

/**
 * Returns the part of the x axis between two ends, both included. Ends on an axis of times are periods: `2001` is the
 * whole year (see {@link parsePeriod}). Undefined if one cannot be parsed, or if the second lies before the first.
 */
export function boundsOf(from: string, to: string, time: boolean): XRange | undefined {
  const [first, last] = [from, to].map(time ? parseTimes : parseNumber);
  return first && last && first[0] <= last[0] ? [first[0], last[1]] : undefined;
}

/** Returns the first and the last millisecond of a period. */
function parseTimes(text: string): XRange | undefined {
  const period = parsePeriod(text);
  return period && [period.start, period.stop - 1];
}

/** Parses a number, also with separators as in 1,234.5. */
function parseNumber(text: string): XRange | undefined {
  const digits = text.trim().replaceAll(/[,\s]/g, "");
  const value = Number(digits);
  return digits === "" || !Number.isFinite(value) ? undefined : [value, value];
}

export const equalRanges = (a: Range, b: Range): boolean => JSON.stringify(a) === JSON.stringify(b);
