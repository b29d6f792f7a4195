import type { Batch, Collection } from "../../model/api/collection.ts";
import type { ChangeOptions } from "../../model/api/options.ts";
import { LakotaError } from "../../model/errors.ts";

/** A batch whose work is done by the page: it stays open between the page's messages. */
export class BatchSession {
  readonly batch: Batch;
  readonly #finish: (failure?: LakotaError) => void;
  readonly #done: Promise<void>;
  readonly #ending: AbortController;

  private constructor(
    batch: Batch,
    finish: (failure?: LakotaError) => void,
    done: Promise<void>,
    ending: AbortController,
  ) {
    this.batch = batch;
    this.#finish = finish;
    this.#done = done;
    this.#ending = ending;
  }

  static begin(collection: Collection, options: ChangeOptions): Promise<BatchSession> {
    const ending = new AbortController();
    return new Promise((resolve, reject) => {
      const done = collection.batch(
        (batch) =>
          new Promise<void>((commit, abort) => {
            const finish = (failure?: LakotaError) => (failure ? abort(failure) : commit());
            queueMicrotask(() => resolve(new BatchSession(batch, finish, done, ending)));
          }),
        { ...options, signal: ending.signal },
      );
      done.catch(reject); // which also marks it as handled: who commits hears of it
    });
  }

  commit(): Promise<void> {
    this.#finish();
    return this.#done;
  }

  /** Nothing of it will be seen. After a commit that came through it does nothing. */
  abort(): void {
    const reason = new LakotaError("aborted", "The batch was given up.");
    this.#finish(reason);
    this.#ending.abort(reason);
  }
}
