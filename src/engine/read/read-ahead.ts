import type { Changelog, State } from "../../changelog/changelog.ts";

/** Work on one state of a collection. The signal fires when its result is no longer wanted. */
export type Work<T> = (state: State, signal: AbortSignal) => Promise<T>;

/** How to show what the last known state has, while the current one is listed. */
export interface Revalidation<T> {
  show(result: T): void;
  /** Returns whether the work has the same result on both states. */
  isSame(known: State, current: State): Promise<boolean>;
}

/** Work on the state that a listing will most likely show, while the listing is under way. */
export class ReadAhead<T> {
  readonly #stopping = new AbortController();
  readonly #work: Work<T>;
  readonly #caller: AbortSignal;
  readonly #signal: AbortSignal;
  /** Undefined if nothing is to be shown before the listing is there. */
  #revalidation: Revalidation<T> | undefined;
  #started: { state: State; result: Promise<T> } | undefined;
  #isShown = false;

  /** @param caller cancels the work */
  constructor(changelog: Changelog, work: Work<T>, caller: AbortSignal, revalidation?: Revalidation<T>) {
    this.#work = work;
    this.#caller = caller;
    this.#signal = AbortSignal.any([caller, this.#stopping.signal]);
    this.#revalidation = revalidation;
    this.#start(changelog).catch(() => {}); // what goes wrong ahead goes wrong again, or does not matter
  }

  async #start(changelog: Changelog): Promise<void> {
    // Started at once: on a first visit, the code that finds what is known is still loading.
    const expecting = changelog.expected(this.#signal);
    expecting.catch(() => {});
    const known = this.#revalidation && (await changelog.known(this.#signal));
    if (!known) this.#revalidation = undefined; // what is only expected may never have been
    const state = known ?? (await expecting);
    if (!state || this.#signal.aborted) return;
    const result = this.#work(state, this.#signal).then((result) => this.#show(result));
    this.#started = { state, result };
    await result;
  }

  #show(result: T): T {
    if (this.#revalidation && !this.#signal.aborted) {
      this.#isShown = true;
      this.#revalidation.show(result);
    }
    return result;
  }

  /** Returns the result for the listed state: that of the work ahead, if it is the same. */
  async resultFor(state: State): Promise<T> {
    const { result, state: known } = this.#started ?? {};
    const revalidation = this.#isShown ? this.#revalidation : undefined;
    this.#revalidation = undefined;
    if (result && known) {
      if (known.heads.join() === state.heads.join()) return result;
      // What was shown is there, or `show` has failed.
      const shown = revalidation && { result: await result };
      if (shown && (await revalidation.isSame(known, state).catch(() => false))) return shown.result;
    }
    this.stop();
    return this.#work(state, this.#caller);
  }

  stop(): void {
    this.#stopping.abort();
  }
}
