import { type Clock, systemClock } from "../../async/clock.ts";
import { lazy } from "../../async/lazy.ts";
import { LakotaError } from "../../model/errors.ts";
import { readErrorText } from "./body.ts";
import { parseRetryAfter, TransientError, withRetries } from "./retry.ts";
import { SilenceMonitor, type SilenceWatch } from "./silence.ts";

export interface TransportOptions {
  /** Default: the platform's `fetch`. */
  fetch?: (request: Request) => Promise<Response>;
  /** Further attempts after a failure that may pass. Default 4. */
  retries?: number;
  /**
   * Milliseconds without a byte from the server after which an attempt has failed, and is repeated. An upload
   * has more time, by its size. 0 or `Infinity`: no limit. Default 20,000, and 10,000 until the response begins.
   */
  timeout?: number;
  /** Source of time and randomness; for tests. */
  clock?: Clock;
}

type Texts = typeof import("./no-response.ts");
const explanations = lazy(() => import("./no-response.ts"));

/** Default limits of silence in milliseconds: until the response begins, and between its bytes. */
const RESPONSE_TIMEOUT = 10_000;
const BODY_TIMEOUT = 20_000;
/** Slowest upload that is waited for, in bytes per millisecond: `fetch` does not report its progress. */
const MIN_UPLOAD_RATE = 8;
/** How many attempts a silent one counts as: three of them take half a minute. */
const SILENT_WEIGHT = 2;

type OnBytes = (bytes: number) => void;

interface SendOptions {
  signal?: AbortSignal | undefined;
  /** Bytes of the body. Default 0. */
  upload?: number | undefined;
  /** Called for each attempt without a usable response: the server may have carried it out. */
  onFailure?: (() => void) | undefined;
}

/**
 * Sends HTTP requests, and retries failures that may pass: no response, silence, a truncated body, status 429
 * or 5xx.
 */
export class Transport {
  readonly clock: Clock;
  readonly #address: string;
  readonly #fetch: (request: Request) => Promise<Response>;
  readonly #retries: number | undefined;
  readonly #timeout: number | undefined;
  readonly #monitor: SilenceMonitor;
  /** Whether the last attempt that ended was silent, and nothing has arrived since. */
  #isSilent = false;

  /** @param address how messages refer to the server, without secrets */
  constructor(address: string, options: TransportOptions) {
    this.#address = address;
    this.clock = options.clock ?? systemClock;
    this.#fetch = options.fetch ?? ((request) => fetch(request));
    this.#retries = options.retries;
    const { timeout } = options;
    if (timeout !== undefined && !(timeout >= 0)) {
      const message = `timeout must be a number of milliseconds, 0 for no limit, not ${timeout}.`;
      throw new LakotaError("invalid-argument", message);
    }
    this.#timeout = timeout;
    this.#monitor = new SilenceMonitor(this.clock);
  }

  /**
   * Sends a request and reads its response, with retries.
   *
   * While the server is known to be silent, there is one attempt: callers fall back sooner to what they have.
   *
   * @param make builds the request for each attempt, since signatures expire. Its signal ends the attempt
   * @param read reads the response, body included, so that a truncated body is requested again. It must call
   * `onBytes` for each part of the body
   */
  send<T>(
    make: (signal: AbortSignal) => Promise<Request>,
    read: (response: Response, onBytes: OnBytes) => Promise<T>,
    options: SendOptions = {},
  ): Promise<T> {
    const { signal, upload = 0, onFailure } = options;
    const responseTimeout = this.#timeout ?? RESPONSE_TIMEOUT;
    const wasSilent = this.#isSilent;
    const attempt = async () => {
      try {
        const work = async (watch: SilenceWatch) => {
          const request = await make(watch.signal);
          // 0 is no limit, however much is sent.
          watch.expect(responseTimeout && responseTimeout + upload / MIN_UPLOAD_RATE, true);
          return this.#exchange(request, read, watch);
        };
        return await this.#monitor.run(work, signal, (ms) => this.#silence(ms));
      } catch (error) {
        if (!(error instanceof TransientError)) throw error;
        onFailure?.();
        throw wasSilent && this.#isSilent ? error.final : error;
      }
    };
    return withRetries(attempt, { retries: this.#retries, signal, clock: this.clock });
  }

  async #exchange<T>(
    request: Request,
    read: (response: Response, onBytes: OnBytes) => Promise<T>,
    watch: SilenceWatch,
  ): Promise<T> {
    const onBytes = () => {
      this.#isSilent = false;
      watch.received();
    };
    try {
      const response = await this.#fetch(request);
      onBytes();
      watch.expect(this.#timeout ?? BODY_TIMEOUT, false);
      const { status } = response;
      // 501: the server does not support it, now or later.
      if (status === 408 || status === 429 || (status >= 500 && status !== 501))
        throw await this.#busy(response, onBytes);
      const result = await read(response, onBytes);
      if (!response.bodyUsed) await readErrorText(response, onBytes); // an unread body keeps its connection busy
      return result;
    } catch (error) {
      // A RangeError: no memory for the body.
      if (error instanceof LakotaError || error instanceof TransientError || error instanceof RangeError)
        throw error;
      throw await this.#unreachable(error);
    }
  }

  #silence(ms: number): TransientError {
    this.#isSilent = true;
    const message =
      `No data arrived from ${this.#address} for ${ms / 1_000} seconds. Check the network, and try again. ` +
      "The option `timeout` sets the limit.";
    return new TransientError(new LakotaError("network", message), undefined, SILENT_WEIGHT);
  }

  async #busy(response: Response, onBytes: OnBytes): Promise<TransientError> {
    const text = await readErrorText(response, onBytes);
    const wait = parseRetryAfter(response.headers.get("retry-after"), this.clock.now());
    return new TransientError(await this.#explain(({ busy }) => busy(this.#address, response, text)), wait);
  }

  /** Returns an error whose text is loaded, or the one for text that cannot be loaded. */
  #explain(explain: (texts: Texts) => LakotaError): Promise<LakotaError> {
    return explanations().then(explain, (failure: LakotaError) => failure);
  }

  /** Lists the possible causes: `fetch` does not tell a page why it failed. */
  async #unreachable(cause: unknown): Promise<LakotaError | TransientError> {
    if (globalThis.navigator?.onLine === false) {
      const message = `The device is offline, so ${this.#address} cannot be reached. Try again once there is a network.`;
      return new LakotaError("offline", message, { cause });
    }
    return new TransientError(await this.#explain(({ noResponse }) => noResponse(this.#address, cause)));
  }
}
