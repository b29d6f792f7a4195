import { untilAborted } from "../async/abort.ts";
import type { Entry } from "../stores/store.ts";
import type { Changelog } from "./changelog.ts";
import type { Commit } from "./commit.ts";
import type { Log } from "./log.ts";
import { mergeHeads, touchedRangesOf } from "./merge.ts";
import { joinTwins } from "./python/twins.ts";
import { parseName, type RevisionName } from "./revision.ts";
import type { TouchedRange } from "./touched-ranges.ts";

// What writers and maintenance need of a changelog. Readers never load it.

/** A file of the changelog. */
export interface RevisionFile extends RevisionName {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** Lists the revision files in the store, twins joined (see {@link joinTwins}). Bypasses the kept listing. */
export async function listFiles(
  { store, folder }: Changelog,
  signal?: AbortSignal,
): Promise<readonly RevisionFile[]> {
  return filesIn(folder, await store.list(`${folder}/`, { signal }));
}

/** Returns the revision files in a listing of their folder, twins joined. */
export function filesIn(folder: string, entries: readonly Entry[]): readonly RevisionFile[] {
  const prefix = `${folder}/`;
  return joinTwins(
    entries.flatMap(({ path, size }) => {
      const name = parseName(path.slice(prefix.length));
      return name ? [{ ...name, path, size }] : [];
    }),
  );
}

/**
 * Returns what some revisions show when merged.
 *
 * @param known the tree to use; default: that of the store's listing
 */
export async function stateOf(
  changelog: Changelog,
  ids: readonly string[],
  signal?: AbortSignal,
  known?: Log,
): Promise<Commit> {
  const log = known ?? (await changelog.log(undefined, signal));
  const merged = mergeHeads(log, ids, (id) => changelog.commitOf(log, id, signal), signal);
  return (await untilAborted(merged, signal)).commit;
}

/**
 * Returns all ranges that some revisions touched. They may overlap.
 *
 * @param known the tree that has them; default: that of the store's listing
 */
export async function rangesTouchedBy(
  changelog: Changelog,
  ids: readonly string[],
  signal?: AbortSignal,
  known?: Log,
): Promise<readonly TouchedRange[]> {
  const log = known ?? (await changelog.log(undefined, signal));
  return untilAborted(
    touchedRangesOf(log, ids, (id) => changelog.commitOf(log, id, signal), signal),
    signal,
  );
}
