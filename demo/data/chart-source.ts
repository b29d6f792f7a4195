import type { Collection, ReadProgress, Revision, Schema, Series } from "lakota";
import type { ChartData, ChartSource, Line, XRange as Places } from "../chart/chart-data.ts";
import { roundStep } from "../chart/round-step.ts";
import { DAY, type Range, type Span } from "./range.ts";

/** Up to so many rows are drawn as they are; more, as means, and a band from lowest to highest. */
const MAX_PLAIN_ROWS = 6_000;
/** Rows at the end that tell how far apart rows usually are. */
const SAMPLE_ROWS = 100;
/** How close two means may be, in CSS pixels. */
const MIN_STEP_PIXELS = 2;

const NUMERIC = ["float", "int", "uint", "bool"];

/** What is to be drawn: columns of some series, over a range, as they were before a revision or are now. */
export interface ChartRequest {
  collection: Collection;
  series: readonly Series[];
  /** Ticked by the user; index and text may be among them. */
  columns: readonly string[];
  range: Range;
  /** By column. */
  units: Readonly<Record<string, string>>;
  before: Revision | undefined;
  signal: AbortSignal;
  onProgress: (progress: ReadProgress) => void;
}

/** The first index column, if it makes an x axis. */
export function xAxisOf(schema: Schema): { name: string; time: boolean } | undefined {
  const [first] = schema.index;
  const kind = first?.dtype.kind ?? "";
  const time = kind === "datetime";
  return first && (time || NUMERIC.includes(kind)) ? { name: first.name, time } : undefined;
}

/** The columns that can be drawn. */
const drawable = (schema: Schema): string[] =>
  schema.columns.filter(({ dtype, index }) => !index && NUMERIC.includes(dtype.kind)).map(({ name }) => name);

/** Reads both ends of some series' x axis, which is a fraction of the data; undefined where there are no rows. */
export async function readSpan({
  collection,
  series,
  before,
  signal,
}: Omit<ChartRequest, "range" | "units">): Promise<Span | undefined> {
  const axis = xAxisOf(collection.schema);
  if (!axis) return undefined;
  const options = { columns: [axis.name], numbers: true, signal, ...(before && { before }) };
  const ends = await Promise.all(
    series.map(async (each) => {
      const [head, tail] = await Promise.all([
        each.read({ ...options, limit: 1 }),
        each.tail(SAMPLE_ROWS, options),
      ]);
      return [...head.numbers(axis.name), ...tail.numbers(axis.name)];
    }),
  );
  const found = ends.filter(({ length }) => length > 0);
  const first = Math.min(...found.map(([x]) => x!));
  const last = Math.max(...found.map((xs) => xs.at(-1)!));
  const steps = found.flatMap((xs) => xs.slice(1).map((x, i) => x - xs[i]!)).filter((step) => step > 0);
  return found.length > 0 ? { first, last, step: Math.min(...steps, last - first) } : undefined;
}

/** The lines of a wish, read as they are looked at; undefined where there is nothing to draw. */
export async function openChartSource(
  wish: ChartRequest,
  span: Span | undefined,
): Promise<ChartSource | undefined> {
  const { collection, series, before, onProgress } = wish;
  const axis = xAxisOf(collection.schema);
  const columns = drawable(collection.schema).filter((name) => wish.columns.includes(name));
  const full = span && (await fullRange(wish, span));
  if (!axis || !span || !full || columns.length === 0) return undefined;

  async function load([low, high]: Places, pixels: number, signal: AbortSignal): Promise<ChartData> {
    const common = { columns, signal, onProgress, method: "mean" as const, ...(before && { before }) };
    const read = (from: number, to: number, points: number) => {
      // A row that is the last of the range belongs to it, one at the border of the next slice does not.
      const range = {
        start: Math.floor(from),
        stop: Math.ceil(to),
        closed: to > high ? "left" : "both",
      } as const;
      return Promise.all(series.map((each) => each.downsample({ ...common, ...range, points })));
    };
    const step = roundStep((MIN_STEP_PIXELS * (high - low)) / pixels, axis!.time);
    const from = Math.floor(low / step.width) * step.width;
    const to = Math.ceil(high / step.width) * step.width;
    const means = await read(from, to, Math.max(4, Math.round((to - from) / step.width)));
    const rows = means.reduce((sum, found) => sum + found.rows, 0);
    if (rows > MAX_PLAIN_ROWS) {
      return {
        range: [from, to],
        rows,
        step,
        points: means.flatMap((found) => columns.map((name) => found.columns[name]!)),
      };
    }
    // Somewhat more at both sides, so that lines run off the edges.
    const air = (high - low) / 20 + 2 * span!.step;
    const plain = await read(Math.max(full![0], low - air), Math.min(full![1], high + air), MAX_PLAIN_ROWS);
    const points = plain.flatMap((found) => columns.map((name) => found.columns[name]!));
    const seen = plain.map(
      (found) => found.columns[columns[0]!]!.x.filter((x) => x >= low && x <= high).length,
    );
    return { range: [low, high], rows: seen.reduce((sum, count) => sum + count, 0), step: undefined, points };
  }
  return { lines: nameLines(wish, columns), time: axis.time, step: span.step, full, load };
}

/** All of the range that the user chose. */
async function fullRange(
  { collection, series, range, before, signal }: ChartRequest,
  span: Span,
): Promise<Places> {
  switch (range.kind) {
    case "last":
      return [Math.max(span.first, span.last - range.days * DAY), span.last];
    case "between":
      return [range.start, range.stop - 1];
    case "tail": {
      const { name } = xAxisOf(collection.schema)!;
      const options = { columns: [name], numbers: true, signal, ...(before && { before }) };
      const frames = await Promise.all(series.map((each) => each.tail(range.rows, options)));
      return [Math.min(...frames.map((frame) => frame.numbers(name)[0] ?? span.last)), span.last];
    }
    default:
      return [span.first, span.last];
  }
}

/** Named by column; where there are several series, by these. */
function nameLines({ series, units }: ChartRequest, columns: readonly string[]): Line[] {
  return series.flatMap(({ label }) =>
    columns.map((column) => {
      const name = series.length === 1 ? column : columns.length === 1 ? label : `${label}: ${column}`;
      return { name, unit: units[column] };
    }),
  );
}
