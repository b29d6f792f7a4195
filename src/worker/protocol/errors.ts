import { type ErrorCode, LakotaError } from "../../model/errors.ts";

/** An error as it is sent between threads. */
export interface WireError {
  /** Set for a LakotaError. */
  code?: ErrorCode;
  name: string;
  message: string;
  cause?: WireError;
}

/** Causes that are sent with an error, at most: a chain of causes may be cyclic. */
const MAX_CAUSES = 4;

export function packError(error: unknown, causes = MAX_CAUSES): WireError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const wire: WireError = { name: error.name, message: error.message };
  if (error instanceof LakotaError) wire.code = error.code;
  if (error.cause !== undefined && causes > 0) wire.cause = packError(error.cause, causes - 1);
  return wire;
}

export function unpackError({ code, name, message, cause }: WireError): Error {
  const options = cause && { cause: unpackError(cause) };
  if (code) return new LakotaError(code, message, options);
  return Object.assign(new Error(message, options), { name });
}
