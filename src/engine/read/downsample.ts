import { clip, type Segment } from "../../changelog/segment-table.ts";
import type { Downsampled, DownsampleMethod, DownsampleOptions, Points } from "../../model/api/read.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Interval, Key } from "../../model/key.ts";
import { toNumbers } from "../../model/numbers.ts";
import type { Column, Schema } from "../../model/schema.ts";
import { Axis, areNarrow, slicesOf } from "../../query/downsample/axis.ts";
import { pointsOf, pointsOfRows, slicesFor } from "../../query/downsample/points.ts";
import { isNumeric, valueColumns } from "../overviews/chart-columns.ts";
import { sharedOverviews } from "../overviews/overview-files.ts";
import { type SharedSummaries, sharedSummaries } from "./chunk-summaries.ts";
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

interface Request {
  x: Column;
  ys: readonly Column[];
  method: DownsampleMethod;
  points: number;
}

/** Reduces the rows of a range to a few points for a chart: {@link Series.downsample}. @throws as there */
export async function downsample(input: DownsampleInput, options: DownsampleOptions): Promise<Downsampled> {
  const request = check(input.schema, options);
  const segments = clip(input.segments, input.range).filter(({ length }) => length > 0);
  const most = segments.reduce((sum, { length }) => sum + length, 0);
  if (most <= Math.max(MAX_PLAIN_ROWS, request.points)) return fromRows(input, segments, request);
  const work = async () => {
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
        files: input.context.current && (await files.exist(input.context.signal)) ? files : undefined,
      }),
    });
    try {
      const { low, high } = await parts.ends();
      return await fromSummaries(parts, axisOf(input.range, request, low, high), request);
    } finally {
      parts.stop();
    }
  };
  const { source, signal } = input.context;
  const bytes = AHEAD * Math.max(...segments.map(({ length }) => 8 * length * (2 + request.ys.length)));
  const downsampled = await source.memoryBudget({ chunks: 0, bytes }).run(bytes, work, signal);
  // Segments may have far fewer visible rows than stored ones.
  return downsampled.rows > request.points ? downsampled : fromRows(input, segments, request);
}

async function fromRows(
  input: DownsampleInput,
  segments: readonly Segment[],
  request: Request,
): Promise<Downsampled> {
  const { x, ys, method, points } = request;
  const plan = planRead(
    segments,
    input.schema,
    input.range,
    [x, ...ys].map(({ name }) => name),
  );
  const { frame } = await executeRead(plan, { ...input.context, numbers: true });
  const xs = frame.numbers(x.name);
  const axis = axisOf(input.range, request, xs[0] ?? Number.NaN, xs[xs.length - 1] ?? Number.NaN);
  return toDownsampled(frame.length, ys, ({ name }) =>
    pointsOfRows(xs, frame.numbers(name), axis, method, points),
  );
}

/** Makes one pass over the segments, in order. */
async function fromSummaries(
  parts: SummarisedSegments,
  axis: Axis,
  { ys, method, points }: Request,
): Promise<Downsampled> {
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
  return toDownsampled(rows, ys, (_, i) => pointsOf(slices[i]!, axis, method, points));
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
function axisOf({ lo, hi }: Interval, { x, method, points }: Request, first: number, last: number): Axis {
  return new Axis(numberOf(lo.key, x) ?? first, numberOf(hi.key, x) ?? last, slicesFor(method, points));
}

/** Returns the first value of a key as a number. Undefined for an unbounded range. */
export function numberOf([value]: Key, { dtype }: Column): number | undefined {
  if (typeof value === "number" || value === undefined) return value;
  if (typeof value === "string") return undefined;
  const single = dtype.kind === "uint" ? BigUint64Array.of(value) : BigInt64Array.of(value);
  return (toNumbers(single, dtype) as Float64Array)[0];
}

/** Validates the options. @throws `invalid-argument` */
function check(
  schema: Schema,
  { columns, points = DEFAULT_POINTS, method = "minmax" }: DownsampleOptions,
): Request {
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
