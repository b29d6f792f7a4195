import type { EngineCollection } from "../../engine/collection/collection.ts";
import { allDescriptions } from "../../engine/repo/descriptions.ts";
import { listAll } from "../../engine/repo/indexed-files.ts";
import type { EngineRepo } from "../../engine/repo/repo.ts";
import { asLakotaError } from "../../model/errors.ts";
import { INDEX_PATH } from "../../model/layout.ts";
import { OUTBOX_PATH } from "../../stores/cache/records.ts";
import { PublishedFiles } from "../../stores/http/published-files.ts";
import { isRevision } from "./revisions.ts";

/** The registry, and all collections that can be opened, by label. */
export async function allCollections(
  repo: EngineRepo,
  signal: AbortSignal,
): Promise<Map<string, EngineCollection>> {
  const found = new Map([["registry", repo.registry.collection]]);
  for (const label of await repo.ls({ signal })) found.set(label, await repo.collection(label, { signal }));
  return found;
}

/** The descriptions of those collections that have some, each a collection of its own, by the label of the described one. */
export async function describedCollections(
  repo: EngineRepo,
  collections: ReadonlyMap<string, EngineCollection>,
  signal: AbortSignal,
): Promise<Map<string, EngineCollection>> {
  const described = await allDescriptions(repo.registry, { signal });
  return new Map(
    [...collections].flatMap(([label, { path }]) => {
      const descriptions = described.get(path);
      return descriptions ? [[label, descriptions] as const] : [];
    }),
  );
}

/** The history of one collection, of its descriptions, or of the registry. */
export interface HistoryStatus {
  /** Label of the collection, also of a history of descriptions. */
  readonly label: string;
  readonly revisions: number;
  /** Ids of the heads. Several are branches to be merged. */
  readonly heads: readonly string[];
  /** Ids of revisions that others were built on, and that are not there: they were trimmed, or not copied. */
  readonly missing: number;
}

/** Describes the history of a collection from its listing alone. */
export async function historyStatus(
  label: string,
  collection: EngineCollection,
  signal: AbortSignal,
): Promise<HistoryStatus> {
  const log = await collection.log({ signal });
  const ids = new Set(log.map(({ id }) => id));
  const missing = new Set(
    log.flatMap(({ parents }) => parents.filter((parent) => !ids.has(parent) && isRevision(parent))),
  );
  return {
    label,
    revisions: log.length,
    heads: log.filter(({ head }) => head).map(({ id }) => id),
    missing: missing.size,
  };
}

/** How the published index compares with the revisions that there are. */
export interface IndexStatus {
  /** When it was made. Undefined if it cannot be read. */
  readonly time: Date | undefined;
  /** Revision files that it lacks: of writes by Python Lakota, which does not renew it, or of a failed renewal. */
  readonly lacking: number;
  /** Why it cannot be read. */
  readonly problem?: string;
}

/** Compares the published index with the listings of all changelogs. Undefined if there is none. */
export async function indexStatus(repo: EngineRepo, signal: AbortSignal): Promise<IndexStatus | undefined> {
  const { store, registry } = repo;
  const bytes = await store.get(INDEX_PATH, { signal });
  if (!bytes) return undefined;
  try {
    const published = new PublishedFiles(bytes, store.uri, (path) => store.get(path, { signal }));
    let lacking = 0;
    for (const [folder, names] of (await listAll(store, registry, signal)).folders) {
      const listed = new Set((await published.list(folder)).map(({ path }) => path));
      lacking += names.filter(([name]) => !listed.has(`${folder}/${name}`)).length;
    }
    return { time: published.index.time, lacking };
  } catch (error) {
    const { code, message } = asLakotaError(error);
    if (code !== "corrupt") throw error;
    return { time: undefined, lacking: 0, problem: message };
  }
}

/** Revisions that only one of two repos has, of one collection or of its descriptions. */
export interface Difference {
  readonly label: string;
  /** Whether they are of the descriptions of the collection. */
  readonly descriptions?: true;
  /** Revisions that the other repo lacks. */
  readonly toPush: number;
  /** Revisions that this repo lacks. */
  readonly toPull: number;
}

/** Compares the listings of two repos. Only what differs is returned. */
export async function compareRepos(
  own: EngineRepo,
  other: EngineRepo,
  signal: AbortSignal,
): Promise<Difference[]> {
  const [ours, theirs] = await Promise.all([allCollections(own, signal), allCollections(other, signal)]);
  const [ourDescriptions, theirDescriptions] = await Promise.all([
    describedCollections(own, ours, signal),
    describedCollections(other, theirs, signal),
  ]);
  const differences: Difference[] = [];
  const compare = async (
    label: string,
    [first, second]: readonly [EngineCollection | undefined, EngineCollection | undefined],
    more: { descriptions?: true } = {},
  ) => {
    const [a, b] = await Promise.all([idsOf(first, signal), idsOf(second, signal)]);
    const toPush = [...a].filter((id) => !b.has(id)).length;
    const toPull = [...b].filter((id) => !a.has(id)).length;
    if (toPush + toPull > 0) differences.push({ label, ...more, toPush, toPull });
  };
  for (const label of new Set([...ours.keys(), ...theirs.keys()])) {
    await compare(label, [ours.get(label), theirs.get(label)]);
    await compare(label, [ourDescriptions.get(label), theirDescriptions.get(label)], { descriptions: true });
  }
  return differences;
}

const idsOf = async (collection: EngineCollection | undefined, signal: AbortSignal): Promise<Set<string>> =>
  new Set((await collection?.log({ signal }))?.map(({ id }) => id));

/** What a folder that caches the repo holds. */
export interface CacheStatus {
  readonly uri: string;
  /** Bytes of its files. */
  readonly bytes: number;
  /** Files written while the repo could not be reached, which wait to be sent. */
  readonly waiting: number;
}

/** @param cache the nearest store of a stack, opened by itself */
export async function cacheStatus({ store }: EngineRepo, signal: AbortSignal): Promise<CacheStatus> {
  const files = await store.list("", { signal });
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return { uri: store.uri, bytes, waiting: files.filter(({ path }) => path.startsWith(OUTBOX_PATH)).length };
}
