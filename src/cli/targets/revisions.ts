import { MAX_TIME, toEpoch } from "../../changelog/revision.ts";
import type { EngineCollection } from "../../engine/collection/collection.ts";
import type { Revision } from "../../model/api/history.ts";
import { LakotaError } from "../../model/errors.ts";
import { hextime } from "../../model/layout.ts";
import { parseRevisionName } from "../options/revision-name.ts";
import { UsageError } from "../options/usage-error.ts";
import type { Moment } from "../options/values.ts";
import { plural } from "../output/units.ts";

/**
 * Finds a revision by its name: see `REVISION_FORMS`.
 *
 * @throws `not-found`; UsageError for text that is no name, and for the first digits of several ids
 */
export async function resolveRevision(
  collection: EngineCollection,
  text: string,
  signal: AbortSignal,
): Promise<Revision> {
  const { base, back } = parseRevisionName(text);
  const log = await collection.log({ signal });
  const found =
    "head" in base
      ? log.at(-1)
      : "prefix" in base
        ? byId(log, base.prefix)
        : log.filter(({ time }) => time.getTime() <= base.until).at(-1);
  const [first] = log;
  const why = "until" in base && first ? `: the first one was made at ${first.time.toISOString()}` : "";
  if (!found) throw noRevision(collection, text, why);
  let revision = found;
  for (let step = 0; step < back; step++) {
    const parent = latestParent(log, revision);
    if (!parent)
      throw noRevision(collection, text, `: there are only ${plural(step, "revision")} before ${found.id}`);
    revision = parent;
  }
  return revision;
}

const noRevision = ({ label }: EngineCollection, text: string, why: string): LakotaError =>
  new LakotaError(
    "not-found",
    `There is no revision ${text} in "${label}"${why}. \`lakota rev ${label}\` lists them.`,
  );

/** Whether the id of a parent is that of a revision: the parent of a first one is written as zeros, which mean none. */
export const isRevision = (parent: string): boolean => !/^[0-]*$/.test(parent);

/** Returns the latest parent that is there: older ones may have been trimmed. */
const latestParent = (log: readonly Revision[], { parents }: Revision): Revision | undefined =>
  log.findLast(({ id }) => parents.includes(id));

function byId(log: readonly Revision[], prefix: string): Revision | undefined {
  const found = log.filter(({ id }) => id.startsWith(prefix));
  if (found.length > 1)
    throw new UsageError(`${found.length} revisions begin with ${prefix}: write more digits.`);
  return found[0];
}

/**
 * Returns the API's `before` for the values of `--before` and `--at`: none for the current state. The state at a revision has
 * all that was made up to its time, also by others, as the state before it has all that was made earlier.
 *
 * @throws UsageError for both; as {@link resolveRevision}
 */
export async function resolveMoment(
  collection: EngineCollection,
  { before, at }: Moment,
  signal: AbortSignal,
): Promise<{ before?: string }> {
  if (before && at) throw new UsageError("--before and --at cannot be combined.");
  const named = before ?? at;
  if (named === undefined) return {};
  const limit = "time" in named ? named.time : (await resolveRevision(collection, named.revision, signal)).id;
  if (before) return { before: limit };
  const next = Number.parseInt(toEpoch(limit), 16) + 1;
  return next > MAX_TIME ? {} : { before: hextime(next) };
}
