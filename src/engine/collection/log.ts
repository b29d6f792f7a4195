import type { Changelog } from "../../changelog/changelog.ts";
import type { Log } from "../../changelog/log.ts";
import { epochOf, timeOf } from "../../changelog/revision.ts";
import type { LogOptions, Revision } from "../../model/api/history.ts";
import { checkRowCount } from "../read/range.ts";

/** Returns revisions as the API describes them. */
export function toRevisions(log: Log, ids: readonly string[]): Revision[] {
  const heads = new Set(log.heads);
  return ids.map((id) => ({
    id,
    parents: log.parents.get(id)!,
    epoch: epochOf(id),
    time: timeOf(id),
    head: heads.has(id),
  }));
}

/** Lists the revisions of a changelog, oldest first: {@link Collection.log} without details. */
export async function listRevisions(
  changelog: Changelog,
  { limit }: LogOptions,
  signal: AbortSignal,
): Promise<Revision[]> {
  const log = await changelog.log(undefined, signal);
  const from = Math.max(0, log.ids.length - checkRowCount("limit", limit, Number.POSITIVE_INFINITY));
  return toRevisions(log, log.ids.slice(from));
}
