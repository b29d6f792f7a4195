import { ancestors, buildLog } from "../log.ts";
import { epochOf, hextime, laterTwin, parseName, type RevisionName, ROOT } from "../revision.ts";
import { depthFirstWalk } from "./walk.ts";

/** The files that make a commit a child of its parents. */
export interface Placement {
  /** The id that it has from now on. */
  readonly id: string;
  /** Names of its files, the one that bears its id last. */
  readonly files: readonly string[];
  /** A file to copy under another name before. */
  readonly copy?: { readonly from: string; readonly to: string };
}

/**
 * Places a commit so that Python Lakota meets it last, and with it all that will be built on it: beside each parent as a twin
 * of its own, the last one beside the parent that Python meets last. The commit also goes to where Python is now, if
 * that is a twin that nobody built on; and where Python is stuck at a revision that it meets twice, that gets a twin to go to.
 *
 * @param names all files of the changelog, twins joined
 * @param now epoch milliseconds. Whatever the clocks say, times along a branch only go up.
 */
export function placeMerge(
  names: readonly RevisionName[],
  parents: readonly string[],
  digest: string,
  now: number,
): Placement {
  // One head, and nothing was ever merged: there is one line, and one place.
  const line = parents.length < 2 && new Set(names.map(({ child }) => child)).size === names.length;
  const met = line ? [] : depthFirstWalk(names.map(({ name }) => name));
  const joined = new Map(names.map(({ name, child }) => [parseName(name)?.child, child]));
  const idOf = (child: string) => joined.get(child) ?? child;
  // Which twin of each parent is met last, in that order.
  const places = new Map((parents.length > 0 ? parents : [ROOT]).map((id) => [idOf(id), id]));
  for (const { child } of met) {
    if (places.delete(idOf(child))) places.set(idOf(child), child);
  }
  const end = met.at(-1);
  let copy: Placement["copy"];
  // Nowhere but where it is built on: what others have written meanwhile is not in it.
  if (end && reaches(names, places.keys(), idOf(end.child))) {
    const id = idOf(end.child);
    const stuck = met.findIndex(({ child }) => child === end.child) < met.length - 1;
    const place = stuck ? laterTwin(id) : end.child;
    if (stuck) copy = { from: end.name, to: `${end.parent}.${place}` };
    places.delete(id);
    places.set(id, place);
  }
  const beside = [...places.values()];
  const first = Math.max(now, ...beside.map((id) => Number.parseInt(epochOf(id), 16) + 1));
  const ids = beside.map((_, i) => `${hextime(first + i)}-${digest}`);
  return { id: ids.at(-1)!, files: beside.map((parent, i) => `${parent}.${ids[i]}`), ...(copy && { copy }) };
}

/** Whether one of `parents` is `id`, or was built on it. */
function reaches(names: readonly RevisionName[], parents: Iterable<string>, id: string): boolean {
  const log = buildLog(names);
  return [...parents].some((parent) => ancestors(log, parent).has(id));
}
