/** How long a value that is there stays if no component uses it: one that suspended renders again first. */
const UNUSED_MS = 30_000;
/** How long an error stays that no component uses. After that, an error boundary that is reset tries again. */
const FAILED_MS = 1_000;

/**
 * Counts who uses a value, and disposes of it when nobody does any more: a while after it is there, since a component that
 * suspends uses it only then; later, soon after the last user is gone.
 */
export class Usage {
  readonly #dispose: () => void;
  readonly #delay: number;
  #users = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isDisposed = false;

  /**
   * @param ready settles when there is a value, or an error in its place
   * @param delay milliseconds from the end of the last use to the disposal. React ends and begins uses in one task
   */
  constructor(ready: Promise<unknown>, dispose: () => void, delay = 0) {
    this.#dispose = dispose;
    this.#delay = delay;
    ready.then(
      () => this.#disposeAfter(UNUSED_MS),
      () => this.#disposeAfter(FAILED_MS),
    );
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /** Counts a user. Returns what ends the use. */
  retain(): () => void {
    clearTimeout(this.#timer);
    this.#users++;
    return () => {
      this.#users--;
      this.#disposeAfter(this.#delay);
    };
  }

  /** Counts a user until a promise settles, and then waits as for a value that has just come. */
  retainUntil(settled: Promise<unknown>): void {
    clearTimeout(this.#timer);
    this.#users++;
    const release = () => {
      this.#users--;
      this.#disposeAfter(UNUSED_MS);
    };
    settled.then(release, release);
  }

  #disposeAfter(milliseconds: number): void {
    if (this.#users > 0 || this.#isDisposed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#isDisposed = true;
      this.#dispose();
    }, milliseconds);
  }
}

/** The use of the repository that a repository or collection belongs to, if a hook has opened it. */
export const repoUsage = new WeakMap<object, Usage>();
