import { compareCuts, compareStrings, type Interval, intersect, isEmpty } from "../model/key.ts";
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

/** The order of the rows of a commit. */
export const compareSegments = (a: Segment, b: Segment): number =>
  compareStrings(a.label, b.label) || compareCuts(a.lo, b.lo) || compareCuts(a.hi, b.hi);

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

/** Returns what is left of a piece without `hole`: the part before it and the part after it, if not empty. */
export function subtract<T extends Interval>(piece: T, hole: Interval): T[] {
  if (isEmpty(intersect(piece, hole))) return [piece];
  return [
    { ...piece, hi: hole.lo },
    { ...piece, lo: hole.hi },
  ].filter((part) => !isEmpty(part));
}

/** Returns sorted, disjoint pieces without sorted, disjoint holes. */
export function cutOut<T extends Interval>(pieces: readonly T[], holes: readonly Interval[]): T[] {
  let first = 0;
  return pieces.flatMap((piece) => {
    while (first < holes.length && compareCuts(holes[first]!.hi, piece.lo) <= 0) first++;
    let left: T[] = [piece];
    for (let i = first; i < holes.length && compareCuts(holes[i]!.lo, piece.hi) < 0; i++) {
      const rest = left.pop();
      if (rest) left = [...left, ...subtract(rest, holes[i]!)];
    }
    return left;
  });
}

/** Joins adjacent segments with the same chunks: the reverse of {@link cutOut}. */
export function joinCuts(segments: readonly Segment[]): Segment[] {
  const out: Segment[] = [];
  for (const segment of segments) {
    const last = out.at(-1);
    const joins = last?.label === segment.label && compareCuts(last.hi, segment.lo) === 0;
    if (last && joins && sameContent(last, segment)) out[out.length - 1] = { ...last, hi: segment.hi };
    else out.push(segment);
  }
  return out;
}

/** Returns the parts of a series' segments that lie in a range, in order. */
export function clip<T extends Interval>(segments: readonly T[], range: Interval): T[] {
  return segments
    .map((segment) => ({ ...segment, ...intersect(segment, range) }))
    .filter((segment) => !isEmpty(segment));
}

/** Whether two segments have the same chunks. */
export const sameContent = (a: Segment | undefined, b: Segment | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.digests.every((digest, i) => digest === b.digests[i]));
