import type { Schema } from "lakota";
import { xAxisOf } from "../data/axes.ts";
import { boundsOf, type Span } from "../data/range.ts";
import { filterError } from "../data/row-filter.ts";
import { formatDay, formatNumber } from "../page/format.ts";
import type { Shown } from "./page-state.ts";
import { nothing, type Problem, suggest } from "./problem.ts";
import type { Target } from "./target.ts";

/** Says that the address names a collection that the repository does not have. */
export function missingCollection(
  label: string,
  collections: readonly string[],
  choose: (label: string) => void,
): Problem {
  const near = suggest(label, collections);
  return nothing(`No collection “${label}”`, "This repository has no collection of that name.", {
    remedies: near.map((name) => ({ label: name, run: () => choose(name) })),
  });
}

/** Says that the address names series that the collection does not have. `existing` are those that it has. */
export function missingSeries(
  collection: string,
  missing: readonly string[],
  existing: readonly string[],
  labels: readonly string[],
  choose: (series: readonly string[]) => void,
): Problem {
  const names = missing.map((name) => `“${name}”`).join(", ");
  const advice =
    missing.length === 1 ? "It may have been renamed or dropped." : "They may have been renamed or dropped.";
  const remedies =
    existing.length > 0
      ? [{ label: `Show ${existing.join(", ")}`, run: () => choose(existing) }]
      : suggest(missing[0]!, labels).map((name) => ({ label: name, run: () => choose([name]) }));
  return nothing(`No series ${names} in ${collection}`, advice, { remedies });
}

/** Says that a target names a range that makes no sense; undefined if it does. */
export function rangeProblem(
  { schema }: { schema: Schema },
  { range }: Pick<Target, "range">,
  showAll: () => void,
): Problem | undefined {
  const axis = xAxisOf(schema);
  if (!axis || range.kind !== "between" || boundsOf(range.from, range.to, axis.time)) return undefined;
  const { from, to } = range;
  const isReadable = [from, to].every((end) => boundsOf(end, end, axis.time));
  const reason = isReadable ? "The end lies before the start." : "It cannot be read.";
  const form = axis.time ? "two times, such as 1990..2001-03" : "two numbers, such as 10..20";
  const text = to === "" ? from : `${from} to ${to}`;
  return nothing(`No range “${text}”`, `${reason} A range is ${form}.`, {
    remedies: [{ label: "Show all", run: showAll }],
  });
}

/** Says that the condition of a target makes no sense; undefined if it does. */
export async function filterProblem(
  { schema }: { schema: Schema },
  { where }: Pick<Target, "where">,
  removeFilter: () => void,
): Promise<Problem | undefined> {
  const error = where === undefined ? undefined : await filterError(schema, where);
  if (error === undefined) return undefined;
  // The box of the filter shows the place.
  return nothing("The filter cannot be used", error.split("\n")[0]!, {
    remedies: [{ label: "Remove the filter", run: removeFilter }],
  });
}

/** Says why there is no chart, or none of any rows; undefined if there is one. */
export function emptyProblem(
  { rows, chart, span, where, zone }: Pick<Shown, "rows" | "chart" | "span" | "where" | "zone">,
  { moment, view }: Pick<Target, "moment" | "view">,
  { showAll, removeFilter }: { showAll: () => void; removeFilter: () => void },
): Problem | undefined {
  // A zoom to a part without rows is told by the caption: the chart stays, to zoom out.
  if (chart && (rows > 0 || !span || view)) return undefined;
  if (rows === 0 && where !== undefined)
    return nothing("No rows match the filter", `No row in this range matches ${where}.`, {
      remedies: [{ label: "Remove the filter", run: removeFilter }],
    });
  if (chart && span) return noRows(span, chart.time, zone, showAll);
  if (rows === 0 && moment !== undefined)
    return nothing("No rows at that time", "The series was empty in this state.");
  if (rows === 0) return nothing("No rows", "This series is empty.");
  const needs = "A chart needs a column of numbers, and an index of times or numbers.";
  return nothing("Nothing to draw", `${needs} The rows are in the table below.`);
}

/** Says that a series has rows, but none in the range. */
function noRows({ first, last }: Span, time: boolean, zone: string, showAll: () => void): Problem {
  const [from, to] = [first, last].map((x) => (time ? formatDay(x, zone) : formatNumber(x)));
  return nothing("No rows in this range", `The series has rows from ${from} to ${to}.`, {
    remedies: [{ label: "Show all", run: showAll }],
  });
}
