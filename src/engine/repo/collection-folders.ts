import type { CallOptions } from "../../model/api/options.ts";
import { isCollectionEntry, type Registry } from "./registry.ts";

/** Returns the folder of each collection by label. Lists the registry again. Leaves out damaged entries. */
export async function collectionFolders(
  registry: Registry,
  options: CallOptions,
): Promise<Map<string, string>> {
  await registry.collection.refresh(options);
  const rows = await registry.rows(options);
  return new Map(
    [...rows].flatMap(([label, value]) => (isCollectionEntry(value) ? [[label, value.path] as const] : [])),
  );
}
