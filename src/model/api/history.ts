import type { IndexValue } from "../column.ts";
import type { Frame } from "../frame.ts";
import type { Closed } from "../key.ts";
import type { CallOptions, Note } from "./options.ts";

/** One commit in the changelog. */
export interface Revision {
  /** Hextime and sha1 of the commit; names it. */
  readonly id: string;
  readonly parents: readonly string[];
  /** When it was made: 11 hex digits of epoch milliseconds. */
  readonly epoch: string;
  readonly time: Date;
  /** Whether nothing was built on it yet. More than one head: branches that wait for a merge. */
  readonly head: boolean;
}

export interface LogOptions extends CallOptions {
  /** Only the last so many revisions. */
  limit?: number;
  /** Also read the revisions themselves (one file each): see {@link RevisionDetails}. */
  details?: boolean;
}

/** What a revision says of itself. Absent in what {@link Collection.log} answers without `details`. */
export interface RevisionDetails {
  readonly note?: Note;
  /** Rows that it wrote. */
  readonly rows?: number;
  /** Encoded bytes of the chunks that it stored; undefined for revisions by Python. */
  readonly bytes?: number;
}

/** A state in the history: what `before` takes, or a revision, which then includes what it wrote. */
export type RevisionRef = string | Pick<Revision, "id">;

/** A range of keys, as index values. */
export interface KeyRange {
  readonly start: readonly IndexValue[];
  readonly stop: readonly IndexValue[];
  readonly closed: Closed;
}

/** A range of one series that differs between two revisions. */
export interface RangeChange extends KeyRange {
  readonly label: string;
  /** `added` where nothing was before, `removed` where nothing is after. */
  readonly kind: "added" | "changed" | "removed";
  /** With `rows`: rows that only the first revision has, and rows that only the second has. A row that changed is in both. */
  readonly rows?: { readonly removed: Frame; readonly added: Frame };
}

export interface DiffOptions extends CallOptions {
  /** Only these series. */
  labels?: readonly string[];
  /** Read the ranges that changed and compare them row by row. */
  rows?: boolean;
}

/** A range that several heads have written, not knowing of each other. */
export interface Conflict extends KeyRange {
  readonly label: string;
  /** The revision whose rows are seen: the later one. */
  readonly kept: string;
  /** The revision whose rows of this range are seen no longer. They stay readable in its history. */
  readonly lost: string;
}

export interface MergeReport {
  /** Heads that were joined. Fewer than two: there was nothing to do. */
  readonly heads: readonly string[];
  /** The revision that joins them. */
  readonly revision: string | undefined;
  readonly conflicts: readonly Conflict[];
}

export interface WatchOptions {
  /** Milliseconds between two looks at the store. Default 5,000. */
  every?: number;
  /** What the caller has seen: all that came after it is told. Default: what the first look finds, some time after the call. */
  since?: readonly RevisionRef[];
  signal?: AbortSignal;
  /** Told of a look that failed; the next one follows. Default: `console.warn`. */
  onError?: (error: unknown) => void;
}

/** News of a collection. */
export interface Change {
  /** Revisions that were not there before, oldest first. */
  readonly revisions: readonly Revision[];
  /** What they changed. */
  readonly ranges: readonly RangeChange[];
}
