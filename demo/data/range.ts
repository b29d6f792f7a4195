/** Which rows to read. Times are epoch milliseconds; `stop` is the first that no longer belongs. */
export type Range =
  | { kind: "all" }
  | { kind: "last"; days: number }
  | { kind: "tail"; rows: number }
  | { kind: "between"; from: string; to: string; start: number; stop: number };

/** First and last row of a series, and the way between the last two, in milliseconds. */
export interface Span {
  first: number;
  last: number;
  step: number;
}

/** All of both. */
export function unionSpan(a: Span, b: Span | undefined): Span {
  if (!b) return a;
  return {
    first: Math.min(a.first, b.first),
    last: Math.max(a.last, b.last),
    step: Math.min(a.step, b.step),
  };
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
const MIN_ROWS = 10;

/** The presets that make sense for a series; without a span (its index is no time), those that need none. */
export function presetsFor(span: Span | undefined): Preset[] {
  return PRESETS.filter(({ range }) => {
    if (range.kind === "tail") return !span || span.last - span.first >= range.rows * span.step;
    if (range.kind !== "last") return true;
    if (!span) return false;
    const length = range.days * DAY;
    return length < span.last - span.first && length > MIN_ROWS * span.step;
  });
}

/** A range as the page's address has it: the name of a preset, or two times. */
export function formatRange(range: Range): string {
  if (range.kind === "between") return `${range.from}..${range.to}`;
  return PRESETS.find((preset) => equalRanges(preset.range, range))?.name ?? "all";
}

export function parseRange(text: string): Range {
  const [from = "", to = ""] = text.split("..");
  return parseBetween(from, to) ?? PRESETS.find(({ name }) => name === text)?.range ?? { kind: "all" };
}

/** All of both, and what lies between: see {@link parseTime}. Undefined where one is no time, or the second is the earlier. */
export function parseBetween(from: string, to: string): Range | undefined {
  const [first, last] = [parseTime(from), parseTime(to)];
  if (!first || !last || last.start < first.start) return undefined;
  return { kind: "between", from, to, start: first.start, stop: last.stop };
}

const ISO = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?Z?)?)?)?$/;

/** An ISO time in UTC, of which all may be missing but the year: a whole year, month, day, minute or second. */
export function parseTime(text: string): { start: number; stop: number } | undefined {
  const found = ISO.exec(text.trim());
  if (!found) return undefined;
  const [year, month, day, hour, minute, second] = found
    .slice(1)
    .map((part) => (part ? Number(part) : undefined));
  const start = Date.UTC(year!, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0, second ?? 0);
  // What does not exist, such as 30 February, would become another day.
  const said = [year, month, day, hour, minute, second].filter((part) => part !== undefined);
  const meant = new Date(start).toISOString().match(/\d+/g)!.map(Number).slice(0, said.length);
  if (meant.join() !== said.join()) return undefined;
  if (month === undefined) return { start, stop: Date.UTC(year! + 1, 0) };
  if (day === undefined) return { start, stop: Date.UTC(year!, month) };
  return { start, stop: start + (hour === undefined ? DAY : second === undefined ? 60_000 : 1000) };
}

export const equalRanges = (a: Range, b: Range): boolean => JSON.stringify(a) === JSON.stringify(b);
