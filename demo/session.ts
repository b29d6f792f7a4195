import type { Collection, ReadProgress, Repo, Revision, Series } from "lakota";
import type { ChartSource } from "./chart/chart-data.ts";
import { openRepo } from "./connection/connect.ts";
import { EMPTY_SETTINGS, type Settings } from "./connection/settings.ts";
import { openChartSource, readSpan } from "./data/chart-source.ts";
import { KnownFirst } from "./data/known-first.ts";
import { type Range, type Span, unionSpan } from "./data/range.ts";
import { type DataSource, dataSourceOf } from "./seed/data-sources.ts";

/** What to read for a chart. */
export interface ReadRequest {
  /** Names of the selected columns. */
  columns: readonly string[];
  signal: AbortSignal;
  onProgress: (progress: ReadProgress) => void;
}

/** The open repository, collection and series, and which of their rows to read. Independent of the DOM. */
export class Session {
  readonly #home: Settings | undefined;
  settings: Settings = EMPTY_SETTINGS;
  repo: Repo | undefined;
  /** The reads of the current state: they resolve to what the last visit knew until the store has answered. */
  reads = new KnownFirst();
  /** Labels of the repository's collections. */
  collections: readonly string[] = [];
  collection: Collection | undefined;
  /** Labels of all series of the collection. */
  allLabels: readonly string[] = [];
  /** The first is the selected series; the others are drawn in the same chart. */
  series: readonly Series[] = [];
  range: Range;
  /** The state before this revision is read; undefined for the current state. */
  before: Revision | undefined;
  /** Span of the series in the state that is read. */
  span: Span | undefined;
  /** Span of the series in the current state. */
  #currentSpan: Span | undefined;

  /** @param home the page's default repository, the one that the data sources describe */
  constructor(home: Settings | undefined, range: Range) {
    this.#home = home;
    this.range = range;
  }

  get labels(): string[] {
    return this.series.map(({ label }) => label);
  }

  /** The settings that a link has to contain; undefined for the page's default repository. */
  get sharedSettings(): Settings | undefined {
    return this.settings === this.#home ? undefined : this.settings;
  }

  /** Describes the collection's data; known only for the page's default repository. */
  get dataSource(): DataSource | undefined {
    return this.settings === this.#home ? dataSourceOf(this.collection?.label ?? "") : undefined;
  }

  /** Closes the repository, if one is open. The settings are those for the next {@link connect}. */
  reset(settings: Settings): void {
    this.settings = settings;
    this.repo?.close();
    this.repo = undefined;
    this.reads = new KnownFirst();
    this.collections = [];
    this.#closeCollection();
  }

  /** Opens the repository of the settings, and lists its collections. `wanted` is one of them, if it exists. */
  async connect(wanted: string | undefined, signal: AbortSignal): Promise<void> {
    const repo = await openRepo(this.settings);
    if (signal.aborted) repo.close();
    signal.throwIfAborted();
    this.repo = repo;
    this.collections = await this.reads.take<string[]>((onStale) => repo.ls({ onStale }), {
      suffices: (known) => (wanted === undefined ? known.length > 0 : known.includes(wanted)),
      signal,
    });
  }

  /**
   * Opens a collection in its current state, and lists its series: `wanted` are among {@link allLabels}, if they exist.
   */
  async openCollection(label: string, wanted: readonly string[], signal: AbortSignal): Promise<Collection> {
    if (!this.repo) throw new Error("No repository is open.");
    const collection = await this.repo.collection(label, { allowStale: true, signal });
    const labels = await this.reads.take<string[]>((onStale) => collection.ls({ onStale }), {
      suffices: (known) => known.length > 0 && wanted.every((name) => known.includes(name)),
      signal,
    });
    signal.throwIfAborted();
    this.#closeCollection();
    this.collection = collection;
    this.allLabels = labels;
    return collection;
  }

  /** Lists the collections again, and the series of the open one. */
  async relist(signal: AbortSignal): Promise<void> {
    const [collections = [], labels = []] = await Promise.all([
      this.repo?.ls({ signal }),
      this.collection?.ls({ signal }),
    ]);
    this.collections = collections;
    this.allLabels = labels;
  }

  #closeCollection(): void {
    this.collection = undefined;
    this.allLabels = [];
    this.series = [];
    this.before = undefined;
  }

  selectSeries(labels: readonly string[]): void {
    const { collection } = this;
    this.series = collection ? labels.map((label) => collection.series(label)) : [];
    this.#currentSpan = undefined;
  }

  /** Reads the {@link span} of the series. */
  async readSpan(signal: AbortSignal): Promise<void> {
    const { collection, series, before, reads } = this;
    if (!collection) return;
    this.span = await readSpan({ collection, series, before, reads, signal });
    if (!before) this.#currentSpan = this.span;
  }

  /** Opens the chart's data within {@link span}; undefined if the series cannot be drawn. */
  async openChart(request: ReadRequest): Promise<ChartSource | undefined> {
    const { collection, series, range, before, reads, span } = this;
    if (!collection) return undefined;
    const units = this.dataSource?.units ?? {};
    // The x axis of an earlier state reaches to the end of the current one, so that later rows can be marked.
    const extent = span && unionSpan(span, this.#currentSpan);
    return openChartSource({ ...request, collection, series, range, units, before, reads }, extent);
  }

  /** Makes the state of a revision the current state, as a new revision. */
  async restore({ id, time }: Revision, signal: AbortSignal): Promise<void> {
    const message = `Restore the state of ${time.toISOString().slice(0, 19)}`;
    await this.collection?.revert(id, { signal, note: { message } });
  }
}
