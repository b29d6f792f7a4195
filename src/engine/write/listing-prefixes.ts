import { hashedPath } from "../../model/layout.ts";

/** Files from which fewer requests list whole folders: one for each thousand files of a folder. */
const MANY_FILES = 1_024;

/** Groups files by the prefix to list so that one finds out which of them exist. */
export function byPrefix(digests: readonly string[]): [prefix: string, digests: string[]][] {
  const groups = new Map<string, string[]>();
  for (const digest of digests) {
    const path = hashedPath(digest);
    const prefix = digests.length < MANY_FILES ? path : path.slice(0, 3);
    const group = groups.get(prefix);
    if (group) group.push(digest);
    else groups.set(prefix, [digest]);
  }
  return [...groups];
}
