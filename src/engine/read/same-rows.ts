import type { State } from "../../changelog/changelog.ts";
import { clip, type LabelRange } from "../../changelog/segment-table.ts";
import { diffSegments } from "../../changelog/table-diff.ts";
import type { RangeOptions } from "../../model/api/read.ts";
import type { Schema } from "../../model/schema.ts";
import { toRange } from "./range.ts";

/** Returns whether two states have series of the same labels in a range. */
export async function hasSameLabels(a: State, b: State, range: LabelRange): Promise<boolean> {
  const [one, other] = await Promise.all([a, b].map(({ commit }) => commit.table.labels(range)));
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Returns whether two states have the same rows of a series in a range, as far as their digests tell. */
export async function hasSameRows(
  a: State,
  b: State,
  label: string,
  schema: Schema,
  options: RangeOptions,
): Promise<boolean> {
  const range = toRange(schema, options);
  const rows = async ({ commit }: State) => clip((await commit.table.load([label])).segments, range);
  return diffSegments(await rows(a), await rows(b)).length === 0;
}
