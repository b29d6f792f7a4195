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
  /** Cancels the call, which then fails with `aborted`. A change may be stored by then. */
  signal?: AbortSignal;
}

/** Options of calls that can show what the last visit knew while the store confirms it. */
export interface StaleOptions<T> extends CallOptions {
  /**
   * Stale-while-revalidate: is called at most once, before the promise settles, with the result of the state that was
   * known last: in this visit or, from the cache, in an earlier one. It needs no request if the cache has the files.
   * The promise is as without this option; where nothing has changed, it resolves to the same object. Is not called if
   * nothing is known, or the store has answered by then, or with `before`.
   *
   * @example
   * draw(await series.tail(1_000, { onStale: draw }));
   */
  onStale?(known: T): void;
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

/** What a change has stored. */
export interface ChangeReport {
  /** The revision that it made: its id, as in `log()`. */
  readonly revision: string;
  /** Rows written; a row that was there already counts, too. Deletions and renamings write none. */
  readonly rows: number;
}

/** Options of calls that can be tried out first. */
export interface DryRunOptions extends CallOptions {
  /** Changes nothing: only reports what the call would do. Default: false. */
  dryRun?: boolean;
}
