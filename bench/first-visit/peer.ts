import { lowerBound } from "../browser/lower-bound.ts";
import { type Line, thin } from "../chart/thin.ts";

/** Name of the mark that a peer sets when it shows rows that it has not confirmed yet. */
export const SHOWN = "shown";

/** The columns of some rows: seconds since 1970, and numbers. */
export interface Columns {
  t: BigInt64Array;
  v: Float64Array;
}

/** What a page passes to a peer. */
export interface Context {
  /** Address of the store, without a slash at the end. */
  store: string;
  /** The bucket of a Lakota repository, or the path of a file or folder that other libraries read. */
  source: string;
  keys: { accessKeyId: string; secretAccessKey: string };
  /** Number of rows of the series. */
  rows: number;
  /** Seconds between rows. */
  step: number;
}

/** A series, opened as the users of a library do. */
export interface Reader {
  last(rows: number): Promise<Columns>;
  all(): Promise<Columns>;
  /** Returns the rows from `start`, included, to `stop`, excluded, in seconds. */
  range(start: number, stop: number): Promise<Columns>;
  /** Returns at most `points` points that show the extremes of all rows. */
  picture(points: number): Promise<Line>;
  /** Makes the next call see what others have written since. Missing in peers of data that does not change. */
  refresh?(): void;
}

/** What each file in peers/ exports as `open`. */
export type Open = (context: Context) => Promise<Reader>;

/** Reduces rows to the minimum and the maximum of each pixel, two points each, in the page. */
export const pictureOf = ({ t, v }: Columns, points: number): Line => thin(t, v, 0, t.length, points / 2);

/** Returns the columns from row `from` to row `to`. */
export const rowsBetween = ({ t, v }: Columns, from: number, to: number): Columns => ({
  t: t.slice(from, to),
  v: v.slice(from, to),
});

/** Returns the rows from `start` to `stop`, in seconds, of columns in memory. */
export const rowsInRange = (columns: Columns, start: number, stop: number): Columns =>
  rowsBetween(columns, lowerBound(columns.t, start), lowerBound(columns.t, stop));
