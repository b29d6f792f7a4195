import type { Changelog } from "../changelog/changelog.ts";
import type { Log } from "../changelog/log.ts";
import { epochOf, timeOf } from "../changelog/revision.ts";
import type { LogOptions, Revision, RevisionDetails } from "../model/api.ts";

/** Revisions as the API tells them. */
export function describe(log: Log, ids: readonly string[]): Revision[] {
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
  const revisions = describe(log, log.ids.slice(from));
  if (!details) return revisions;
  return Promise.all(
    revisions.map(async (revision) => ({ ...revision, ...(await detailsOf(changelog, revision, signal)) })),
  );
}

async function detailsOf(
  changelog: Changelog,
  { id, parents }: Revision,
  signal: AbortSignal,
): Promise<RevisionDetails> {
  const { about, table } = await changelog.stateOf([id], signal);
  if (about) {
    const { author, message, rows, bytes } = about;
    const note = { ...(author !== undefined && { author }), ...(message !== undefined && { message }) };
    return { ...(Object.keys(note).length > 0 && { note }), rows, bytes };
  }
  // By Python: what its table has and those before it had not.
  const log = await changelog.log(undefined, signal);
  const before = await changelog.stateOf(
    parents.filter((parent) => log.parents.has(parent)),
    signal,
  );
  const known = new Set(before.table.map(({ digests }) => digests.join()));
  const added = table.filter(({ digests }) => !known.has(digests.join()));
  return { rows: added.reduce((sum, { length }) => sum + length, 0) };
}
