import type { DownsampleMethod, Points } from "../../model/api/read.ts";
import { type Axis, slicesOf } from "./axis.ts";
import { lttb } from "./lttb.ts";
import type { Numbers, Summary } from "./summary.ts";

/** Points that a slice gives at most. */
const POINTS_A_SLICE: Readonly<Record<DownsampleMethod, number>> = { mean: 1, minmax: 2, m4: 4, lttb: 1 };
/** Where rows are too many to hold, LTTB chooses among the extremes of so many slices a point. */
const CANDIDATES = 4;

/** Slices for at most `points` points; `lttb` chooses among more. */
export const slicesFor = (method: DownsampleMethod, points: number): number =>
  method === "lttb" ? CANDIDATES * points : Math.max(1, Math.floor(points / POINTS_A_SLICE[method]));

/** The points of a column whose rows were gathered in slices. */
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

/** The points of a column that is in memory. A range of no more than `points` rows is left as it is. */
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

/** A list of points that grows up to a length known before. */
class List {
  readonly #x: Float64Array<ArrayBuffer>;
  readonly #y: Float64Array<ArrayBuffer>;
  #length = 0;

  constructor(most: number) {
    this.#x = new Float64Array(most);
    this.#y = new Float64Array(most);
  }

  /** Adds a point, if it is not the one before it. */
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

/** Rows without any value become one NaN, which breaks the line. */
function extremes(slices: Summary, ends: boolean): Points {
  const list = new List((ends ? 4 : 2) * slices.length);
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
  const found: number[] = [];
  for (let at = 0; at < slices.length; at++) if (slices.fromX[at]! <= slices.toX[at]!) found.push(at);
  const pick = (value: (at: number) => number) => Float64Array.from(found, value);
  const some = (at: number, value: number) => (slices.count[at] === 0 ? Number.NaN : value);
  return {
    x: pick((at) => axis.centre(at)),
    y: pick((at) => slices.sum[at]! / slices.count[at]!),
    low: pick((at) => some(at, slices.low[at]!)),
    high: pick((at) => some(at, slices.high[at]!)),
  };
}

/** LTTB of the rows that have a value. */
function largest(xs: Numbers, ys: Numbers, points: number): Points {
  const rows = Uint32Array.from({ length: xs.length }, (_, row) => row).filter(
    (row) => !Number.isNaN(ys[row]) && !Number.isNaN(xs[row]),
  );
  const [x, y] = [Float64Array.from(rows, (row) => xs[row]!), Float64Array.from(rows, (row) => ys[row]!)];
  const chosen = lttb(x, y, points);
  return { x: Float64Array.from(chosen, (row) => x[row]!), y: Float64Array.from(chosen, (row) => y[row]!) };
}
