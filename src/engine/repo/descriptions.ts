import type { CallOptions } from "../../model/api/options.ts";
import type { EngineCollection } from "../collection/collection.ts";
import { describedFolders, openDescriptions } from "../collection/description-store.ts";
import type { Registry } from "./registry.ts";

/** Returns the descriptions of the collections that have some, by the folder of the collection. */
export async function allDescriptions(
  registry: Registry,
  { signal }: CallOptions,
): Promise<Map<string, EngineCollection>> {
  const folders = await describedFolders(registry, { signal });
  return new Map(
    await Promise.all(
      folders.map(async (folder) => [folder, await openDescriptions(registry, folder)] as const),
    ),
  );
}
