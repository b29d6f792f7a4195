import { explainFailure } from "../../model/api/arguments.ts";
import type { PageOptions, ReadProgress } from "../../model/api/read.ts";
import type { Series } from "../../model/api/series.ts";
import type { Frame } from "../../model/frame.ts";

/** An iteration over a series in pages of rows. Reads one page ahead of the client, and no more. */
export class FramePages {
  readonly #options: PageOptions;
  readonly #pages: AsyncIterableIterator<Frame>;
  readonly #controller = new AbortController();
  #next: Promise<IteratorResult<Frame>>;
  #progress: ReadProgress | undefined;
  #onProgress: ((progress: ReadProgress) => void) | undefined;

  constructor(series: Series, options: PageOptions) {
    const onProgress = (progress: ReadProgress) => {
      this.#progress = progress;
      this.#onProgress?.(progress);
    };
    this.#options = options;
    this.#pages = series.pages({ ...options, signal: this.#controller.signal, onProgress });
    this.#next = this.#readAhead();
  }

  /** Returns the next page; undefined after the last. */
  async next(onProgress: ((progress: ReadProgress) => void) | undefined): Promise<Frame | undefined> {
    this.#onProgress = onProgress;
    if (this.#progress) onProgress?.(this.#progress);
    const page = await this.#next.catch((error: unknown) => {
      // The options came with another message, so the host cannot explain the error by them.
      throw explainFailure("Series.pages", [this.#options], error);
    });
    this.#onProgress = undefined;
    this.#progress = undefined;
    if (page.done) return undefined;
    this.#next = this.#readAhead();
    return page.value;
  }

  end(): void {
    this.#controller.abort();
  }

  #readAhead(): Promise<IteratorResult<Frame>> {
    const page = this.#pages.next();
    page.catch(() => undefined); // reported by next(), if that is called
    return page;
  }
}
