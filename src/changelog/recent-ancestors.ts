/**
 * Each commit records its latest ancestors (the key `ancestors` of its payload), because revision files alone
 * do not always tell: while a changelog is copied, trimmed or listed, a reader may see a revision and an
 * ancestor of it, but not those in between. The ancestor then looks like a concurrent head, and would show
 * rows that were overwritten since.
 */

import { type Bytes, fromHex, toHex } from "../model/bytes.ts";
import { LakotaError } from "../model/errors.ts";
import { type Commit, EMPTY_COMMIT, type LoadCommit } from "./commit.ts";
import type { Log } from "./log.ts";
import { ancestors } from "./log-lookup.ts";
import { digestOfId, ROOT } from "./revision.ts";

/**
 * Ancestors that a commit records. More than the files that a copy, even one by other tools, has in flight.
 */
const RECORDED = 64;
/** Bytes of a digest that are recorded. */
const PREFIX = 8;

/**
 * Returns what a commit with these parents records: prefixes of the digests of its latest ancestors, those in
 * the log first.
 *
 * @param load is called for the parents, whose own records reach beyond what was trimmed
 */
export async function recordAncestors(
  log: Log,
  parents: readonly string[],
  load: LoadCommit,
): Promise<Bytes> {
  const prefixes = new Set(latestAncestors(log, parents).map(prefixOf));
  for (const parent of parents) {
    // A parent may have been trimmed since. Fewer recorded ancestors are no error.
    const commit = await load(parent).catch((error: unknown) => {
      if (error instanceof LakotaError && error.code === "not-found") return EMPTY_COMMIT;
      throw error;
    });
    for (const prefix of prefixesIn(commit)) prefixes.add(prefix);
  }
  return fromHex([...prefixes].slice(0, RECORDED).join(""));
}

/** Returns some revisions and their ancestors, latest first; as many as a commit records. */
function latestAncestors(log: Log, ids: readonly string[]): string[] {
  const seen = new Set(ids);
  const frontier = [...seen];
  const latestFirst: string[] = [];
  while (frontier.length > 0 && latestFirst.length < RECORDED) {
    const latest = frontier.reduce((a, b) => (a > b ? a : b));
    frontier.splice(frontier.indexOf(latest), 1);
    latestFirst.push(latest);
    for (const parent of log.parents.get(latest) ?? []) {
      if (parent === ROOT || seen.has(parent)) continue;
      seen.add(parent);
      frontier.push(parent);
    }
  }
  return latestFirst;
}

const prefixOf = (id: string): string => digestOfId(id).slice(0, 2 * PREFIX);

/** Returns whether a commit that records these ancestors records a revision as one. */
export function recordsAncestor(ancestors: Bytes | undefined): (id: string) => boolean {
  const recorded = prefixesIn({ ancestors });
  return (id) => recorded.has(prefixOf(id));
}

/** Returns the prefixes that a commit records. */
function prefixesIn({ ancestors = new Uint8Array(0) }: Pick<Commit, "ancestors">): Set<string> {
  const hex = toHex(ancestors);
  return new Set(
    Array.from({ length: Math.floor(ancestors.length / PREFIX) }, (_, i) =>
      hex.slice(2 * PREFIX * i, 2 * PREFIX * (i + 1)),
    ),
  );
}

/**
 * Adds what revisions with missing parents record to their parents, so that an ancestor beyond a gap is known as
 * one, and is no head. Of the ancestors that are there, the latest suffice.
 *
 * A revision that cannot be read is left out. Reading what the heads show throws its error.
 *
 * @returns the same log if there is nothing to add
 */
export async function bridgeGaps(log: Log, load: LoadCommit): Promise<Log> {
  const oldest = log.ids.reduce((a, b) => (a < b ? a : b));
  // Only a revision older than the missing parent can lie beyond a gap. A trim leaves none.
  const gaps = log.ids.filter((id) =>
    log.parents.get(id)!.some((parent) => parent !== ROOT && !log.parents.has(parent) && oldest < parent),
  );
  if (gaps.length === 0) return log;
  const parents = new Map(log.parents);
  const bridged = { ...log, parents };
  for (const id of gaps) {
    const isRecorded = recordsAncestor((await load(id).catch(ignoreUnreadable))?.ancestors);
    const known = ancestors(bridged, parents.get(id)!);
    const added: string[] = [];
    for (const other of [...log.ids].reverse()) {
      if (known.has(other) || !isRecorded(other)) continue;
      added.push(other);
      for (const ancestor of ancestors(bridged, other)) known.add(ancestor);
    }
    if (added.length > 0) parents.set(id, [...parents.get(id)!, ...added]);
  }
  const named = new Set([...parents.values()].flat());
  return { ...bridged, heads: log.heads.filter((id) => !named.has(id)) };
}

function ignoreUnreadable(error: unknown): undefined {
  if (!(error instanceof LakotaError)) throw error;
}
