/** What goes wrong with requests that match. All that is told happens. */
export interface Fault {
  method?: string;
  /** Part of the decoded key or path, or a pattern. */
  key?: string | RegExp;
  /** How many requests it hits. Default: all. */
  times?: number;
  /** Of being hit, 0 … 1. Default 1. */
  probability?: number;
  /** Milliseconds before the request is served. */
  latency?: number;
  /** Answers with this status and does nothing. */
  status?: number;
  /** S3 error code of that answer. */
  code?: string;
  /** Seconds, as a Retry-After header. */
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

  /** The first fault that hits a request; one with `times` is used up by it. */
  take(method: string, path: string): Fault {
    const at = this.#faults.findIndex((fault) => hits(fault, method, path));
    const fault = this.#faults[at];
    if (!fault) return {};
    if (fault.times !== undefined && --fault.times <= 0) this.#faults.splice(at, 1);
    return fault;
  }
}

function hits({ method, key, probability = 1 }: Fault, requested: string, path: string): boolean {
  if (method !== undefined && method !== requested) return false;
  if (typeof key === "string" && !path.includes(key)) return false;
  if (key instanceof RegExp && !key.test(path)) return false;
  return probability >= 1 || Math.random() < probability;
}
