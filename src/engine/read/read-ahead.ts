import type { State } from "../../changelog/changelog.ts";

/** Work on one state of a collection. The signal fires when its result is no longer wanted. */
export type Work<T> = (state: State, signal: AbortSignal) => Promise<T>;

/** Work on the state that a listing will most likely show, while the listing is under way. */
export class ReadAhead<T> {
  readonly #stopping = new AbortController();
  #heads: string | undefined;
  #result: Promise<T> | undefined;

  constructor(expected: Promise<State | undefined>, work: Work<T>) {
    const start = (state: State | undefined) => {
      const { signal } = this.#stopping;
      if (!state || signal.aborted) return;
      this.#heads = state.heads.join();
      this.#result = work(state, signal);
      this.#result.catch(() => {}); // handled where it is awaited
    };
    expected.then(start, () => {}); // what goes wrong ahead goes wrong again, or does not matter
  }

  /** Returns the result of the work if it is on this state. Otherwise, stops it. */
  resultFor({ heads }: State): Promise<T> | undefined {
    if (this.#result && this.#heads === heads.join()) return this.#result;
    this.stop();
    return undefined;
  }

  stop(): void {
    this.#stopping.abort();
  }
}
