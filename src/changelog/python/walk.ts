import { compareStrings } from "../../model/key.ts";
import { parseName, type RevisionName } from "../revision.ts";

/**
 * Returns the files of a changelog in the order in which Python Lakota visits them: depth first, oldest
 * branch first. The last one is Python's current state, and the parent of its next commit. Python does not
 * descend into a revision that it visits again, beside another parent, even if other revisions were built on
 * it.
 */
export function depthFirstWalk(files: readonly string[]): RevisionName[] {
  const children = new Map<string, RevisionName[]>();
  const ids = new Set<string>();
  for (const file of [...files].sort(compareStrings)) {
    const revision = parseName(file);
    if (!revision || revision.parent === revision.child) continue;
    ids.add(revision.child);
    const siblings = children.get(revision.parent);
    if (siblings) siblings.push(revision);
    else children.set(revision.parent, [revision]);
  }
  const roots = [...children].filter(([parent]) => !ids.has(parent)).flatMap(([, first]) => first);
  const stack = roots.reverse();
  const visited = new Set<string>();
  const order: RevisionName[] = [];
  for (let top = stack.pop(); top; top = stack.pop()) {
    order.push(top);
    if (!visited.has(top.child))
      for (const child of children.get(top.child)?.reverse() ?? []) stack.push(child);
    visited.add(top.child);
  }
  return order;
}
