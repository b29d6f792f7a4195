import type { EngineCollection } from "../../engine/collection/collection.ts";
import type { Context } from "../context.ts";
import type { OptionTable } from "../options/options.ts";
import type { Argument } from "../parsing/command-spec.ts";
import { existingRepo } from "./existing-repo.ts";
import { findTarget, needCollection } from "./labels.ts";

/** The arguments of housekeeping verbs. */
export const COLLECTIONS: readonly Argument[] = [
  {
    name: "COLLECTION",
    about: "full names of collections. Default: the registry, which lists them",
    optional: true,
    many: true,
    completes: "collection",
  },
];

export const ALL = {
  all: { short: "a", about: "all collections and the registry" },
} as const satisfies OptionTable;

/** Returns the named collections; with `all`, all of them and the registry; else the registry, as in Python Lakota. */
export async function chosenCollections(
  context: Context,
  labels: readonly string[],
  all: boolean | undefined,
): Promise<EngineCollection[]> {
  const repo = await existingRepo(context);
  const { signal } = context;
  const names = all ? await repo.ls({ signal }) : labels;
  const found: EngineCollection[] = [];
  for (const name of names) found.push(needCollection(await findTarget(repo, name, { exact: true, signal })));
  if (all || labels.length === 0) found.push(repo.registry.collection);
  return found;
}
