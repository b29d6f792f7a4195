import { LINE_SHAPES, type LineShape, type XRange } from "../chart/chart-data.ts";
import { equalRanges, formatRange, parseRange, type Range } from "../data/range.ts";
import { formatResample, parseResample, type Resample } from "../data/resample.ts";
import { isTimeZone } from "../data/time-zone.ts";

/** What the page is asked to show, as contained in the hash of its URL. */
export interface Target {
  /** Undefined: the first collection. */
  readonly collection: string | undefined;
  /** The first is the selected series; the others are drawn in the same chart. Empty: the first series. */
  readonly series: readonly string[];
  readonly range: Range;
  /** Names of the columns to draw. Undefined: all that can be drawn. */
  readonly columns: readonly string[] | undefined;
  /** Values of the further index columns, each of which has lines of its own. Undefined: the first few. */
  readonly keys: readonly string[] | undefined;
  /** The condition of rows to show, as the user typed it. Undefined: all rows. */
  readonly where: string | undefined;
  /** Rows are grouped like this. Undefined: they are not. */
  readonly resample: Resample | undefined;
  /** A time zone, or `local` for that of the device. Undefined: that of the collection, else UTC. */
  readonly zone: string | undefined;
  /** Id of the revision before which the data are shown. Undefined: as they are now. */
  readonly moment: string | undefined;
  /** Another moment to compare with, as {@link moment}. Undefined: the current state, if an earlier one is shown. */
  readonly compare: string | undefined;
  /** Whether the compared state is drawn, too. */
  readonly overlay: boolean;
  /** The part of the x axis that is zoomed to. Undefined: all of the range. */
  readonly view: XRange | undefined;
  /** Names of the lines that are hidden. */
  readonly hidden: readonly string[];
  /** How all lines are drawn. Undefined: as suits each of them. */
  readonly shape: LineShape | undefined;
  /** Whether the extremes of means are drawn. Undefined: where they leave the means readable. */
  readonly extremes: boolean | undefined;
  /** Whether the y axis is logarithmic where all values are positive. */
  readonly log: boolean;
}

export const NO_TARGET: Target = {
  collection: undefined,
  series: [],
  range: { kind: "all" },
  columns: undefined,
  keys: undefined,
  where: undefined,
  resample: undefined,
  zone: undefined,
  moment: undefined,
  compare: undefined,
  overlay: true,
  view: undefined,
  hidden: [],
  shape: undefined,
  extremes: undefined,
  log: false,
};

/** What is shown of another series or collection at first: nothing of the former view stays. */
export const freshTarget = (collection: string, series: readonly string[] = []): Target => ({
  ...NO_TARGET,
  collection,
  series,
});

/** Formats a target as `#/collection/series,series/range?view=…`. */
export function formatTarget(target: Target): string {
  const {
    collection = "",
    series,
    range,
    columns,
    keys,
    where,
    resample,
    zone,
    moment,
    compare,
    view,
  } = target;
  const { hidden, shape, extremes, log } = target;
  // Colons, as in times, need no escape in a fragment.
  const rangeText = encodeURIComponent(formatRange(range)).replaceAll("%3A", ":");
  const isWhole = series.length === 0 && range.kind === "all";
  const path = [encodeURIComponent(collection), ...(isWhole ? [] : [formatList(series), rangeText])].join(
    "/",
  );
  const details = [
    view && `view=${view.map(String).join("..")}`,
    columns && `columns=${formatList(columns)}`,
    keys && `keys=${formatList(keys)}`,
    where !== undefined && `where=${encodeURIComponent(where)}`,
    resample && `by=${formatResample(resample)}`,
    zone !== undefined && `zone=${zone.split("/").map(encodeURIComponent).join("/")}`,
    moment !== undefined && `before=${moment}`,
    compare !== undefined && `compare=${compare}`,
    !target.overlay && "overlay=off",
    hidden.length > 0 && `hidden=${formatList(hidden)}`,
    shape && `draw=${shape}`,
    extremes !== undefined && `extremes=${extremes ? "on" : "off"}`,
    log && "scale=log",
  ].filter(Boolean);
  return `#/${path}${details.length > 0 ? `?${details.join("&")}` : ""}`;
}

/** Parses what {@link formatTarget} returns. Details that make no sense are ignored. */
export function parseTarget(hash: string): Target {
  const [path, query] = splitOnce(hash.replace(/^#\/?/, ""), "?");
  const [collection = "", series = "", range = ""] = path.split("/");
  const details = new Map(query.split("&").map((part) => splitOnce(part, "=")));
  const list = (name: string) => {
    const text = details.get(name);
    return text === undefined ? undefined : parseList(text);
  };
  const [low, high] = (details.get("view") ?? "").split("..").map(Number);
  const shape = details.get("draw");
  const where = decode(details.get("where") ?? "");
  const zone = decode(details.get("zone") ?? "");
  const extremes = details.get("extremes");
  return {
    collection: collection === "" ? undefined : decode(collection),
    series: parseList(series),
    range: parseRange(decode(range)),
    columns: list("columns"),
    keys: list("keys"),
    where: where.trim() === "" ? undefined : where,
    resample: parseResample(details.get("by") ?? ""),
    zone: zone === "local" || isTimeZone(zone) ? zone : undefined,
    moment: details.get("before"),
    compare: details.get("compare"),
    overlay: details.get("overlay") !== "off",
    view: low !== undefined && high !== undefined && low < high ? [low, high] : undefined,
    hidden: list("hidden") ?? [],
    shape: LINE_SHAPES.find((known) => known === shape),
    extremes: extremes === "on" ? true : extremes === "off" ? false : undefined,
    log: details.get("scale") === "log",
  };
}

/** Whether a step from one target to another is one that Back undoes. Zooms and hidden lines are not: they are many. */
export function isStep(from: Target, to: Target): boolean {
  if (from.collection === undefined) return false;
  if (from.collection !== to.collection) return true;
  // The series that is shown because the address names none.
  if (from.series.length === 0) return false;
  return (
    formatList(from.series) !== formatList(to.series) ||
    !equalRanges(from.range, to.range) ||
    from.columns?.join() !== to.columns?.join() ||
    from.keys?.join() !== to.keys?.join() ||
    from.where !== to.where ||
    JSON.stringify(from.resample) !== JSON.stringify(to.resample) ||
    from.zone !== to.zone ||
    from.moment !== to.moment ||
    from.compare !== to.compare ||
    from.shape !== to.shape ||
    from.extremes !== to.extremes ||
    from.log !== to.log
  );
}

/** Returns which state is compared with the one that is shown. Undefined if none is. */
export function comparedMoment({ moment, compare }: Target): { before: string | undefined } | undefined {
  return moment === undefined && compare === undefined ? undefined : { before: compare };
}

const formatList = (texts: readonly string[]): string => texts.map(encodeURIComponent).join(",");
const parseList = (text: string): string[] => (text === "" ? [] : text.split(",").map(decode));

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

/** Returns malformed text as it is. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
