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

/** What a commit records of its ancestors. */
export interface AncestorRecord {
  /** Prefixes of their digests. */
  readonly ancestors: Bytes;
  /**
   * The first of these, as many as the first number says, and the next, as many as the second one says, leave none
   * out: every other ancestor is an ancestor of the latter, the border.
   */
  readonly complete?: readonly [passed: number, border: number];
}

/**
 * Returns what a commit with these parents records: its latest ancestors, those in the log first.
 *
 * @param load is called for the parents, whose own records reach beyond what was trimmed
 */
export async function recordAncestors(
  log: Log,
  parents: readonly string[],
  load: LoadCommit,
): Promise<AncestorRecord> {
  const { passed, border } = walkBack(log, parents, (past, open) => past + open > RECORDED);
  const walked = [...passed, ...border];
  const prefixes = new Set(walked.map(prefixOf));
  const isComplete = prefixes.size === walked.length && walked.length <= RECORDED;
  for (const parent of parents) {
    // A parent may have been trimmed since. Fewer recorded ancestors are no error.
    const commit = await load(parent).catch((error: unknown) => {
      if (error instanceof LakotaError && error.code === "not-found") return EMPTY_COMMIT;
      throw error;
    });
    for (const prefix of prefixesIn(commit)) prefixes.add(prefix);
  }
  return {
    ancestors: fromHex([...prefixes].slice(0, RECORDED).join("")),
    ...(isComplete && { complete: [passed.length, border.length] }),
  };
}

/**
 * Walks from some revisions to their ancestors, the latest first.
 *
 * @param isTooFar whether to stop before so many revisions are passed and as many are on the border
 * @returns the revisions passed, and the border: all their parents that were not passed. Missing ones are never passed.
 */
function walkBack(
  log: Log,
  ids: readonly string[],
  isTooFar: (passed: number, border: number) => boolean,
): { passed: string[]; border: string[] } {
  const seen = new Set([ROOT, ...ids]);
  const border = new Set(ids);
  const passed: string[] = [];
  for (;;) {
    let latest = "";
    for (const id of border) if (id > latest && log.parents.has(id)) latest = id;
    const next = (log.parents.get(latest) ?? []).filter((parent) => !seen.has(parent));
    if (latest === "" || isTooFar(passed.length + 1, border.size - 1 + next.length)) break;
    passed.push(latest);
    border.delete(latest);
    for (const parent of next) {
      seen.add(parent);
      border.add(parent);
    }
  }
  return { passed, border: [...border].sort().reverse() };
}

/**
 * Returns the border of what a revision records, if the log has everything between it and the revision as the writer
 * had it. Undefined otherwise, and if the revision does not record whether that is all.
 */
export function completeBorder(log: Log, id: string, { ancestors, complete }: Commit): string[] | undefined {
  if (!ancestors || !complete) return undefined;
  const parents = log.parents.get(id)!.filter((parent) => parent !== ROOT);
  const { passed, border } = walkBack(log, parents, (past) => past > complete[0]);
  const isSame = passed.length === complete[0] && border.length === complete[1];
  const recorded = toHex(ancestors).slice(0, 2 * PREFIX * (passed.length + border.length));
  return isSame && recorded === [...passed, ...border].map(prefixOf).join("") ? border : undefined;
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
  const parents = new Map(log.ids.map((id) => [id, log.parents.get(id)!]));
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
