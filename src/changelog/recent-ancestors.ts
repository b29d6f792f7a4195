/**
 * Each commit records its latest ancestors (the key `ancestors` of its payload), because revision files alone do not
 * always tell: while a changelog is copied, trimmed or listed, a reader may see a revision and an ancestor of it, but not
 * those in between. The ancestor then looks like a concurrent head, and would show rows that were overwritten since.
 */

import { type Bytes, toHex } from "../model/bytes.ts";
import type { Commit } from "./commit.ts";
import type { Log } from "./log.ts";
import { digestOfId, ROOT } from "./revision.ts";

/** Ancestors that a commit records. More than the files that a copy, even one by other tools, has in flight. */
const RECORDED = 64;
/** Bytes of a digest that are recorded. */
const PREFIX = 8;

/** Returns the prefixes of the digests of the latest ancestors of a commit with these parents, latest first. */
export function recordAncestors(log: Log, parents: readonly string[]): Bytes {
  const seen = new Set<string>(parents);
  const recorded: string[] = [];
  const frontier = [...seen];
  while (frontier.length > 0 && recorded.length < RECORDED) {
    const latest = frontier.reduce((a, b) => (a > b ? a : b));
    frontier.splice(frontier.indexOf(latest), 1);
    recorded.push(latest);
    for (const parent of log.parents.get(latest) ?? []) {
      if (parent === ROOT || seen.has(parent)) continue;
      seen.add(parent);
      frontier.push(parent);
    }
  }
  const bytes = new Uint8Array(recorded.length * PREFIX);
  recorded.forEach((id, i) => {
    const digest = digestOfId(id);
    for (let k = 0; k < PREFIX; k++)
      bytes[i * PREFIX + k] = Number.parseInt(digest.slice(2 * k, 2 * k + 2), 16);
  });
  return bytes;
}

/** Returns whether a commit records a revision as its ancestor. */
function records({ ancestors }: Commit): (id: string) => boolean {
  const prefixes = new Set<string>();
  for (let at = 0; ancestors && at + PREFIX <= ancestors.length; at += PREFIX)
    prefixes.add(toHex(ancestors.subarray(at, at + PREFIX)));
  return (id) => prefixes.has(digestOfId(id).slice(0, 2 * PREFIX));
}

/**
 * Adds the parents that revisions with missing parents record, so that an ancestor beyond a gap is known as one.
 *
 * @returns the same log if there is nothing to add
 */
export async function bridgeGaps(log: Log, load: (id: string) => Promise<Commit>): Promise<Log> {
  const oldest = log.ids.reduce((a, b) => (a < b ? a : b));
  // Only a revision older than the missing parent can lie beyond a gap. A trim leaves none.
  const gaps = log.ids.filter((id) =>
    log.parents.get(id)!.some((parent) => parent !== ROOT && !log.parents.has(parent) && oldest < parent),
  );
  if (gaps.length === 0) return log;
  const parents = new Map(log.parents);
  for (const id of gaps) {
    const isAncestor = records(await load(id));
    const known = parents.get(id)!;
    const added = log.ids.filter((other) => other !== id && !known.includes(other) && isAncestor(other));
    if (added.length > 0) parents.set(id, [...known, ...added]);
  }
  const named = new Set([...parents.values()].flat());
  return { ...log, parents, heads: log.heads.filter((id) => !named.has(id)) };
}
