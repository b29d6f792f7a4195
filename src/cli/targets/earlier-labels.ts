import { toEpoch } from "../../changelog/revision.ts";
import type { EngineCollection } from "../../engine/collection/collection.ts";
import type { Before } from "../options/values.ts";
import { resolveBefore } from "./revisions.ts";

/**
 * Returns the labels of the series of a collection, in the state that `--before` names, or now.
 *
 * @throws `not-found` for the name of a revision that is not there
 */
export async function labelsBefore(
  collection: EngineCollection,
  before: Before | undefined,
  signal: AbortSignal,
): Promise<string[]> {
  const moment = await resolveBefore(collection, before, signal);
  if (moment.before === undefined) return collection.ls({ signal });
  return collection.readState(
    async ({ commit }, ending) => [...(await commit.table.labels({}, ending))],
    toEpoch(moment.before),
    signal,
  );
}
