import { S3Error } from "./errors.ts";

/** A fault of matching requests. All its effects apply. */
export interface Fault {
  /** Default: all but OPTIONS, or all methods for a fault that drops CORS. */
  method?: string;
  /** Part of `/BUCKET/KEY`, decoded, or a pattern. */
  key?: string | RegExp;
  /** Number of requests that it affects. Default: all. */
  times?: number;
  /** Probability from 0 to 1 that a request is affected. Default 1. */
  probability?: number;
  /** Milliseconds before the request is served. A client that disconnects meanwhile is not served. */
  latency?: number;
  /** Responds with this status, and performs nothing. */
  status?: number;
  /** S3 error code of that response. Default: SlowDown for 503, else InternalError. */
  code?: string;
  /** Retry-After header of that response, in seconds. */
  retryAfter?: number;
  /** Sends half of the body, then closes the connection. */
  truncate?: boolean;
  /** Flips a bit in the middle of the body. */
  corrupt?: boolean;
  /** Closes the connection `before` the request is performed, or `after` that, without a response. */
  reset?: "before" | "after";
  /** Responds without CORS headers. */
  dropCors?: boolean;
}

/** The faults that affect coming requests. */
export class Faults {
  readonly #faults: Fault[] = [];

  add(fault: Fault): void {
    this.#faults.push({ ...fault });
  }

  clear(): void {
    this.#faults.length = 0;
  }

  /** Returns the first fault that matches a request, and counts down its `times`. */
  take(method: string, path: string): Fault {
    const fault = this.#faults.find((candidate) => hits(candidate, method, path));
    if (fault?.times !== undefined) fault.times--;
    return fault ?? {};
  }
}

function hits(
  { method, key, times = 1, probability = 1, dropCors }: Fault,
  of: string,
  path: string,
): boolean {
  if (times <= 0) return false;
  // A preflight must not use up a fault for the request that follows it.
  if (method === undefined ? of === "OPTIONS" && !dropCors : method !== of) return false;
  if (typeof key === "string" && !path.includes(key)) return false;
  if (key instanceof RegExp && path.search(key) < 0) return false;
  return Math.random() < probability;
}

/** Returns the error of a fault with a status. */
export function injectedError({ status = 500, code, retryAfter }: Fault): S3Error {
  const headers: Record<string, string> =
    retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
  const fallback = status === 503 ? "SlowDown" : "InternalError";
  return new S3Error(status, code ?? fallback, "An injected fault.", { headers });
}
