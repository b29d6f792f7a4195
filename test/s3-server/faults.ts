import { S3Error } from "./errors.ts";
import { emptyResponse, type S3Response } from "./response.ts";

/** A fault of matching requests. All its effects apply. */
export interface Fault {
  /** Default: all but OPTIONS, or all methods for a fault that drops CORS. */
  method?: string;
  /** Part of `/BUCKET/KEY`, decoded, or a pattern. */
  key?: string | RegExp;
  /** Matching requests that it leaves alone before the first one that it affects. Default 0. */
  skip?: number;
  /** Number of requests that it affects. Default: all. */
  times?: number;
  /** Probability from 0 to 1 that a request is affected. Default 1. */
  probability?: number;
  /** Milliseconds before the request is served. A client that disconnects meanwhile is not served. */
  latency?: number;
  /** Holds the request until this resolves, or the client disconnects. */
  hold?: Promise<unknown>;
  /** Responds with this status, and performs nothing. */
  status?: number;
  /** S3 error code of that response. Default: SlowDown for 503, else InternalError. */
  code?: string;
  /** Retry-After header of that response, in seconds. */
  retryAfter?: number;
  /** Responds 200 with no body or with a web page, as a proxy or a login portal does, and performs nothing. */
  pretend?: "empty" | "html";
  /** Responds to a GET of an object with the bytes of another object of the bucket. */
  swap?: boolean;
  /** Number of newest objects that a listing leaves out: it is an old one. */
  lag?: number;
  /** Sends half of the body, then closes the connection. */
  truncate?: boolean;
  /** Sends half of the body as a complete response. */
  shorten?: boolean;
  /** Sends half of the body, and then nothing, until the client disconnects. */
  stall?: boolean;
  /** Flips a bit in the middle of the body. */
  corrupt?: boolean;
  /** Closes the connection `before` the request is performed, or `after` that, without a response. */
  reset?: "before" | "after";
  /** Responds without CORS headers. */
  dropCors?: boolean;
  /** Called for each request that it affects. */
  onHit?: () => void;
}

/** The faults that affect coming requests. */
export class Faults {
  readonly #faults: Fault[] = [];

  /** Returns a function that removes the fault. */
  add(fault: Fault): () => void {
    const own = { ...fault };
    this.#faults.push(own);
    return () => {
      const at = this.#faults.indexOf(own);
      if (at >= 0) this.#faults.splice(at, 1);
    };
  }

  clear(): void {
    this.#faults.length = 0;
  }

  /** Returns the first fault that matches a request, and counts down its `skip` or `times`. */
  take(method: string, path: string): Fault {
    for (const fault of this.#faults) {
      if (!hits(fault, method, path)) continue;
      if (fault.skip) {
        fault.skip--;
        continue;
      }
      if (fault.times !== undefined) fault.times--;
      fault.onHit?.();
      return fault;
    }
    return {};
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

/** Returns the response of something that is no S3. */
export function pretendedResponse(kind: "empty" | "html"): S3Response {
  if (kind === "empty") return emptyResponse(200);
  const body = Buffer.from("<!doctype html><html><body>Please log in.</body></html>");
  return { status: 200, headers: { "content-type": "text/html" }, body };
}
