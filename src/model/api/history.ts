import type { IndexValue } from "../column.ts";
import type { Frame } from "../frame.ts";
import type { Closed } from "../key.ts";
import type { CallOptions, Note } from "./options.ts";

/** One commit in the changelog. */
export interface Revision {
  /** The name of the revision: its epoch, a hyphen, and the SHA-1 of its commit. */
  readonly id: string;
  /**
   * Ids of the revisions that it was built on: several for a merge. Missing ones are still named. If older
   * revisions exist all the same, the latest of those that it records as its ancestors are named as well.
   */
  readonly parents: readonly string[];
  /** When it was made: epoch milliseconds as 11 hex digits. */
  readonly epoch: string;
  /** When it was made. */
  readonly time: Date;
  /** Whether no other revision was built on it. Several heads are branches to be merged. */
  readonly head: boolean;
}

/** Options of `Collection.log`. */
export interface LogOptions extends CallOptions {
  /** At most this many revisions, the newest ones. Default: all. */
  limit?: number;
  /** Also reads the revisions themselves, one file each: see {@link RevisionDetails}. Default: false. */
  details?: boolean;
}

/** What a revision's own file says about it. `Collection.log` returns these fields only with `details`. */
export interface RevisionDetails {
  /** Who made it, and why, as the writer said it. */
  readonly note?: Note;
  /** Rows that it wrote. */
  readonly rows?: number;
  /** Encoded bytes of the chunks that it stored. Undefined for revisions made by Python. */
  readonly bytes?: number;
}

/**
 * A revision of a collection, including what it wrote: its id, its epoch (11 hex digits), or the revision as
 * `log()` returns it.
 */
export type RevisionRef = string | Pick<Revision, "id">;

/** A range of keys, as index values of the columns' own types: times are bigints in the column's unit. */
export interface KeyRange {
  /** Empty where the range begins before all keys. */
  readonly start: readonly IndexValue[];
  /** Empty where the range ends after all keys. */
  readonly stop: readonly IndexValue[];
  /** Which ends belong to the range. */
  readonly closed: Closed;
}

/** A range of one series that differs between two revisions. */
export interface RangeChange extends KeyRange {
  /** The series. */
  readonly label: string;
  /** `added` where the first revision has no rows, `removed` where the second has none. */
  readonly kind: "added" | "changed" | "removed";
  /**
   * With the option `rows`: the rows that only the first revision has (`removed`), and those that only the
   * second has (`added`). A row that changed is in both.
   */
  readonly rows?: { readonly removed: Frame; readonly added: Frame };
}

/** Options of `Collection.diff`. */
export interface DiffOptions extends CallOptions {
  /** Only these series. Default: all. */
  labels?: readonly string[];
  /** Reads the ranges that differ and compares them row by row. Default: false. */
  rows?: boolean;
}

/** A range that was written by two revisions neither of which was built on the other. */
export interface Conflict extends KeyRange {
  /** The series. */
  readonly label: string;
  /** Id of the revision whose rows are visible: the later one. */
  readonly kept: string;
  /** Id of the revision whose rows of this range were overridden. They stay readable in its history. */
  readonly lost: string;
}

/** What `Collection.merge` did. */
export interface MergeReport {
  /** Ids of the heads found. Fewer than two: there was nothing to merge. */
  readonly heads: readonly string[];
  /** Id of the revision that joins them. Undefined where there was nothing to merge. */
  readonly revision: string | undefined;
  /** Ranges that several heads had written. */
  readonly conflicts: readonly Conflict[];
}

/** What new revisions changed in a collection or series. */
export interface Change {
  /** The new revisions, oldest first. */
  readonly revisions: readonly Revision[];
  /** The ranges that they changed. */
  readonly ranges: readonly RangeChange[];
}

/** Is called with each change: see `watch`. */
export type ChangeListener = (change: Change) => void;

/** Options of `watch`. */
export interface WatchOptions {
  /** Milliseconds between two listings of the changelog. Default 5,000. */
  every?: number;
  /**
   * Revisions that the caller has seen: the first change reported contains all that came after them. Default:
   * the heads found by the first listing, which is made after the call has returned.
   */
  since?: readonly RevisionRef[];
  /**
   * Gives times in ranges as epoch milliseconds, and other 64-bit integers as numbers, as reads with this option do. Default:
   * false.
   */
  numbers?: boolean;
  /** Ends the watch. An iteration then throws `aborted`. */
  signal?: AbortSignal;
  /**
   * Called when a listing fails; the watch continues. Also called, with `invalid-argument`, if `every` is no
   * number above 0; the watch has ended then. Default: `console.warn`.
   */
  onError?: (error: unknown) => void;
}
