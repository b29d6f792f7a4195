import type { EngineCollection } from "../../engine/collection/collection.ts";
import { isCollectionEntry, NAMESPACE, rowsOf } from "../../engine/repo/registry.ts";
import type { EngineRepo } from "../../engine/repo/repo.ts";
import { compareStrings } from "../../model/key.ts";

/**
 * Returns the collections that the registry listed before a time, by label, sorted: also those that were deleted or renamed
 * since, of which the rows may be gone.
 *
 * @param before as the API takes it
 */
export async function collectionsBefore(
  { registry }: EngineRepo,
  before: string,
  signal: AbortSignal,
): Promise<Map<string, EngineCollection>> {
  const rows = rowsOf(await registry.collection.series(NAMESPACE).read({ before, missing: "empty", signal }));
  const found = new Map<string, EngineCollection>();
  for (const label of [...rows.keys()].sort(compareStrings)) {
    const entry = rows.get(label);
    if (isCollectionEntry(entry)) found.set(label, registry.open(label, entry));
  }
  return found;
}
