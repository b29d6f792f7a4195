import { parseRange, type Range, rangeText } from "./range.ts";
import { type Settings, searchOf } from "./settings.ts";

/** What the page shows, as the hash of its address says it. */
export interface Place {
  collection?: string;
  /** The first is shown, the others with it. */
  series: string[];
  range: Range;
}

/** `#/collection/series,series/range` */
export function readPlace(): Place {
  const [collection = "", series = "", range = ""] = location.hash.replace(/^#\/?/, "").split("/");
  return {
    ...(collection && { collection: decode(collection) }),
    series: series === "" ? [] : series.split(",").map(decode),
    range: parseRange(decode(range)),
  };
}

/** @param settings where the repository is, to be named by the address; undefined for the page's own. No keys. */
export function writePlace({ collection = "", series, range }: Place, settings: Settings | undefined): void {
  const names = series.map(encodeURIComponent).join(",");
  const hash = [encodeURIComponent(collection), names, encodeURIComponent(rangeText(range))].join("/");
  history.replaceState(null, "", `${location.pathname}${settings ? searchOf(settings) : ""}#/${hash}`);
}

/** A part that was mangled stands for itself. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
