export interface RequestEvents {
  /** A request starts. One that was running has been aborted. */
  started(): void;
  /** The latest request succeeded, failed or was cancelled. */
  ended(): void;
  /** The latest request was cancelled. `retry` starts it again. */
  cancelled(retry: () => void): void;
  /** The latest request failed. `retry` starts it again. */
  failed(error: unknown, retry: () => void): void;
}

/** Runs one request at a time: a newer one aborts the older, whose result and errors are then ignored. */
export class LatestRequest {
  readonly #events: RequestEvents;
  #current = new AbortController();

  constructor(events: RequestEvents) {
    this.#events = events;
  }

  /** Fires when the latest request is cancelled or superseded. */
  get signal(): AbortSignal {
    return this.#current.signal;
  }

  cancel(): void {
    this.#current.abort();
  }

  /** Runs `work`. Resolves in every case: errors go to the event `failed`. */
  async run(work: (signal: AbortSignal) => Promise<void>, retry: () => void): Promise<void> {
    this.#current.abort();
    const current = new AbortController();
    this.#current = current;
    this.#events.started();
    try {
      await work(current.signal);
    } catch (error) {
      if (current !== this.#current) return; // superseded
      if (current.signal.aborted) this.#events.cancelled(retry);
      else this.#events.failed(error, retry);
    } finally {
      if (current === this.#current) this.#events.ended();
    }
  }
}
