import { compareCuts, compareStrings, type Interval, intersect, isEmpty } from "../model/key.ts";
import type { Segment } from "./segment-table.ts";

/** The order of the rows of a commit. */
export const compareSegments = (a: Segment, b: Segment): number =>
  compareStrings(a.label, b.label) || compareCuts(a.lo, b.lo) || compareCuts(a.hi, b.hi);

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

/** Whether two segments have the same chunks. */
export const sameContent = (a: Segment | undefined, b: Segment | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.digests.every((digest, i) => digest === b.digests[i]));

/** Whether two lists of segments show the same rows of the same chunks in the same ranges. */
export const sameSegments = (a: readonly Segment[], b: readonly Segment[]): boolean =>
  a.length === b.length &&
  a.every((segment, i) => {
    const { lo, hi } = b[i]!;
    return (
      sameContent(segment, b[i]) && compareCuts(segment.lo, lo) === 0 && compareCuts(segment.hi, hi) === 0
    );
  });
