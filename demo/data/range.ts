import { parsePeriod } from "./iso-period.ts";

/** Which rows to read. `start` and `stop` are epoch milliseconds; `stop` is exclusive. */
export type Range =
  | { kind: "all" }
  | { kind: "last"; days: number }
  | { kind: "tail"; rows: number }
  | { kind: "between"; from: string; to: string; start: number; stop: number };

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
 * Returns the presets that are useful for a span. Without one, the index has no numbers: those that need no
 * span.
 */
export function presetsFor(span: Span | undefined): Preset[] {
  return PRESETS.filter(({ range }) => {
    if (range.kind === "tail") return !span || span.last - span.first >= range.rows * span.step;
    if (range.kind !== "last") return true;
    if (!span) return false;
    const length = range.days * DAY;
    return length < span.last - span.first && length > MIN_ROWS * span.step;
  });
}

/** Formats a range for the page's URL: the name of a preset, or two times. */
export function formatRange(range: Range): string {
  if (range.kind === "between") return `${range.from}..${range.to}`;
  return PRESETS.find((preset) => equalRanges(preset.range, range))?.name ?? "all";
}

/** Parses what {@link formatRange} returns. Other text is the whole series. */
export function parseRange(text: string): Range {
  const [from = "", to = ""] = text.split("..");
  return parseBetween(from, to) ?? PRESETS.find(({ name }) => name === text)?.range ?? { kind: "all" };
}

/**
 * Returns the range from the start of one period to the end of another: see {@link parsePeriod}. Undefined if
 * one cannot be parsed, or if the second starts before the first.
 */
export function parseBetween(from: string, to: string): Range | undefined {
  const [first, last] = [parsePeriod(from), parsePeriod(to)];
  if (!first || !last || last.start < first.start) return undefined;
  return { kind: "between", from, to, start: first.start, stop: last.stop };
}

export const equalRanges = (a: Range, b: Range): boolean => JSON.stringify(a) === JSON.stringify(b);
