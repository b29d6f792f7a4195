import type { ColumnData, IndexValue } from "./column.ts";
import { indexValue } from "./column-rows.ts";
import { lowerBound } from "./lower-bound.ts";
import { Strings } from "./strings.ts";

/** The index values of one row, or the first few of them (a prefix), in column order. */
export type Key = readonly IndexValue[];

/**
 * A place between keys, which cuts them into those below and those above: right before (`side` -1) or right
 * after (+1) all keys that start with `key`. Every bound is a cut, open or closed, a full key or a prefix, so
 * ranges need no special cases: `[start` is the cut before `start`, `]start` the cut after it.
 */
export interface Cut {
  readonly key: Key;
  readonly side: -1 | 1;
}

export const before = (key: Key): Cut => ({ key, side: -1 });
export const after = (key: Key): Cut => ({ key, side: 1 });

/** Before all keys. */
export const FIRST: Cut = before([]);
/** After all keys. */
export const LAST: Cut = after([]);

/** Compares numbers by value (NaN last) and strings by code point: the order of numpy and of the format. */
export function compareValues(a: IndexValue, b: IndexValue): number {
  if (typeof a === "string" && typeof b === "string") return compareStrings(a, b);
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

/**
 * Compares strings by code point. The operator `<` compares UTF-16 units, which puts U+10000 before U+E000.
 */
export function compareStrings(a: string, b: string): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) {
      const surrogates = Number(x >= 0xd800 && x <= 0xdfff) - Number(y >= 0xd800 && y <= 0xdfff);
      return surrogates || x - y;
    }
  }
  return a.length - b.length;
}

/** Compares over the length of the shorter key: 0 where one is a prefix of the other. */
function comparePrefix(a: Key, b: Key): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const order = compareValues(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return 0;
}

export function compareKeys(a: Key, b: Key): number {
  return comparePrefix(a, b) || a.length - b.length;
}

export function compareCuts(a: Cut, b: Cut): number {
  const order = comparePrefix(a.key, b.key);
  if (order !== 0) return order;
  // The cut with the shorter key lies outside of all keys that start with it.
  if (a.key.length < b.key.length) return a.side;
  if (a.key.length > b.key.length) return -b.side;
  return a.side - b.side;
}

export const earlier = (a: Cut, b: Cut): Cut => (compareCuts(a, b) <= 0 ? a : b);
export const later = (a: Cut, b: Cut): Cut => (compareCuts(a, b) >= 0 ? a : b);

/** The keys between two cuts. Empty if `lo` is not before `hi`. */
export interface Interval {
  readonly lo: Cut;
  readonly hi: Cut;
}

export const isEmpty = (interval: Interval): boolean => compareCuts(interval.lo, interval.hi) >= 0;

export function intersect(a: Interval, b: Interval): Interval {
  return { lo: later(a.lo, b.lo), hi: earlier(a.hi, b.hi) };
}

export const contains = (interval: Interval, key: Key): boolean =>
  compareCuts(interval.lo, after(key)) < 0 && compareCuts(interval.hi, before(key)) > 0;

/** Which ends of an interval belong to it. */
export type Closed = "left" | "right" | "both" | "none";

export const closedLeft = (closed: Closed): boolean => closed === "left" || closed === "both";
export const closedRight = (closed: Closed): boolean => closed === "right" || closed === "both";

/** Returns the interval from `start` to `stop`. A missing end is unbounded. */
export function interval(start: Key | undefined, stop: Key | undefined, closed: Closed): Interval {
  return {
    lo: start ? { key: start, side: closedLeft(closed) ? -1 : 1 } : FIRST,
    hi: stop ? { key: stop, side: closedRight(closed) ? 1 : -1 } : LAST,
  };
}

/** Returns how many of the sorted rows are before `cut`. */
export function countBefore(index: readonly ColumnData[], rows: number, cut: Cut): number {
  return lowerBound(rows, (row) => isBefore(index, row, cut));
}

function isBefore(index: readonly ColumnData[], row: number, cut: Cut): boolean {
  for (let i = 0; i < cut.key.length; i++) {
    const order = compareValues(indexValue(index[i]!, row), cut.key[i]!);
    if (order !== 0) return order < 0;
  }
  return cut.side > 0;
}

/** Returns the key of a row, from the index columns. */
export function keyAt(index: readonly ColumnData[], row: number): Key {
  return index.map((column) => indexValue(column, row));
}

/** Returns the first row that sorts before the row above it; -1 if the rows are sorted. */
export function firstUnsorted(index: readonly ColumnData[], rows: number): number {
  const single = index.length === 1 ? index[0] : undefined;
  if (single && !(single instanceof Strings)) {
    const values = single as ArrayLike<IndexValue>;
    for (let row = 1; row < rows; row++) {
      if (!(values[row - 1]! <= values[row]!) && compareValues(values[row - 1]!, values[row]!) > 0)
        return row;
    }
    return -1;
  }
  for (let row = 1; row < rows; row++) {
    for (const column of index) {
      const order = compareValues(indexValue(column, row - 1), indexValue(column, row));
      if (order > 0) return row;
      if (order < 0) break;
    }
  }
  return -1;
}
