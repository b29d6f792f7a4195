import { LakotaError } from "./errors.ts";

/** How V8, JavaScriptCore and SpiderMonkey report that an array or a string does not fit into memory. */
const NO_MEMORY = /alloc|memory|invalid (array|string) len/i;

/** Returns the error for an allocation that failed; any other error as it is. */
export function explainNoMemory(error: unknown): unknown {
  if (!(error instanceof RangeError && NO_MEMORY.test(error.message))) return error;
  const message = `Not enough memory: ${error.message}. Read or write fewer rows at a time, as with pages().`;
  return new LakotaError("quota", message, { cause: error });
}
