import type { Frame, Series } from "lakota";
import type { LineSummary, XRange } from "../chart/chart-data.ts";
import type { LinesRequest } from "./chart-request.ts";
import { type KeyValues, keysOf } from "./key-values.ts";
import { readState } from "./read-state.ts";
import { rowFilter } from "./row-filter.ts";

/** Names that no column of a schema has. */
const ROWS = " rows";
const PARTS = ["missing", "min", "max", "mean", "sum", "last"] as const;
type Part = (typeof PARTS)[number];
const partName = (part: Part, column: string) => ` ${part} ${column}`;

/** Computes the statistics of each line of a chart over all rows of a range, both ends included. */
export async function summarise(
  request: LinesRequest,
  [low, high]: XRange,
  signal: AbortSignal,
): Promise<LineSummary[]> {
  const { series, axis, drawn, keys, before } = request;
  const { col, count, float64, isnan, last, max, mean, min, sum } = await import("lakota/query");
  const parts = drawn.flatMap(({ name }) => {
    const value = float64(col(name));
    const expressions = {
      missing: sum(isnan(value)),
      min: min(value),
      max: max(value),
      mean: mean(value),
      sum: sum(value),
      last: last(value),
    };
    return PARTS.map((part) => [partName(part, name), expressions[part]]);
  });
  const options = {
    columns: {
      ...Object.fromEntries((keys?.columns ?? []).map((name) => [name, col(name)])),
      [ROWS]: count(),
      ...Object.fromEntries(parts),
    },
    start: axis.time ? Math.ceil(low) : low,
    stop: axis.time ? Math.floor(high) : high,
    closed: "both" as const,
    numbers: true,
    signal,
    ...(await rowFilter(request)),
    ...readState(before),
  };
  const frames = await Promise.all(series.map((each: Series) => each.reduce(options)));
  return frames.flatMap((frame) =>
    groupsOf(frame, keys).flatMap((row) => drawn.map(({ name }) => summaryAt(frame, row, name))),
  );
}

/** Returns the row of each group: of each chosen key, or the only one. Undefined where there are no rows. */
function groupsOf(frame: Frame, keys: KeyValues | undefined): (number | undefined)[] {
  if (!keys) return [frame.length > 0 ? 0 : undefined];
  const rows = new Map(keysOf(frame, keys.columns).map(({ name }, row) => [name, row]));
  return keys.chosen.map(({ name }) => rows.get(name));
}

function summaryAt(frame: Frame, row: number | undefined, column: string): LineSummary {
  if (row === undefined) return { rows: 0, missing: 0, min: NaN, max: NaN, mean: NaN, sum: NaN, last: NaN };
  const at = (part: Part) => frame.numbers(partName(part, column))[row]!;
  return {
    rows: frame.numbers(ROWS)[row]!,
    missing: at("missing"),
    min: at("min"),
    max: at("max"),
    mean: at("mean"),
    sum: at("sum"),
    last: at("last"),
  };
}
