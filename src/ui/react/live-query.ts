import { LiveRead, type LiveSource, type Loaded } from "../live-read.ts";
import { Usage } from "./usage.ts";

/** Where a {@link LiveQuery} is found while it is in use. */
export interface QueryPlace {
  add(query: object): void;
  remove(query: object): void;
}

/**
 * A read that is repeated when rows change, as a store for React's `useSyncExternalStore`. It is aborted when the last
 * component that uses it is unmounted, and starts again if one subscribes after that.
 */
export class LiveQuery<T> {
  readonly #source: LiveSource<T>;
  readonly #place: QueryPlace;
  readonly #listeners = new Set<() => void>();
  #read!: LiveRead<T>;
  #usage!: Usage;
  #first!: Promise<void>;

  constructor(source: LiveSource<T>, place: QueryPlace) {
    this.#source = source;
    this.#place = place;
    this.#begin();
  }

  /** Resolves when there are rows or an error, or when the read was aborted. */
  get first(): Promise<void> {
    return this.#first;
  }

  readonly state = (): Loaded<T> => this.#read.state;

  readonly reload = (): void => this.#read.reload();

  readonly subscribe = (listener: () => void): (() => void) => {
    if (this.#usage.isDisposed) this.#begin();
    this.#listeners.add(listener);
    const release = this.#usage.retain();
    return () => {
      this.#listeners.delete(listener);
      release();
    };
  };

  #begin(): void {
    let settle = { resolve() {}, reject(_: unknown) {} };
    const ready = new Promise<void>((resolve, reject) => {
      settle = { resolve, reject };
    });
    this.#first = ready.catch(() => {});
    const read = new LiveRead(this.#source, ({ data, error }) => {
      if (data !== undefined) settle.resolve();
      else if (error !== undefined) settle.reject(error);
      for (const listener of this.#listeners) listener();
    });
    this.#read = read;
    this.#usage = new Usage(ready, () => {
      read.end();
      settle.resolve();
      this.#place.remove(this);
    });
    this.#place.add(this);
  }
}
