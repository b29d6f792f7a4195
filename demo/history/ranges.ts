import type { RangeChange } from "lakota";

type Key = RangeChange["start"];

/** Compares keys. A key that is the beginning of another is equal to it. */
export function compareKeys(a: Key, b: Key): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    if (a[i]! < b[i]!) return -1;
    if (a[i]! > b[i]!) return 1;
  }
  return 0;
}

/** Returns the later of two starts. An empty start lies before all keys. */
export const laterStart = (a: Key, b: Key): Key =>
  a.length === 0 || (b.length > 0 && compareKeys(a, b) < 0) ? b : a;

/** Returns the earlier of two stops. An empty stop lies after all keys. */
export const earlierStop = (a: Key, b: Key): Key =>
  a.length === 0 || (b.length > 0 && compareKeys(a, b) > 0) ? b : a;

/** Joins ranges that overlap, each with both ends: they come from several comparisons. Sorted by label and start. */
export function unionRanges(ranges: readonly RangeChange[]): RangeChange[] {
  const sorted = [...ranges].sort((a, b) =>
    a.label === b.label
      ? a.start.length && b.start.length
        ? compareKeys(a.start, b.start)
        : a.start.length - b.start.length
      : a.label < b.label
        ? -1
        : 1,
  );
  const joined: RangeChange[] = [];
  for (const range of sorted) {
    const last = joined.at(-1);
    const overlaps =
      last?.label === range.label &&
      (last.stop.length === 0 || range.start.length === 0 || compareKeys(range.start, last.stop) <= 0);
    if (!last || !overlaps) joined.push({ ...range, closed: "both" });
    else {
      const isOpen = last.stop.length === 0 || range.stop.length === 0;
      const stop = isOpen ? [] : compareKeys(last.stop, range.stop) < 0 ? range.stop : last.stop;
      joined[joined.length - 1] = { ...last, kind: "changed", stop };
    }
  }
  return joined;
}
