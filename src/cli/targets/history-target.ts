import type { EngineCollection } from "../../engine/collection/collection.ts";
import { allDescriptions } from "../../engine/repo/descriptions.ts";
import type { EngineRepo } from "../../engine/repo/repo.ts";
import type { Revision } from "../../model/api/history.ts";
import { LakotaError } from "../../model/errors.ts";
import { UsageError } from "../options/usage-error.ts";
import { findTarget, needCollection } from "./labels.ts";

/** How the registry is named in the command line, unless a collection has that name. */
const REGISTRY = "registry";

/**
 * Finds a collection of which the history is shown or changed: also the registry.
 *
 * @param exact for verbs that change something: no abbreviations
 * @throws `not-found`; UsageError for a series
 */
export async function findHistory(
  repo: EngineRepo,
  label: string,
  { exact = false, signal }: { exact?: boolean; signal: AbortSignal },
): Promise<EngineCollection> {
  if (label === REGISTRY && !(await repo.ls({ signal })).includes(label)) return repo.registry.collection;
  return needCollection(await findTarget(repo, label, { exact, signal }));
}

/** A revision, and the collection that it belongs to. */
export interface Found {
  readonly collection: EngineCollection;
  /** The collection's descriptions, a collection of their own, if the revision is one of them. */
  readonly descriptions?: EngineCollection;
  readonly revision: Revision;
}

/**
 * Finds the revision whose id begins with some digits, in all collections, their descriptions and the registry.
 *
 * @throws `not-found`; UsageError if several begin with them
 */
export async function findById(repo: EngineRepo, prefix: string, signal: AbortSignal): Promise<Found> {
  const found: Found[] = [];
  const search = async (collection: EngineCollection, descriptions?: EngineCollection) => {
    for (const revision of await (descriptions ?? collection).log({ signal }))
      if (revision.id.startsWith(prefix))
        found.push({ collection, revision, ...(descriptions && { descriptions }) });
  };
  await search(repo.registry.collection);
  const described = await allDescriptions(repo.registry, { signal });
  for (const label of await repo.ls({ signal })) {
    const collection = await repo.collection(label, { signal });
    await search(collection);
    const descriptions = described.get(collection.path);
    if (descriptions) await search(collection, descriptions);
  }
  const [first, ...others] = found;
  if (first && others.length === 0) return first;
  if (first) throw new UsageError(`${found.length} revisions begin with ${prefix}: write more digits.`);
  throw new LakotaError(
    "not-found",
    `No collection has a revision ${prefix}. \`lakota rev COLLECTION\` lists those of one.`,
  );
}
