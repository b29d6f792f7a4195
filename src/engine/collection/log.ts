import { lazy } from "../../async/lazy.ts";
import type { Log } from "../../changelog/log.ts";
import { epochOf, timeOf } from "../../changelog/revision.ts";
import type { LogOptions, Revision, RevisionDetails } from "../../model/api/history.ts";
import { throwIfAborted } from "../../model/errors.ts";
import { checkRowCount } from "../read/range.ts";
import type { CollectionContext } from "./collection-context.ts";

/** Reads commits, of which most callers need none. */
const details = lazy(() => import("./log-details.ts"));

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

/** Lists the revisions of a collection, oldest first: {@link Collection.log}. */
export async function log(
  collection: CollectionContext,
  options: LogOptions,
): Promise<(Revision & RevisionDetails)[]> {
  const { changelog, repo } = collection;
  throwIfAborted(repo.closed);
  const signal = collection.untilClosed(options.signal);
  const listed = await changelog.log(undefined, signal);
  const limit = checkRowCount("limit", options.limit, Number.POSITIVE_INFINITY);
  const revisions = toRevisions(listed, listed.ids.slice(Math.max(0, listed.ids.length - limit)));
  if (!options.details) return revisions;
  const { withDetails } = await details();
  return withDetails(changelog, revisions, signal);
}
