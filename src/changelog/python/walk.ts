import { compareStrings } from "../../model/key.ts";
import { parseName, type RevisionName } from "../revision.ts";

/**
 * The files of a changelog in the order in which Python Lakota meets them: depth first, oldest branch first. What it meets
 * last is its current state, and what it builds on. A revision that it meets again, beside another parent, is an end for it,
 * whatever was built on it.
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
  const met = new Set<string>();
  const order: RevisionName[] = [];
  for (let top = stack.pop(); top; top = stack.pop()) {
    order.push(top);
    if (!met.has(top.child)) stack.push(...(children.get(top.child) ?? []).reverse());
    met.add(top.child);
  }
  return order;
}
