import { sameContent } from "../../changelog/segment-edits.ts";
import type { Segment } from "../../changelog/segment-table.ts";
import { isNew, type Piece } from "./piece.ts";
import { LAST_SEGMENT_ROWS } from "./segment-layout.ts";

/** Rows of the longest segment that compaction creates. One of so many rows has overviews, so it must not be joined any more. */
export const MAX_COMPACTED_ROWS = LAST_SEGMENT_ROWS;
/** Up to this many rows are so cheap to rewrite that the ratio of lengths does not matter. */
const ALWAYS_COMPACTED_ROWS = 64;
/** A segment of up to this many rows that a write cuts in two is rewritten as one. */
const MAX_REJOINED_ROWS = 4_096;

/**
 * Groups pieces into runs, each to be stored as one segment. Compaction is size-tiered: a new piece absorbs
 * neighbours that are no longer than itself, then those no longer than the result, and so on. A thousand
 * appends of equal length leave about ten segments, and each row is stored about ten times at most.
 */
export function compactionRuns(pieces: readonly Piece[], maxRows = MAX_COMPACTED_ROWS): (readonly Piece[])[] {
  const filled = pieces.filter((piece) => piece.length > 0 || !isNew(piece));
  const all = filled.length > 0 ? filled : pieces.slice(0, 1);
  const runs: (readonly Piece[])[] = [];
  let next = 0;
  while (next < all.length) {
    let fresh = next;
    while (fresh < all.length && !isNew(all[fresh]!)) fresh++;
    if (fresh === all.length) break;
    const [from, to] = growRun(all, next, fresh, maxRows);
    for (let i = next; i < from; i++) runs.push([all[i]!]);
    runs.push(all.slice(from, to));
    next = to;
  }
  return [...runs, ...all.slice(next).map((piece) => [piece])];
}

/** Returns the run around the piece at `start`. It does not reach below the piece at `first`. */
function growRun(
  pieces: readonly Piece[],
  first: number,
  start: number,
  maxRows: number,
): [from: number, to: number] {
  let [from, to, rows] = [start, start + 1, pieces[start]!.length];
  for (;;) {
    const before = from > first ? pieces[from - 1] : undefined;
    const after = pieces[to];
    if (areHalves(before, after) && before.length <= MAX_REJOINED_ROWS && rows <= MAX_REJOINED_ROWS) {
      from--;
      to++;
      rows += before.length;
    } else if (before && absorbs(rows, before, maxRows)) {
      from--;
      rows += before.length;
    } else if (after && absorbs(rows, after, maxRows)) {
      to++;
      rows += after.length;
    } else return [from, to];
  }
}

/** Returns whether a run of `rows` rows absorbs a neighbour. */
const absorbs = (rows: number, { length }: Piece, maxRows: number): boolean =>
  (length <= rows || length + rows <= ALWAYS_COMPACTED_ROWS) && length + rows <= maxRows;

/** Returns whether both pieces are parts of one stored segment, which the run between them has cut. */
function areHalves(before: Piece | undefined, after: Piece | undefined): before is Segment {
  if (!before || !after || isNew(before) || isNew(after)) return false;
  return sameContent(before, after);
}
