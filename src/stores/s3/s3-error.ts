import { type ErrorCode, LakotaError } from "../../model/errors.ts";

/** An error response of S3, with the fields of its XML. */
export class S3Error extends LakotaError {
  readonly status: number;
  /** S3's error code, such as `NoSuchKey`; empty without XML. */
  readonly reason: string;
  /** The server's time in epoch milliseconds, if the response has it. */
  readonly serverTime: number | undefined;

  constructor(code: ErrorCode, message: string, status: number, reason: string, serverTime?: number) {
    super(code, message);
    this.status = status;
    this.reason = reason;
    this.serverTime = serverTime;
  }
}

/** Reasons for which a retry with fresh credentials may succeed. Some servers forget temporary keys when they expire. */
export const EXPIRED = new Set([
  "ExpiredToken",
  "TokenRefreshRequired",
  "InvalidAccessKeyId",
  "InvalidTokenId",
  "InvalidToken",
]);

/** Reasons for which the same request may succeed: concurrent conditional writes, and a slow upload. */
export const PASSING = new Set(["ConditionalRequestConflict", "RequestTimeout"]);

/** Returns undefined where the server has no such file. */
export async function missingAsUndefined<T>(response: Promise<T>): Promise<T | undefined> {
  try {
    return await response;
  } catch (error) {
    if (error instanceof S3Error && error.status === 404 && error.reason !== "NoSuchBucket") return undefined;
    throw error;
  }
}
