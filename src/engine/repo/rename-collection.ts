import type { RenameOptions, RenameReport } from "../../model/api/repo.ts";
import { NAMESPACE, nameTaken, type Registry } from "./registry.ts";

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
  const entries = await registry.entries({ signal: options.signal });
  const entry = entries.get(label);
  if (!entry) throw registry.missing(label, entries.keys());
  if (label !== to && entries.has(to)) throw nameTaken(to);
  if (label === to || options.dryRun) return { label, to, revision: undefined };
  const transaction = await registry.collection.transaction();
  await transaction.delete(NAMESPACE, { keys: [label] });
  await transaction.write(NAMESPACE, { label: [to], meta: [entry] }, {});
  return { label, to, revision: await registry.collection.commit(transaction, options) };
}
