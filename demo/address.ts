import { parseRange, type Range, rangeText } from "./range.ts";

/** What the page shows, as its address says it. Never says where the repository is, nor any key. */
export interface Place {
  collection?: string;
  series?: string;
  range: Range;
}

/** `#/collection/series/range` */
export function readPlace(): Place {
  const [collection, series, range = ""] = location.hash.replace(/^#\/?/, "").split("/").map(decode);
  return { ...(collection && { collection }), ...(series && { series }), range: parseRange(range) };
}

export function writePlace({ collection = "", series = "", range }: Place): void {
  const parts = [collection, series, rangeText(range)].map(encodeURIComponent);
  history.replaceState(null, "", `#/${parts.join("/")}`);
}

/** A part that was mangled stands for itself. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
