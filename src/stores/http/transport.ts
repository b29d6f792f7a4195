import { type Clock, systemClock } from "../../async/clock.ts";
import { LakotaError } from "../../model/errors.ts";
import { parseRetryAfter, TransientError, withRetries } from "./retry.ts";

export interface TransportOptions {
  /** Default: the platform's `fetch`. */
  fetch?: (request: Request) => Promise<Response>;
  /** Further attempts after a failure that may pass. Default 4. */
  retries?: number;
  /** Source of time and randomness; for tests. */
  clock?: Clock;
}

/**
 * Sends HTTP requests, and retries failures that may pass: no response, a truncated body, status 429 or 5xx.
 */
export class Transport {
  readonly clock: Clock;
  readonly #address: string;
  readonly #fetch: (request: Request) => Promise<Response>;
  readonly #retries: number | undefined;

  /** @param address how messages refer to the server, without secrets */
  constructor(address: string, options: TransportOptions) {
    this.#address = address;
    this.clock = options.clock ?? systemClock;
    this.#fetch = options.fetch ?? ((request) => fetch(request));
    this.#retries = options.retries;
  }

  /**
   * Sends a request and reads its response, with retries.
   *
   * @param make builds the request for each attempt, since signatures expire
   * @param read reads the response, body included, so that a truncated body is requested again
   * @param options `onFailure` is called for each attempt without a usable response: the server may have
   * carried it out
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
      // 501: the server does not support it, now or later.
      if (status === 429 || (status >= 500 && status !== 501)) throw await this.#busy(response);
      const result = await read(response);
      if (!response.bodyUsed) await response.arrayBuffer(); // an unread body keeps its connection busy
      return result;
    } catch (error) {
      if (error instanceof LakotaError || error instanceof TransientError) throw error;
      throw this.#unreachable(error);
    }
  }

  async #busy(response: Response): Promise<TransientError> {
    const reason = /<Code>(\w+)<\/Code>/.exec(await response.text())?.[1] ?? response.statusText;
    const wait = parseRetryAfter(response.headers.get("retry-after"), this.clock.now());
    const message = `${this.#address} still responds ${response.status} ${reason} after several attempts. Try later.`;
    return new TransientError(new LakotaError("network", message), wait);
  }

  /** Lists the possible causes: `fetch` does not tell a page why it failed. */
  #unreachable(cause: unknown): LakotaError | TransientError {
    if (globalThis.navigator?.onLine === false) {
      const message = `The device is offline, so ${this.#address} cannot be reached. Try again once there is a network.`;
      return new LakotaError("offline", message, { cause });
    }
    const origin = globalThis.location?.origin;
    const message =
      origin === undefined
        ? `No response from ${this.#address}: the network is down, or the address is wrong (${reasonOf(cause)}).`
        : `No usable response from ${this.#address}. Either the network is down, or the address is wrong, or CORS ` +
          `is missing: the server must allow the origin ${origin}. To check: curl -i -H "Origin: ${origin}" ` +
          `"${this.#address}" should print Access-Control-Allow-Origin; for S3, set the bucket's CORS rules.`;
    return new TransientError(new LakotaError("network", message, { cause }));
  }
}

/** Node has the reason of a failed fetch in its cause. */
function reasonOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return inner instanceof Error ? inner.message || inner.name : String(inner);
}
