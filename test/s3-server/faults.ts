import { S3Error } from "./errors.ts";

/** What goes wrong with requests that match. All that is told happens. */
export interface Fault {
  /** Default: all but OPTIONS, unless it drops CORS. */
  method?: string;
  /** Part of `/BUCKET/KEY`, decoded, or a pattern. */
  key?: string | RegExp;
  /** How many requests it hits. Default: all. */
  times?: number;
  /** Of being hit, 0 … 1. Default 1. */
  probability?: number;
  /** Milliseconds before the request is served. A client that goes meanwhile is not served. */
  latency?: number;
  /** Answers with this status and does nothing. */
  status?: number;
  /** S3 error code of that answer. Default: SlowDown for 503, else InternalError. */
  code?: string;
  /** Seconds, as a Retry-After header of that answer. */
  retryAfter?: number;
  /** Sends half of the body and cuts the connection. */
  truncate?: boolean;
  /** Flips a bit in the middle of the body. */
  corrupt?: boolean;
  /** Cuts the connection `before` anything is done, or `after` it is done but not answered. */
  reset?: "before" | "after";
  /** Answers without CORS headers. */
  dropCors?: boolean;
}

/** Faults waiting for requests to happen to. */
export class Faults {
  readonly #faults: Fault[] = [];

  add(fault: Fault): void {
    this.#faults.push({ ...fault });
  }

  clear(): void {
    this.#faults.length = 0;
  }

  /** The fault that hits a request: the first that matches. One with `times` is used up by it. */
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
  // A preflight must not use up what is meant for the request that follows it.
  if (method === undefined ? of === "OPTIONS" && !dropCors : method !== of) return false;
  if (typeof key === "string" && !path.includes(key)) return false;
  if (key instanceof RegExp && path.search(key) < 0) return false;
  return Math.random() < probability;
}

/** The error that a fault with a status answers with. */
export function injectedError({ status = 500, code, retryAfter }: Fault): S3Error {
  const headers: Record<string, string> =
    retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
  const fallback = status === 503 ? "SlowDown" : "InternalError";
  return new S3Error(status, code ?? fallback, "An injected fault.", { headers });
}
