import { mapLimit } from "../../async/map-limit.ts";
import type { Aligned, AlignedPoints, AlignedSeries, DownsampleOptions } from "../../model/api/read.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Schema } from "../../model/schema.ts";
import { pointsAt, positionsOf, unionOf, usedSlices, valuesAt } from "../../query/downsample/aligned.ts";
import { Axis } from "../../query/downsample/axis.ts";
import { slicesFor } from "../../query/downsample/points.ts";
import type { Numbers } from "../../query/downsample/summary.ts";
import {
  type ChartRange,
  type ChartRequest,
  chartRange,
  checkRequest,
  type DownsampleInput,
  rowsOfRange,
  slicesOfRange,
  withSummaries,
} from "./downsample.ts";
import { numberOf } from "./key-number.ts";

/** Series read at a time. */
const CONCURRENT_SERIES = 4;

/** A series, and where its rows lie. */
interface Extent {
  readonly label: string;
  readonly range: ChartRange;
  /** Positions of its first and last row; NaN if there are none. */
  readonly low: number;
  readonly high: number;
  /** Positions of all rows, if these are at most as many as the points. */
  readonly xs: Numbers | undefined;
}

/**
 * Downsamples series to common positions: {@link Collection.downsample} with `align`.
 *
 * @param inputs the series by label, in the order of the result
 * @throws as there
 */
export async function alignSeries(
  schema: Schema,
  inputs: readonly (readonly [label: string, input: DownsampleInput])[],
  options: DownsampleOptions,
): Promise<Aligned> {
  const request = checkRequest(schema, options);
  if (request.method === "lttb")
    throw new LakotaError(
      "invalid-argument",
      'method: "lttb" chooses other positions in each series, so they cannot be aligned. Use minmax, m4 or mean.',
    );
  const extents = await mapLimit(
    inputs,
    async ([label, input]) => extentOf(label, chartRange(input, request), request),
    CONCURRENT_SERIES,
  );
  const all = extents.map(({ xs }) => xs).filter((xs) => xs !== undefined);
  const x = all.length === extents.length ? unionOf(all) : undefined;
  return x && x.length <= request.points ? atRows(x, extents, request) : atSlices(extents, request);
}

/** Finds where the rows of a series lie. Reads their positions if they are few. */
async function extentOf(label: string, range: ChartRange, request: ChartRequest): Promise<Extent> {
  if (!range.isShort) {
    const ends = await withSummaries(range, request, (parts) => parts.ends());
    return { label, range, ...ends, xs: undefined };
  }
  const { xs } = await rowsOfRange(range, { ...request, ys: [] });
  const [low, high] = [xs[0] ?? Number.NaN, xs[xs.length - 1] ?? Number.NaN];
  return { label, range, low, high, xs: xs.length <= request.points ? xs : undefined };
}

/** All rows, at their own positions. */
async function atRows(x: Float64Array, extents: readonly Extent[], request: ChartRequest): Promise<Aligned> {
  const read = async ({ label, range }: Extent): Promise<[string, AlignedSeries]> => {
    const { xs, ys } = await rowsOfRange(range, request);
    const columns = request.ys.map(({ name }, i): [string, AlignedPoints] => {
      const y = valuesAt(x, xs, ys[i]!);
      return [name, request.method === "mean" ? { y, low: y.slice(), high: y.slice() } : { y }];
    });
    return [label, { rows: xs.length, columns: Object.fromEntries(columns) }];
  };
  return { x, series: new Map(await mapLimit(extents, read, CONCURRENT_SERIES)) };
}

/** The slices of an axis that all series share. */
async function atSlices(extents: readonly Extent[], request: ChartRequest): Promise<Aligned> {
  const { x, method, points } = request;
  const [{ range } = {}] = extents;
  const given = range?.input.range;
  const axis = new Axis(
    (given && numberOf(given.lo.key, x)) ?? leastOf(extents.map(({ low }) => low)),
    (given && numberOf(given.hi.key, x)) ?? -leastOf(extents.map(({ high }) => -high)),
    slicesFor(method, points),
  );
  const sliced = await mapLimit(
    extents,
    ({ range }) => slicesOfRange(range, axis, request),
    CONCURRENT_SERIES,
  );
  const used = usedSlices(sliced.flatMap(({ slices }) => slices));
  const series = extents.map(({ label }, each): [string, AlignedSeries] => {
    const { rows, slices } = sliced[each]!;
    const columns = request.ys.map(({ name }, i) => [name, pointsAt(slices[i]!, used, method)]);
    return [label, { rows, columns: Object.fromEntries(columns) }];
  });
  return { x: positionsOf(axis, used, method), series: new Map(series) };
}

/** Returns the least number; NaN if there is none. */
function leastOf(values: readonly number[]): number {
  let least = Number.NaN;
  for (const value of values) if (!(value >= least) && !Number.isNaN(value)) least = value;
  return least;
}
