import { FairSemaphore } from "../../async/fair-semaphore.ts";
import type { Changelog } from "../../changelog/changelog.ts";
import { listFiles, type RevisionFile } from "../../changelog/changelog-queries.ts";
import type { DryRunOptions } from "../../model/api/options.ts";
import type { DeleteReport } from "../../model/api/repo.ts";
import type { Store } from "../../stores/store.ts";
import type { EngineCollection } from "../collection/collection.ts";
import { DESCRIPTIONS, findDescriptions } from "../collection/description-store.ts";
import { findClaims, spendClaims } from "./claims.ts";
import { NAMESPACE, type Registry } from "./registry.ts";

/**
 * Deletes a collection and its history: {@link Repo.delete}. Removes the registry entry first, so that
 * readers never find a partial collection.
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
  if (dryRun) return report;
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
  await deleteRevisions(changelog, files, store, ending);
  if (descriptions) {
    const own = await listFiles(descriptions.changelog, ending);
    await deleteRevisions(descriptions.changelog, own, store, ending);
  }
  return report;
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
