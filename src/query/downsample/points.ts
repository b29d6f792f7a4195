import type { DownsampleMethod, Points } from "../../model/api/read.ts";
import { type Axis, slicesOf } from "./axis.ts";
import { lttb } from "./lttb.ts";
import type { Numbers, Summary } from "./summary.ts";

/** The most points that a slice yields. */
export const POINTS_PER_SLICE: Readonly<Record<DownsampleMethod, number>> = {
  mean: 1,
  minmax: 2,
  m4: 4,
  lttb: 1,
};
/** If the rows do not fit into memory, LTTB chooses among the extremes of this many slices per point. */
const CANDIDATE_SLICES = 4;

/** Returns the number of slices for at most `points` points; `lttb` chooses among more. */
export const slicesFor = (method: DownsampleMethod, points: number): number =>
  method === "lttb" ? CANDIDATE_SLICES * points : Math.max(1, Math.floor(points / POINTS_PER_SLICE[method]));

/** Returns the points of a column whose rows were added to slices. */
export function pointsOf(slices: Summary, axis: Axis, method: DownsampleMethod, points: number): Points {
  switch (method) {
    case "mean":
      return means(slices, axis);
    case "minmax":
      return extremes(slices, false);
    case "m4":
      return extremes(slices, true);
    case "lttb": {
      const { x, y } = extremes(slices, false);
      return largest(x, y, points);
    }
  }
}

/** Returns the points of a column in memory. A range of at most `points` rows is returned unchanged. */
export function pointsOfRows(
  xs: Numbers,
  ys: Numbers,
  axis: Axis,
  method: DownsampleMethod,
  points: number,
): Points {
  if (xs.length <= points) {
    const [x, y] = [Float64Array.from(xs), Float64Array.from(ys)];
    return method === "mean" ? { x, y, low: y.slice(), high: y.slice() } : { x, y };
  }
  if (method === "lttb") return largest(xs, ys, points);
  const slices = slicesOf(axis);
  axis.addRows(slices, xs, ys, 0, xs.length);
  return pointsOf(slices, axis, method, points);
}

/** A list of points with a fixed capacity. */
class PointList {
  readonly #x: Float64Array<ArrayBuffer>;
  readonly #y: Float64Array<ArrayBuffer>;
  #length = 0;

  constructor(capacity: number) {
    this.#x = new Float64Array(capacity);
    this.#y = new Float64Array(capacity);
  }

  /** Adds a point, unless it equals the one before it. */
  add(x: number, y: number): void {
    const last = this.#length - 1;
    if (last >= 0 && this.#x[last] === x && Object.is(this.#y[last], y)) return;
    this.#x[this.#length] = x;
    this.#y[this.#length++] = y;
  }

  finish(): Points {
    return { x: this.#x.slice(0, this.#length), y: this.#y.slice(0, this.#length) };
  }
}

/**
 * A slice of rows without values yields one NaN, which breaks the line.
 *
 * @param ends whether to add first and last values
 */
function extremes(slices: Summary, ends: boolean): Points {
  const list = new PointList((ends ? 4 : 2) * slices.length);
  for (let at = 0; at < slices.length; at++) {
    if (slices.fromX[at]! > slices.toX[at]!) continue;
    if (slices.count[at] === 0) {
      list.add(slices.fromX[at]!, Number.NaN);
      continue;
    }
    const [lowX, highX] = [slices.lowX[at]!, slices.highX[at]!];
    if (ends) list.add(slices.firstX[at]!, slices.first[at]!);
    if (lowX <= highX) list.add(lowX, slices.low[at]!);
    list.add(highX, slices.high[at]!);
    if (lowX > highX) list.add(lowX, slices.low[at]!);
    if (ends) list.add(slices.lastX[at]!, slices.last[at]!);
  }
  return list.finish();
}

function means(slices: Summary, axis: Axis): Points {
  const used: number[] = [];
  for (let at = 0; at < slices.length; at++) if (slices.fromX[at]! <= slices.toX[at]!) used.push(at);
  const pick = (value: (at: number) => number) => Float64Array.from(used, value);
  const orNaN = (at: number, value: number) => (slices.count[at] === 0 ? Number.NaN : value);
  return {
    x: pick((at) => axis.position(at, 0.5)),
    y: pick((at) => slices.sum[at]! / slices.count[at]!),
    low: pick((at) => orNaN(at, slices.low[at]!)),
    high: pick((at) => orNaN(at, slices.high[at]!)),
  };
}

/** Applies LTTB to the rows that have a value, and adds a NaN for each gap among them. */
function largest(xs: Numbers, ys: Numbers, points: number): Points {
  const placed = rowsWhere(xs.length, (row) => !Number.isNaN(xs[row]));
  const withValue = placed.filter((row) => !Number.isNaN(ys[row]));
  const gaps = gapsIn(placed, xs, ys, points / 2); // at most half of the points
  const valuesAt = (values: Numbers) => Float64Array.from(withValue, (row) => values[row]!);
  const chosen = lttb(valuesAt(xs), valuesAt(ys), points - gaps.length);
  const rows = Uint32Array.from([...gaps, ...Array.from(chosen, (at) => withValue[at]!)]).sort();
  return { x: Float64Array.from(rows, (row) => xs[row]!), y: Float64Array.from(rows, (row) => ys[row]!) };
}

const rowsWhere = (rows: number, isWanted: (row: number) => boolean): Uint32Array =>
  Uint32Array.from({ length: rows }, (_, row) => row).filter(isWanted);

/**
 * Returns the first row of each gap: rows without values, between values that are further apart than one of `slices`
 * equal parts of the range.
 */
function gapsIn(rows: Uint32Array, xs: Numbers, ys: Numbers, slices: number): number[] {
  const gaps: number[] = [];
  if (rows.length === 0) return gaps;
  const [first, last] = [xs[rows[0]!]!, xs[rows.at(-1)!]!];
  let before = first;
  let start: number | undefined;
  const endAt = (x: number) => {
    if (start !== undefined && x - before > (last - first) / slices) gaps.push(start);
    [before, start] = [x, undefined];
  };
  for (const row of rows) {
    if (Number.isNaN(ys[row])) start ??= row;
    else endAt(xs[row]!);
  }
  endAt(last);
  return gaps;
}
