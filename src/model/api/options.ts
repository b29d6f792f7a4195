import type { IndexValue } from "../column.ts";

/**
 * One index value: a number, a bigint or a string. A time is given as ISO 8601 text (UTC where it names no
 * zone), a `Date`, epoch milliseconds, or a bigint that counts the column's own unit since 1970.
 */
export type KeyInput = IndexValue | Date;

/**
 * A bound of a range: one value, or an array of values for the first few index columns. It may be finer than the unit
 * of the column, and beyond what the column can hold: `stop: new Date()` on an index of dates includes today, and
 * `"9999-12-31"` is an open end.
 */
export type Bound = KeyInput | readonly KeyInput[];

/** Options of every call that may take long. */
export interface CallOptions {
  /** Cancels the call, which then fails with `aborted`. */
  signal?: AbortSignal;
}

/** Who made a revision, and why. Stored in the revision; Python Lakota ignores it. */
export interface Note {
  author?: string;
  message?: string;
}

/** Options of every call that makes a revision. */
export interface ChangeOptions extends CallOptions {
  /** Stored with the revision, and returned by `log({ details: true })`. */
  note?: Note;
}

/** Options of calls that can be tried out first. */
export interface DryRunOptions extends CallOptions {
  /** Changes nothing: only reports what the call would do. Default: false. */
  dryRun?: boolean;
}
