import { formatSettings, type Settings } from "../connection/settings.ts";
import { formatRange, parseRange, type Range } from "../data/range.ts";

/** What the page shows, as the hash of its address says it. */
export interface UrlState {
  collection?: string;
  /** The first is shown, the others with it. */
  series: string[];
  range: Range;
}

/** `#/collection/series,series/range` */
export function readUrl(): UrlState {
  const [collection = "", series = "", range = ""] = location.hash.replace(/^#\/?/, "").split("/");
  return {
    ...(collection && { collection: decode(collection) }),
    series: series === "" ? [] : series.split(",").map(decode),
    range: parseRange(decode(range)),
  };
}

/** @param settings where the repository is, to be named by the address; undefined for the page's own. No keys. */
export function writeUrl({ collection = "", series, range }: UrlState, settings: Settings | undefined): void {
  const names = series.map(encodeURIComponent).join(",");
  const hash = [encodeURIComponent(collection), names, encodeURIComponent(formatRange(range))].join("/");
  history.replaceState(null, "", `${location.pathname}${settings ? formatSettings(settings) : ""}#/${hash}`);
}

/** A part that was mangled stands for itself. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
