import type { Log } from "../../changelog/log.ts";
import { ROOT } from "../../changelog/revision.ts";

/** A missing revision, and an older revision that counts as a head because of that. */
export interface Gap {
  readonly missing: string;
  readonly older: string;
}

/**
 * Finds revisions that are missing from the middle of a history. A trim deletes the oldest first and keeps
 * the common ancestors of the heads. So if the revisions form several trees, one that is older than a missing
 * revision was its ancestor, or belongs to a shallow copy.
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

/** Returns a representative of each revision's tree. Trees that share a revision are one. */
function treesOf({ ids, parents }: Log): Map<string, string> {
  const parentOf = new Map(ids.map((id) => [id, id]));
  const find = (id: string): string => {
    let root = id;
    while (parentOf.get(root) !== root) root = parentOf.get(root)!;
    return root;
  };
  for (const id of ids)
    for (const parent of parents.get(id)!) if (parentOf.has(parent)) parentOf.set(find(id), find(parent));
  return new Map(ids.map((id) => [id, find(id)]));
}
