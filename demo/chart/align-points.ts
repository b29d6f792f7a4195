import type { Points } from "lakota";

/** The value of a line at an x; null in a gap, undefined where the line has no point. */
type Value = number | null | undefined;

/** Lines over one x axis, in the form that uPlot takes. */
export interface Aligned {
  xs: number[];
  /** The values of each line, with the lowest and highest values of its band. */
  lines: { y: Value[]; low: Value[]; high: Value[] }[];
}

/** Aligns lines, each with its own x values, to the union of their x values. */
export function alignPoints(points: readonly Points[]): Aligned {
  const rows = points.map(() => 0); // the next row of each line
  const xs: number[] = [];
  const lines = points.map(() => ({ y: [] as Value[], low: [] as Value[], high: [] as Value[] }));
  for (;;) {
    let next = Number.POSITIVE_INFINITY;
    points.forEach(({ x }, i) => {
      const value = x[rows[i]!];
      if (value !== undefined && value < next) next = value;
    });
    if (next === Number.POSITIVE_INFINITY) return { xs, lines };
    xs.push(next);
    points.forEach(({ x, y, low = y, high = y }, i) => {
      const row = rows[i]!;
      const matches = x[row] === next;
      const { y: ys, low: lows, high: highs } = lines[i]!;
      ys.push(matches ? toValue(y[row]!) : undefined);
      lows.push(matches ? toValue(low[row]!) : undefined);
      highs.push(matches ? toValue(high[row]!) : undefined);
      if (matches) rows[i] = row + 1;
    });
  }
}

const toValue = (value: number): number | null => (Number.isFinite(value) ? value : null);
