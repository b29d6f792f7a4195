import type { EngineCollection } from "../../engine/collection/collection.ts";
import type { Context } from "../context.ts";
import type { OptionTable } from "../options/options.ts";
import type { Argument } from "../parsing/command-spec.ts";
import { findTarget, needCollection } from "./labels.ts";

/** What housekeeping verbs work on. */
export const COLLECTIONS: readonly Argument[] = [
  {
    name: "COLLECTION",
    about: "which ones, in full. None: the registry, where collections are named",
    optional: true,
    many: true,
    completes: "collection",
  },
];

export const ALL = {
  all: { short: "a", about: "all collections, and the registry" },
} as const satisfies OptionTable;

/** The collections that were named; all, and the registry; or the registry alone. As Python Lakota has it. */
export async function chosenCollections(
  context: Context,
  labels: readonly string[],
  all: boolean | undefined,
): Promise<EngineCollection[]> {
  const repo = await context.repo();
  const { signal } = context;
  const names = all ? await repo.ls({ signal }) : labels;
  const found: EngineCollection[] = [];
  for (const name of names) found.push(needCollection(await findTarget(repo, name, { exact: true, signal })));
  if (all || labels.length === 0) found.push(repo.registry.rows);
  return found;
}
