import { LakotaError } from "../../model/errors.ts";

/** Labels that an error names. */
export const MAX_NAMED = 20;

/** Returns the error for a label that the collection does not have. @param labels the first ones that it has */
export function noSuchSeries(label: string, labels: readonly string[]): LakotaError {
  const names = labels.slice(0, MAX_NAMED).join(", ") || "none";
  return new LakotaError("not-found", `There is no series "${label}". There are: ${names}.`);
}
