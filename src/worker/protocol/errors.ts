import { type ErrorCode, LakotaError } from "../../model/errors.ts";

/** An error as it is sent between threads. */
export interface WireError {
  /** Set for a LakotaError. */
  code?: ErrorCode;
  name: string;
  message: string;
  cause?: WireError;
}

export function unpackError({ code, name, message, cause }: WireError): Error {
  const options = cause && { cause: unpackError(cause) };
  if (code) return new LakotaError(code, message, options);
  return Object.assign(new Error(message, options), { name });
}
