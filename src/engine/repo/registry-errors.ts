import { LakotaError } from "../../model/errors.ts";
import { compareStrings } from "../../model/key.ts";

/** Labels that the message lists. */
const MAX_LISTED_LABELS = 20;

/** Returns the error for a label that a repo does not have. @param labels those that it has */
export function noSuchCollection(uri: string, label: string, labels: Iterable<string>): LakotaError {
  const existing = [...labels].sort(compareStrings).slice(0, MAX_LISTED_LABELS).join(", ");
  const advice = existing ? `It has: ${existing}.` : "It has none: is the address right?";
  return new LakotaError("not-found", `No collection "${label}" in ${uri}. ${advice}`);
}

/** Returns the error for a registry row that is no entry of a collection. */
export const damagedEntry = (label: string): LakotaError =>
  new LakotaError(
    "corrupt",
    `The registry's entry of "${label}" is damaged: it lacks a schema, or the path of a collection's folder. ` +
      "Revert the registry, or pull it from another copy.",
  );
