import { LakotaError } from "../../model/errors.ts";
import type { WireError } from "./errors.ts";

/** Causes that are sent with an error, at most: a chain of causes may be cyclic. */
const MAX_CAUSES = 4;

export function packError(error: unknown, causes = MAX_CAUSES): WireError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const wire: WireError = { name: error.name, message: error.message };
  if (error instanceof LakotaError) wire.code = error.code;
  if (error.cause !== undefined && causes > 0) wire.cause = packError(error.cause, causes - 1);
  return wire;
}
