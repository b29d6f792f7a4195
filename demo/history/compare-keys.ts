import type { RangeChange } from "lakota";

export type Key = RangeChange["start"];

/** Compares keys as they are stored. A key that is the beginning of another is equal to it. */
export function compareKeys(a: Key, b: Key): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareValues(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return 0;
}

function compareValues(a: Key[number], b: Key[number]): number {
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  return a < b ? -1 : Number(a > b);
}

/** Compares text by code point. The operator `<` compares UTF-16 units, which puts U+10000 before U+E000. */
function compareText(a: string, b: string): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = a.codePointAt(i)! - b.codePointAt(i)!;
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
