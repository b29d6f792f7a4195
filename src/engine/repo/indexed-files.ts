import { FairSemaphore } from "../../async/fair-semaphore.ts";
import { buildLog, type Log } from "../../changelog/log.ts";
import { joinTwins } from "../../changelog/python/twins.ts";
import { parseName } from "../../changelog/revision.ts";
import type { Bytes } from "../../model/bytes.ts";
import { asLakotaError } from "../../model/errors.ts";
import type { NamedFile } from "../../stores/http/published-index.ts";
import type { Store } from "../../stores/store.ts";
import { collectionFolders } from "./collection-folders.ts";
import { allDescriptions } from "./descriptions.ts";
import type { FolderFiles } from "./index-draft.ts";
import type { Registry } from "./registry.ts";

/** Bytes of the longest revision that is embedded in the index. Readers fetch longer ones on their own. */
const MAX_EMBEDDED_FILE = 16 << 10;
/** Folders listed at a time. */
const CONCURRENCY = 8;

/** What a repo has to list. */
export interface ListedFiles {
  /** Of the registry, of each collection, and of their descriptions. */
  readonly folders: readonly (readonly [folder: string, names: readonly NamedFile[]])[];
  /** Number of collections. */
  readonly collections: number;
}

/** Lists the revision files of a repo. */
export async function listAll(store: Store, registry: Registry, signal: AbortSignal): Promise<ListedFiles> {
  const collections = await collectionFolders(registry, { signal });
  const slots = new FairSemaphore(CONCURRENCY);
  const list = (folder: string) =>
    slots.run(async () => [folder, await listRevisionFiles(store, folder, signal)] as const);
  const descriptions = await allDescriptions(registry, { signal });
  const described = Array.from(descriptions.values(), ({ path }) => path);
  const folders = [registry.collection.path, ...collections.values(), ...described];
  return { folders: await Promise.all(folders.map(list)), collections: collections.size };
}

/** Lists the revision files of a folder, sorted by name. */
export async function listRevisionFiles(
  store: Store,
  folder: string,
  signal: AbortSignal,
): Promise<readonly NamedFile[]> {
  const entries = await store.list(`${folder}/`, { signal });
  return entries
    .map(({ path, size }): NamedFile => [path.slice(folder.length + 1), size])
    .filter(([name]) => parseName(name));
}

/**
 * Adds the content of the heads, as far as they are short.
 *
 * @param log the tree. Default: that of `files`, which are all of the folder then
 * @param known returns content that need not be fetched
 */
export async function withHeads(
  store: Store,
  files: Omit<FolderFiles, "embedded">,
  signal: AbortSignal,
  {
    log = logOf(files.names),
    known,
  }: { log?: Log | undefined; known?: (path: string) => Bytes | undefined } = {},
): Promise<FolderFiles> {
  const embedded = new Map<string, Bytes>();
  for (const name of log?.heads.map((head) => log.files.get(head)!) ?? []) {
    const [, size = 0] = files.names.findLast(([each]) => each === name) ?? [];
    if (size > MAX_EMBEDDED_FILE) continue;
    const path = `${files.folder}/${name}`;
    const bytes = known?.(path) ?? (await store.get(path, { signal }));
    if (bytes) embedded.set(path, bytes); // else trimmed since it was listed
  }
  return { ...files, embedded };
}

/** Returns the tree; undefined if the changelog is damaged, which its readers will report. */
function logOf(names: readonly NamedFile[]): Log | undefined {
  try {
    return buildLog(joinTwins(names.map(([name]) => parseName(name)!)));
  } catch (error) {
    if (asLakotaError(error).code === "corrupt") return undefined;
    throw error;
  }
}
