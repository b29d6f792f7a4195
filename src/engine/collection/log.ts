import type { Changelog } from "../../changelog/changelog.ts";
import type { Log } from "../../changelog/log.ts";
import { epochOf, timeOf } from "../../changelog/revision.ts";
import type { LogOptions, Revision, RevisionDetails } from "../../model/api/history.ts";

/** Revisions as the API tells them. */
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

/** What {@link Collection.log} does. */
export async function listRevisions(
  changelog: Changelog,
  { limit = Number.POSITIVE_INFINITY, details }: LogOptions,
  signal: AbortSignal,
): Promise<(Revision & RevisionDetails)[]> {
  const log = await changelog.log(undefined, signal);
  const from = Math.max(0, log.ids.length - limit);
  const revisions = toRevisions(log, log.ids.slice(from));
  if (!details) return revisions;
  const { withDetails } = await import("./operations.ts");
  return withDetails(changelog, revisions, signal);
}
