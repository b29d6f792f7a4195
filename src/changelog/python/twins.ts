import { digestOfId, laterTwin, parseName, type RevisionName } from "../revision.ts";

/**
 * Gives twins one id: that of the last twin. Twins are files of equal content whose times are one millisecond
 * apart. A merge has one beside each of its parents, because Python Lakota cannot build on a revision that it
 * visits twice (see {@link depthFirstWalk}); only the last twin is built on.
 */
export function joinTwins<T extends RevisionName>(names: readonly T[]): readonly T[] {
  const digests = new Set(names.map(({ child }) => digestOfId(child)));
  if (digests.size === names.length) return names; // all contents differ, so there are no twins
  const original = names.map((file) => ({ ...file, ...parseName(file.name) })); // undoes an earlier join
  const ids = new Set(original.map(({ child }) => child));
  const lastTwin = (id: string): string => {
    const twin = laterTwin(id);
    return ids.has(twin) ? lastTwin(twin) : id;
  };
  return original.map((file) => ({ ...file, parent: lastTwin(file.parent), child: lastTwin(file.child) }));
}
