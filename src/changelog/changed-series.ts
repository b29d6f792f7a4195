import { compareStrings } from "../model/key.ts";
import { sameSegments } from "./segment-edits.ts";
import { bySeries, loadAll, type Segment, type SegmentTable } from "./segment-table.ts";
import { type Change, diffSegments } from "./table-diff.ts";
import { loadDifferences } from "./tree/differences.ts";
import { TreeTable } from "./tree/tree-table.ts";

/** Returns where one table differs from another. Of two trees, reads only pages that are not in both. */
export async function changesBetween(
  from: SegmentTable,
  to: SegmentTable,
  signal?: AbortSignal,
): Promise<Change[]> {
  const [before, after] = await loadDifferent(from, to, signal);
  const labels = [...new Set([...before.keys(), ...after.keys()])].sort(compareStrings);
  return labels.flatMap((label) => diffSegments(before.get(label) ?? [], after.get(label) ?? []));
}

/** Whether two tables have the same segments. */
export async function isSameTable(a: SegmentTable, b: SegmentTable, signal?: AbortSignal): Promise<boolean> {
  const [one, other] = await loadDifferent(a, b, signal);
  return (
    one.size === other.size && [...one].every(([label, own]) => sameSegments(own, other.get(label) ?? []))
  );
}

type Series = ReadonlyMap<string, readonly Segment[]>;

/** Returns the segments of the series in which two tables may differ. */
export async function loadDifferent(
  a: SegmentTable,
  b: SegmentTable,
  signal: AbortSignal | undefined,
): Promise<[Series, Series]> {
  if (a === b) return [new Map(), new Map()];
  const loaded =
    a instanceof TreeTable && b instanceof TreeTable
      ? await loadDifferences(a, b, signal)
      : await Promise.all([a, b].map(async (table) => (await loadAll(table, signal)).segments));
  return [bySeries(loaded[0]!), bySeries(loaded[1]!)];
}
