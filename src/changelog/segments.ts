import { type Cut, compareCuts, compareStrings, type Interval, intersect, isEmpty } from "../model/key.ts";

/** One stored run of rows of one series, and the part of it that is visible: a row of a commit. */
export interface Segment extends Interval {
  readonly label: string;
  /** Rows stored in its chunks; a segment cut short still counts them all. */
  readonly length: number;
  /** One chunk a column, in schema order. */
  readonly digests: readonly string[];
}

/** The segments of a collection at one moment, sorted by label, then by start; disjoint within a label. */
export type SegmentTable = readonly Segment[];

/** Order of the rows of a commit. */
export const compareSegments = (a: Segment, b: Segment): number =>
  compareStrings(a.label, b.label) || compareCuts(a.lo, b.lo) || compareCuts(a.hi, b.hi);

/** The segments of one label. */
export function segmentsOf(table: SegmentTable, label: string): Segment[] {
  return table.slice(firstOf(table, label, 0), firstOf(table, label, 1));
}

/** Position of the first segment whose label is not below `label` (`past` 0), or is above it (1). */
function firstOf(table: SegmentTable, label: string, past: 0 | 1): number {
  let lo = 0;
  let hi = table.length;
  while (lo < hi) {
    const mid = (lo + hi) >>> 1;
    if (compareStrings(table[mid]!.label, label) < past) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}

/** Labels that the table has, in order. */
export function labelsOf(table: SegmentTable): string[] {
  return table.map((segment) => segment.label).filter((label, i, all) => label !== all[i - 1]);
}

/** What is left of a segment without `hole`: the part before it and the part after it. */
export function subtract(segment: Segment, hole: Interval): Segment[] {
  if (isEmpty(intersect(segment, hole))) return [segment];
  return [withBounds(segment, segment.lo, hole.lo), withBounds(segment, hole.hi, segment.hi)].filter(
    (part) => !isEmpty(part),
  );
}

/** The same rows behind a smaller window. */
export function withBounds(segment: Segment, lo: Cut, hi: Cut): Segment {
  return { ...segment, lo, hi };
}

/** The table after new segments were laid over it, each hiding what lay below, in order. */
export function overlay(table: SegmentTable, added: readonly Segment[]): SegmentTable {
  const byLabel = new Map<string, Segment[]>();
  for (const segment of added) {
    const below = byLabel.get(segment.label) ?? segmentsOf(table, segment.label);
    byLabel.set(segment.label, [...below.flatMap((old) => subtract(old, segment)), segment]);
  }
  const untouched = table.filter((segment) => !byLabel.has(segment.label));
  return [...untouched, ...[...byLabel.values()].flat()].sort(compareSegments);
}

/** The parts of a series' segments that lie in a range, in order. */
export function clip(segments: readonly Segment[], range: Interval): Segment[] {
  return segments
    .map((segment) => ({ ...segment, ...intersect(segment, range) }))
    .filter((segment) => !isEmpty(segment));
}

/** Whether two segments show the same rows of the same chunks. */
export const sameContent = (a: Segment | undefined, b: Segment | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.digests.every((digest, i) => digest === b.digests[i]));
