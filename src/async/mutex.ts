/**
 * Runs pieces of work one after the other: those of this object, and where the platform has Web Locks, those of the
 * same name in all tabs and workers of the origin.
 */
export class Mutex {
  readonly #name: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(name: string) {
    this.#name = name;
  }

  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const locks: LockManager | undefined = globalThis.navigator?.locks;
    const turn = async (): Promise<T> => (locks ? await locks.request(this.#name, { signal }, work) : work());
    const result = this.#last.then(turn, turn);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
