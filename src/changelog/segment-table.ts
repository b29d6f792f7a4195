import type { Bytes } from "../model/bytes.ts";
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

/** Chunks that are stored beside segments instead of in files of their own, by digest. */
export type EmbeddedChunks = ReadonlyMap<string, Bytes>;

/** Segments in memory. */
export interface LoadedSegments {
  /** Sorted by label, then by start; disjoint within a label. */
  readonly segments: readonly Segment[];
  /** Has at least those of their chunks that have no file. */
  readonly embedded: EmbeddedChunks;
}

/** The labels to list: {@link SegmentTable.labels}. */
export interface LabelRange {
  /** Only labels that begin with this. */
  readonly prefix?: string | undefined;
  /** Only labels that sort after this one. */
  readonly after?: string | undefined;
  /** At most so many. */
  readonly limit?: number | undefined;
}

/** All segments of a collection in one state. It never changes. */
export interface SegmentTable {
  /** Returns the segments of some series. */
  load(labels: readonly string[], signal?: AbortSignal): Promise<LoadedSegments>;
  /** Yields all segments in order, in parts of whole series. */
  parts(signal?: AbortSignal): AsyncIterable<LoadedSegments>;
  /** Returns the labels of the series, sorted. */
  labels(range?: LabelRange, signal?: AbortSignal): Promise<string[]>;
  /** Returns the digests of the files, besides the commit, that {@link load} reads for some series. */
  files(labels: readonly string[], signal?: AbortSignal): Promise<string[]>;
}

const NONE: LoadedSegments = { segments: [], embedded: new Map() };

/** The table of a collection without series. */
export const EMPTY_TABLE: SegmentTable = {
  load: async () => NONE,
  async *parts() {},
  labels: async () => [],
  files: async () => [],
};

/** Returns all segments of a table. */
export async function loadAll(table: SegmentTable, signal?: AbortSignal): Promise<LoadedSegments> {
  const parts: LoadedSegments[] = [];
  for await (const part of table.parts(signal)) parts.push(part);
  return joinParts(parts);
}

/** Joins parts whose series are disjoint and in order. */
export function joinParts(parts: readonly LoadedSegments[]): LoadedSegments {
  if (parts.length === 1) return parts[0]!;
  const embedded = new Map<string, Bytes>();
  for (const part of new Set(parts.map((part) => part.embedded)))
    for (const [digest, bytes] of part) embedded.set(digest, bytes);
  return { segments: parts.flatMap(({ segments }) => segments), embedded };
}

/** Returns the segments of one label. */
export function segmentsOf(segments: readonly Segment[], label: string): Segment[] {
  return segments.slice(firstOf(segments, label, 0), firstOf(segments, label, 1));
}

/** Position of the first segment whose label is not below `label` (`past` 0), or is above it (1). */
function firstOf(segments: readonly Segment[], label: string, past: 0 | 1): number {
  return lowerBound(segments.length, (i) => compareStrings(segments[i]!.label, label) < past);
}

/** The distinct labels of sorted segments, in order. */
export function labelsOf(segments: readonly Segment[]): string[] {
  return segments.map((segment) => segment.label).filter((label, i, all) => label !== all[i - 1]);
}

/** Returns the segments of each label, in order. */
export function bySeries(segments: readonly Segment[]): Map<string, Segment[]> {
  const series = new Map<string, Segment[]>();
  for (const segment of segments) {
    const own = series.get(segment.label);
    if (own) own.push(segment);
    else series.set(segment.label, [segment]);
  }
  return series;
}

/** Returns the parts of a series' segments that lie in a range, in order. */
export function clip<T extends Interval>(segments: readonly T[], range: Interval): T[] {
  return segments
    .map((segment) => ({ ...segment, ...intersect(segment, range) }))
    .filter((segment) => !isEmpty(segment));
}
