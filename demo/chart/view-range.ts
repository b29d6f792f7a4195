import type { ChartSource, XRange } from "./chart-data.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Returns the range of all rows; that of a single row is extended to a round length around it. */
export function paddedRange({ full: [first, last], step, time }: ChartSource): XRange {
  if (first < last) return [first, last];
  const margin = step || (time ? (first % DAY === 0 ? 3 * DAY : first % MINUTE === 0 ? DAY / 2 : MINUTE) : 2);
  return [first - margin, last + margin];
}

/** Moves a view along with new rows, if it reached to the last row before. */
export function followEnd([low, high]: XRange, [, oldLast]: XRange, [first, last]: XRange): XRange {
  const shift = high >= oldLast ? last - high : 0;
  return [Math.max(first, low + shift), Math.min(last, high + shift)];
}

/** Returns the part of a view within the data; undefined if it is less than two rows wide. */
export function clipView([low, high]: XRange, source: ChartSource): XRange | undefined {
  const [first, last] = paddedRange(source);
  const view: XRange = [Math.max(first, low), Math.min(last, high)];
  return view[1] - view[0] < 2 * source.step || view[1] <= view[0] ? undefined : view;
}
