import { clip, type Segment } from "../../changelog/segment-table.ts";
import type { Downsampled, DownsampleMethod, DownsampleOptions, Points } from "../../model/api.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Interval, Key } from "../../model/key.ts";
import { toNumbers } from "../../model/numbers.ts";
import type { Column, Schema } from "../../model/schema.ts";
import { Axis, slicesOf } from "../../query/downsample/axis.ts";
import { pointsOf, pointsOfRows, slicesFor } from "../../query/downsample/points.ts";
import type { RepoContext } from "../collection/repo-context.ts";
import { summariesOf } from "./chunk-summaries.ts";
import { planRead } from "./plan.ts";
import { executeRead, type ReadContext } from "./read.ts";
import { type LoadedSegment, SummarisedSegments } from "./summarised-segments.ts";

/** Ranges of no more rows than this are read as they are. */
const PLAIN_ROWS = 1 << 16;
/** Segments under way at a time. */
const AHEAD = 6;
const POINTS = 2_000;
const METHODS: readonly DownsampleMethod[] = ["minmax", "m4", "mean", "lttb"];
const NUMERIC = ["float", "int", "uint", "bool", "datetime", "timedelta"];

/** What a downsampling works on. */
export interface Subject {
  schema: Schema;
  segments: readonly Segment[];
  range: Interval;
  context: ReadContext;
  workshop: RepoContext;
}

interface Request {
  x: Column;
  ys: readonly Column[];
  method: DownsampleMethod;
  points: number;
}

/** Few points of many rows: see {@link Series.downsample}. */
export async function downsample(subject: Subject, options: DownsampleOptions): Promise<Downsampled> {
  const request = check(subject.schema, options);
  const segments = clip(subject.segments, subject.range).filter(({ length }) => length > 0);
  const most = segments.reduce((sum, { length }) => sum + length, 0);
  if (most <= Math.max(PLAIN_ROWS, request.points)) return ofRows(subject, segments, request);
  const work = async () => {
    const parts = new SummarisedSegments({
      ...subject,
      segments,
      ...request,
      summaries: summariesOf(subject.workshop),
    });
    try {
      const { low, high } = await parts.ends();
      return await ofParts(parts, axisOf(subject.range, request, low, high), request);
    } finally {
      parts.stop();
    }
  };
  const { source, signal } = subject.context;
  const bytes = AHEAD * Math.max(...segments.map(({ length }) => 8 * length * (2 + request.ys.length)));
  const found = await source.memoryBudget({ chunks: 0, bytes }).run(bytes, work, signal);
  // Segments may show far fewer rows than they store.
  return found.rows > request.points ? found : ofRows(subject, segments, request);
}

async function ofRows(
  subject: Subject,
  segments: readonly Segment[],
  request: Request,
): Promise<Downsampled> {
  const { x, ys, method, points } = request;
  const plan = planRead(
    segments,
    subject.schema,
    subject.range,
    [x, ...ys].map(({ name }) => name),
  );
  const { frame } = await executeRead(plan, { ...subject.context, numbers: true });
  const xs = frame.numbers(x.name);
  const axis = axisOf(subject.range, request, xs[0] ?? Number.NaN, xs[xs.length - 1] ?? Number.NaN);
  return answer(frame.length, ys, ({ name }) => pointsOfRows(xs, frame.numbers(name), axis, method, points));
}

/** One pass over the segments, in order, a few of them ahead. */
async function ofParts(
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
  return answer(rows, ys, (_, i) => pointsOf(slices[i]!, axis, method, points));
}

const answer = (
  rows: number,
  ys: readonly Column[],
  points: (y: Column, i: number) => Points,
): Downsampled => ({
  rows,
  columns: Object.fromEntries(ys.map((y, i) => [y.name, points(y, i)])),
});

/** From where the range begins, or the first row, to where it ends, or the last row. */
function axisOf({ lo, hi }: Interval, { x, method, points }: Request, first: number, last: number): Axis {
  return new Axis(numberOf(lo.key, x) ?? first, numberOf(hi.key, x) ?? last, slicesFor(method, points));
}

/** The first value of a key as a number; undefined for the bound of an open range. */
export function numberOf([value]: Key, { dtype }: Column): number | undefined {
  if (typeof value === "number" || value === undefined) return value;
  if (typeof value === "string") return undefined;
  const one = dtype.kind === "uint" ? BigUint64Array.of(value) : BigInt64Array.of(value);
  return (toNumbers(one, dtype) as Float64Array)[0];
}

/** @throws `invalid-argument` */
function check(schema: Schema, { columns, points = POINTS, method = "minmax" }: DownsampleOptions): Request {
  const [x] = schema.index;
  if (!x || !NUMERIC.includes(x.dtype.kind)) {
    throw new LakotaError(
      "invalid-argument",
      `A chart needs times or numbers along its axis; the index starts with "${x?.name}" (${x?.dtype.name}).`,
    );
  }
  const numeric = ({ dtype }: Column) => NUMERIC.includes(dtype.kind);
  const named = columns?.map((name) => schema.column(name));
  const wrong = named?.find((column) => !numeric(column) || column === x);
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
  const ys = named ?? schema.columns.filter((column) => column !== x && numeric(column));
  return { x, ys: [...new Set(ys)], method, points };
}
