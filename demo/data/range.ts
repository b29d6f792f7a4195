import type { XRange } from "../chart/chart-data.ts";
import { parsePeriod } from "./iso-period.ts";
import {
  formatRelative,
  isRelative,
  parseRelative,
  type RelativeRange,
  relativeStart,
} from "./relative-range.ts";

/** Which rows to read. `from` and `to` are as the user typed them: see {@link boundsOf}. */
export type Range =
  | RelativeRange
  | { kind: "all" }
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
  label: string;
  range: Range;
}

export const DAY = 86_400_000;

const PRESETS: readonly Preset[] = [
  { label: "All", range: { kind: "all" } },
  { label: "10 years", range: { kind: "last", count: 10, unit: "y" } },
  { label: "5 years", range: { kind: "last", count: 5, unit: "y" } },
  { label: "12 months", range: { kind: "last", count: 12, unit: "m" } },
  { label: "Year to date", range: { kind: "year-to-date" } },
  { label: "30 days", range: { kind: "last", count: 30, unit: "d" } },
  { label: "7 days", range: { kind: "last", count: 7, unit: "d" } },
  { label: "24 hours", range: { kind: "last", count: 24, unit: "h" } },
  { label: "Last 1,000 rows", range: { kind: "tail", rows: 1000 } },
];

/** Presets with fewer rows than this are not offered. */
const MIN_ROWS = 10;

/**
 * Returns the presets that are useful for a span: those of time only where x is a time. Without a span, the index has
 * no numbers, and those that need none are returned.
 */
export function presetsFor(span: Span | undefined, time: boolean, zone: string): Preset[] {
  return PRESETS.filter(({ range }) => {
    if (range.kind === "tail") return !span || span.last - span.first >= range.rows * span.step;
    if (!isRelative(range)) return true;
    if (!span || !time) return false;
    const start = relativeStart(range, span.last, zone);
    return start > span.first && span.last - start > MIN_ROWS * span.step;
  });
}

/** Formats a range for the page's URL: a word, a length of time such as `-7d`, or two ends. */
export function formatRange(range: Range): string {
  if (range.kind === "between") return `${range.from}..${range.to}`;
  return isRelative(range) ? formatRelative(range) : range.kind;
}

/** Parses what {@link formatRange} returns. Text that is no range becomes one without {@link boundsOf}. */
export function parseRange(text: string): Range {
  const found = PRESETS.find(({ range }) => formatRange(range) === (text || "all"))?.range;
  const known = found ?? parseRelative(text);
  if (known) return known;
  const [from = "", to = ""] = text.split("..");
  return { kind: "between", from, to };
}

/**
 * Returns the part of the x axis between two ends, both included. Ends on an axis of times are periods: `2001` is the
 * whole year (see {@link parsePeriod}). Undefined if one cannot be parsed, or if the second lies before the first.
 *
 * @param zone time zone of ends that name none
 */
export function boundsOf(from: string, to: string, time: boolean, zone = "UTC"): XRange | undefined {
  const [first, last] = [from, to].map((text) => (time ? parseTimes(text, zone) : parseNumber(text)));
  return first && last && first[0] <= last[0] ? [first[0], last[1]] : undefined;
}

/** Returns the first and the last millisecond of a period. */
function parseTimes(text: string, zone: string): XRange | undefined {
  const period = parsePeriod(text, zone);
  return period && [period.start, period.stop - 1];
}

/** Parses a number, also with separators as in 1,234.5. */
function parseNumber(text: string): XRange | undefined {
  const digits = text.trim().replaceAll(/[,\s]/g, "");
  const value = Number(digits);
  return digits === "" || !Number.isFinite(value) ? undefined : [value, value];
}

export const equalRanges = (a: Range, b: Range): boolean => JSON.stringify(a) === JSON.stringify(b);
