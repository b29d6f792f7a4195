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

  /** @throws what `work` throws; the signal's reason if it fires while the Web Lock is requested */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const locks: LockManager | undefined = globalThis.navigator?.locks;
    const locked = async (): Promise<T> =>
      locks ? await locks.request(this.#name, { signal }, work) : work();
    const result = this.#last.then(locked, locked);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
