import type { Points } from "lakota";
import type { Step } from "./round-step.ts";

/** A part of the x axis, in epoch milliseconds or as numbers. */
export type XRange = readonly [low: number, high: number];

/** One line: a column of a series. */
export interface Line {
  name: string;
  unit: string | undefined;
}

/** What was read of a part of the x axis: few points for each line. */
export interface ChartData {
  readonly range: XRange;
  /** Number of rows in the range, of all series. */
  readonly rows: number;
  /** Each point is the mean of a step; undefined if the points are the rows themselves. */
  readonly step: Step | undefined;
  /** The points of each line. */
  readonly points: readonly Points[];
}

/** Where a chart reads its data. */
export interface ChartSource {
  readonly lines: readonly Line[];
  /** Whether x is a time. */
  readonly time: boolean;
  /** The smallest distance between two rows on the x axis. */
  readonly step: number;
  /** The whole x axis. */
  readonly full: XRange;
  /** Reads a range. @param pixels width of the chart, which determines the number of points */
  load(range: XRange, pixels: number, signal: AbortSignal): Promise<ChartData>;
}

/** A part of the x axis that differs between two states. */
export interface ChangeMark {
  readonly range: XRange;
  readonly kind: "added" | "changed" | "removed";
}
