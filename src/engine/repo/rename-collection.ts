import { ancestors } from "../../changelog/log-lookup.ts";
import type { RenameOptions, RenameReport } from "../../model/api/repo.ts";
import { LakotaError } from "../../model/errors.ts";
import { claimTarget } from "./claim-target.ts";
import { findClaims, spendClaims } from "./claims.ts";
import { toCollectionEntry } from "./collection-entry.ts";
import { collectionFolders } from "./collection-folders.ts";
import { settingsOf } from "./label-history.ts";
import { nameTaken } from "./name-taken.ts";
import { type CollectionEntry, isCollectionEntry, NAMESPACE, type Registry } from "./registry.ts";
import { noSuchCollection } from "./registry-errors.ts";

/**
 * Renames a collection in the registry; its files stay where they are: {@link Repo.rename}.
 *
 * @throws `not-found`, `exists`, `conflict`
 */
export async function renameCollection(
  registry: Registry,
  label: string,
  to: string,
  options: RenameOptions,
): Promise<RenameReport> {
  await registry.collection.refresh(options);
  const rows = await registry.rows({ signal: options.signal });
  if (!rows.has(label)) throw noSuchCollection(registry.store.uri, label, rows.keys());
  if (label !== to && rows.has(to)) throw nameTaken(to);
  const entry = toCollectionEntry(label, rows.get(label));
  if (label === to || options.dryRun) return { label, to, revision: undefined };
  const ending = registry.collection.untilClosed(options.signal);
  const target = await claimTarget(registry, to, entry, ending);
  const transaction = await registry.collection.transaction();
  await transaction.delete(NAMESPACE, { keys: [label] });
  await transaction.write(NAMESPACE, { label: [to], meta: [entry] }, {});
  const claims = await findClaims(registry.store, label, ending);
  const stored = await registry.collection.commit(transaction, options);
  const created = await target.confirm();
  if (created) {
    await undo(registry, label, to, { entry, created }, ending);
    throw nameTaken(to);
  }
  const winner = stored && (await earlierRename(registry, stored.revision, label, to, entry, ending));
  if (winner !== undefined) {
    await registry.collection.series(NAMESPACE).delete({ keys: [to], signal: ending });
    const message = `Another writer renamed the collection "${label}" to "${winner}" at the same time.`;
    throw new LakotaError("conflict", message);
  }
  await spendClaims(registry.store, claims, ending);
  return { label, to, revision: stored?.revision };
}

/** Gives a label to the collection that was created at the same time, and the renamed one its old label. */
async function undo(
  registry: Registry,
  label: string,
  to: string,
  { entry, created }: { entry: CollectionEntry; created: CollectionEntry },
  signal: AbortSignal,
): Promise<void> {
  await registry.collection.refresh({ signal });
  await registry.collection
    .series(NAMESPACE)
    .write({ label: [to, label], meta: [created, entry] }, { signal });
}

/** Returns the label that another writer has given the collection at the same time, if that is earlier in the log. */
async function earlierRename(
  registry: Registry,
  revision: string,
  label: string,
  to: string,
  { path }: CollectionEntry,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { collection } = registry;
  const folders = await collectionFolders(registry, { signal });
  const others = [...folders].filter(([other, folder]) => folder === path && other !== to && other !== label);
  if (others.length === 0) return undefined;
  const log = await collection.changelog.log(undefined, signal);
  const known = ancestors(log, revision);
  const earlier = log.ids.slice(0, log.ids.indexOf(revision)).filter((id) => !known.has(id));
  for (const [other] of others) {
    const settings = await settingsOf(collection, other, log, earlier, signal);
    if (settings.some(({ value }) => isCollectionEntry(value) && value.path === path)) return other;
  }
  return undefined;
}
