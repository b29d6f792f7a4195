import type { MergeConflict } from "../../changelog/merge.ts";
import { covers, type TouchedRange } from "../../changelog/touched-ranges.ts";
import { compareCuts } from "../../model/key.ts";
import type { Column, Schema } from "../../model/schema.ts";
import { unitToMs } from "../../model/time.ts";
import type { WarningContext } from "./warning-context.ts";

/** Ranges that one warning names. */
const MAX_NAMED_RANGES = 3;

/**
 * Warns of rows that an implicit merge has hidden: `merge()` returns a report of conflicts, a write does not.
 * A conflict within a range that the write itself replaced is not reported.
 *
 * @param touched ranges written with the merge
 */
export function warnOfConflicts(
  conflicts: readonly MergeConflict[],
  touched: readonly TouchedRange[],
  { label, schema, reported, warn }: WarningContext,
): void {
  const hidden = conflicts.filter(
    (conflict) => !touched.some((range) => range.label === conflict.label && covers(range, conflict)),
  );
  for (const { kept, lost } of hidden) {
    const pair = `${kept} ${lost}`;
    if (reported.has(pair)) continue;
    reported.add(pair);
    const ranges = hidden.filter((conflict) => conflict.kept === kept && conflict.lost === lost);
    const named = ranges
      .slice(0, MAX_NAMED_RANGES)
      .map((range) => `"${range.label}" ${rangeText(schema, range)}`);
    if (ranges.length > MAX_NAMED_RANGES) named.push(`${ranges.length - MAX_NAMED_RANGES} more`);
    warn(
      `Two concurrent revisions of "${label}" both wrote ${named.join(", ")}. The rows of the later revision ${kept} ` +
        `replace those of ${lost} there; diff() and the history still show both.`,
    );
  }
}

function rangeText(schema: Schema, { lo, hi }: MergeConflict): string {
  const text = ({ key }: MergeConflict["lo"]) =>
    key.map((value, i) => valueText(schema.index[i]!, value)).join(", ");
  const isPoint = compareCuts(lo, { ...hi, side: lo.side }) === 0;
  return isPoint ? `at (${text(lo)})` : `from (${text(lo)}) to (${text(hi)})`;
}

function valueText({ dtype }: Column, value: MergeConflict["lo"]["key"][number]): string {
  if (typeof value !== "bigint" || dtype.kind !== "datetime" || !dtype.unit) return String(value);
  const date = new Date(unitToMs(value, dtype.unit));
  return Number.isNaN(date.getTime()) ? `${value} ${dtype.unit}` : date.toISOString();
}
