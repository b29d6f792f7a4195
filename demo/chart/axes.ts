import type uPlot from "uplot";
import { formatNumber } from "../page/format.ts";
import { logLabels, logTicks } from "./log-ticks.ts";
import { numberLabels, ROUND_STEPS } from "./number-ticks.ts";
import type { Theme } from "./theme.ts";
import { type TimeTicks, timeTicks } from "./time-ticks.ts";

/** Height of the x axis, with two lines of labels. */
export const AXIS_HEIGHT = 46;
/** Width of the y axis, unless its labels need more. */
export const LEAST_AXIS_WIDTH = 58;
/** CSS pixels between the labels of a y axis and the plot. */
const GAP = 8;
/** Least distance between the ticks of a time axis, and of a y axis, in CSS pixels. */
export const TIME_SPACE = 76;
export const Y_SPACE = 34;

export interface AxesOptions {
  theme: Theme;
  /** Whether x is a time. */
  time: boolean;
  /** The smallest distance between two rows on the x axis. */
  step: number;
  /** Whether the x axis has labels. */
  last: boolean;
  /** Whose clocks times are shown by. */
  zone: string;
  /** Whether all lines are true or false. */
  bool: boolean;
  /** Whether the y axis is logarithmic. */
  log: boolean;
  /** Returns the width of the y axis for labels that need this much: panels of one chart are aligned. */
  width(needed: number): number;
}

/** Returns the options of both axes of a panel. */
export function panelAxes(options: AxesOptions): uPlot.Axis[] {
  const { theme, time, step, zone, last, bool, log, width } = options;
  const common: uPlot.Axis = {
    stroke: theme.muted,
    font: theme.font,
    grid: { stroke: theme.grid, width: 1 },
    ticks: { show: false },
  };
  const measure = (plot: uPlot, texts: readonly string[]) => {
    plot.ctx.font = theme.font;
    return Math.max(0, ...texts.map((text) => plot.ctx.measureText(text).width));
  };
  const bottom: uPlot.Axis = last ? { size: AXIS_HEIGHT, gap: 8 } : { size: 0, values: () => [] };
  const x = time ? timeAxis(step, zone) : numberAxis(measure);
  return [
    { ...common, ...x, ...bottom },
    {
      ...common,
      gap: GAP,
      space: Y_SPACE,
      incrs: ROUND_STEPS,
      values: (_, splits) => numberLabels(splits),
      ...(log && {
        splits: (plot: uPlot, _: number, low: number, high: number) =>
          logTicks(low, high, plot.bbox.height / devicePixelRatio),
        filter: (_: uPlot, splits: number[]) => splits, // without it, uPlot drops labels between powers of ten
        values: (_: uPlot, splits: number[]) => logLabels(splits),
      }),
      ...(bool && { splits: () => [0, 1], values: () => ["false", "true"] }),
      size: (plot, texts) => width(measure(plot, texts ?? []) + 2 * GAP),
    },
  ];
}

function timeAxis(step: number, zone: string): uPlot.Axis {
  let ticks: TimeTicks = { at: [], labels: [] };
  return {
    space: TIME_SPACE,
    splits: (plot, _, low, high) => {
      const least = ((high - low) / Math.max(1, plot.bbox.width / devicePixelRatio)) * TIME_SPACE;
      ticks = timeTicks(low, high, least, step, zone);
      return ticks.at;
    },
    values: (_, splits) => splits.map((at) => ticks.labels[ticks.at.indexOf(at)] ?? ""),
  };
}

/** The labels of numbers may be long: they get as much space as they need. */
function numberAxis(measure: (plot: uPlot, texts: readonly string[]) => number): uPlot.Axis {
  return {
    incrs: ROUND_STEPS,
    space: (plot, _, low, high) => {
      const texts = [low, high].map((value) => formatNumber(Math.round(value)));
      return Math.max(64, measure(plot, texts) + 24);
    },
    values: (_, splits) => numberLabels(splits),
  };
}
