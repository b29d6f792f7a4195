import type { Batch, Collection } from "../../model/api/collection.ts";
import type { ChangeOptions, ChangeReport } from "../../model/api/options.ts";
import { LakotaError } from "../../model/errors.ts";

/** A batch of the engine that is driven by messages of the client: it stays open until commit or abort. */
export class BatchSession {
  readonly batch: Batch;
  readonly #finish: (failure?: LakotaError) => void;
  readonly #done: Promise<ChangeReport | undefined>;
  readonly #controller: AbortController;

  private constructor(
    batch: Batch,
    finish: (failure?: LakotaError) => void,
    done: Promise<ChangeReport | undefined>,
    controller: AbortController,
  ) {
    this.batch = batch;
    this.#finish = finish;
    this.#done = done;
    this.#controller = controller;
  }

  static begin(collection: Collection, options: ChangeOptions): Promise<BatchSession> {
    const controller = new AbortController();
    return new Promise((resolve, reject) => {
      const done = collection.batch(
        (batch) =>
          new Promise<void>((commit, abort) => {
            const finish = (failure?: LakotaError) => (failure ? abort(failure) : commit());
            queueMicrotask(() => resolve(new BatchSession(batch, finish, done, controller)));
          }),
        { ...options, signal: controller.signal },
      );
      done.catch(reject); // also marks the rejection as handled: commit() reports it
    });
  }

  commit(): Promise<ChangeReport | undefined> {
    this.#finish();
    return this.#done;
  }

  /** Discards the batch. Does nothing after a commit that succeeded. */
  end(): void {
    const reason = new LakotaError("aborted", "The batch was aborted.");
    this.#finish(reason);
    this.#controller.abort(reason);
  }
}
