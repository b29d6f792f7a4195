import { compareStrings } from "../model/key.ts";
import { digestOfId, epochOf, type RevisionName, ROOT } from "./revision.ts";

/** The tree of revisions, as far as the files tell. A merge has several parents: one file each. */
export interface Log {
  /** Ids, oldest first: parents before children, then by time. */
  readonly ids: readonly string[];
  /** Parents of each id; they may be missing from `ids` (after a trim, or in a shallow copy). */
  readonly parents: ReadonlyMap<string, readonly string[]>;
  /** The name of a file that holds it, of each id. */
  readonly files: ReadonlyMap<string, string>;
  /** Ids that no revision has as parent, oldest first. */
  readonly heads: readonly string[];
}

/** @param names all files of the changelog, twins joined; with `before` only revisions made earlier count (an epoch). */
export function buildLog(names: readonly RevisionName[], before?: string): Log {
  const parents = new Map<string, string[]>();
  const files = new Map<string, string>();
  for (const { parent, child, name } of names) {
    if (parent === child || (before !== undefined && epochOf(child) >= before)) continue;
    const known = parents.get(child);
    if (known) known.push(parent);
    else parents.set(child, [parent]);
    files.set(child, name);
  }
  const ids = inOrder(parents);
  const named = new Set([...parents.values()].flat());
  return { ids, parents, files, heads: ids.filter((id) => !named.has(id)) };
}

/** The id that a revision has now: its own, or that of a later twin (see {@link joinTwins}). Undefined where it is gone. */
export const currentId = (log: Log, id: string): string | undefined =>
  log.parents.has(id) ? id : log.ids.find((one) => digestOfId(one) === digestOfId(id));

/** Times come from many clocks, so a child may bear an earlier one than its parent: the tree goes first. */
function inOrder(parents: ReadonlyMap<string, readonly string[]>): string[] {
  const order: string[] = [];
  const state = new Map<string, "open" | "done">();
  for (const id of [...parents.keys()].sort(compareStrings)) {
    const stack = [id];
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      if (state.get(top) === undefined) {
        state.set(top, "open");
        const missing = parents.get(top)!.filter((parent) => parents.has(parent) && !state.has(parent));
        stack.push(...missing.sort(compareStrings).reverse());
      } else {
        if (state.get(top) === "open") order.push(top);
        state.set(top, "done");
        stack.pop();
      }
    }
  }
  return order;
}

/** `id` and all that it was built on. */
export function ancestors(log: Log, id: string): Set<string> {
  const seen = new Set<string>();
  const stack = [id];
  while (stack.length > 0) {
    const top = stack.pop()!;
    if (seen.has(top) || top === ROOT || !log.parents.has(top)) continue;
    seen.add(top);
    stack.push(...log.parents.get(top)!);
  }
  return seen;
}
