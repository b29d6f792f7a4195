import { LakotaError } from "../../src/engine.ts";

/** How often calls failed, by the code of the error. */
export type ErrorCounts = Record<string, number>;

/** Counts an error of the library. @throws any other, which is a fault of the benchmark */
export function countError(errors: ErrorCounts, error: unknown): void {
  if (!(error instanceof LakotaError)) throw error;
  errors[error.code] = (errors[error.code] ?? 0) + 1;
  console.error(error.message);
}
