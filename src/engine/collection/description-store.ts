import { sha1 } from "../../codecs/sha1.ts";
import type { StaleOptions } from "../../model/api/options.ts";
import type { Frame } from "../../model/frame.ts";
import { hashedPath, isHashedPath } from "../../model/layout.ts";
import { Schema, type SchemaDump } from "../../model/schema.ts";
import type { CollectionContext } from "./collection-context.ts";
import type { PeerCollection, RegistryAccess } from "./repo-context.ts";

// Descriptions of a collection, its columns and its series are rows of a collection of their own: its series are named by
// DescribedKind, and a row is one field. The registry lists it in a series that is no list of collections for users.

/** The series of the registry that lists descriptions, by the folder of the collection that they describe. */
export const DESCRIPTIONS = "lakota-js-descriptions";

const dump: SchemaDump = Schema.kv({ label: "str*", field: "str*", value: "O" }).dump();

/** Where the descriptions of a collection are: as the registry records it. */
export interface DescriptionEntry {
  readonly path: string;
  readonly schema: SchemaDump;
}

/**
 * Returns where the descriptions of the collection in `folder` are. The same for all writers, so that two that describe
 * it first at the same time make two heads of one history.
 */
export async function descriptionEntry(folder: string): Promise<DescriptionEntry> {
  const digest = await sha1(new TextEncoder().encode(`lakota descriptions ${folder}`));
  return { path: hashedPath(digest), schema: dump };
}

/** Opens the descriptions of the collection in `folder`, which need not exist. */
export async function openDescriptions<T>(
  registry: { open(label: string, entry: DescriptionEntry): T },
  folder: string,
): Promise<T> {
  return registry.open(`descriptions of ${folder}`, await descriptionEntry(folder));
}

/** Returns the folders of the collections that have descriptions. @param folder only this one. Default: all */
export async function describedFolders(
  { collection }: RegistryAccess,
  { folder, signal, onStale }: StaleOptions<string[]> & { folder?: string },
): Promise<string[]> {
  const range = folder === undefined ? {} : ({ start: folder, stop: folder, closed: "both" } as const);
  const foldersOf = (frame: Frame) => Array.from(frame.get("label"), String).filter(isHashedPath);
  const show = onStale && ((frame: Frame) => onStale(foldersOf(frame)));
  // Few repos have descriptions.
  const read = { ...range, columns: ["label"], missing: "empty", signal, onStale: show } as const;
  return foldersOf(await collection.series(DESCRIPTIONS).read(read));
}

/**
 * Returns the descriptions of a collection; undefined if it has none. Lists the registry, however young the last listing is:
 * others may have described it since.
 */
export async function findDescriptions(
  { path, repo }: Pick<CollectionContext, "path" | "repo">,
  signal: AbortSignal | undefined,
): Promise<PeerCollection | undefined> {
  const registry = repo.registry();
  registry.collection.changelog.refresh();
  const [found] = await describedFolders(registry, { folder: path, signal });
  return found === undefined ? undefined : openDescriptions(registry, path);
}

/** Records in the registry that the collection in `folder` has descriptions. */
export async function registerDescriptions(
  { collection }: RegistryAccess,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const meta = await descriptionEntry(folder);
  await collection.series(DESCRIPTIONS).write({ label: [folder], meta: [meta] }, { signal });
}
