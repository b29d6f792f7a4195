import type { PageOptions, ReadProgress } from "../../model/api/read.ts";
import type { Series } from "../../model/api/series.ts";
import type { Frame } from "../../model/frame.ts";

/** Pages for a reader on the page. It works one page ahead, and no further before that was taken. */
export class FramePages {
  readonly #pages: AsyncIterableIterator<Frame>;
  readonly #ending = new AbortController();
  #ahead: Promise<IteratorResult<Frame>>;
  #progress: ReadProgress | undefined;
  #listener: ((progress: ReadProgress) => void) | undefined;

  constructor(series: Series, options: PageOptions) {
    const onProgress = (progress: ReadProgress) => {
      this.#progress = progress;
      this.#listener?.(progress);
    };
    this.#pages = series.pages({ ...options, signal: this.#ending.signal, onProgress });
    this.#ahead = this.#start();
  }

  /** The next page; undefined after the last. */
  async next(onProgress: ((progress: ReadProgress) => void) | undefined): Promise<Frame | undefined> {
    this.#listener = onProgress;
    if (this.#progress) onProgress?.(this.#progress);
    const page = await this.#ahead;
    this.#listener = undefined;
    this.#progress = undefined;
    if (page.done) return undefined;
    this.#ahead = this.#start();
    return page.value;
  }

  end(): void {
    this.#ending.abort();
  }

  #start(): Promise<IteratorResult<Frame>> {
    const page = this.#pages.next();
    page.catch(() => undefined); // told to who asks for it, if anyone does
    return page;
  }
}
