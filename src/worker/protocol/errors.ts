import { type ErrorCode, LakotaError } from "../../model/errors.ts";

/** An error as it crosses threads. */
export interface WireError {
  /** Of a LakotaError. */
  code?: ErrorCode;
  name: string;
  message: string;
  cause?: WireError;
}

/** Causes of causes that are worth telling. */
const DEPTH = 4;

export function packError(error: unknown, depth = DEPTH): WireError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const wire: WireError = { name: error.name, message: error.message };
  if (error instanceof LakotaError) wire.code = error.code;
  if (error.cause !== undefined && depth > 0) wire.cause = packError(error.cause, depth - 1);
  return wire;
}

export function unpackError({ code, name, message, cause }: WireError): Error {
  const options = cause && { cause: unpackError(cause) };
  if (code) return new LakotaError(code, message, options);
  return Object.assign(new Error(message, options), { name });
}
