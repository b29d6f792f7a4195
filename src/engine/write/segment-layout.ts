import { after, type Cut, compareKeys, type Interval, keyAt } from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";
import { indexOf, type Rows } from "./rows.ts";

/**
 * Rows of the longest segment: 4 MiB of float64. A read fetches whole chunks, so long chunks make the last
 * rows of a series expensive, and short ones cost a request each. Since most reads want the last rows,
 * segments grow from the end of a write backwards: {@link LAST_SEGMENT_ROWS} rows, then twice as many, and so
 * on up to this.
 */
export const MAX_SEGMENT_ROWS = 524_288;
export const LAST_SEGMENT_ROWS = 16_384;

/** Rows `from` (included) to `to` (excluded), and the keys that they cover. */
export interface SegmentRows extends Interval {
  from: number;
  to: number;
}

/** Returns the lengths of the segments, first to last, that `rows` rows are stored in. */
export function segmentLengths(rows: number, last = LAST_SEGMENT_ROWS, most = MAX_SEGMENT_ROWS): number[] {
  const lengths: number[] = [];
  for (let left = rows, next = last; left > 0; next = Math.min(2 * next, most)) {
    // A remainder too short for a segment of its own joins its neighbour.
    const length = left < 1.5 * next ? left : next;
    lengths.unshift(length);
    left -= length;
  }
  return lengths.length > 0 ? lengths : [0];
}

/** Splits rows into segments that together cover the range. Rows with equal keys stay together. */
export function splitRows(
  schema: Schema,
  rows: Rows,
  range: Interval,
  lengths = segmentLengths(rows.length),
): SegmentRows[] {
  const index = indexOf(schema, rows);
  const parts: SegmentRows[] = [];
  let from = 0;
  let planned = 0;
  let lo: Cut = range.lo;
  for (const length of lengths.slice(0, -1)) {
    planned += length;
    let to = Math.max(from, planned);
    while (to > from && to < rows.length && compareKeys(keyAt(index, to - 1), keyAt(index, to)) === 0) to++;
    if (to === from || to === rows.length) continue;
    const hi = after(keyAt(index, to - 1));
    parts.push({ from, to, lo, hi });
    [from, lo] = [to, hi];
  }
  parts.push({ from, to: rows.length, lo, hi: range.hi });
  return parts;
}
