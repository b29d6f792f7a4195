import type { Changelog } from "../../changelog/changelog.ts";
import { currentId } from "../../changelog/log.ts";
import { epochOf } from "../../changelog/revision.ts";
import type { RevisionRef } from "../../model/api/history.ts";
import { LakotaError, throwIfAborted } from "../../model/errors.ts";

/** Returns the id of a revision given as an id, an epoch, or a revision. @throws `not-found` */
export async function resolveRevision(
  changelog: Changelog,
  ref: RevisionRef,
  signal: AbortSignal,
): Promise<string> {
  throwIfAborted(signal);
  const name = typeof ref === "string" ? ref : ref.id;
  const log = await changelog.log(undefined, signal);
  const found = log.ids.find((id) => epochOf(id) === name) ?? currentId(log, name);
  if (found) return found;
  throw new LakotaError("not-found", `There is no revision ${name} in ${changelog.uri}.`);
}
