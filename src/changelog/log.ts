import { LakotaError } from "../model/errors.ts";
import { compareStrings } from "../model/key.ts";
import { epochOf, type RevisionName } from "./revision.ts";

/** The tree of revisions, from the names of their files. A merge has one file for each of its parents. */
export interface Log {
  /** Ids, oldest first: parents before children, then by time. */
  readonly ids: readonly string[];
  /**
   * Parents of each id; they may be missing from `ids` (after a trim, or in a shallow copy). The map may also have
   * revisions that were added since, none of which is a parent of these.
   */
  readonly parents: ReadonlyMap<string, readonly string[]>;
  /** The name of one file of each id, and of those added since. All files of a revision have the same content. */
  readonly files: ReadonlyMap<string, string>;
  /** Ids that no revision has as parent, oldest first. */
  readonly heads: readonly string[];
}

/** A tree to which {@link extendLog} can add. */
export interface GrowingLog extends Log {
  readonly parents: Map<string, readonly string[]>;
  readonly files: Map<string, string>;
}

/**
 * Builds the tree from the names of revision files.
 *
 * @param names all files of the changelog, twins joined
 * @param before an epoch: revisions made then or later are left out
 * @throws `corrupt` if revisions form a circle, or one has no parent but itself: no order of them is right, and some
 *   would be seen by no reader
 */
export function buildLog(names: readonly RevisionName[], before?: string): GrowingLog {
  const parents = new Map<string, string[]>();
  const files = new Map<string, string>();
  const ownParents = new Set<string>();
  for (const { parent, child, name } of names) {
    if (before !== undefined && epochOf(child) >= before) continue;
    if (parent === child) {
      ownParents.add(child);
      continue;
    }
    const known = parents.get(child);
    if (known) known.push(parent);
    else parents.set(child, [parent]);
    files.set(child, name);
  }
  for (const id of ownParents) if (!parents.has(id)) throw circleError(names, new Set([id]));
  const ids = inOrder(parents, (circle) => circleError(names, circle));
  const named = new Set([...parents.values()].flat());
  return { ids, parents, files, heads: ids.filter((id) => !named.has(id)) };
}

/**
 * Returns a tree with more leaves. The two share their maps, so a long history is not copied for each leaf.
 *
 * @param added files of one revision each, later than all others; parents come before their children
 */
export function extendLog(log: GrowingLog, added: readonly RevisionName[]): GrowingLog {
  for (const { parent, child, name } of added) {
    log.parents.set(child, [parent]);
    log.files.set(child, name);
  }
  const children = added.map(({ child }) => child);
  const named = new Set(added.map(({ parent }) => parent));
  const heads = [...log.heads, ...children].filter((id) => !named.has(id));
  return { ...log, ids: [...log.ids, ...children], heads };
}

/**
 * Sorts parents before children, then by time: clocks differ, so a child can have an earlier time than its
 * parent.
 *
 * @param circular makes the error to throw, from the ids of a circle
 */
function inOrder(
  parents: ReadonlyMap<string, readonly string[]>,
  circular: (ids: ReadonlySet<string>) => LakotaError,
): string[] {
  const order: string[] = [];
  const state = new Map<string, "open" | "done">();
  for (const id of [...parents.keys()].sort(compareStrings)) {
    const stack = [id];
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      if (state.get(top) === undefined) {
        state.set(top, "open");
        const missing: string[] = [];
        for (const parent of parents.get(top)!) {
          if (state.get(parent) === "open") {
            const path = stack.filter((id) => state.get(id) === "open");
            throw circular(new Set(path.slice(path.indexOf(parent))));
          }
          if (parents.has(parent) && !state.has(parent)) missing.push(parent);
        }
        for (const parent of missing.sort(compareStrings).reverse()) stack.push(parent);
      } else {
        if (state.get(top) === "open") order.push(top);
        state.set(top, "done");
        stack.pop();
      }
    }
  }
  return order;
}

/** Files of a circle that the message names. */
const MAX_NAMED_FILES = 4;

/** Describes a circle. Files that are older than their parent come first, since they are the suspects. */
function circleError(names: readonly RevisionName[], circle: ReadonlySet<string>): LakotaError {
  const files = names
    .filter(({ parent, child }) => circle.has(parent) && circle.has(child))
    .filter(({ parent, child }) => parent !== child || circle.size === 1)
    .sort((a, b) => Number(a.child > a.parent) - Number(b.child > b.parent))
    .map(({ name, path }) => path ?? name);
  const more = files.length > MAX_NAMED_FILES ? ` and ${files.length - MAX_NAMED_FILES} more` : "";
  return new LakotaError(
    "corrupt",
    `Each of these revisions is an ancestor of itself: ${files.slice(0, MAX_NAMED_FILES).join(", ")}${more}. ` +
      "No writer makes such files. Delete the one that does not belong there, probably the first, or restore the " +
      "folder from another copy.",
  );
}
