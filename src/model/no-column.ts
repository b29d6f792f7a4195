import { LakotaError } from "./errors.ts";

/** Returns the error for a `name` that is not among the `columns` of a frame or a collection. */
export function noColumn(name: unknown, owner: string, columns: readonly string[]): LakotaError {
  const problem = typeof name === "string" ? `No column "${name}"` : "The name of a column must be text";
  return new LakotaError("invalid-argument", `${problem}. This ${owner} has: ${columns.join(", ")}.`);
}
