/** Values of a column, one number a row; NaN where one is missing. */
export type Values = ArrayLike<number>;

/** What the rows between two places on the x axis come to. Missing values are null, as uPlot wants them. */
export interface Thinned {
  mean: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
}

/** The first row at or after `x`, of rows `from` to `to` (exclusive); `to` where there is none. */
export function rowAt(xs: Values, x: number, from = 0, to = xs.length): number {
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (xs[middle]! < x) from = middle + 1;
    else to = middle;
  }
  return from;
}

/**
 * Cuts the rows from `from` to `to` at the multiples of `width` on the x axis: the first row of each piece that has
 * any, and then `to`. Pieces that lie on round numbers stay the same as one pans, and do not beat with the days. A
 * piece cut short at either end joins its neighbour: the mean of a few rows would stand out for no reason.
 */
export function buckets(xs: Values, from: number, to: number, width: number): Uint32Array {
  const cuts: number[] = [from];
  for (let last = from; last < to; ) {
    const row = rowAt(xs, (Math.floor(xs[last]! / width) + 1) * width, last, to);
    cuts.push(row);
    last = row;
  }
  const isShort = (piece: number) => xs[cuts[piece + 1]! - 1]! - xs[cuts[piece]!]! < width / 2;
  if (cuts.length > 3 && isShort(cuts.length - 2)) cuts.splice(-2, 1);
  if (cuts.length > 3 && isShort(0)) cuts.splice(1, 1);
  return Uint32Array.from(cuts);
}

/** Mean, lowest and highest value of each bucket. */
export function thin(values: Values, cuts: Uint32Array): Thinned {
  const thinned: Thinned = { mean: [], low: [], high: [] };
  for (let i = 0; i + 1 < cuts.length; i++) {
    let [low, high, sum, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
    const end = cuts[i + 1]!;
    for (let row = cuts[i]!; row < end; row++) {
      const value = values[row]!;
      if (Number.isNaN(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
      sum += value;
      count++;
    }
    thinned.mean.push(count > 0 ? sum / count : null);
    thinned.low.push(count > 0 ? low : null);
    thinned.high.push(count > 0 ? high : null);
  }
  return thinned;
}

/** The rows themselves, where there are few enough of them to draw each. */
export function plain(values: Values, from: number, to: number): (number | null)[] {
  return Array.from({ length: to - from }, (_, i) => {
    const value = values[from + i]!;
    return Number.isFinite(value) ? value : null;
  });
}

/** Where on the x axis each bucket is drawn: between its first and its last row. */
export function centres(xs: Values, cuts: Uint32Array): number[] {
  return Array.from({ length: cuts.length - 1 }, (_, i) => (xs[cuts[i]!]! + xs[cuts[i + 1]! - 1]!) / 2);
}

/** The lowest and the highest value; 0 and 0 where there is none. */
export function bounds(values: readonly (number | null | undefined)[]): [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value == null) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 0];
}
