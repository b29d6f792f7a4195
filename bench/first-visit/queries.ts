import type { SeriesData } from "./series.ts";

/** What the page checks while the time runs: ends of rows, or extremes of a picture. */
export type Answer =
  | { rows: number; first: number; last: number }
  | { rows: number; low: number; high: number };

export type Query = { expected: Answer } & (
  | { kind: "last"; rows: number }
  | { kind: "all" }
  | { kind: "range"; start: number; stop: number }
  | { kind: "picture"; points: number }
);

/** One line of the table. */
export type StepName = "last" | "last-reload" | "refresh" | "picture" | "all" | "all-reload" | "range";

export interface Step {
  name: StepName;
  /** What the table calls it. */
  title: string;
  kind: Query["kind"];
  /**
   * How the page gets to it: by a first navigation, by another one in the same browser, or on the page, after another
   * client has appended a row.
   */
  by: "navigation" | "reload" | "append";
}

const LAST = 1_000;
const MIDDLE = 50_000;
const POINTS = 1_000;

/** Steps that follow each other in one browser, which starts with an empty profile. */
export const VISITS: readonly (readonly Step[])[] = [
  [
    { name: "last", title: "last 1,000 rows", kind: "last", by: "navigation" },
    { name: "last-reload", title: "last 1,000 rows, after a reload", kind: "last", by: "reload" },
    { name: "refresh", title: "last 1,000 rows, after one append", kind: "last", by: "append" },
  ],
  [{ name: "picture", title: "picture of all rows, 1,000 points", kind: "picture", by: "navigation" }],
  [
    { name: "all", title: "all rows", kind: "all", by: "navigation" },
    { name: "all-reload", title: "all rows, after a reload", kind: "all", by: "reload" },
  ],
  [{ name: "range", title: "50,000 rows in the middle", kind: "range", by: "navigation" }],
];

export const STEPS: readonly Step[] = VISITS.flat();

/** Returns the query of a step with its answer, and the sum of the values that it returns (none of a picture). */
export function queryOf(kind: Query["kind"], { t, v }: SeriesData): { query: Query; sum: number } {
  if (kind === "picture") {
    const query = { kind, points: POINTS, expected: { rows: v.length, ...extremesOf(v) } };
    return { query, sum: 0 };
  }
  const [from, to] = rowsOf(kind, v.length);
  let sum = 0;
  for (let row = from; row < to; row++) sum += v[row]!;
  const expected = { rows: to - from, first: Number(t[from]), last: Number(t[to - 1]) };
  if (kind === "all") return { query: { kind, expected }, sum };
  if (kind === "last") return { query: { kind, rows: LAST, expected }, sum };
  return { query: { kind, start: Number(t[from]), stop: Number(t[to]), expected }, sum };
}

function rowsOf(kind: "last" | "all" | "range", rows: number): [from: number, to: number] {
  if (kind === "all") return [0, rows];
  if (kind === "last") return [rows - LAST, rows];
  const from = Math.floor((rows - MIDDLE) / 2);
  return [from, from + MIDDLE];
}

function extremesOf(values: Float64Array): { low: number; high: number } {
  let [low, high] = [values[0]!, values[0]!];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}
