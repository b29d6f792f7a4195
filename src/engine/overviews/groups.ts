import type { Segment } from "../../changelog/segment-table.ts";

/**
 * Rows from which a segment has overviews. Compaction makes no longer segment, so these stay as they are when rows are
 * appended.
 */
export const MIN_ROWS = 16_384;
/** Rows per block of fine overviews: about 1 % of the bytes of a chunk. */
export const FINE_BLOCK = 512;
/** Rows per block of coarse overviews at least. */
const MIN_COARSE_BLOCK = 1_024;
/** Rows of a fine group at most, unless it is a single segment. */
const MAX_FINE_ROWS = 1 << 20;
/** Rows of a coarse group at most, unless it is a single fine group. */
const MAX_COARSE_ROWS = 128 << 20;
/** Blocks of a coarse group at most. */
const MAX_COARSE_BLOCKS = 8_192;
/** A coarse group that still grows is made again when it has this fraction more rows. */
const GROWTH = 1 / 32;

/** Segments whose blocks are in one overview file for each column. */
export interface Group {
  readonly rowsPerBlock: number;
  /** In their order, each once, although a later write may have cut it in two. */
  readonly segments: readonly Segment[];
}

/**
 * The groups of a series: fine ones of all its long segments; coarse ones of those fine groups to which no append adds.
 * They follow from the segments alone, so that readers and writers agree on the names of the files.
 */
export interface Groups {
  readonly fine: readonly Group[];
  readonly coarse: readonly Group[];
}

/** Returns the groups of a series. @param segments all segments of the series, in order */
export function groupsOf(segments: readonly Segment[]): Groups {
  const long = segments.filter(({ length }) => length >= MIN_ROWS);
  const distinct = long.filter((segment, i) => i === 0 || !isSameChunk(segment, long[i - 1]!));
  const fine = pack(distinct, rowsOf, MAX_FINE_ROWS).map((members) => ({
    rowsPerBlock: FINE_BLOCK,
    segments: members,
  }));
  const runs = pack(fine.slice(0, -1), (group) => sum(group.segments.map(rowsOf)), MAX_COARSE_ROWS);
  const last = runs.pop();
  if (last) runs.push(last.slice(0, last.length - (last.length % growthStep(last.length))));
  const coarse = runs
    .filter((run) => run.length > 1)
    .map((run) => run.flatMap((group) => group.segments))
    .map((members) => ({ rowsPerBlock: coarseBlock(members), segments: members }));
  return { fine, coarse };
}

const rowsOf = ({ length }: Segment) => length;
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** Whether two segments are parts of one stored segment. */
export const isSameChunk = (a: Segment, b: Segment): boolean =>
  a.length === b.length && a.digests.every((digest, i) => digest === b.digests[i]);

/** Cuts items into runs of at most `most` rows. An item of more is a run of its own. */
function pack<T>(items: readonly T[], rows: (item: T) => number, most: number): T[][] {
  const runs: T[][] = [];
  let total = Number.POSITIVE_INFINITY;
  for (const item of items) {
    if (total + rows(item) > most) {
      runs.push([]);
      total = 0;
    }
    runs.at(-1)!.push(item);
    total += rows(item);
  }
  return runs;
}

/** Returns by how many fine groups a coarse group of `length` of them grows at a time: a power of two. */
const growthStep = (length: number): number =>
  Math.max(1, GROWTH * 2 ** Math.floor(Math.log2(Math.max(1, length))));

/** Returns the shortest blocks of which a coarse group does not have too many. */
function coarseBlock(segments: readonly Segment[]): number {
  let rows = MIN_COARSE_BLOCK;
  while (
    sum(segments.map(({ length }) => Math.ceil(length / rows))) > Math.max(MAX_COARSE_BLOCKS, segments.length)
  )
    rows *= 2;
  return rows;
}
