import { type ErrorCode, LakotaError } from "../../model/errors.ts";

/** A refusal by S3, with what its XML says. */
export class S3Error extends LakotaError {
  readonly status: number;
  /** S3's own word for it, such as `NoSuchKey`; empty where there was no XML. */
  readonly reason: string;
  /** Epoch milliseconds by the server's clock, where it says. */
  readonly serverTime: number | undefined;

  constructor(code: ErrorCode, message: string, status: number, reason: string, serverTime?: number) {
    super(code, message);
    this.status = status;
    this.reason = reason;
    this.serverTime = serverTime;
  }
}

/** Reasons that fresh credentials cure. */
export const EXPIRED = new Set(["ExpiredToken", "TokenRefreshRequired"]);
