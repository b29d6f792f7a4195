/** Reads rows `offset` to `offset + limit` of a table. */
export type ReadPage<Page> = (offset: number, limit: number, signal: AbortSignal) => Promise<Page>;

interface RowPagesOptions<Page> {
  /** Rows of the whole table. */
  readonly length: number;
  read: ReadPage<Page>;
  /** A page has arrived. */
  onPage(): void;
  onError(error: unknown): void;
  /** Rows of a page. Default 200. */
  readonly pageLength?: number;
  /** Pages that are kept: the least recently used one is dropped first. Default 40. */
  readonly kept?: number;
}

/**
 * The rows of a long table, read a page at a time when they are in view. A page that is scrolled past before it
 * arrives is cancelled.
 */
export class RowPages<Page> {
  readonly length: number;
  readonly #options: Required<RowPagesOptions<Page>>;
  /** In the order of use. */
  readonly #pages = new Map<number, Page>();
  readonly #reading = new Map<number, AbortController>();
  #isClosed = false;

  constructor(options: RowPagesOptions<Page>) {
    this.#options = { pageLength: 200, kept: 40, ...options };
    this.length = options.length;
  }

  /** Returns a page that has arrived, and the position of a row in it; undefined while it has not. */
  at(row: number): { page: Page; index: number } | undefined {
    const { pageLength } = this.#options;
    const number = Math.floor(row / pageLength);
    const page = this.#pages.get(number);
    return page === undefined ? undefined : { page, index: row - number * pageLength };
  }

  /** Whether all rows from `first` to `last` have arrived. */
  has(first: number, last: number): boolean {
    return this.#numbers(first, last).every((number) => this.#pages.has(number));
  }

  /** Reads the pages of the rows from `first` to `last` that are missing, and cancels all others that are being read. */
  want(first: number, last: number): void {
    if (this.#isClosed) return;
    const wanted = this.#numbers(first, last);
    for (const [number, reading] of this.#reading) if (!wanted.includes(number)) reading.abort();
    for (const number of wanted) {
      const page = this.#pages.get(number);
      if (page === undefined) void this.#read(number);
      else this.#keep(number, page);
    }
  }

  /** Cancels all reads. */
  close(): void {
    this.#isClosed = true;
    for (const reading of this.#reading.values()) reading.abort();
  }

  async #read(number: number): Promise<void> {
    const current = this.#reading.get(number);
    if (current && !current.signal.aborted) return;
    const reading = new AbortController();
    this.#reading.set(number, reading);
    const { pageLength, read, onPage, onError } = this.#options;
    const offset = number * pageLength;
    try {
      const page = await read(offset, Math.min(pageLength, this.length - offset), reading.signal);
      if (reading.signal.aborted) return;
      this.#keep(number, page);
      onPage();
    } catch (error) {
      if (!reading.signal.aborted) onError(error);
    } finally {
      if (this.#reading.get(number) === reading) this.#reading.delete(number);
    }
  }

  #keep(number: number, page: Page): void {
    this.#pages.delete(number);
    this.#pages.set(number, page);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= this.#options.kept) break;
      this.#pages.delete(oldest);
    }
  }

  #numbers(first: number, last: number): number[] {
    const { pageLength } = this.#options;
    const [from, to] = [Math.max(0, first), Math.min(this.length - 1, last)];
    if (to < from) return [];
    const [low, high] = [Math.floor(from / pageLength), Math.floor(to / pageLength)];
    return Array.from({ length: high - low + 1 }, (_, i) => low + i);
  }
}
