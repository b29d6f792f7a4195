import { type Cut, compareCuts, compareStrings, type Interval } from "../model/key.ts";
import { sameContent } from "./segment-edits.ts";
import { labelsOf, type Segment, segmentsOf } from "./segment-table.ts";

/** A range of keys in which two lists of segments show different chunks. */
export interface Change extends Interval {
  readonly label: string;
  /** The segment shown in the first list; undefined if none, or one without rows. */
  readonly from: Segment | undefined;
  /** The segment shown in the second list; undefined if none, or one without rows. */
  readonly to: Segment | undefined;
}

/**
 * Returns where `to` differs from `from`. Compares digests alone: segments with the same ones show the
 * same rows, however they were cut. Changes are disjoint, and sorted by label and range.
 */
export function diffSegments(from: readonly Segment[], to: readonly Segment[]): Change[] {
  const labels = [...new Set([...labelsOf(from), ...labelsOf(to)])].sort(compareStrings);
  return labels.flatMap((label) => diffLabel(label, segmentsOf(from, label), segmentsOf(to, label)));
}

function diffLabel(label: string, from: readonly Segment[], to: readonly Segment[]): Change[] {
  const changes: Change[] = [];
  const cuts = [...from, ...to].flatMap(({ lo, hi }) => [lo, hi]).sort(compareCuts);
  const before = cursor(from);
  const after = cursor(to);
  for (let i = 1; i < cuts.length; i++) {
    const [lo, hi] = [cuts[i - 1]!, cuts[i]!];
    if (compareCuts(lo, hi) === 0) continue;
    const a = before(lo);
    const b = after(lo);
    if (sameContent(a, b)) continue;
    const last = changes.at(-1);
    if (last && last.from === a && last.to === b && compareCuts(last.hi, lo) === 0) {
      changes[changes.length - 1] = { ...last, hi };
    } else changes.push({ label, lo, hi, from: a, to: b });
  }
  return changes;
}

/**
 * Returns a function that finds the segment around a cut. Cuts must ascend. A segment without rows counts as
 * none.
 */
function cursor(segments: readonly Segment[]): (at: Cut) => Segment | undefined {
  let i = 0;
  return (at) => {
    while (i < segments.length && compareCuts(segments[i]!.hi, at) <= 0) i++;
    const segment = segments[i];
    return segment && segment.length > 0 && compareCuts(segment.lo, at) <= 0 ? segment : undefined;
  };
}
