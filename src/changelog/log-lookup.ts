import type { Log } from "./log.ts";
import { digestOfId, ROOT } from "./revision.ts";

/**
 * Returns the id that a revision has now: its own, or that of a later twin (see {@link joinTwins}); undefined
 * if it was removed.
 */
export const currentId = (log: Log, id: string): string | undefined =>
  log.parents.has(id) ? id : log.ids.find((other) => digestOfId(other) === digestOfId(id));

/** Returns the ancestors of revisions, and these revisions themselves. Missing ones are left out. */
export function ancestors(log: Log, ids: string | readonly string[]): Set<string> {
  const seen = new Set<string>();
  const stack = [ids].flat();
  while (stack.length > 0) {
    const top = stack.pop()!;
    if (seen.has(top) || top === ROOT || !log.parents.has(top)) continue;
    seen.add(top);
    for (const parent of log.parents.get(top)!) stack.push(parent);
  }
  return seen;
}
