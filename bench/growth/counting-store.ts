import type { GetOptions, ListOptions, PutOptions, SignalOptions, Store } from "../../src/stores/store.ts";

/** What an operation has asked of a store. */
export interface Requests {
  requests: number;
  /** Requests of the longest chain in which each began after the one before had ended. */
  roundTrips: number;
  /** Bytes of files that were read. */
  read: number;
  /** Bytes of files that were written. */
  written: number;
}

const NONE: Requests = { requests: 0, roundTrips: 0, read: 0, written: 0 };

/** Counts the requests to another store. */
export class CountingStore implements Store {
  readonly uri: string;
  #count: Requests = { ...NONE };
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    this.uri = store.uri;
  }

  /** Returns what was counted since the last call. */
  take(): Requests {
    const count = this.#count;
    this.#count = { ...NONE };
    return count;
  }

  async #counted<T>(work: () => Promise<T>): Promise<T> {
    const count = this.#count;
    count.requests++;
    const depth = count.roundTrips + 1; // all that have ended may have led to this one
    const result = await work();
    count.roundTrips = Math.max(count.roundTrips, depth);
    return result;
  }

  async get(path: string, options?: GetOptions) {
    const bytes = await this.#counted(() => this.#store.get(path, options));
    this.#count.read += bytes?.length ?? 0;
    return bytes;
  }

  async put(path: string, bytes: Uint8Array, options?: PutOptions) {
    this.#count.written += bytes.length;
    return this.#counted(() => this.#store.put(path, bytes, options));
  }

  list(prefix: string, options?: ListOptions) {
    return this.#counted(() => this.#store.list(prefix, options));
  }

  delete(path: string, options?: SignalOptions) {
    return this.#counted(() => this.#store.delete(path, options));
  }

  move(from: string, to: string, options?: SignalOptions) {
    return this.#counted(() => this.#store.move(from, to, options));
  }
}
