import type { ReadProgress } from "../../model/api/read.ts";

/** Milliseconds between two reports of one call: more would be more than a page can draw. */
const INTERVAL = 50;

/** Passes on reports of progress, not all of them, but the last one in any case. */
export class ProgressThrottle {
  readonly #send: (progress: ReadProgress) => void;
  #latest: ReadProgress | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (progress: ReadProgress) => void) {
    this.#send = send;
  }

  report(progress: ReadProgress): void {
    this.#latest = progress;
    if (this.#timer !== undefined) return;
    this.flush();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#latest) this.report(this.#latest);
    }, INTERVAL);
  }

  /** Sends what waits. */
  flush(): void {
    if (this.#latest) this.#send(this.#latest);
    this.#latest = undefined;
  }

  /** Sends what waits; after this nothing more goes out by itself. */
  end(): void {
    clearTimeout(this.#timer);
    this.flush();
  }
}
