import type { AlignedPoints, DownsampleMethod } from "../../model/api/read.ts";
import type { Axis } from "./axis.ts";
import { POINTS_PER_SLICE } from "./points.ts";
import type { Numbers, Summary } from "./summary.ts";

/** Returns all positions of several columns: ascending, each once, without NaN. */
export function unionOf(columns: readonly Numbers[]): Float64Array {
  const all = new Float64Array(columns.reduce((sum, { length }) => sum + length, 0));
  let used = 0;
  for (const column of columns)
    for (let row = 0; row < column.length; row++) if (!Number.isNaN(column[row])) all[used++] = column[row]!;
  return all
    .subarray(0, used)
    .sort()
    .filter((x, i, sorted) => i === 0 || x !== sorted[i - 1]);
}

/**
 * Returns the value at each of the positions `x`, NaN where there is none. Of several rows at one position, the last.
 *
 * @param x has all of `xs`; both are ascending
 */
export function valuesAt(x: Float64Array, xs: Numbers, ys: Numbers): Float64Array {
  const values = new Float64Array(x.length).fill(Number.NaN);
  let at = 0;
  for (let row = 0; row < xs.length; row++) {
    if (Number.isNaN(xs[row])) continue;
    while (x[at] !== xs[row]) at++;
    values[at] = ys[row]!;
  }
  return values;
}

/** Returns the slices in which any of the columns has rows. All have the slices of one axis. */
export function usedSlices(columns: readonly Summary[]): number[] {
  const used: number[] = [];
  const { length = 0 } = columns[0] ?? {};
  for (let at = 0; at < length; at++)
    if (columns.some(({ fromX, toX }) => fromX[at]! <= toX[at]!)) used.push(at);
  return used;
}

/** Returns the positions of some slices: as many in each as the method has points, at equal distances. */
export function positionsOf(axis: Axis, slices: readonly number[], method: DownsampleMethod): Float64Array {
  const each = POINTS_PER_SLICE[method];
  return Float64Array.from({ length: each * slices.length }, (_, i) =>
    axis.position(slices[Math.floor(i / each)]!, ((i % each) + 0.5) / each),
  );
}

/** Returns the values of a column at the positions of {@link positionsOf}. NaN in slices without values. */
export function pointsAt(
  column: Summary,
  slices: readonly number[],
  method: DownsampleMethod,
): AlignedPoints {
  const { count, sum, first, last, low, high, lowX, highX } = column;
  const pick = (values: (at: number) => readonly number[]) =>
    Float64Array.from(
      slices.flatMap((at) =>
        count[at] === 0 ? new Array(POINTS_PER_SLICE[method]).fill(Number.NaN) : values(at),
      ),
    );
  const extremes = (at: number) => (lowX[at]! <= highX[at]! ? [low[at]!, high[at]!] : [high[at]!, low[at]!]);
  if (method === "minmax") return { y: pick(extremes) };
  if (method === "m4") return { y: pick((at) => [first[at]!, ...extremes(at), last[at]!]) };
  return {
    y: pick((at) => [sum[at]! / count[at]!]),
    low: pick((at) => [low[at]!]),
    high: pick((at) => [high[at]!]),
  };
}
