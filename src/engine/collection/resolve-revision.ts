import { currentId } from "../../changelog/log-lookup.ts";
import { epochOf } from "../../changelog/revision.ts";
import type { RevisionRef } from "../../model/api/history.ts";
import { LakotaError, throwIfAborted } from "../../model/errors.ts";
import type { CollectionContext } from "./collection-context.ts";

const ADVICE = "Pass one that log() returns, its id, or its epoch.";

/**
 * Returns the id of a revision given as an id, an epoch, or a revision.
 *
 * @throws `not-found`; `invalid-argument` for anything else
 */
export async function resolveRevision(
  { changelog, label }: Pick<CollectionContext, "changelog" | "label">,
  ref: RevisionRef,
  signal: AbortSignal,
): Promise<string> {
  throwIfAborted(signal);
  const name: unknown = typeof ref === "string" ? ref : (ref as { id?: unknown } | null)?.id;
  if (typeof name !== "string") {
    const message = `${String(ref)} is no revision. ${ADVICE}`;
    throw new LakotaError("invalid-argument", message);
  }
  const log = await changelog.log(undefined, signal);
  const found = log.ids.find((id) => epochOf(id) === name) ?? currentId(log, name);
  if (found) return found;
  const message = `There is no revision ${JSON.stringify(name)} in the collection ${JSON.stringify(label)}. ${ADVICE}`;
  throw new LakotaError("not-found", message);
}
