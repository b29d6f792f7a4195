/** Which rows to read. Times are epoch milliseconds. */
export type Range =
  | { kind: "all" }
  | { kind: "last"; days: number }
  | { kind: "tail"; rows: number }
  | { kind: "between"; start: number; stop: number };

/** First and last row of a series, and the way between the last two, in milliseconds. */
export interface Span {
  first: number;
  last: number;
  step: number;
}

export interface Preset {
  /** Stands in the page's address. */
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

/** Fewer rows than this are no chart. */
const ENOUGH = 10;

/** The presets that make sense for a series; without a span (its index is no time), those that need none. */
export function presetsFor(span: Span | undefined): Preset[] {
  return PRESETS.filter(({ range }) => {
    if (range.kind === "tail") return !span || span.last - span.first >= range.rows * span.step;
    if (range.kind !== "last") return true;
    if (!span) return false;
    const length = range.days * DAY;
    return length < span.last - span.first && length > ENOUGH * span.step;
  });
}

/** A range as the page's address has it: the name of a preset, or two days. */
export function rangeText(range: Range): string {
  if (range.kind === "between") {
    const [from, to] = [range.start, range.stop - DAY].map((ms) => new Date(ms).toISOString().slice(0, 10));
    return `${from}..${to}`;
  }
  return PRESETS.find((preset) => sameRange(preset.range, range))?.name ?? "all";
}

export function parseRange(text: string): Range {
  const days = /^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$/.exec(text);
  const between = days && betweenDays(days[1]!, days[2]!);
  return between || (PRESETS.find(({ name }) => name === text)?.range ?? { kind: "all" });
}

/** All of both days; undefined where a day is none, or the second lies before the first. */
export function betweenDays(from: string, to: string): Range | undefined {
  const [start, last] = [Date.parse(from), Date.parse(to)];
  return last >= start ? { kind: "between", start, stop: last + DAY } : undefined;
}

export const sameRange = (a: Range, b: Range): boolean => JSON.stringify(a) === JSON.stringify(b);
