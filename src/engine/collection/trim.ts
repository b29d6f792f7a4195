import type { Changelog } from "../../changelog/changelog.ts";
import { ancestors, buildLog, type Log } from "../../changelog/log.ts";
import { epochOf, toEpoch } from "../../changelog/revision.ts";
import type { TrimOptions, TrimReport } from "../../model/api/maintenance.ts";
import type { Store } from "../../stores/store.ts";
import type { CollectionContext } from "./collection-context.ts";

/**
 * Default age in milliseconds. Readers that listed the changelog before a trim still find what they listed.
 */
const DEFAULT_AGE = 1_200_000;

/**
 * Deletes old revisions: {@link Collection.trim}. Deletes the oldest first, so that an interrupted trim
 * leaves a shorter, complete history.
 */
export function trim(collection: CollectionContext, options: TrimOptions): Promise<TrimReport> {
  const { changelog, repo } = collection;
  return collection.exclusively(
    (signal) => deleteRevisions(changelog, repo.store, options, signal),
    options.signal,
  );
}

async function deleteRevisions(
  changelog: Changelog,
  store: Store,
  { before, dryRun }: TrimOptions,
  signal: AbortSignal,
): Promise<TrimReport> {
  const epoch = toEpoch(before ?? Date.now() - DEFAULT_AGE);
  const files = await changelog.files(signal);
  const log = buildLog(files);
  const needed = neededIds(log);
  const removed = log.ids.filter((id) => epochOf(id) < epoch && !needed.has(id));
  const removedIds = new Set(removed);
  const removedFiles = files.filter(({ child }) => removedIds.has(child));
  const bytes = removedFiles.reduce((sum, { size }) => sum + size, 0);
  if (dryRun) return { removed, bytes };
  for (const id of removed) {
    const own = removedFiles.filter(({ child }) => child === id);
    await Promise.all(own.map(({ path }) => store.delete(path, { signal })));
  }
  changelog.refresh();
  return { removed, bytes };
}

/**
 * Returns the heads and, if there are several, the revisions that a merge of them needs: those that not all
 * heads have in common, and their parents.
 */
function neededIds(log: Log): Set<string> {
  const branches = log.heads.map((head) => ancestors(log, head));
  const unshared = log.ids.filter(
    (id) => branches.some((branch) => branch.has(id)) && !branches.every((branch) => branch.has(id)),
  );
  const bases = unshared.flatMap((id) => log.parents.get(id)!);
  return new Set([...log.heads, ...unshared, ...bases]);
}
