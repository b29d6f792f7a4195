import type { Changelog } from "../../changelog/changelog.ts";
import { rangesTouchedBy, stateOf } from "../../changelog/changelog-queries.ts";
import type { Log } from "../../changelog/log.ts";
import { ancestors } from "../../changelog/log-lookup.ts";
import { clip } from "../../changelog/segment-table.ts";
import { diffSegments, type Change as TableChange } from "../../changelog/table-diff.ts";
import { overlayTouchedRanges } from "../../changelog/touched-ranges.ts";
import type { KeyRange, RangeChange } from "../../model/api/history.ts";
import { compareCuts, type Interval } from "../../model/key.ts";

/**
 * Returns where the merged state of some revisions differs from that of others, by comparing their segments. Only ranges that a revision between them has touched count: compaction rewrites segments without
 * changing rows.
 *
 * @param known the tree to use; default: that of the store's listing
 */
export async function changesBetween(
  changelog: Changelog,
  from: readonly string[],
  to: readonly string[],
  signal?: AbortSignal,
  known?: Log,
): Promise<TableChange[]> {
  const log = known ?? (await changelog.log(undefined, signal));
  const [fromAncestors, toAncestors] = [ancestors(log, from), ancestors(log, to)];
  const between = log.ids.filter((id) => fromAncestors.has(id) !== toAncestors.has(id));
  const [before, after, ranges] = await Promise.all([
    stateOf(changelog, from, signal, log),
    stateOf(changelog, to, signal, log),
    rangesTouchedBy(changelog, between, signal, log),
  ]);
  const touched = overlayTouchedRanges([{ by: undefined, ranges }]);
  const [old, current] = await Promise.all(
    [before, after].map(({ table }) => table.load([...touched.keys()], signal)),
  );
  return diffSegments(old!.segments, current!.segments).flatMap((change) =>
    clip(touched.get(change.label) ?? [], change).map(({ lo, hi }) => ({ ...change, lo, hi })),
  );
}

const kindOf = ({ from, to }: TableChange): RangeChange["kind"] =>
  from === undefined ? "added" : to === undefined ? "removed" : "changed";

/** Returns changes as the API describes them, with adjacent changes of one kind joined. */
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

/** Returns a range as the API describes it. */
export function toKeyRange({ lo, hi }: Interval): KeyRange {
  const [left, right] = [lo.side < 0, hi.side > 0];
  const closed = left ? (right ? "both" : "left") : right ? "right" : "none";
  return { start: lo.key, stop: hi.key, closed };
}
