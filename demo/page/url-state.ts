import { formatSettings, type Settings } from "../connection/settings.ts";
import { formatRange, parseRange, type Range } from "../data/range.ts";

/** What the page shows, as contained in the hash of its URL. */
export interface UrlState {
  collection?: string;
  /** The first is the selected series; the others are drawn in the same chart. */
  series: string[];
  range: Range;
}

/** Reads the hash `#/collection/series,series/range`. */
export function readUrl(): UrlState {
  const [collection = "", series = "", range = ""] = location.hash.replace(/^#\/?/, "").split("/");
  return {
    ...(collection && { collection: decode(collection) }),
    series: series === "" ? [] : series.split(",").map(decode),
    range: parseRange(decode(range)),
  };
}

/** @param settings repository for the query of the URL, without keys; undefined for the page's default one */
export function writeUrl({ collection = "", series, range }: UrlState, settings: Settings | undefined): void {
  const names = series.map(encodeURIComponent).join(",");
  const hash = [encodeURIComponent(collection), names, encodeURIComponent(formatRange(range))].join("/");
  history.replaceState(null, "", `${location.pathname}${settings ? formatSettings(settings) : ""}#/${hash}`);
}

/** Returns malformed text as it is. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
