import uPlot from "uplot";
import type { Collection } from "../../model/api/collection.ts";

/** A line of a chart: a column of a series. */
export interface ChartLine {
  /** The collection of the series. Lines may be of several. */
  readonly collection: Collection;
  /** The label of the series. */
  readonly series: string;
  /** The name of the column. */
  readonly column: string;
  /** What the legend calls it. Default: the label of the series. */
  readonly label?: string;
  /** Its colour. Default: one of eight that people with a colour vision deficiency can tell apart. */
  readonly stroke?: string;
}

/** By Okabe and Ito, https://jfly.uni-koeln.de/color/; the lightest one last. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#8c8c8c", "#f0e442"];

const GRID = { stroke: "#8883" };

export interface PlotOptions {
  readonly lines: readonly ChartLine[];
  readonly height: number;
  readonly timeZone: string;
  /** Called with the part of the x axis that a user selects. */
  onSelect(start: number, stop: number): void;
}

/** The options of uPlot for lines over one x axis, in the colours of the element's text. */
export function plotOptions(element: HTMLElement, options: PlotOptions): uPlot.Options {
  const { lines, height, timeZone, onSelect } = options;
  const axis = { stroke: () => getComputedStyle(element).color, grid: GRID, ticks: GRID };
  const setSelect = (plot: uPlot) => {
    const { left, width } = plot.select;
    if (width === 0) return;
    plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    onSelect(plot.posToVal(left, "x"), plot.posToVal(left + width, "x"));
  };
  return {
    width: element.clientWidth,
    height,
    ms: 1,
    tzDate: (milliseconds) => uPlot.tzDate(new Date(milliseconds), timeZone),
    scales: { x: { time: lines[0]?.collection.schema.index[0]?.dtype.kind === "datetime" } },
    series: [{}, ...lines.map(({ label, series, stroke }, i) => seriesOf(label ?? series, stroke, i))],
    axes: [axis, { ...axis, size: 60 }],
    cursor: { drag: { setScale: false } },
    hooks: { setSelect: [setSelect] },
  };
}

const seriesOf = (label: string, stroke: string | undefined, i: number): uPlot.Series => ({
  label,
  stroke: stroke ?? COLOURS[i % COLOURS.length]!,
});
