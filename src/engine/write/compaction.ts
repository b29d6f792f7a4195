import type { Segment } from "../../changelog/segment-table.ts";
import { sameContent } from "../../changelog/segment-table.ts";
import { LAST_SEGMENT_ROWS } from "./chunk-writer.ts";
import type { FreshPiece, Piece } from "./series-draft.ts";
import { isFresh } from "./series-draft.ts";

/** Rows of the longest segment that folding makes: it should not become two again. */
const FOLD_MOST = LAST_SEGMENT_ROWS;
/** So many rows cost next to nothing to store anew. */
const FEW = 64;
/** A segment of no more rows than this is not left in two parts around a write. */
const REJOIN = 4_096;

/**
 * Runs of pieces that are to be one segment each. A new piece takes in neighbours that are no longer than itself,
 * then those no longer than both, and so on: a thousand appends of equal length leave ten segments, and each row was
 * stored ten times at most.
 */
export function compactionRuns(pieces: readonly Piece[]): (readonly Piece[])[] {
  const filled = pieces.filter((piece) => piece.length > 0 || !isFresh(piece));
  const all = filled.length > 0 ? filled : pieces.slice(0, 1);
  const runs: (readonly Piece[])[] = [];
  let next = 0;
  while (next < all.length) {
    const fresh = all.findIndex((piece, i) => i >= next && isFresh(piece));
    if (fresh < 0) break;
    const [from, to] = grow(all, next, fresh);
    for (let i = next; i < from; i++) runs.push([all[i]!]);
    runs.push(all.slice(from, to));
    next = to;
  }
  return [...runs, ...all.slice(next).map((piece) => [piece])];
}

/** The run around `at`, within those from `first` on. */
function grow(pieces: readonly Piece[], first: number, at: number): [from: number, to: number] {
  let [from, to, rows] = [at, at + 1, pieces[at]!.length];
  for (;;) {
    const before = from > first ? pieces[from - 1] : undefined;
    const after = pieces[to];
    if (isCut(before, after) && before.length <= REJOIN && rows <= REJOIN) {
      from--;
      to++;
      rows += before.length;
    } else if (before && takes(rows, before)) {
      from--;
      rows += before.length;
    } else if (after && takes(rows, after)) {
      to++;
      rows += after.length;
    } else return [from, to];
  }
}

const takes = (rows: number, { length }: Piece): boolean =>
  (length <= rows || length + rows <= FEW) && length + rows <= FOLD_MOST;

/** Whether both are parts of one segment. */
function isCut(before: Piece | undefined, after: Piece | undefined): before is Segment | FreshPiece {
  if (!before || !after || isFresh(before) || isFresh(after)) return false;
  return sameContent(before, after);
}
