import { type Clock, systemClock } from "../../async/clock.ts";
import { LakotaError } from "../../model/errors.ts";
import { parseRetryAfter, TransientError, withRetries } from "./retry.ts";

export interface TransportOptions {
  /** Used in place of the platform's own `fetch`. */
  fetch?: (request: Request) => Promise<Response>;
  /** Attempts after the first one fails for a passing reason. Default 4. */
  retries?: number;
  /** Time and chance; for tests. */
  clock?: Clock;
}

/** Sends requests over HTTP, again where the failure may pass: no answer, a broken body, 429, or 5xx. */
export class Transport {
  readonly clock: Clock;
  readonly #address: string;
  readonly #fetch: (request: Request) => Promise<Response>;
  readonly #retries: number | undefined;

  /** `address` is what messages call the other side, without secrets. */
  constructor(address: string, options: TransportOptions) {
    this.#address = address;
    this.clock = options.clock ?? systemClock;
    this.#fetch = options.fetch ?? ((request) => fetch(request));
    this.#retries = options.retries;
  }

  /**
   * One exchange. `make` builds the request anew for each attempt (a signature ages); `read` takes what it
   * needs from the answer, its body included, so that a body that breaks off is asked for again.
   *
   * @param onFailure Told of each attempt that got no usable answer: what was asked may yet have been done.
   */
  send<T>(
    make: () => Promise<Request>,
    read: (response: Response) => Promise<T>,
    options: { signal?: AbortSignal; onFailure?: () => void } = {},
  ): Promise<T> {
    const { signal, onFailure } = options;
    const attempt = async () => {
      const request = await make();
      try {
        return await this.#exchange(request, read);
      } catch (error) {
        if (error instanceof TransientError) onFailure?.();
        throw error;
      }
    };
    return withRetries(attempt, { retries: this.#retries, signal, clock: this.clock });
  }

  async #exchange<T>(request: Request, read: (response: Response) => Promise<T>): Promise<T> {
    try {
      const response = await this.#fetch(request);
      const { status } = response;
      // 501 means that the server never will.
      if (status === 429 || (status >= 500 && status !== 501)) throw await this.#busy(response);
      const result = await read(response);
      if (!response.bodyUsed) await response.arrayBuffer(); // what nobody reads keeps its connection busy
      return result;
    } catch (error) {
      if (error instanceof LakotaError || error instanceof TransientError) throw error;
      throw this.#unreachable(error);
    }
  }

  async #busy(response: Response): Promise<TransientError> {
    const reason = /<Code>(\w+)<\/Code>/.exec(await response.text())?.[1] ?? response.statusText;
    const wait = parseRetryAfter(response.headers.get("retry-after"), this.clock.now());
    const message = `${this.#address} answers ${response.status} ${reason}, again and again. Try later.`;
    return new TransientError(new LakotaError("network", message), wait);
  }

  /** `fetch` tells a page nothing of why it failed. */
  #unreachable(cause: unknown): LakotaError | TransientError {
    if (globalThis.navigator?.onLine === false) {
      const message = `The device is offline, so ${this.#address} cannot be reached. Try again once there is a network.`;
      return new LakotaError("offline", message, { cause });
    }
    const origin = globalThis.location?.origin;
    const message =
      origin === undefined
        ? `No answer from ${this.#address}: the network is down, or the address is wrong (${reasonOf(cause)}).`
        : `No usable answer from ${this.#address}. Either the network is down, or the address is wrong, or CORS ` +
          `is missing: the server must allow the origin ${origin}. To check: curl -i -H "Origin: ${origin}" ` +
          `"${this.#address}" should print Access-Control-Allow-Origin; for S3, set the bucket's CORS rules.`;
    return new TransientError(new LakotaError("network", message, { cause }));
  }
}

/** Node hides the reason of a failed fetch one level down. */
function reasonOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return inner instanceof Error ? inner.message || inner.name : String(inner);
}
