import { sha1 } from "../codecs/sha1.ts";
import type { Bytes } from "../model/bytes.ts";
import type { Schema } from "../model/schema.ts";
import type { Store } from "../stores/store.ts";
import type { Commit, LoadCommit } from "./commit.ts";
import { encodeCommit } from "./commit-encode.ts";
import type { Log } from "./log.ts";
import { ancestors } from "./log-lookup.ts";
import { placeMerge } from "./python/placement.ts";
import { bridgeGaps, recordAncestors } from "./recent-ancestors.ts";
import { parseName, type RevisionName } from "./revision.ts";
import type { Revisions } from "./revisions.ts";

/** What {@link writeCommit} needs to know of the changelog. */
export interface CommitTarget {
  readonly store: Store;
  readonly folder: string;
  readonly schema: Schema;
  /** What the store listed. */
  readonly revisions: Revisions;
  /** Whether the parent is the last commit written here, and the listing has nothing after it. */
  readonly isNext: boolean;
  readonly load: LoadCommit;
  /** Is called for each file once it is stored. */
  readonly onWritten: (file: RevisionName) => void;
}

/** A commit in the store. */
export interface WrittenCommit {
  readonly id: string;
  /** With the ancestors that it records. */
  readonly commit: Commit;
  /** In the order in which they were written. */
  readonly files: readonly RevisionName[];
  /** Their content. */
  readonly payload: Bytes;
}

/**
 * Writes a commit as the child of `parents`, with one file for each; without parents, as a child of the root. A
 * revision that only records show to be an ancestor of the parents becomes a parent too, which closes the gap.
 */
export async function writeCommit(
  commit: Commit,
  parents: readonly string[],
  { store, folder, schema, revisions, isNext, load, onWritten }: CommitTarget,
  signal?: AbortSignal,
): Promise<WrittenCommit> {
  const { log, names } = revisions;
  const recorded = { ...commit, ...(await recordAncestors(log, parents, load)) };
  const payload = await encodeCommit(recorded, schema);
  const beyond = await headsBeyondGaps(log, parents, load);
  // Right after a commit written here, the place is beside it: see placeMerge.
  const { id, files, copy } = placeMerge(
    isNext && beyond.length === 0 ? [] : names,
    [...parents, ...beyond],
    await sha1(payload),
    Date.now(),
  );
  const written: RevisionName[] = [];
  const write = async (name: string, bytes: Bytes) => {
    const file = { ...parseName(name)!, path: `${folder}/${name}` };
    await store.put(file.path, bytes, { signal });
    onWritten(file);
    written.push(file);
  };
  const copied = copy && (await store.get(`${folder}/${copy.from}`, { signal }));
  if (copied) await write(copy.to, copied);
  // The file named by the id is written first: no reader may see another twin without it.
  for (const name of [...files].reverse()) await write(name, payload);
  return { id, commit: recorded, files: written, payload };
}

/** Returns the heads that are ancestors of some revisions, although files between them are missing. */
async function headsBeyondGaps(log: Log, ids: readonly string[], load: LoadCommit): Promise<string[]> {
  if (log.heads.length < 2) return [];
  const known = ancestors(await bridgeGaps(log, load), ids);
  return log.heads.filter((id) => known.has(id) && !ids.includes(id));
}
