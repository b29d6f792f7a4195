import { FairSemaphore } from "../../async/fair-semaphore.ts";
import type { Changelog } from "../../changelog/changelog.ts";
import { listFiles, type RevisionFile } from "../../changelog/changelog-queries.ts";
import type { DryRunOptions } from "../../model/api/options.ts";
import type { DeleteReport } from "../../model/api/repo.ts";
import type { Store } from "../../stores/store.ts";
import type { EngineCollection } from "../collection/collection.ts";
import { DESCRIPTIONS, findDescriptions, registerDescriptions } from "../collection/description-store.ts";
import { findClaims, spendClaims } from "./claims.ts";
import { collectionFolders } from "./collection-folders.ts";
import { NAMESPACE, type Registry } from "./registry.ts";

/**
 * Deletes a collection and its history: {@link Repo.delete}. Removes the registry entry first, so that
 * readers never find a partial collection. If another label leads to the same folder, only the entry is removed.
 */
export async function deleteCollection(
  collection: EngineCollection,
  registry: Registry,
  store: Store,
  { dryRun, signal }: DryRunOptions,
): Promise<DeleteReport> {
  const { label, changelog } = collection;
  const ending = collection.untilClosed(signal);
  const files = await listFiles(changelog, ending);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const report = { revisions: new Set(files.map(({ child }) => child)).size, bytes };
  if (dryRun) return (await isShared(collection, registry, ending)) ? NOTHING : report;
  const descriptions = await findDescriptions(collection, ending);
  const claims = await findClaims(store, label, ending);
  await registry.collection.batch(
    async (batch) => {
      await batch.series(NAMESPACE).delete({ keys: [label] });
      if (descriptions) await batch.series(DESCRIPTIONS).delete({ keys: [collection.path] });
    },
    { signal: ending },
  );
  await spendClaims(store, claims, ending);
  // Listed after the row is gone: a rename or creation at the same time may have registered the folder.
  if (await isShared(collection, registry, ending)) {
    if (descriptions) await registerDescriptions(registry, collection.path, ending);
    return NOTHING;
  }
  await deleteRevisions(changelog, files, store, ending);
  if (descriptions) {
    const own = await listFiles(descriptions.changelog, ending);
    await deleteRevisions(descriptions.changelog, own, store, ending);
  }
  return report;
}

/** The report where only the entry of a collection is deleted. */
const NOTHING: DeleteReport = { revisions: 0, bytes: 0 };

/** Whether another label has the folder of a collection. Lists the registry again. */
async function isShared(
  { label, path }: EngineCollection,
  registry: Registry,
  signal: AbortSignal,
): Promise<boolean> {
  const folders = await collectionFolders(registry, { signal });
  return [...folders].some(([other, folder]) => other !== label && folder === path);
}

/** @param files those that were listed before */
async function deleteRevisions(
  changelog: Changelog,
  files: readonly RevisionFile[],
  store: Store,
  ending: AbortSignal,
): Promise<void> {
  const slots = new FairSemaphore(16);
  // Repeated, since a concurrent writer may have added revisions. Once none are left, its commits are
  // refused.
  for (let left = files; left.length > 0; left = await listFiles(changelog, ending))
    await Promise.all(left.map(({ path }) => slots.run(() => store.delete(path, { signal: ending }))));
  changelog.forget(files);
}
