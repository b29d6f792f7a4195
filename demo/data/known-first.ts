import { LakotaError } from "lakota";

/** A call of the library that passes what is known to `onStale`, and resolves to the current result. */
type Call<T> = (onStale: (known: T) => void) => Promise<T>;

interface TakeOptions<T> {
  /** Whether what is known is enough. Default: it always is. */
  suffices?: (known: T) => boolean;
  /** Ends the wait for a result, but not the comparison. */
  signal?: AbortSignal;
}

/**
 * Takes what is known from each call, so that nothing waits for the network, and compares it with the current
 * result when the store has answered.
 */
export class KnownFirst {
  /** Whether the store has something else than what was taken. */
  changed = false;
  readonly #comparisons = new Set<Promise<void>>();
  #failure: { error: unknown } | undefined;

  /** Resolves to what is known, or else to the current result. */
  take<T>(call: Call<T>, { suffices = () => true, signal }: TakeOptions<T> = {}): Promise<T> {
    return new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason));
      let taken: { known: T } | undefined;
      const onStale = (known: T) => {
        if (!suffices(known)) return;
        taken = { known };
        resolve(known);
      };
      const comparison = call(onStale)
        .then(
          (current) => {
            if (taken && taken.known !== current) this.changed = true;
            resolve(current);
          },
          (error: unknown) => {
            if (taken && !isAborted(error)) this.#failure = { error };
            reject(error);
          },
        )
        .finally(() => this.#comparisons.delete(comparison));
      this.#comparisons.add(comparison);
    });
  }

  /** Resolves once the store has answered all calls. @throws the error of a call whose known result was taken */
  async settled(): Promise<void> {
    while (this.#comparisons.size > 0) await Promise.all(this.#comparisons);
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure.error;
  }
}

const isAborted = (error: unknown): boolean => error instanceof LakotaError && error.code === "aborted";
