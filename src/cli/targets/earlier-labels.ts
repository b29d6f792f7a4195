import { toEpoch } from "../../changelog/revision.ts";
import type { EngineCollection } from "../../engine/collection/collection.ts";

/**
 * Returns the labels of the series of a collection, now or in an earlier state.
 *
 * @param earlier what `resolveMoment` has returned
 */
export async function labelsAt(
  collection: EngineCollection,
  { before }: { before?: string },
  signal: AbortSignal,
): Promise<string[]> {
  if (before === undefined) return collection.ls({ signal });
  return collection.readState(
    async ({ commit }, ending) => [...(await commit.table.labels({}, ending))],
    toEpoch(before),
    signal,
  );
}
