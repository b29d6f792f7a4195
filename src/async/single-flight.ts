import type { Bytes } from "../model/bytes.ts";
import { untilAborted } from "./abort.ts";

type OnBytes = (bytes: number, cached: boolean) => void;

interface Reader {
  signal?: AbortSignal;
  onBytes?: OnBytes;
}

/** One fetch that any number of readers wait for. It is cancelled once all of them have gone. */
export class SharedRequest {
  /** Set where the file changes meanwhile: then what arrives is no longer worth keeping. */
  outdated = false;
  readonly #result: Promise<Bytes | undefined>;
  readonly #controller = new AbortController();
  readonly #listeners = new Set<OnBytes>();
  #readers = 0;
  #arrived = { near: 0, far: 0 };

  constructor(
    fetch: (signal: AbortSignal, onBytes: OnBytes, flight: SharedRequest) => Promise<Bytes | undefined>,
  ) {
    this.#result = fetch(this.#controller.signal, (bytes, cached) => this.#progress(bytes, cached), this);
    this.#result.catch(() => {}); // readers hear of it, if there are any left
  }

  /** Whether all readers have gone, so that nobody may join any more. */
  get abandoned(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Each reader gets a copy of its own. */
  async join({ signal, onBytes }: Reader): Promise<Bytes | undefined> {
    // Its own function, so that one listener given by two readers counts twice.
    const listener: OnBytes = (bytes, cached) => onBytes?.(bytes, cached);
    if (this.#arrived.near) listener(this.#arrived.near, true);
    if (this.#arrived.far) listener(this.#arrived.far, false);
    this.#listeners.add(listener);
    this.#readers++;
    try {
      const bytes = await untilAborted(this.#result, signal);
      return bytes?.slice();
    } finally {
      this.#listeners.delete(listener);
      if (--this.#readers === 0) this.#controller.abort();
    }
  }

  #progress(bytes: number, cached: boolean): void {
    this.#arrived[cached ? "near" : "far"] += bytes;
    for (const listener of this.#listeners) listener(bytes, cached);
  }
}
