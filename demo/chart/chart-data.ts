import type { Points } from "lakota";
import type { Step } from "./round-step.ts";

/** A part of the x axis: epoch milliseconds, or numbers. */
export type XRange = readonly [low: number, high: number];

/** One line: a column of a series. */
export interface Line {
  name: string;
  unit: string | undefined;
}

/** A part of the x axis as it was read: few points a line. */
export interface ChartData {
  readonly range: XRange;
  /** Rows that are in it, of all series. */
  readonly rows: number;
  /** What the points are means of; undefined where they are the rows themselves. */
  readonly step: Step | undefined;
  /** One a line. */
  readonly points: readonly Points[];
}

/** Where a chart gets what it draws. */
export interface ChartSource {
  readonly lines: readonly Line[];
  /** Whether x is a time. */
  readonly time: boolean;
  /** The usual way between two rows on the x axis. */
  readonly step: number;
  /** All that there is to see. */
  readonly full: XRange;
  /** @param pixels width of the chart */
  load(range: XRange, pixels: number, signal: AbortSignal): Promise<ChartData>;
}

/** A part of the x axis that differs between two states. */
export interface ChangeMark {
  readonly range: XRange;
  readonly kind: "added" | "changed" | "removed";
}
