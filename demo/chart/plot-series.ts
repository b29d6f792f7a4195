import uPlot from "uplot";
import { type BarLayout, barPaths } from "./bars.ts";
import type { LineShape } from "./chart-data.ts";
import { dashOf, OTHER_STATE_DASH } from "./theme.ts";

/** Least distance between rows, in CSS pixels, at which each is drawn as a point, too. */
const POINT_SPACE = 14;
const POINT_SIZE = 5;

/** How uPlot draws a line. */
export interface PlottedLine {
  colour: string;
  /** Index of the line in the chart. */
  index: number;
  shape: LineShape;
  /** Whether it shows another state of a line. */
  isOtherState: boolean;
  /** Whether it has a band of extremes. */
  banded: boolean;
  show: boolean;
  /** Where its bars are; read whenever they are drawn. */
  bars: { layout(): BarLayout; slot(): number | undefined };
}

/** Returns the series of a line; with a band also two for its edges. */
export function uplotSeries(plotted: PlottedLine): uPlot.Series[] {
  const { colour, index, shape, isOtherState, banded, show, bars } = plotted;
  if (shape === "bars") {
    const paths = barPaths(bars.layout, bars.slot);
    return [
      {
        show,
        fill: isOtherState ? `${colour}40` : colour,
        stroke: colour,
        width: 0,
        paths,
        points: { show: false },
      },
    ];
  }
  const dash = isOtherState ? OTHER_STATE_DASH : dashOf(index);
  const line: uPlot.Series = {
    show,
    stroke: shape === "points" ? "transparent" : isOtherState ? `${colour}b8` : colour,
    width: 1.5,
    ...(dash && { dash }),
    points: {
      show: (plot, _, first, last) => shape === "points" || isSparse(plot, last - first),
      filter: (plot, series, all) => (all ? null : isolated(plot.data[series] ?? [])),
      size: POINT_SIZE,
      fill: colour,
      stroke: colour,
      width: 0,
    },
    ...(shape === "steps" && { paths: uPlot.paths.stepped?.({ align: 1 }) }),
  };
  if (!banded) return [line];
  // The edges are thin lines, so that an extreme of a single step can be seen.
  const edge: uPlot.Series = { show, stroke: `${colour}70`, width: 1, points: { show: false } };
  return [line, edge, edge];
}

const isSparse = (plot: uPlot, points: number): boolean =>
  points * POINT_SPACE <= plot.bbox.width / devicePixelRatio;

/** Returns the indices of the values between two gaps, which no line is drawn through. */
export function isolated(values: ArrayLike<number | null | undefined>): number[] {
  const found: number[] = [];
  /** The value before, where null is a gap; undefined belongs to other lines. */
  let before: number | null = null;
  let candidate: number | undefined;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === undefined) continue;
    if (value === null) {
      if (candidate !== undefined) found.push(candidate);
      candidate = undefined;
    } else candidate = before === null ? i : undefined;
    before = value;
  }
  if (candidate !== undefined) found.push(candidate);
  return found;
}
