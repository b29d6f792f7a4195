import { hextime } from "../../model/layout.ts";
import { buildLog } from "../log.ts";
import { ancestors } from "../log-lookup.ts";
import { nextTime } from "../next-time.ts";
import { laterTwin, parseName, type RevisionName, ROOT } from "../revision.ts";
import { depthFirstWalk } from "./walk.ts";

/** The names of the files that make a commit a child of its parents. */
export interface Placement {
  /** The id of the commit. */
  readonly id: string;
  /** Names of its files, one for each parent. The last one is named by the id. */
  readonly files: readonly string[];
  /** A file to copy to another name first. */
  readonly copy?: { readonly from: string; readonly to: string };
}

/**
 * Places a commit so that Python Lakota visits it last, as well as all that will be built on it (see {@link
 * depthFirstWalk}). The commit gets one file (a twin) beside each parent, the last one beside the parent that
 * Python visits last.
 *
 * Two states of Python need more. Its current revision may be an earlier twin that nothing was built on: then
 * the commit gets a file beside that twin too. Or Python may be stuck at a revision that it visits twice:
 * then that revision gets a new twin, a copy, for the commit to be built on.
 *
 * @param names all files of the changelog, twins joined; none if the parent is a commit that was just placed, and
 *   no other file was added since
 * @param parents ids of the parents; none for the first commit
 * @param digest SHA-1 of the payload
 * @param now epoch milliseconds. The commit gets a later time if a parent has this time or a later one.
 * @throws as {@link nextTime}
 */
export function placeMerge(
  names: readonly RevisionName[],
  parents: readonly string[],
  digest: string,
  now: number,
): Placement {
  // Without merges in the history, and with one head, the only place is beside the parent.
  const isLinear = parents.length < 2 && new Set(names.map(({ child }) => child)).size === names.length;
  if (isLinear) return placeBeside(parents[0] ?? ROOT, digest, now);
  const visited = depthFirstWalk(names.map(({ name }) => name));
  const joinedId = new Map(names.map(({ name, child }) => [parseName(name)?.child, child]));
  const idOf = (child: string) => joinedId.get(child) ?? child;
  // The twin of each parent that is visited last, by the parent's id, in order of the visits.
  const places = new Map((parents.length > 0 ? parents : [ROOT]).map((id) => [idOf(id), id]));
  for (const { child } of visited) {
    if (places.delete(idOf(child))) places.set(idOf(child), child);
  }
  const last = visited.at(-1);
  let copy: Placement["copy"];
  // Only beside ancestors: the commit does not include what others have written meanwhile.
  if (last && isAncestor(names, idOf(last.child), places.keys())) {
    const id = idOf(last.child);
    const isStuck = visited.findIndex(({ child }) => child === last.child) < visited.length - 1;
    const place = (isStuck && laterTwin(id)) || last.child;
    if (isStuck) copy = { from: last.name, to: `${last.parent}.${place}` };
    places.delete(id);
    places.set(id, place);
  }
  const twins = [...places.values()];
  const first = nextTime(now, [...twins, ...parents], twins.length);
  const ids = twins.map((_, i) => `${hextime(first + i)}-${digest}`);
  return { id: ids.at(-1)!, files: twins.map((parent, i) => `${parent}.${ids[i]}`), ...(copy && { copy }) };
}

function placeBeside(parent: string, digest: string, now: number): Placement {
  const id = `${hextime(nextTime(now, [parent], 1))}-${digest}`;
  return { id, files: [`${parent}.${id}`] };
}

/** Whether `id` is one of some revisions, or an ancestor of one. */
function isAncestor(names: readonly RevisionName[], id: string, revisions: Iterable<string>): boolean {
  const log = buildLog(names);
  return [...revisions].some((revision) => ancestors(log, revision).has(id));
}
