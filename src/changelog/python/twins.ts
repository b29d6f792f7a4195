import { digestOfId, laterTwin, parseName, type RevisionName } from "../revision.ts";

/**
 * Gives twins one name. A merge has a file beside each of its parents, all of one content. Python Lakota cannot build on a
 * revision that it meets twice (see {@link walk}), so the files are named one millisecond apart, and only the last is built
 * on. Here they are one revision again, that with the last name.
 */
export function joinTwins<T extends RevisionName>(names: readonly T[]): readonly T[] {
  const digests = new Set(names.map(({ child }) => digestOfId(child)));
  if (digests.size === names.length) return names; // no two have one content
  const own = names.map((one) => ({ ...one, ...parseName(one.name) })); // some may have been joined before
  const ids = new Set(own.map(({ child }) => child));
  const last = (id: string): string => {
    const twin = laterTwin(id);
    return ids.has(twin) ? last(twin) : id;
  };
  return own.map((one) => ({ ...one, parent: last(one.parent), child: last(one.child) }));
}
