import { Cutter } from "./cutter.ts";
import type { Level } from "./levels.ts";
import type { ChildPage } from "./page.ts";
import type { PageSink } from "./page-sink.ts";

/** Pages that are encoded and stored at a time. */
const CONCURRENCY = 8;

/** Cuts entries of one level into pages, from a place where a page begins. */
export class PageRun<Entry> {
  readonly #level: Level<Entry>;
  readonly #sink: PageSink;
  readonly #cutter: Cutter;
  readonly #pages: Promise<ChildPage>[] = [];
  #entries: Entry[] = [];

  constructor(level: Level<Entry>, sink: PageSink) {
    this.#level = level;
    this.#sink = sink;
    this.#cutter = new Cutter(level.height);
  }

  /** Whether a page ends after the last entry. */
  get isAtEnd(): boolean {
    return this.#entries.length === 0;
  }

  /** Adds the next entry. Waits while many pages are being stored. */
  async add(entry: Entry): Promise<void> {
    this.#entries.push(entry);
    if (!this.#cutter.endsAfter(this.#level.keyOf(entry), this.#level.sizeOf(entry))) return;
    this.#endPage();
    await this.#pages.at(-CONCURRENCY);
  }

  /** Ends the last page, and returns all pages. */
  end(): Promise<ChildPage[]> {
    if (!this.isAtEnd) this.#endPage();
    return Promise.all(this.#pages);
  }

  #endPage(): void {
    const entries = this.#entries;
    this.#entries = [];
    const page = this.#level.encode(entries).then(async (bytes) => ({
      digest: await this.#sink.add(this.#level.height, bytes),
      labels: this.#level.labelsOf(entries),
    }));
    page.catch(() => {}); // awaited by end(), or by an add()
    this.#pages.push(page);
  }
}
