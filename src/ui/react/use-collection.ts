import { use, useEffect } from "react";
import type { Collection } from "../../model/api/collection.ts";
import type { OpenCollectionOptions, Repo } from "../../model/api/repo.ts";
import type { CollectionOf } from "../../model/api/typed.ts";
import type { ColumnsOf } from "../../model/api/typed-frame.ts";
import type { Schema } from "../../model/schema.ts";
import { keyOf } from "./key.ts";
import { repoUsage, Usage } from "./usage.ts";

interface Opened {
  readonly collection: Promise<Collection>;
  readonly usage: Usage;
}

/** By repository, and by label and options. */
const opened = new WeakMap<Repo, Map<string, Opened>>();

/**
 * Opens a collection, as `repo.collection` does, and suspends until it is open.
 *
 * @throws as `repo.collection`, to the nearest error boundary
 * @example
 * const temperature = useCollection(repo, "temperature", { allowStale: true });
 * const typed = useCollection<typeof schema>(repo, "temperature");
 */
export function useCollection<S extends Schema = Schema>(
  repo: Repo,
  label: string,
  options: Omit<OpenCollectionOptions, "signal"> = {},
): CollectionOf<ColumnsOf<S>> {
  const { collection, usage } = open(repo, label, options);
  useEffect(() => usage.retain(), [usage]);
  return use(collection) as CollectionOf<ColumnsOf<S>>; // the caller says which columns it has, as with `repo.collection`
}

function open(repo: Repo, label: string, options: Omit<OpenCollectionOptions, "signal">): Opened {
  const collections = opened.get(repo) ?? new Map<string, Opened>();
  opened.set(repo, collections);
  const key = keyOf(label, options);
  const found = collections.get(key);
  if (found) return found;
  const collection = repo.collection(label, options);
  const usage = new Usage(collection, () => collections.delete(key));
  const ofRepo = repoUsage.get(repo);
  ofRepo?.retainUntil(collection);
  collection.then(
    (opened) => ofRepo && repoUsage.set(opened, ofRepo),
    () => {},
  );
  const made = { collection, usage };
  collections.set(key, made);
  return made;
}
