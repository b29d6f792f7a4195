import { untilAborted } from "./abort.ts";

/**
 * Work shared by all its callers. It is cancelled once every caller has aborted. The next caller must start it again,
 * since joining a request that is never answered would block every later call.
 */
export class Shared<T> {
  /** Code that only awaits this is no caller. Rejects with `aborted` once all callers have aborted. */
  readonly result: Promise<T>;
  readonly #controller = new AbortController();
  #callers = 0;

  /** @param work gets a signal that fires once every caller has aborted */
  constructor(work: (signal: AbortSignal) => Promise<T>) {
    const { signal } = this.#controller;
    this.result = untilAborted(work(signal), signal);
    this.result.catch(() => {}); // the callers get the error
  }

  /** Whether the work was cancelled, so that it must not be joined. */
  get abandoned(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Returns the result. @throws `aborted` as soon as the caller's signal fires */
  async join(signal?: AbortSignal): Promise<T> {
    this.#callers++;
    try {
      return await untilAborted(this.result, signal);
    } finally {
      if (--this.#callers === 0 && signal?.aborted) this.#controller.abort();
    }
  }
}
