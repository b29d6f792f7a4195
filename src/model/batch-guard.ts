import { LakotaError, throwIfAborted } from "./errors.ts";

/** Lets a batch be changed until it ends. */
export class BatchGuard {
  readonly #signal: AbortSignal | undefined;
  #ended = false;

  /** @param signal of the batch */
  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** @throws `closed` after the end of the batch; `aborted` once its signal has fired */
  async run(change: () => Promise<unknown>): Promise<void> {
    throwIfAborted(this.#signal);
    if (this.#ended)
      throw new LakotaError("closed", "This batch has ended. Write inside of it, and await each write.");
    await change();
  }

  end(): void {
    this.#ended = true;
  }
}
