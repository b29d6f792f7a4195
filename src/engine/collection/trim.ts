import type { Changelog, RevisionFile } from "../../changelog/changelog.ts";
import { buildLog } from "../../changelog/log.ts";
import { revisionsForMerge } from "../../changelog/merge-base.ts";
import { epochOf, toEpoch } from "../../changelog/revision.ts";
import type { TrimOptions, TrimReport } from "../../model/api/maintenance.ts";
import { LakotaError } from "../../model/errors.ts";
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
  const needed = revisionsForMerge(log);
  const removed = new Set<string>();
  for (const id of log.ids) {
    // A revision whose parent stays must stay too, or the parent would count as a head.
    const isOrphaned = log.parents
      .get(id)!
      .every((parent) => !log.parents.has(parent) || removed.has(parent));
    if (epochOf(id) < epoch && isOrphaned && !needed.has(id)) removed.add(id);
  }
  const filesOf = new Map<string, RevisionFile[]>([...removed].map((id) => [id, []]));
  for (const file of files) filesOf.get(file.child)?.push(file);
  const bytes = [...filesOf.values()].flat().reduce((sum, { size }) => sum + size, 0);
  if (dryRun) return { removed: [...removed], bytes };
  for (const own of filesOf.values()) {
    await deleteFiles(store, own, signal).finally(() => changelog.forget(own));
  }
  return { removed: [...removed], bytes };
}

/** Deletes the files of a revision. @throws `network` if the store still lists one afterwards */
async function deleteFiles(store: Store, files: readonly RevisionFile[], signal: AbortSignal): Promise<void> {
  // A cache would keep a record of each of these listings.
  const remote = store.local?.remoteStore ?? store;
  const isListed = async ({ path }: RevisionFile) =>
    (await remote.list(path, { signal })).some((entry) => entry.path === path);
  for (const file of files) {
    await store.delete(file.path, { signal });
    // A revision that stays although its children go would count as a head, and show old rows.
    if (!(await isListed(file))) continue;
    throw new LakotaError(
      "network",
      `${store.uri} has confirmed the deletion of ${file.path}, but still lists it. No later revision was ` +
        "deleted. Trim again.",
    );
  }
}
