import type { Collection, Downsampled, Frame, ReadProgress, Revision, Schema, Series } from "lakota";
import type { ChartData, ChartSource, Line, XRange } from "../chart/chart-data.ts";
import { roundStep } from "../chart/round-step.ts";
import type { KnownFirst } from "./known-first.ts";
import { DAY, type Range, type Span } from "./range.ts";

/**
 * Up to this many rows are drawn as they are; more are drawn as means, with a band from lowest to highest.
 */
const MAX_PLAIN_ROWS = 6_000;
/** Number of rows at the end of a series from which the usual distance between rows is computed. */
const SAMPLE_ROWS = 100;
/** Least distance between two means, in CSS pixels. */
const MIN_STEP_PIXELS = 2;

const NUMERIC = ["float", "int", "uint", "bool"];

/** What to draw: columns of some series, over a range, in the current state or the one before a revision. */
export interface ChartRequest {
  collection: Collection;
  series: readonly Series[];
  /** Names of the selected columns; those that cannot be drawn are ignored. */
  columns: readonly string[];
  range: Range;
  /** Units by column. */
  units: Readonly<Record<string, string>>;
  before: Revision | undefined;
  reads: KnownFirst;
  signal: AbortSignal;
  onProgress: (progress: ReadProgress) => void;
}

/** Returns the first index column if it can be an x axis. `time` is false for numbers. */
export function xAxisOf(schema: Schema): { name: string; time: boolean } | undefined {
  const [first] = schema.index;
  const kind = first?.dtype.kind ?? "";
  const time = kind === "datetime";
  return first && (time || NUMERIC.includes(kind)) ? { name: first.name, time } : undefined;
}

/** Returns the names of the columns that can be drawn. */
const drawable = (schema: Schema): string[] =>
  schema.columns.filter(({ dtype, index }) => !index && NUMERIC.includes(dtype.kind)).map(({ name }) => name);

/**
 * Reads the first and the last rows of some series, a small part of the data. Undefined if there are none.
 */
export async function readSpan({
  collection,
  series,
  before,
  reads,
  signal,
}: Pick<ChartRequest, "collection" | "series" | "before" | "reads" | "signal">): Promise<Span | undefined> {
  const axis = xAxisOf(collection.schema);
  if (!axis) return undefined;
  const options = { columns: [axis.name], numbers: true, signal, ...(before && { before }) };
  const ends = await Promise.all(
    series.map(async (each) => {
      const [head, tail] = await Promise.all([
        reads.take<Frame>((onStale) => each.read({ ...options, onStale, limit: 1 })),
        reads.take<Frame>((onStale) => each.tail(SAMPLE_ROWS, { ...options, onStale })),
      ]);
      return [...head.numbers(axis.name), ...tail.numbers(axis.name)];
    }),
  );
  const nonEmpty = ends.filter(({ length }) => length > 0);
  const first = Math.min(...nonEmpty.map(([x]) => x!));
  const last = Math.max(...nonEmpty.map((xs) => xs.at(-1)!));
  const steps = nonEmpty.flatMap((xs) => xs.slice(1).map((x, i) => x - xs[i]!)).filter((step) => step > 0);
  return nonEmpty.length > 0 ? { first, last, step: Math.min(...steps, last - first) } : undefined;
}

/**
 * Opens the source of a chart, which reads a range when the chart shows it. Undefined if there is nothing to
 * draw.
 *
 * @param span extent of the x axis
 */
export async function openChartSource(
  request: ChartRequest,
  span: Span | undefined,
): Promise<ChartSource | undefined> {
  const { collection, series, before, reads, onProgress } = request;
  const axis = xAxisOf(collection.schema);
  const columns = drawable(collection.schema).filter((name) => request.columns.includes(name));
  const full = span && (await fullRange(request, span));
  if (!axis || !span || !full || columns.length === 0) return undefined;

  async function load([low, high]: XRange, pixels: number, signal: AbortSignal): Promise<ChartData> {
    const common = { columns, signal, onProgress, method: "mean" as const, ...(before && { before }) };
    const read = (from: number, to: number, points: number) => {
      // The last row of the range belongs to it; a row at the start of the next step does not.
      const range = {
        start: Math.floor(from),
        stop: Math.ceil(to),
        closed: to > high ? "left" : "both",
      } as const;
      const options = { ...common, ...range, points };
      return Promise.all(
        series.map((each) => reads.take<Downsampled>((onStale) => each.downsample({ ...options, onStale }))),
      );
    };
    const step = roundStep((MIN_STEP_PIXELS * (high - low)) / pixels, axis!.time);
    const from = Math.floor(low / step.width) * step.width;
    const to = Math.ceil(high / step.width) * step.width;
    const means = await read(from, to, Math.max(4, Math.round((to - from) / step.width)));
    const rows = means.reduce((sum, result) => sum + result.rows, 0);
    if (rows > MAX_PLAIN_ROWS) {
      return {
        range: [from, to],
        rows,
        step,
        points: means.flatMap((result) => columns.map((name) => result.columns[name]!)),
      };
    }
    // Reads a little more on both sides, so that lines continue to the edges.
    const margin = (high - low) / 20 + 2 * span!.step;
    const results = await read(
      Math.max(full![0], low - margin),
      Math.min(full![1], high + margin),
      MAX_PLAIN_ROWS,
    );
    const points = results.flatMap((result) => columns.map((name) => result.columns[name]!));
    const visible = results.map(
      (result) => result.columns[columns[0]!]!.x.filter((x) => x >= low && x <= high).length,
    );
    return {
      range: [low, high],
      rows: visible.reduce((sum, count) => sum + count, 0),
      step: undefined,
      points,
    };
  }
  return { lines: nameLines(request, columns), time: axis.time, step: span.step, full, load };
}

/** Returns the extent of the x axis for the selected range. */
async function fullRange(
  { collection, series, range, before, reads, signal }: ChartRequest,
  span: Span,
): Promise<XRange> {
  switch (range.kind) {
    case "last":
      return [Math.max(span.first, span.last - range.days * DAY), span.last];
    case "between":
      return [range.start, range.stop - 1];
    case "tail": {
      const { name } = xAxisOf(collection.schema)!;
      const options = { columns: [name], numbers: true, signal, ...(before && { before }) };
      const frames = await Promise.all(
        series.map((each) => reads.take<Frame>((onStale) => each.tail(range.rows, { ...options, onStale }))),
      );
      return [Math.min(...frames.map((frame) => frame.numbers(name)[0] ?? span.last)), span.last];
    }
    default:
      return [span.first, span.last];
  }
}

/** Names the lines after their columns, or with several series after the series. */
function nameLines({ series, units }: ChartRequest, columns: readonly string[]): Line[] {
  return series.flatMap(({ label }) =>
    columns.map((column) => {
      const name = series.length === 1 ? column : columns.length === 1 ? label : `${label}: ${column}`;
      return { name, unit: units[column] };
    }),
  );
}
