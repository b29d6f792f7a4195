import type uPlot from "uplot";

/** Least width of a bar with its gap, in CSS pixels: narrower ones are a grey area. */
const LEAST_WIDTH = 3;
/** Share of the distance between two bars that is empty. */
const GAP = 0.2;

/** How the bars of a panel are laid out on the x axis. */
export interface BarLayout {
  /** The distance between two points. */
  spacing: number;
  /** Whether a point is the start of what its bar is about, such as a month. Otherwise it is the middle. */
  fromStart: boolean;
  /** Number of bars beside one another at each point. */
  slots: number;
}

/** Whether a view has space for bars. @param pixels its width */
export const hasSpaceForBars = (view: number, spacing: number, pixels: number): boolean =>
  spacing > 0 && pixels >= LEAST_WIDTH * (view / spacing);

/** Returns both edges of a bar on the x axis. */
export function barEdges(x: number, slot: number, layout: BarLayout): [left: number, right: number] {
  const { spacing, fromStart, slots } = layout;
  const width = ((1 - GAP) * spacing) / slots;
  const left = x + (fromStart ? 0 : -spacing / 2) + (GAP / 2) * spacing + slot * width;
  return [left, left + width];
}

/** Returns how uPlot draws a line as bars. @param slot of the line; undefined if it is hidden */
export const barPaths =
  (layout: () => BarLayout, slot: () => number | undefined): uPlot.Series.PathBuilder =>
  (plot, series, first, last) => {
    const fill = new Path2D();
    const values = plot.data[series] ?? [];
    const isLog = plot.scales.y?.distr === 3;
    const base = plot.valToPos(isLog ? (plot.scales.y?.min ?? 1) : 0, "y", true);
    const at = slot();
    for (let i = first; at !== undefined && i <= last; i++) {
      const value = values[i];
      if (value === null || value === undefined) continue;
      const [left, right] = barEdges(plot.data[0][i]!, at, layout()).map((x) => plot.valToPos(x, "x", true));
      const top = plot.valToPos(value, "y", true);
      fill.rect(left!, Math.min(top, base), Math.max(1, right! - left!), Math.max(1, Math.abs(base - top)));
    }
    return { fill, stroke: null, flags: 0 };
  };
