import type { Bytes } from "../model/bytes.ts";
import { untilAborted } from "./abort.ts";

type OnBytes = (bytes: number, cached: boolean) => void;

interface JoinOptions {
  signal?: AbortSignal;
  onBytes?: OnBytes;
}

/** A fetch shared by all its callers. It is cancelled once every caller has aborted. */
export class SharedRequest {
  /** Set when the file changes during the fetch: the result must not be cached then. */
  outdated = false;
  readonly #result: Promise<Bytes | undefined>;
  readonly #controller = new AbortController();
  readonly #listeners = new Set<OnBytes>();
  #callers = 0;
  #received = { cached: 0, fetched: 0 };

  constructor(
    fetch: (signal: AbortSignal, onBytes: OnBytes, request: SharedRequest) => Promise<Bytes | undefined>,
  ) {
    this.#result = fetch(this.#controller.signal, (bytes, cached) => this.#progress(bytes, cached), this);
    this.#result.catch(() => {}); // callers that are left get the error
  }

  /** Whether the fetch was cancelled, so that it must not be joined. */
  get abandoned(): boolean {
    return this.#controller.signal.aborted;
  }

  /**
   * Waits for the result, of which each caller gets a copy. `onBytes` starts with the bytes received so far.
   */
  async join({ signal, onBytes }: JoinOptions): Promise<Bytes | undefined> {
    // Wrapped, so that a callback that two callers pass is called for both.
    const listener: OnBytes = (bytes, cached) => onBytes?.(bytes, cached);
    if (this.#received.cached) listener(this.#received.cached, true);
    if (this.#received.fetched) listener(this.#received.fetched, false);
    this.#listeners.add(listener);
    this.#callers++;
    try {
      const bytes = await untilAborted(this.#result, signal);
      return bytes?.slice();
    } finally {
      this.#listeners.delete(listener);
      if (--this.#callers === 0) this.#controller.abort();
    }
  }

  #progress(bytes: number, cached: boolean): void {
    this.#received[cached ? "cached" : "fetched"] += bytes;
    for (const listener of this.#listeners) listener(bytes, cached);
  }
}
