import { onAbort } from "../../async/abort.ts";
import type { Clock } from "../../async/clock.ts";

/**
 * Parts of a limit. They are counted instead of comparing times, so that a blocked thread or a sleeping device
 * does not count as silence of the server.
 */
const TICKS = 10;

/** Ends requests to one server for which no byte has arrived for too long: `fetch` itself has no limit. */
export class SilenceMonitor {
  readonly #clock: Clock;
  /** Requests in progress, in the order in which they were sent. */
  readonly #watches = new Set<SilenceWatch>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Runs `work`, and aborts its signal when the caller's fires, or when the server is silent for too long.
   *
   * @param onSilent returns the error to throw in the latter case
   */
  async run<T>(
    work: (watch: SilenceWatch) => Promise<T>,
    signal: AbortSignal | undefined,
    onSilent: (ms: number) => unknown,
  ): Promise<T> {
    const watch = new SilenceWatch(this.#clock, this.#watches);
    this.#watches.add(watch);
    const abort = () => watch.abort(signal?.reason);
    const stopListening = onAbort(signal, abort);
    if (signal?.aborted) abort();
    try {
      return await new Promise<T>((resolve, reject) => {
        watch.onSilent = (ms) => reject(onSilent(ms));
        work(watch).then(resolve, reject);
      });
    } finally {
      stopListening();
      watch.end();
      this.#watches.delete(watch);
    }
  }
}

/** Counts how long no byte has arrived for a request. */
export class SilenceWatch {
  onSilent: (ms: number) => void = () => {};
  readonly #clock: Clock;
  readonly #all: ReadonlySet<SilenceWatch>;
  readonly #controller = new AbortController();
  #limit = 0;
  #ticks = 0;
  #isQueued = false;
  #cancel: () => void = () => {};

  constructor(clock: Clock, all: ReadonlySet<SilenceWatch>) {
    this.#clock = clock;
    this.#all = all;
  }

  /** Ends the request. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * Starts to count, or continues with another limit.
   *
   * @param ms 0 or `Infinity`: no limit
   * @param isQueued whether the request may not have been sent yet. Browsers open few connections to a host,
   * so it may be queued behind earlier requests, and is not silent while those receive data.
   */
  expect(ms: number, isQueued: boolean): void {
    this.end();
    this.#limit = ms;
    this.#ticks = 0;
    this.#isQueued = isQueued;
    if (ms > 0 && ms < Number.POSITIVE_INFINITY && !this.signal.aborted) this.#startTick();
  }

  /** To be called as bytes arrive. */
  readonly received = (): void => {
    this.#ticks = 0;
    let isLater = false;
    for (const watch of this.#all) {
      if (isLater && watch.#isQueued) watch.#ticks = 0;
      isLater ||= watch === this;
    }
  };

  abort(reason: unknown): void {
    this.end();
    this.#controller.abort(reason);
  }

  end(): void {
    this.#cancel();
  }

  #startTick(): void {
    this.#cancel = this.#clock.timer(this.#limit / TICKS, () => {
      if (++this.#ticks < TICKS) return this.#startTick();
      this.onSilent(this.#limit);
      this.abort(new DOMException("No data arrived in time.", "TimeoutError"));
    });
  }
}
