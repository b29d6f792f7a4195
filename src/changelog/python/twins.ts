import { digestOfId, laterTwin, parseName, type RevisionName } from "../revision.ts";

/**
 * Gives twins one id: that of the last twin. Twins are files of equal content whose times are one millisecond
 * apart. A merge has one beside each of its parents, because Python Lakota cannot build on a revision that it
 * visits twice (see {@link depthFirstWalk}); only the last twin is built on.
 */
export function joinTwins<T extends RevisionName>(names: readonly T[]): readonly T[] {
  const byDigest = new Map(names.map(({ child }) => [digestOfId(child), child]));
  const isKnown = (id: string) => (byDigest.get(digestOfId(id)) ?? id) === id;
  // All contents differ, and no parent is a twin whose own file is gone.
  if (byDigest.size === names.length && names.every(({ parent }) => isKnown(parent))) return names;
  const original = names.map((file) => ({ ...file, ...parseName(file.name) })); // undoes an earlier join
  const ids = new Set(original.map(({ child }) => child));
  const joined = new Map<string, string>();
  const lastTwin = (id: string): string => {
    const earlier: string[] = [];
    let last = id;
    while (!joined.has(last)) {
      const twin = laterTwin(last);
      if (twin === undefined || !ids.has(twin)) break;
      earlier.push(last);
      last = twin;
    }
    last = joined.get(last) ?? last;
    for (const twin of earlier) joined.set(twin, last);
    return last;
  };
  return original.map((file) => ({ ...file, parent: lastTwin(file.parent), child: lastTwin(file.child) }));
}
