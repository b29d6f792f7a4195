import type { RenameOptions, RenameReport } from "../../model/api/repo.ts";
import { findClaims, spendClaims } from "./claims.ts";
import { toCollectionEntry } from "./collection-entry.ts";
import { nameTaken } from "./name-taken.ts";
import { NAMESPACE, type Registry } from "./registry.ts";
import { noSuchCollection } from "./registry-errors.ts";

/**
 * Renames a collection in the registry; its files stay where they are: {@link Repo.rename}.
 *
 * @throws `not-found`, `exists`
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
  const transaction = await registry.collection.transaction();
  await transaction.delete(NAMESPACE, { keys: [label] });
  await transaction.write(NAMESPACE, { label: [to], meta: [entry] }, {});
  const ending = registry.collection.untilClosed(options.signal);
  const claims = await findClaims(registry.store, label, ending);
  const stored = await registry.collection.commit(transaction, options);
  await spendClaims(registry.store, claims, ending);
  return { label, to, revision: stored?.revision };
}
