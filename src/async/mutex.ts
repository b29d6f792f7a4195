import { throwIfAborted } from "../model/errors.ts";
import { untilAborted } from "./abort.ts";

/**
 * Runs operations one after the other: those of this object, and where the platform has Web Locks, those of
 * the same name in all tabs and workers of the origin.
 */
export class Mutex {
  readonly #name: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(name: string) {
    this.#name = name;
  }

  /** @throws `aborted` if the signal fires before `work` has succeeded; what `work` throws */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const locks: LockManager | undefined = globalThis.navigator?.locks;
    const before = this.#last;
    const run = async (): Promise<T> => {
      await untilAborted(before, signal);
      try {
        return await (locks ? locks.request(this.#name, { signal }, work) : work());
      } catch (error) {
        throwIfAborted(signal); // a request for a lock rejects with the signal's reason
        throw error;
      }
    };
    const result = run();
    // What was behind one that has left the queue still waits for the ones before.
    this.#last = Promise.allSettled([before, result]);
    return result;
  }
}
