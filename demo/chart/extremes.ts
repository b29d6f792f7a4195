import type { Points } from "lakota";

/** Times the range of the means from which on the usual distance of extremes makes them unreadable. */
const TOO_HIGH = 5;

/**
 * Whether the extremes of means leave the means readable, so that they are drawn at first. Few far extremes do: then the
 * peaks are what there is to see. Where all of them are far from their means, as for delays, the lines would be flat.
 */
export function extremesFit(lines: readonly Points[]): boolean {
  return lines.every(({ y, low = y, high = y }) => {
    const [lowest, highest] = minMax(y);
    const heights = Float64Array.from(high, (value, i) => value - low[i]!)
      .filter(Number.isFinite)
      .sort();
    const median = heights[Math.floor(heights.length / 2)] ?? 0;
    return median <= TOO_HIGH * (highest - lowest);
  });
}

/** Returns the lowest and the highest value; 0 and 0 if there are none. */
export function minMax(values: Iterable<number | null | undefined>): [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value === null || value === undefined) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 0];
}

/** A point of a line whose extremes lie outside of the y axis. */
export interface Beyond {
  x: number;
  above: boolean;
  below: boolean;
}

/** Returns the points whose extremes are outside of a y axis. */
export function beyondAxis(
  xs: ArrayLike<number>,
  low: ArrayLike<number | null | undefined>,
  high: ArrayLike<number | null | undefined>,
  [bottom, top]: readonly [number, number],
): Beyond[] {
  const points: Beyond[] = [];
  for (let i = 0; i < xs.length; i++) {
    const above = (high[i] ?? top) > top;
    const below = (low[i] ?? bottom) < bottom;
    if (above || below) points.push({ x: xs[i]!, above, below });
  }
  return points;
}
