import { compareStrings } from "../model/key.ts";
import type { Commit } from "./commit.ts";
import { type Change, diffTables } from "./diff.ts";
import { ancestors, type Log } from "./log.ts";
import { overlay, type Segment, type SegmentTable, subtract, withBounds } from "./segments.ts";

/**
 * One commit that shows what all of `heads` show: each head's changes since the history they share, laid
 * over each other in order of time, so that the last write wins where they overlap.
 *
 * @param load the commit of a revision
 */
export async function mergeHeads(
  log: Log,
  heads: readonly string[],
  load: (id: string) => Promise<Commit>,
): Promise<Commit> {
  const [first, ...rest] = [...heads].sort(compareStrings);
  if (first === undefined) return { table: [], embedded: new Map() };
  let merged = await load(first);
  const seen = ancestors(log, first);
  for (const head of rest) {
    const theirs = await load(head);
    const reachable = ancestors(log, head);
    const base = await mergeHeads(log, nearest(log, seen, reachable), load);
    merged = {
      table: applyChanges(merged.table, diffTables(base.table, theirs.table)),
      embedded: new Map([...merged.embedded, ...theirs.embedded]),
    };
    for (const id of reachable) seen.add(id);
  }
  return merged;
}

/** Common revisions from which no other common one descends: none where the shared history was trimmed. */
export function nearest(log: Log, a: ReadonlySet<string>, b: ReadonlySet<string>): string[] {
  const common = [...a].filter((id) => b.has(id));
  // What descends from a common ancestor and is common itself begins with a common child of it.
  const above = new Set(common.flatMap((id) => log.parents.get(id)!));
  return common.filter((id) => !above.has(id));
}

/** The table with each change made in it. */
export function applyChanges(table: SegmentTable, changes: readonly Change[]): SegmentTable {
  const removed = changes.filter((change) => change.to === undefined);
  const kept = table.flatMap((segment) =>
    removed
      .filter((change) => change.label === segment.label)
      .reduce<Segment[]>((parts, hole) => parts.flatMap((part) => subtract(part, hole)), [segment]),
  );
  const added = changes.flatMap(({ lo, hi, to }) => (to ? [withBounds(to, lo, hi)] : []));
  return overlay(kept, added);
}
