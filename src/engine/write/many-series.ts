import { FlatTable } from "../../changelog/flat-table.ts";
import { EMPTY_TABLE, type SegmentTable } from "../../changelog/segment-table.ts";

/** Series from which a tree is worth what it costs: that Python Lakota cannot read it. */
export const MANY_SERIES = 5_000;

/** Returns advice for a collection that a commit has given its 5,000th series. */
export function adviceForManySeries(
  label: string,
  before: SegmentTable,
  after: SegmentTable,
): string | undefined {
  if (!(after instanceof FlatTable) || after.size < MANY_SERIES) return undefined;
  if (before instanceof FlatTable ? before.countSeries() >= MANY_SERIES : before !== EMPTY_TABLE)
    return undefined;
  const series = after.countSeries();
  if (series < MANY_SERIES) return undefined;
  return (
    `"${label}" has ${series} series now, and each of its revisions stores the table of all of them. In a collection with ` +
    'the option table: "tree" (lakota create --table tree), a write costs the same whatever the number of series, but ' +
    `Python Lakota cannot read it. To change over: repo.clone(${JSON.stringify(label)}, NAME, { table: "tree" }).`
  );
}
