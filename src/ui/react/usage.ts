/** How long a value stays that no component has used yet: one that suspends uses it again once it is there. */
const UNUSED_MS = 30_000;
/** How long an error stays that no component has used yet. After that, an error boundary that is reset tries again. */
const FAILED_MS = 1_000;

/**
 * Counts the components that use a value, and disposes of it when the last one is gone. React may mount a component twice,
 * or render it and never mount it; so it waits for the end of the current task, or for {@link UNUSED_MS}.
 */
export class Usage {
  readonly #dispose: () => void;
  #components = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(dispose: () => void) {
    this.#dispose = dispose;
    this.#disposeAfter(UNUSED_MS);
  }

  /** Counts a component. Returns what must be called when it is unmounted. */
  retain(): () => void {
    clearTimeout(this.#timer);
    this.#components++;
    return () => {
      this.#components--;
      if (this.#components === 0) this.#disposeAfter(0);
    };
  }

  /** Disposes of the value soon, unless a component uses it. */
  fail(): void {
    if (this.#components === 0) this.#disposeAfter(FAILED_MS);
  }

  #disposeAfter(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#dispose, milliseconds);
  }
}
