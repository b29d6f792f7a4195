import type { Bytes } from "../model/bytes.ts";
import { EMPTY_TABLE, type SegmentTable } from "./segment-table.ts";
import type { TouchedRange } from "./touched-ranges.ts";

/** The whole state of a collection: its segments, and what is known about the revision. */
export interface Commit {
  readonly table: SegmentTable;
  /** Undefined for a revision that records no ranges: Python writes none. */
  readonly touched?: TouchedRanges | undefined;
  readonly about?: CommitMetadata | undefined;
  /** Prefixes of the digests of its latest ancestors: see recent-ancestors.ts. */
  readonly ancestors?: Bytes | undefined;
  /** How many of `ancestors` are known to leave none out: see {@link AncestorRecord}. */
  readonly complete?: readonly [passed: number, border: number] | undefined;
}

/**
 * The ranges that the writes of a revision touched. The segments with the written rows may show more. Many ranges are in a
 * file of their own.
 */
export interface TouchedRanges {
  /** The digest of that file. Undefined if the commit itself has the ranges. */
  readonly file?: string | undefined;
  load(signal?: AbortSignal): Promise<readonly TouchedRange[]>;
}

/** Returns ranges that are in memory. */
export const touchedRanges = (ranges: readonly TouchedRange[]): TouchedRanges => ({
  load: async () => ranges,
});

/** Facts about a revision. Python Lakota ignores them. */
export interface CommitMetadata {
  readonly author?: string | undefined;
  readonly message?: string | undefined;
  /** Rows written. */
  readonly rows?: number | undefined;
  /** Encoded bytes of new chunks. */
  readonly bytes?: number | undefined;
}

/** Loads the commit of a revision. */
export type LoadCommit = (id: string) => Promise<Commit>;

export const EMPTY_COMMIT: Commit = { table: EMPTY_TABLE };
