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
  /** Whether the user wants logarithmic y axes. */
  log: boolean;
  /** Whether a panel has only positive values. */
  canBeLog: boolean;
  /** Whether there is space for bars. */
  canHaveBars: boolean;
  /** Whether x is a time. */
  time: boolean;
  /** Whose clocks times are shown by. */
  zone: string;
  /** How the user wants lines to be drawn. */
  shape: LineShape | undefined;
}

/** Returns a value of the x axis as text, as exact as the rows are. */
export function formatX(
  x: number,
  { time, step, zone }: Pick<ChartSource, "time" | "step" | "zone">,
): string {
  if (time) return formatTime(Math.round(x), step, zone);
  // Whole rows have whole numbers; the edges of a view lie between them.
  return formatNumber(Number.isInteger(step) ? Math.round(x) : Number(x.toPrecision(6)));
}

export function describeView(
  source: ChartSource,
  { step, rows, resampled }: ChartData,
  { view, ...rest }: Omit<View, "range" | "detail" | "means" | "time" | "zone"> & { view: XRange },
): View {
  const band = rest.extremes ? "Band: lowest to highest." : "Their extremes are not drawn.";
  const plain =
    rows === 0
      ? "There are no rows in this part."
      : resampled === undefined
        ? "Every row is drawn."
        : `${resampled}.`;
  return {
    ...rest,
    range: view.map((x) => formatX(x, source)).join(" to "),
    detail: step ? `Line: mean of each ${step.name}. ${band}` : plain,
    means: step !== undefined,
    time: source.time,
    zone: source.zone,
  };
}
