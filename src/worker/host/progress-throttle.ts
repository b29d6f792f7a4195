import type { ReadProgress } from "../../model/api/read.ts";

/** Milliseconds between two reports of one call: more often than a page can draw is waste. */
const INTERVAL = 50;

/** Throttles progress reports to one per {@link INTERVAL}. The last one is always sent. */
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
    this.#flush();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#latest) this.report(this.#latest);
    }, INTERVAL);
  }

  /** Sends the report that is held back, if any, and stops the timer. */
  end(): void {
    clearTimeout(this.#timer);
    this.#flush();
  }

  #flush(): void {
    if (this.#latest) this.#send(this.#latest);
    this.#latest = undefined;
  }
}
