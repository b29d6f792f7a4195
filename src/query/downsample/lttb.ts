import type { Numbers } from "./summary.ts";

/**
 * Largest triangle three buckets. Chooses the first row, the last row, and from each of `points` − 2 buckets
 * with equal numbers of rows the one that forms the largest triangle with the row chosen before it and the
 * mean of the next bucket.
 *
 * @param ys without NaN
 * @returns row numbers, ascending
 */
export function lttb(xs: Numbers, ys: Numbers, points: number): Uint32Array {
  const rows = xs.length;
  if (rows <= points || points < 3) {
    const all = Uint32Array.from({ length: rows }, (_, row) => row);
    return rows <= points ? all : Uint32Array.of(0, rows - 1).subarray(0, points);
  }
  const chosen = new Uint32Array(points);
  const width = (rows - 2) / (points - 2);
  const startOf = (bucket: number) => Math.min(rows - 1, Math.floor(bucket * width) + 1);
  let last = 0;
  for (let bucket = 0; bucket < points - 2; bucket++) {
    const [from, to] = [startOf(bucket), startOf(bucket + 1)];
    const next = bucket === points - 3 ? rows : startOf(bucket + 2);
    const meanX = mean(xs, to, next);
    const meanY = mean(ys, to, next);
    last = farthest(xs, ys, from, to, { x: xs[last]!, y: ys[last]! }, { x: meanX, y: meanY });
    chosen[bucket + 1] = last;
  }
  chosen[points - 1] = rows - 1;
  return chosen;
}

interface Point {
  x: number;
  y: number;
}

function farthest(xs: Numbers, ys: Numbers, from: number, to: number, a: Point, b: Point): number {
  let best = from;
  let largest = -1;
  for (let row = from; row < to; row++) {
    const area = Math.abs((a.x - b.x) * (ys[row]! - a.y) - (a.x - xs[row]!) * (b.y - a.y));
    if (area > largest) {
      largest = area;
      best = row;
    }
  }
  return best;
}

function mean(values: Numbers, from: number, to: number): number {
  // Relative to the first value, so that large numbers such as times keep their last digits.
  const base = values[from]!;
  let sum = 0;
  for (let row = from; row < to; row++) sum += values[row]! - base;
  return base + sum / (to - from);
}
