import type { State } from "../../changelog/changelog.ts";
import { clip, labelsOf, segmentsOf } from "../../changelog/segment-table.ts";
import { diffTables } from "../../changelog/table-diff.ts";
import type { RangeOptions } from "../../model/api/read.ts";
import type { Schema } from "../../model/schema.ts";
import { toRange } from "./range.ts";

/** Returns whether two states have series of the same labels. */
export const hasSameLabels = (a: State, b: State): boolean =>
  JSON.stringify(labelsOf(a.commit.table)) === JSON.stringify(labelsOf(b.commit.table));

/** Returns whether two states have the same rows of a series in a range, as far as their digests tell. */
export function hasSameRows(
  a: State,
  b: State,
  label: string,
  schema: Schema,
  options: RangeOptions,
): boolean {
  const range = toRange(schema, options);
  const rows = ({ commit }: State) => clip(segmentsOf(commit.table, label), range);
  return diffTables(rows(a), rows(b)).length === 0;
}
