import type { EngineCollection } from "../../engine/collection/collection.ts";
import type { Revision } from "../../model/api/history.ts";
import { LakotaError } from "../../model/errors.ts";
import { parseIsoMs } from "../../model/time.ts";
import { UsageError } from "../options/usage-error.ts";
import { parseTime } from "../options/values.ts";

/**
 * Finds a revision by `head` (the newest), by an id or a prefix of one, or by a time: the last revision made up to then.
 *
 * @throws `not-found`, UsageError
 */
export async function resolveRevision(
  collection: EngineCollection,
  text: string,
  signal: AbortSignal,
): Promise<Revision> {
  const log = await collection.log({ signal });
  const found = text === "head" ? log.at(-1) : (byId(log, text) ?? byTime(log, text));
  if (found) return found;
  throw new LakotaError(
    "not-found",
    `There is no revision ${text} in "${collection.label}". \`lakota rev ${collection.label}\` lists them.`,
  );
}

/** An id, or a prefix of at least 8 digits; shorter numbers are years. */
const ID = /^[\da-f]{8,}(-[\da-f]*)?$/;

function byId(log: readonly Revision[], text: string): Revision | undefined {
  if (!ID.test(text)) return undefined;
  const found = log.filter(({ id }) => id.startsWith(text));
  if (found.length > 1) throw new UsageError(`${found.length} revisions begin with ${text}.`);
  return found[0];
}

function byTime(log: readonly Revision[], text: string): Revision | undefined {
  if (ID.test(text)) return undefined;
  const until = parseIsoMs(parseTime(text));
  return log.filter(({ time }) => until !== undefined && time.getTime() <= until).at(-1);
}
