import type { Points } from "lakota";
import { nextStep, stepStart } from "./calendar-step.ts";
import type { LinesRequest } from "./chart-request.ts";
import { type KeyValues, NO_KEYS } from "./key-values.ts";
import { linesOf } from "./keyed-rows.ts";
import { readState } from "./read-state.ts";
import type { Resample } from "./resample.ts";
import { rowFilter } from "./row-filter.ts";

/** A name that no column of a schema has. */
const ROWS = " rows";

/** What {@link resampledColumns} needs to know of a request. */
type ResampledRequest = Pick<LinesRequest, "axis" | "drawn" | "zone"> & {
  keys: Pick<KeyValues, "columns"> | undefined;
};

/** Returns the columns of rows that are grouped by the calendar: the unit, the keys, and a value of each column. */
export async function resampledColumns(
  { axis, drawn, keys, zone }: ResampledRequest,
  { step, aggregate }: Resample,
) {
  const query = await import("lakota/query");
  const { col, float64, floor, isnan, not, sum } = query;
  const combined = (name: string) => {
    const value = float64(col(name));
    return aggregate === "count" ? sum(not(isnan(value))) : query[aggregate](value);
  };
  return {
    [axis.name]: zone === "UTC" ? floor(col(axis.name), step) : floor(col(axis.name), step, zone),
    ...Object.fromEntries((keys?.columns ?? []).map((name) => [name, col(name)])),
    ...Object.fromEntries(drawn.map(({ name }) => [name, combined(name)])),
  };
}

/** Returns the range of whole units around a range, within the rows that are shown. */
export function wholeSteps(
  [low, high]: readonly [number, number],
  [first, last]: readonly [number, number],
  { step }: Resample,
  zone: string,
): [number, number] {
  return [Math.max(first, stepStart(low, step, zone)), Math.min(last, nextStep(high - 1, step, zone) - 1)];
}

/** Reads the value of each calendar unit in a range, both ends included, for each line. */
export async function readResampled(
  request: LinesRequest,
  resample: Resample,
  [from, to]: readonly [number, number],
  signal: AbortSignal,
): Promise<{ rows: number; points: Points[] }> {
  const { series, axis, drawn, keys = NO_KEYS, before, onProgress } = request;
  const { count } = await import("lakota/query");
  const options = {
    columns: { ...(await resampledColumns(request, resample)), [ROWS]: count() },
    start: Math.floor(from),
    stop: Math.ceil(to),
    closed: "both" as const,
    numbers: true,
    signal,
    onProgress,
    ...(await rowFilter(request)),
    ...readState(before),
  };
  const frames = await Promise.all(series.map((each) => each.reduce(options)));
  const names = drawn.map(({ name }) => name);
  const rowsIn = (counts: Float64Array) => counts.reduce((sum, n) => sum + n, 0);
  return {
    rows: frames.reduce((sum, frame) => sum + rowsIn(Float64Array.from(frame.numbers(ROWS))), 0),
    points: frames.flatMap((frame) => {
      const x = frame.numbers(axis.name);
      return linesOf(frame, keys, names, (row, name) => ({ x: x[row]!, y: frame.numbers(name)[row]! }));
    }),
  };
}
