import type { Log } from "./log.ts";
import { ancestors } from "./log-lookup.ts";

/**
 * Returns the revisions that merging some revisions, by default the heads, may need: these themselves, the revisions
 * that not all of them have in common, the parents of those, and everything in between. Of one revision, that one alone.
 *
 * The rest are common ancestors, which no merge reads. Nothing that is left out is a descendant of what is
 * kept, so the kept revisions have no gaps.
 */
export function revisionsForMerge(log: Log, heads: readonly string[] = log.heads): Set<string> {
  const branches = heads.map((head) => ancestors(log, head));
  const kept = new Set(heads);
  for (const id of log.ids) {
    if (branches.every((branch) => branch.has(id))) continue;
    kept.add(id);
    for (const parent of log.parents.get(id)!) if (log.parents.has(parent)) kept.add(parent);
  }
  // Parents come first in the log, so one pass finds all descendants.
  for (const id of log.ids) if (log.parents.get(id)!.some((parent) => kept.has(parent))) kept.add(id);
  return kept;
}
