import { clip, type Segment } from "../../changelog/segment-table.ts";
import type { Downsampled, DownsampleMethod, DownsampleOptions, Points } from "../../model/api/read.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Interval } from "../../model/key.ts";
import type { Column, Schema } from "../../model/schema.ts";
import { Axis, areNarrow, slicesOf } from "../../query/downsample/axis.ts";
import { pointsOf, pointsOfRows, slicesFor } from "../../query/downsample/points.ts";
import type { Numbers, Summary } from "../../query/downsample/summary.ts";
import { isNumeric, valueColumns } from "../overviews/chart-columns.ts";
import { sharedOverviews } from "../overviews/overview-files.ts";
import { type SharedSummaries, sharedSummaries } from "./chunk-summaries.ts";
import { numberOf } from "./key-number.ts";
import { planRead } from "./plan.ts";
import { checkNames } from "./range.ts";
import { executeRead } from "./read.ts";
import type { SeriesRange } from "./read-context.ts";
import { SegmentOverviews } from "./segment-overviews.ts";
import { type LoadedSegment, SummarisedSegments } from "./summarised-segments.ts";

/** Ranges of at most this many rows are read without summaries. */
const MAX_PLAIN_ROWS = 1 << 16;
/** Segments loaded ahead. */
const AHEAD = 6;
const DEFAULT_POINTS = 2_000;
const METHODS: readonly DownsampleMethod[] = ["minmax", "m4", "mean", "lttb"];

/** The range to downsample. */
export interface DownsampleInput extends SeriesRange {
  schema: Schema;
  shared: SharedSummaries;
}

/** What to draw. */
export interface ChartRequest {
  readonly x: Column;
  readonly ys: readonly Column[];
  readonly method: DownsampleMethod;
  readonly points: number;
}

/** A range with the segments that have rows of it. */
export interface ChartRange {
  readonly input: DownsampleInput;
  readonly segments: readonly Segment[];
  /** Rows in the range, at most. */
  readonly most: number;
  /** Whether its rows are read without summaries. */
  readonly isShort: boolean;
}

/** Rows in the order of the index, as numbers. */
export interface ChartRows {
  readonly xs: Numbers;
  readonly ys: readonly Numbers[];
}

/** Values of each column in slices of an axis. */
export interface ChartSlices {
  readonly rows: number;
  readonly slices: readonly Summary[];
}

/** Reduces the rows of a range to a few points for a chart: {@link Series.downsample}. @throws as there */
export async function downsample(input: DownsampleInput, options: DownsampleOptions): Promise<Downsampled> {
  const request = checkRequest(input.schema, options);
  const range = chartRange(input, request);
  if (range.isShort) return fromRows(range, request);
  const { ys, method, points } = request;
  const downsampled = await withSummaries(range, request, async (parts) => {
    const { low, high } = await parts.ends();
    const axis = axisOf(input.range, request, low, high);
    const { rows, slices } = await addSegments(parts, axis, ys);
    return toDownsampled(rows, ys, (_, i) => pointsOf(slices[i]!, axis, method, points));
  });
  // Segments may have far fewer visible rows than stored ones.
  return downsampled.rows > points ? downsampled : fromRows(range, request);
}

export function chartRange(input: DownsampleInput, { points }: ChartRequest): ChartRange {
  const segments = clip(input.segments, input.range).filter(({ length }) => length > 0);
  const most = segments.reduce((sum, { length }) => sum + length, 0);
  return { input, segments, most, isShort: most <= Math.max(MAX_PLAIN_ROWS, points) };
}

/** Runs `work` on the summaries of a long range, within the memory budget of the repo. */
export async function withSummaries<T>(
  { input, segments, most }: ChartRange,
  request: ChartRequest,
  work: (parts: SummarisedSegments) => Promise<T>,
): Promise<T> {
  const { source, signal } = input.context;
  const bytes = AHEAD * Math.max(...segments.map(({ length }) => 8 * length * (2 + request.ys.length)));
  const run = async () => {
    const files = sharedOverviews(input.shared);
    const parts = new SummarisedSegments({
      ...input,
      segments,
      ...request,
      summaries: sharedSummaries(input.shared),
      isNarrow: (rowsPerBlock) => areNarrow(rowsPerBlock, most, slicesFor(request.method, request.points)),
      overviews: new SegmentOverviews({
        ...input,
        // Those of earlier states may have been deleted.
        files: input.context.current && (await files.exist(signal)) ? files : undefined,
      }),
    });
    try {
      return await work(parts);
    } finally {
      parts.stop();
    }
  };
  return source.memoryBudget({ chunks: 0, bytes }).run(bytes, run, signal);
}

/** Reads the rows of a range. */
export async function rowsOfRange(
  { input, segments }: ChartRange,
  { x, ys }: Pick<ChartRequest, "x" | "ys">,
): Promise<ChartRows> {
  const names = [x, ...ys].map(({ name }) => name);
  const plan = planRead(segments, input.schema, input.range, names);
  const { frame } = await executeRead(plan, { ...input.context, numbers: true });
  return { xs: frame.numbers(x.name), ys: ys.map(({ name }) => frame.numbers(name)) };
}

/** Adds the rows of a range to the slices of an axis. */
export async function slicesOfRange(
  range: ChartRange,
  axis: Axis,
  request: ChartRequest,
): Promise<ChartSlices> {
  if (!range.isShort) return withSummaries(range, request, (parts) => addSegments(parts, axis, request.ys));
  const { xs, ys } = await rowsOfRange(range, request);
  const slices = ys.map((values) => {
    const into = slicesOf(axis);
    axis.addRows(into, xs, values, 0, xs.length);
    return into;
  });
  return { rows: xs.length, slices };
}

async function fromRows(range: ChartRange, request: ChartRequest): Promise<Downsampled> {
  const { method, points } = request;
  const { xs, ys } = await rowsOfRange(range, request);
  const axis = axisOf(range.input.range, request, xs[0] ?? Number.NaN, xs[xs.length - 1] ?? Number.NaN);
  return toDownsampled(xs.length, request.ys, (_, i) => pointsOfRows(xs, ys[i]!, axis, method, points));
}

/** Makes one pass over the segments, in order. */
async function addSegments(
  parts: SummarisedSegments,
  axis: Axis,
  ys: readonly Column[],
): Promise<ChartSlices> {
  const slices = ys.map(() => slicesOf(axis));
  let rows = 0;
  const add = (part: LoadedSegment) => {
    rows += part.rows;
    for (const piece of part.pieces) {
      slices.forEach((into, i) => {
        if (piece.blocks) axis.addBlocks(into, piece.blocks[i]!, piece.from, piece.to);
        else axis.addRows(into, piece.xs, piece.ys[i]!, 0, piece.xs.length);
      });
    }
  };
  await parts.each(AHEAD, axis, add);
  return { rows, slices };
}

const toDownsampled = (
  rows: number,
  ys: readonly Column[],
  points: (y: Column, i: number) => Points,
): Downsampled => ({
  rows,
  columns: Object.fromEntries(ys.map((y, i) => [y.name, points(y, i)])),
});

/** Returns the x axis: from the start of the range, or its first row, to its stop, or its last row. */
function axisOf(
  { lo, hi }: Interval,
  { x, method, points }: ChartRequest,
  first: number,
  last: number,
): Axis {
  return new Axis(numberOf(lo.key, x) ?? first, numberOf(hi.key, x) ?? last, slicesFor(method, points));
}

/** Validates the options. @throws `invalid-argument` */
export function checkRequest(
  schema: Schema,
  { columns, points = DEFAULT_POINTS, method = "minmax" }: DownsampleOptions,
): ChartRequest {
  const [x] = schema.index;
  if (!x || !isNumeric(x)) {
    throw new LakotaError(
      "invalid-argument",
      `A chart needs times or numbers on its x axis, but the index starts with "${x?.name}" (${x?.dtype.name}).`,
    );
  }
  checkNames("columns", columns);
  const named = columns?.map((name) => schema.column(name));
  const wrong = named?.find((column) => !isNumeric(column) || column === x);
  if (wrong) {
    const why = wrong === x ? "is the x axis itself" : `(${wrong.dtype.name}) holds no numbers`;
    throw new LakotaError("invalid-argument", `Column "${wrong.name}" ${why}: it cannot be downsampled.`);
  }
  if (!Number.isInteger(points) || points < 4 || points > 1e6) {
    throw new LakotaError(
      "invalid-argument",
      `points: ${String(points)} is not a whole number from 4 to 1,000,000.`,
    );
  }
  if (!METHODS.includes(method)) {
    throw new LakotaError(
      "invalid-argument",
      `method: "${String(method)}" is not one of ${METHODS.join(", ")}.`,
    );
  }
  const ys = named ?? valueColumns(schema);
  return { x, ys: [...new Set(ys)], method, points };
}
