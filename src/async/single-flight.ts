import type { Bytes } from "../model/bytes.ts";
import { Shared } from "./shared.ts";

type OnBytes = (bytes: number, cached: boolean) => void;

interface JoinOptions {
  /** The caller gets no copy of its own, and must not change the bytes. */
  readOnly?: boolean;
  signal?: AbortSignal;
  onBytes?: OnBytes;
}

/** A fetch shared by all its callers, who get its progress, too. */
export class SharedRequest {
  /** Set when the file changes during the fetch: the result must not be cached then. */
  outdated = false;
  readonly #shared: Shared<Bytes | undefined>;
  readonly #listeners = new Set<OnBytes>();
  #received = { cached: 0, fetched: 0 };

  constructor(
    fetch: (signal: AbortSignal, onBytes: OnBytes, request: SharedRequest) => Promise<Bytes | undefined>,
  ) {
    this.#shared = new Shared((signal) =>
      fetch(signal, (bytes, cached) => this.#progress(bytes, cached), this),
    );
  }

  /** Whether the fetch was cancelled, so that it must not be joined. */
  get abandoned(): boolean {
    return this.#shared.abandoned;
  }

  /**
   * Waits for the result, of which each caller gets a copy, unless it only reads. `onBytes` starts with the bytes received so far.
   */
  async join({ readOnly, signal, onBytes }: JoinOptions): Promise<Bytes | undefined> {
    // Wrapped, so that a callback that two callers pass is called for both.
    const listener: OnBytes = (bytes, cached) => onBytes?.(bytes, cached);
    if (this.#received.cached) listener(this.#received.cached, true);
    if (this.#received.fetched) listener(this.#received.fetched, false);
    this.#listeners.add(listener);
    try {
      const bytes = await this.#shared.join(signal);
      return readOnly ? bytes : bytes?.slice();
    } finally {
      this.#listeners.delete(listener);
    }
  }

  #progress(bytes: number, cached: boolean): void {
    this.#received[cached ? "cached" : "fetched"] += bytes;
    for (const listener of this.#listeners) listener(bytes, cached);
  }
}
