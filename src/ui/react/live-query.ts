import { LiveRead, type LiveSource, type Loaded } from "../live-read.ts";
import { Usage } from "./usage.ts";

/**
 * A read that is repeated when rows change, as a store for React's `useSyncExternalStore`. It begins at once, and is aborted
 * when the last component that uses it is unmounted.
 */
export class LiveQuery<T> {
  /** Resolves when there are rows or an error. */
  readonly first: Promise<void>;
  readonly #listeners = new Set<() => void>();
  readonly #usage: Usage;
  readonly #read: LiveRead<T>;

  /** @param onEnd called when no component uses it any more */
  constructor(source: LiveSource<T>, onEnd: () => void) {
    let known = () => {};
    this.first = new Promise((resolve) => {
      known = resolve;
    });
    this.#read = new LiveRead(source, ({ data, error }) => {
      if (data !== undefined || error !== undefined) known();
      if (error !== undefined) this.#usage.fail();
      for (const listener of this.#listeners) listener();
    });
    this.#usage = new Usage(() => {
      this.#read.end();
      onEnd();
    });
  }

  readonly state = (): Loaded<T> => this.#read.state;

  readonly reload = (): void => this.#read.reload();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    const release = this.#usage.retain();
    return () => {
      this.#listeners.delete(listener);
      release();
    };
  };
}
