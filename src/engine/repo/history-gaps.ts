import type { Log } from "../../changelog/log.ts";
import { ROOT } from "../../changelog/revision.ts";

/** A revision that should be there, and the head that its absence makes of an older one. */
export interface Gap {
  readonly missing: string;
  readonly older: string;
}

/**
 * Revisions that are missing from the middle of a history. A trim takes the oldest first, and leaves what heads have
 * in common: where the files fall apart into several trees, one that is older than a missing revision was its ancestor,
 * or is a head of a shallow copy.
 */
export function gapsOf(log: Log): Gap[] {
  const trees = treesOf(log);
  if (new Set(trees.values()).size < 2) return [];
  const gaps = new Map<string, Gap>();
  for (const [id, parents] of log.parents) {
    for (const missing of parents) {
      if (missing === ROOT || log.parents.has(missing)) continue;
      const older = log.heads.find((head) => head < missing && trees.get(head) !== trees.get(id));
      if (older !== undefined) gaps.set(missing, { missing, older });
    }
  }
  return [...gaps.values()];
}

/** Each revision's tree: the first root that it can be reached from. Two trees with a revision in common are one. */
function treesOf({ ids, parents }: Log): Map<string, string> {
  const up = new Map(ids.map((id) => [id, id]));
  const find = (id: string): string => {
    let top = id;
    while (up.get(top) !== top) top = up.get(top)!;
    return top;
  };
  for (const id of ids)
    for (const parent of parents.get(id)!) if (up.has(parent)) up.set(find(id), find(parent));
  return new Map(ids.map((id) => [id, find(id)]));
}
