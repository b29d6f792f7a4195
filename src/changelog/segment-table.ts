import { compareStrings, type Interval, intersect, isEmpty } from "../model/key.ts";
import { lowerBound } from "../model/lower-bound.ts";

/**
 * A stored run of rows of one series, with the range of keys in which they are visible: a row of a commit.
 */
export interface Segment extends Interval {
  readonly label: string;
  /** Rows stored in its chunks, including those outside the visible range. */
  readonly length: number;
  /** The digest of one chunk for each column, in schema order. */
  readonly digests: readonly string[];
  /**
   * Whether each digest is certain to be of what its chunk holds. Python may digest times in another unit
   * than it stores, so of its segments that is not known.
   */
  readonly exact?: boolean;
}

/** The segments of a collection, sorted by label, then by start; disjoint within a label. */
export type SegmentTable = readonly Segment[];

/** Returns the segments of one label. */
export function segmentsOf(table: SegmentTable, label: string): Segment[] {
  return table.slice(firstOf(table, label, 0), firstOf(table, label, 1));
}

/** Position of the first segment whose label is not below `label` (`past` 0), or is above it (1). */
function firstOf(table: SegmentTable, label: string, past: 0 | 1): number {
  return lowerBound(table.length, (i) => compareStrings(table[i]!.label, label) < past);
}

/** The distinct labels of a table, in order. */
export function labelsOf(table: SegmentTable): string[] {
  return table.map((segment) => segment.label).filter((label, i, all) => label !== all[i - 1]);
}

/** Returns the parts of a series' segments that lie in a range, in order. */
export function clip<T extends Interval>(segments: readonly T[], range: Interval): T[] {
  return segments
    .map((segment) => ({ ...segment, ...intersect(segment, range) }))
    .filter((segment) => !isEmpty(segment));
}
