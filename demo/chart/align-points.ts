import type { Points } from "lakota";

/** A place where a line has a value; null where a gap is; undefined where the line has no point there. */
type Value = number | null | undefined;

/** Lines over one x axis, as uPlot wants them. */
export interface Aligned {
  xs: number[];
  /** y, low and high of each line. */
  lines: { y: Value[]; low: Value[]; high: Value[] }[];
}

/** Puts lines, each with places of its own, over the union of their places. */
export function alignPoints(points: readonly Points[]): Aligned {
  const at = points.map(() => 0);
  const xs: number[] = [];
  const lines = points.map(() => ({ y: [] as Value[], low: [] as Value[], high: [] as Value[] }));
  for (;;) {
    let next = Number.POSITIVE_INFINITY;
    points.forEach(({ x }, i) => {
      const place = x[at[i]!];
      if (place !== undefined && place < next) next = place;
    });
    if (next === Number.POSITIVE_INFINITY) return { xs, lines };
    xs.push(next);
    points.forEach(({ x, y, low = y, high = y }, i) => {
      const row = at[i]!;
      const here = x[row] === next;
      const { y: ys, low: lows, high: highs } = lines[i]!;
      ys.push(here ? toValue(y[row]!) : undefined);
      lows.push(here ? toValue(low[row]!) : undefined);
      highs.push(here ? toValue(high[row]!) : undefined);
      if (here) at[i] = row + 1;
    });
  }
}

const toValue = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The lowest and the highest of some values; 0 and 0 where there is none. */
export function minMax(values: Iterable<number>): [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 0];
}
