import { mapLimit } from "../../async/map-limit.ts";
import { loadDifferent } from "../../changelog/changed-series.ts";
import type { Changelog } from "../../changelog/changelog.ts";
import { stateOf } from "../../changelog/changelog-queries.ts";
import type { Revision, RevisionDetails } from "../../model/api/history.ts";

/** Adds to each revision the note, rows and bytes that its commit records. */
export const withDetails = (
  changelog: Changelog,
  revisions: readonly Revision[],
  signal: AbortSignal,
): Promise<(Revision & RevisionDetails)[]> =>
  mapLimit(revisions, async (revision) => ({
    ...revision,
    ...(await detailsOf(changelog, revision, signal)),
  }));

/**
 * Returns the details of a revision. A commit by Python records none: its rows are those of segments that
 * its parents lack.
 */
async function detailsOf(
  changelog: Changelog,
  { id, parents }: Revision,
  signal: AbortSignal,
): Promise<RevisionDetails> {
  const { about, table } = await stateOf(changelog, [id], signal);
  if (about) {
    const { author, message, rows, bytes } = about;
    const note = { ...(author !== undefined && { author }), ...(message !== undefined && { message }) };
    return { ...(Object.keys(note).length > 0 && { note }), rows, bytes };
  }
  const log = await changelog.log(undefined, signal);
  const before = await stateOf(
    changelog,
    parents.filter((parent) => log.parents.has(parent)),
    signal,
  );
  const [old, current] = await loadDifferent(before.table, table, signal);
  const known = new Set([...old.values()].flat().map(({ digests }) => digests.join()));
  const added = [...current.values()].flat().filter(({ digests }) => !known.has(digests.join()));
  return { rows: added.reduce((sum, { length }) => sum + length, 0) };
}
