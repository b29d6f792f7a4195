import { compareKeys, type Key } from "./compare-keys.ts";

/** Returns the later of two starts. An empty start lies before all keys. */
export const laterStart = (a: Key, b: Key): Key =>
  a.length === 0 || (b.length > 0 && compareKeys(a, b) < 0) ? b : a;

/** Returns the earlier of two stops. An empty stop lies after all keys. */
export const earlierStop = (a: Key, b: Key): Key =>
  a.length === 0 || (b.length > 0 && compareKeys(a, b) > 0) ? b : a;

/** A range of one series, both ends included. */
interface LabelledRange {
  label: string;
  start: Key;
  stop: Key;
}

/** Joins ranges of a series that overlap. Returns them by label and start. */
export function unionRanges(ranges: readonly LabelledRange[]): LabelledRange[] {
  const joined: LabelledRange[] = [];
  for (const { label, start, stop } of [...ranges].sort(byLabelAndStart)) {
    const last = joined.at(-1);
    const overlaps =
      last?.label === label &&
      (last.stop.length === 0 || start.length === 0 || compareKeys(start, last.stop) <= 0);
    if (!last || !overlaps) joined.push({ label, start, stop });
    else last.stop = laterStop(last.stop, stop);
  }
  return joined;
}

const laterStop = (a: Key, b: Key): Key =>
  a.length === 0 || b.length === 0 ? [] : compareKeys(a, b) < 0 ? b : a;

function byLabelAndStart(a: LabelledRange, b: LabelledRange): number {
  if (a.label !== b.label) return a.label < b.label ? -1 : 1;
  if (a.start.length === 0 || b.start.length === 0) return a.start.length - b.start.length;
  return compareKeys(a.start, b.start);
}
