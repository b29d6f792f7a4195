import type { IndexValue } from "../column.ts";

/** One index value: a number, a bigint, a string, or for a time what {@link TimeInput} says. */
export type KeyInput = IndexValue | Date;

/** A bound: one value, or an array of values for the first few index columns. */
export type Bound = KeyInput | readonly KeyInput[];

/** Options of everything that may take long. */
export interface CallOptions {
  signal?: AbortSignal;
}

/** Who made a revision, and why. Kept in the revision; Python Lakota leaves it aside. */
export interface Note {
  author?: string;
  message?: string;
}

/** Options of everything that makes a revision. */
export interface ChangeOptions extends CallOptions {
  note?: Note;
}

/** Options of what takes something away. */
export interface DryRunOptions extends CallOptions {
  /** Change nothing; only say what would be done. */
  dryRun?: boolean;
}
