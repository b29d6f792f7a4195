import { LakotaError } from "../../model/errors.ts";

/** Returns the error for a label that the collection does not have. @param labels those that it has */
export function noSuchSeries(label: string, labels: readonly string[]): LakotaError {
  const names = labels.slice(0, 20).join(", ") || "none";
  return new LakotaError("not-found", `There is no series "${label}". There are: ${names}.`);
}
