import type { CollectionDescription, Column, Points, ReadProgress } from "lakota";
import type { XRange } from "../chart/chart-data.ts";
import type { Step } from "../chart/round-step.ts";
import type { XAxis } from "./axes.ts";
import type { KeyValues } from "./key-values.ts";
import type { Range } from "./range.ts";
import type { SeriesState } from "./read-span.ts";
import type { Resample } from "./resample.ts";

/** What to draw: columns of some series, over a range. */
export interface ChartRequest extends SeriesState {
  /** Names of the columns to draw. */
  columns: readonly string[];
  range: Range;
  /** What is known of the columns and the series. */
  info: CollectionDescription;
  /** The keys to draw; undefined where the index is a single column. */
  keys: KeyValues | undefined;
  /** The condition of the rows to draw; undefined for all. */
  where: string | undefined;
  /** How rows are grouped; undefined if they are not. */
  resample: Resample | undefined;
  /** The time zone of calendar units, and of times that name none. */
  zone: string;
  onProgress: (progress: ReadProgress) => void;
}

/** What to read for the lines of a chart. */
export interface LinesRequest extends ChartRequest {
  axis: XAxis;
  /** The columns to draw, as the schema has them. */
  drawn: readonly Column[];
}

/** Reads the points of lines. */
export interface LineReader {
  /** Reads the rows of a range, both ends included. `complete` is false if there are too many: then they are means. */
  rows(range: XRange, signal: AbortSignal): Promise<PointsOfRows & { complete: boolean }>;
  /** Reads the mean of each step, with the lowest and the highest value. `to` is the end of the last step. */
  means(range: XRange, to: number, step: Step, signal: AbortSignal): Promise<PointsOfRows>;
  /** Returns the number of rows of a range, both ends included. */
  count(range: XRange, signal: AbortSignal): Promise<number>;
}

export interface PointsOfRows {
  /** Number of rows in the range. */
  rows: number;
  points: Points[];
}
