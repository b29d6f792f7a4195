import { formatNumber, formatTime } from "../page/format.ts";
import type { ChartData, ChartSource, LineShape, XRange } from "./chart-data.ts";

/** Describes what a chart shows. */
export interface View {
  /** The visible part of the x axis, as text. */
  range: string;
  /** How the rows are drawn. */
  detail: string;
  zoomed: boolean;
  /** Whether lines are means, so that the band of extremes can be shown. */
  means: boolean;
  extremes: boolean;
  /** Whether x is a time. */
  time: boolean;
  /** How the user wants lines to be drawn. */
  shape: LineShape | undefined;
}

/** Returns a value of the x axis as text, as exact as the rows are. */
export function formatX(x: number, { time, step }: Pick<ChartSource, "time" | "step">): string {
  if (time) return formatTime(Math.round(x), step);
  // Whole rows have whole numbers; the edges of a view lie between them.
  return formatNumber(Number.isInteger(step) ? Math.round(x) : Number(x.toPrecision(6)));
}

export function describeView(
  source: ChartSource,
  { step, rows }: ChartData,
  { view, ...rest }: Pick<View, "zoomed" | "extremes" | "shape"> & { view: XRange },
): View {
  const band = rest.extremes ? "Band: lowest to highest." : "Their extremes are not drawn.";
  const plain = rows === 0 ? "There are no rows in this part." : "Every row is drawn.";
  return {
    ...rest,
    range: view.map((x) => formatX(x, source)).join(" to "),
    detail: step ? `Line: mean of each ${step.name}. ${band}` : plain,
    means: step !== undefined,
    time: source.time,
  };
}
