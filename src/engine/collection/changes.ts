import type { Changelog } from "../../changelog/changelog.ts";
import { ancestors, type Log } from "../../changelog/log.ts";
import { clip } from "../../changelog/segment-table.ts";
import { diffTables, type Change as TableChange } from "../../changelog/table-diff.ts";
import { overlayTouchedRanges } from "../../changelog/touched-ranges.ts";
import type { KeyRange, RangeChange } from "../../model/api/history.ts";
import { compareCuts, type Interval } from "../../model/key.ts";

/** All that some revisions were built on, themselves included. */
export const ancestorsOf = (log: Log, ids: readonly string[]): Set<string> =>
  new Set(ids.flatMap((id) => [...ancestors(log, id)]));

/**
 * Where what some revisions show together differs from what others show: told by the segment tables, but only
 * in ranges that a revision between them has touched, for a segment may have been stored anew with the same rows.
 */
export async function changesBetween(
  changelog: Changelog,
  from: readonly string[],
  to: readonly string[],
  signal?: AbortSignal,
): Promise<TableChange[]> {
  const log = await changelog.log(undefined, signal);
  const [a, b] = [ancestorsOf(log, from), ancestorsOf(log, to)];
  const between = log.ids.filter((id) => a.has(id) !== b.has(id));
  const [before, after, claims] = await Promise.all([
    changelog.stateOf(from, signal),
    changelog.stateOf(to, signal),
    changelog.touchedRanges(between, signal),
  ]);
  const touched = overlayTouchedRanges([{ by: undefined, ranges: claims }]);
  return diffTables(before.table, after.table).flatMap((change) =>
    clip(touched.get(change.label) ?? [], change).map(({ lo, hi }) => ({ ...change, lo, hi })),
  );
}

const kindOf = ({ from, to }: TableChange): RangeChange["kind"] =>
  from === undefined ? "added" : to === undefined ? "removed" : "changed";

/** Changes as the API tells them; neighbours of one kind are one. */
export function toRangeChanges(changes: readonly TableChange[]): (RangeChange & Interval)[] {
  const out: (RangeChange & Interval)[] = [];
  for (const change of changes) {
    const kind = kindOf(change);
    const last = out.at(-1);
    if (last?.label === change.label && last.kind === kind && compareCuts(last.hi, change.lo) === 0) {
      const joined = { lo: last.lo, hi: change.hi };
      out[out.length - 1] = { ...last, ...joined, ...toKeyRange(joined) };
    } else {
      const { label, lo, hi } = change;
      out.push({ label, kind, lo, hi, ...toKeyRange({ lo, hi }) });
    }
  }
  return out;
}

/** Bounds of segments as the API tells them. */
export function toKeyRange({ lo, hi }: Interval): KeyRange {
  const [left, right] = [lo.side < 0, hi.side > 0];
  const closed = left ? (right ? "both" : "left") : right ? "right" : "none";
  return { start: lo.key, stop: hi.key, closed };
}
