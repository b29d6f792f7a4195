import type { Changelog } from "../../changelog/changelog.ts";
import type { RevisionRef } from "../../model/api/history.ts";
import { throwIfAborted } from "../../model/errors.ts";

/** Returns the id of a revision given as an id, an epoch, or a revision. @throws `not-found` */
export async function resolveRevision(
  changelog: Changelog,
  ref: RevisionRef,
  signal: AbortSignal,
): Promise<string> {
  throwIfAborted(signal);
  return changelog.resolve(typeof ref === "string" ? ref : ref.id, signal);
}
