import { LakotaError } from "./errors.ts";

/** Lets a batch be changed until it ends. */
export class BatchGuard {
  #ended = false;

  /** @throws `closed` after the end of the batch. */
  async run(change: () => Promise<void>): Promise<void> {
    if (!this.#ended) return change();
    throw new LakotaError("closed", "This batch has ended. Write inside of it, and await each write.");
  }

  end(): void {
    this.#ended = true;
  }
}
