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
 * Cuts the rows from `from` to `to` into at most `count` buckets of equal width on the x axis: the first row of each
 * that has any, and then `to`.
 */
export function buckets(xs: Values, from: number, to: number, count: number): Uint32Array {
  const cuts: number[] = [from];
  const first = xs[from]!;
  const width = (xs[to - 1]! - first) / count;
  for (let i = 1; i < count; i++) {
    const last = cuts[cuts.length - 1]!;
    const row = rowAt(xs, first + i * width, last, to);
    if (row > last && row < to) cuts.push(row);
  }
  cuts.push(to);
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
