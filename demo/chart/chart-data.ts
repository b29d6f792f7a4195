import type { Points } from "lakota";
import type { Step } from "./round-step.ts";

/** A part of the x axis, in epoch milliseconds or as numbers. */
export type XRange = readonly [low: number, high: number];

export const LINE_SHAPES = ["line", "points", "steps", "bars"] as const;
/**
 * How a line is drawn: with straight lines between its points, as points, as steps that hold until the next, or as bars
 * from zero.
 */
export type LineShape = (typeof LINE_SHAPES)[number];

/** One line: a column of a series. */
export interface Line {
  name: string;
  unit: string | undefined;
  /** Name of its column: lines of one column measure the same. */
  column: string;
  /** Whether its values are true (1) and false (0). */
  bool: boolean;
  /** How it is drawn unless the user chooses otherwise. */
  shape: LineShape;
  /** Set where it is another state of a line: the index of that line. It has the same colour, dashed. */
  otherStateOf?: number;
}

/** What was read of a part of the x axis: few points for each line. */
export interface ChartData {
  readonly range: XRange;
  /** Number of rows in the range, of all series. */
  readonly rows: number;
  /** Each point is the mean of a step; undefined if the points are the rows themselves. */
  readonly step: Step | undefined;
  /** What each point is, such as "Sum of each month", where the user has chosen that. */
  readonly resampled?: string;
  /** The points of each line. */
  readonly points: readonly Points[];
  /** The x of points that are none: there a filter hides rows, and lines are broken. */
  readonly hiddenAt?: ReadonlySet<number>;
}

/** Statistics of a line over some rows. Missing values count only as such; without any value, the others are NaN. */
export interface LineSummary {
  readonly rows: number;
  readonly missing: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly sum: number;
  readonly last: number;
}

/** Where a chart reads its data. */
export interface ChartSource {
  readonly lines: readonly Line[];
  /** Whether x is a time. */
  readonly time: boolean;
  /** The time zone whose clocks times are shown by. */
  readonly zone: string;
  /** The smallest distance between two points on the x axis, unless they are means. */
  readonly step: number;
  /** The whole x axis. */
  readonly full: XRange;
  /** Reads a range. @param pixels width of the chart, which determines the number of points */
  load(range: XRange, pixels: number, signal: AbortSignal): Promise<ChartData>;
  /** Computes the statistics of each line over all rows of a range. */
  summarise(range: XRange, signal: AbortSignal): Promise<LineSummary[]>;
}

/** A part of the x axis that differs between two states. */
export interface ChangeMark {
  readonly range: XRange;
  readonly kind: "added" | "changed" | "removed";
}
