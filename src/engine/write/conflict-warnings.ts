import type { MergeConflict } from "../../changelog/merge.ts";
import { covers, type TouchedRange } from "../../changelog/touched-ranges.ts";
import { compareCuts } from "../../model/key.ts";
import type { Column, Schema } from "../../model/schema.ts";
import { unitToMs } from "../../model/time.ts";
import type { EngineCollection } from "../collection/collection.ts";

/** Ranges that a warning names. */
const NAMED = 3;

/**
 * Warns of what is seen no longer after heads were joined by the way: who called `merge()` has a report of it, who wrote has
 * none. Each pair of revisions is told once. Where the write itself says what is in a range, there is nothing to tell.
 *
 * @param touched what was written with the join
 */
export function warnOfConflicts(
  found: readonly MergeConflict[],
  touched: readonly TouchedRange[],
  { label, schema, repo: workshop }: EngineCollection,
): void {
  workshop.told ??= new Set();
  const conflicts = found.filter(
    (conflict) => !touched.some((claim) => claim.label === conflict.label && covers(claim, conflict)),
  );
  for (const { kept, lost } of conflicts) {
    const pair = `${kept} ${lost}`;
    if (workshop.told.has(pair)) continue;
    workshop.told.add(pair);
    const ranges = conflicts.filter((one) => one.kept === kept && one.lost === lost);
    const named = ranges.slice(0, NAMED).map((range) => `"${range.label}" ${rangeText(schema, range)}`);
    if (ranges.length > NAMED) named.push(`${ranges.length - NAMED} more`);
    workshop.warn(
      `Two writers of "${label}", not knowing of each other, both wrote ${named.join(", ")}. The rows of revision ${lost} ` +
        `are seen no longer there, those of the later ${kept} are; diff() and the history still show them.`,
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
