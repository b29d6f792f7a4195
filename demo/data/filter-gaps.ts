import type { Points } from "lakota";
import type { ChartData } from "../chart/chart-data.ts";
import { nextStep } from "./calendar-step.ts";
import type { LinesRequest } from "./chart-request.ts";
import { NO_KEYS } from "./key-values.ts";
import { linesOf, stepNumber } from "./keyed-rows.ts";
import { readState } from "./read-state.ts";
import type { Resample } from "./resample.ts";
import { resampledColumns } from "./resampled-rows.ts";
import { rowFilter } from "./row-filter.ts";

/** Names that no column of a schema has. */
const STEP = " step";
const ROWS = " rows";

/** Breaks lines where a filter hides rows: what lies between two drawn rows is unknown only there. */
export type BreakLines = (points: readonly Points[]) => Pick<ChartData, "points" | "hiddenAt">;

/** Where lines are not broken: without a filter, rows that are neighbours are drawn as such. */
const unbroken: BreakLines = (points) => ({ points });

/**
 * Finds the steps in which a filter hides all rows: those that have rows, but none that meets it. This counts the rows of
 * each step, for which only the index is read.
 *
 * @param range from the beginning of the first step to the end of the last one
 */
export async function breaksBySteps(
  request: LinesRequest,
  range: readonly [number, number],
  width: number,
  signal: AbortSignal,
): Promise<BreakLines> {
  if (request.where === undefined) return unbroken;
  const [from] = range;
  const steps = { [STEP]: await stepNumber(request, from, width) };
  const starts = await occupied(request, steps, STEP, range, (step) => from + step * width, signal);
  return breakAll(request, starts, (start) => start + width);
}

/** Finds the units of the calendar in which a filter hides all rows, as {@link breaksBySteps} does. */
export async function breaksByUnits(
  request: LinesRequest,
  resample: Resample,
  range: readonly [number, number],
  signal: AbortSignal,
): Promise<BreakLines> {
  if (request.where === undefined) return unbroken;
  const { axis, zone } = request;
  const units = await resampledColumns({ ...request, keys: undefined, drawn: [] }, resample);
  const starts = await occupied(request, units, axis.name, range, (start) => start, signal);
  return breakAll(request, starts, (start) => nextStep(start, resample.step, zone));
}

/** Returns the starts of the groups that have rows, whether these meet the filter or not, for each series and key. */
async function occupied(
  request: LinesRequest,
  group: Awaited<ReturnType<typeof resampledColumns>>,
  name: string,
  [from, to]: readonly [number, number],
  startOf: (value: number) => number,
  signal: AbortSignal,
): Promise<ArrayLike<number>[]> {
  const { series, axis, keys = NO_KEYS, before, onProgress } = request;
  const { col, count } = await import("lakota/query");
  const options = {
    columns: {
      ...group,
      ...Object.fromEntries(keys.columns.map((key) => [key, col(key)])),
      [ROWS]: count(),
    },
    start: axis.time ? Math.floor(from) : from,
    stop: axis.time ? Math.ceil(to) : to,
    closed: "both" as const,
    numbers: true,
    signal,
    onProgress,
    ...(await rowFilter({ keys: request.keys, where: undefined })),
    ...readState(before),
  };
  const frames = await Promise.all(series.map((each) => each.reduce(options)));
  return frames.flatMap((frame) => {
    const values = frame.numbers(name);
    return linesOf(frame, keys, [name], (row) => ({ x: startOf(values[row]!), y: 0 })).map(({ x }) => x);
  });
}

/** @param starts of each series and key, which has a line for each column */
const breakAll =
  (
    { drawn }: LinesRequest,
    starts: readonly ArrayLike<number>[],
    endOf: (start: number) => number,
  ): BreakLines =>
  (points) => {
    const gaps = points.map((line, i) => gapsOf(line, starts[Math.floor(i / drawn.length)] ?? [], endOf));
    return {
      points: points.map((line, i) => breakLine(line, gaps[i]!)),
      hiddenAt: new Set(gaps.flatMap((each) => [...each.values()])),
    };
  };

/**
 * Returns an x between two points wherever a whole step lies there, by the index of the first of them.
 *
 * @param starts of steps, sorted
 */
function gapsOf(
  points: Points,
  starts: ArrayLike<number>,
  endOf: (start: number) => number,
): ReadonlyMap<number, number> {
  const gaps = new Map<number, number>();
  let next = 0;
  for (let i = 0; i + 1 < points.x.length; i++) {
    const [left, right] = [points.x[i]!, points.x[i + 1]!];
    while (next < starts.length && isUpTo(starts[next]!, left, endOf)) next++;
    const start = starts[next];
    if (start === undefined) break;
    const end = endOf(start);
    if (end - (end - start) * ROUNDING <= right) gaps.set(i, (start + end) / 2);
  }
  return gaps;
}

/** Adds missing values to a line. */
function breakLine(points: Points, gaps: ReadonlyMap<number, number>): Points {
  if (gaps.size === 0) return points;
  const withGaps = (values: ArrayLike<number>, at: (x: number) => number) =>
    Float64Array.from(
      Array.from(values).flatMap((value, i) => {
        const gap = gaps.get(i);
        return gap === undefined ? [value] : [value, at(gap)];
      }),
    );
  const missing = () => Number.NaN;
  const { x, y, low, high } = points;
  return {
    x: withGaps(x, (at) => at),
    y: withGaps(y, missing),
    ...(low && { low: withGaps(low, missing) }),
    ...(high && { high: withGaps(high, missing) }),
  };
}

/** Share of a step by which its ends may be off, as they are computed. */
const ROUNDING = 1e-6;

/** Whether a step begins up to a point: then it lies before it, or has it. */
const isUpTo = (start: number, x: number, endOf: (start: number) => number): boolean =>
  start <= x || start - x <= (endOf(start) - start) * ROUNDING;
