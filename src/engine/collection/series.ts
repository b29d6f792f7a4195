import { lazy } from "../../async/lazy.ts";
import type { State } from "../../changelog/changelog.ts";
import { toEpoch } from "../../changelog/revision.ts";
import type { Batch, BatchSeries, Collection } from "../../model/api/collection.ts";
import type { Edited, SeriesDescription, SeriesInfoOptions } from "../../model/api/description.ts";
import type { Change, ChangeListener, WatchOptions } from "../../model/api/history.ts";
import type { ChangeOptions, ChangeReport } from "../../model/api/options.ts";
import type {
  Downsampled,
  DownsampleOptions,
  LengthOptions,
  PageOptions,
  RangeOptions,
  ReadOptions,
  ReduceOptions,
} from "../../model/api/read.ts";
import type { DeleteOptions, FrameInput, Series, WriteOptions } from "../../model/api/series.ts";
import type { Frame } from "../../model/frame.ts";
import type { Schema } from "../../model/schema.ts";
import { prepareParts } from "../read/parts.ts";
import { planRead, type Take } from "../read/plan.ts";
import { checkRowCount, toRange } from "../read/range.ts";
import { countRows, executeRead } from "../read/read.ts";
import type { Revalidation, Work } from "../read/read-ahead.ts";
import type { SeriesRange } from "../read/read-context.ts";
import type { RepoContext } from "./repo-context.ts";

const queries = lazy(() => import("../read/queries.ts"));
const paging = lazy(() => import("../read/pages.ts"));
const comparing = lazy(() => import("../read/same-rows.ts"));
const downsampling = lazy(() => import("../read/downsample.ts"));
const absence = lazy(() => import("../read/missing-series.ts"));

/** What a series needs of its collection. */
export interface SeriesHost extends Pick<Collection, "info" | "describe"> {
  readonly label: string;
  readonly schema: Schema;
  readonly repo: RepoContext;
  /**
   * Runs `work` on the current state; with `before` (an epoch), on the state right before it. It may be started twice,
   * and gets a signal that fires with the caller's, when the repo is closed, and when its result is not wanted.
   * With `revalidation`, what the last known state has is shown while the current one is listed.
   */
  readState<T>(
    work: Work<T>,
    before: string | undefined,
    signal: AbortSignal | undefined,
    revalidation?: Revalidation<T>,
  ): Promise<T>;
  batch(work: (batch: Batch) => Promise<unknown>, options?: ChangeOptions): Promise<ChangeReport | undefined>;
  /** As {@link Collection.watch}, for one series. */
  watchSeries(
    label: string,
    first?: ChangeListener | WatchOptions,
    options?: WatchOptions,
  ): (() => void) | AsyncIterableIterator<Change>;
}

/** A series whose work is done on the current thread. */
export class EngineSeries implements Series {
  readonly label: string;
  readonly #collection: SeriesHost;

  constructor(collection: SeriesHost, label: string) {
    this.#collection = collection;
    this.label = label;
  }

  async read(options: ReadOptions = {}): Promise<Frame> {
    const offset = checkRowCount("offset", options.offset, 0);
    const rows = checkRowCount("limit", options.limit, Number.POSITIVE_INFINITY);
    return this.#take({ fromEnd: false, offset, rows }, options);
  }

  async tail(rows: number, options: Omit<ReadOptions, "limit" | "offset"> = {}): Promise<Frame> {
    return this.#take({ fromEnd: true, offset: 0, rows: checkRowCount("tail", rows, Number.NaN) }, options);
  }

  async length(options: LengthOptions = {}): Promise<number> {
    const work = async ({ segments, range, context }: SeriesRange) =>
      countRows(planRead(segments, this.#collection.schema, range, []), context);
    return this.#reading(options, work, options.onStale);
  }

  async *pages(options: PageOptions = {}): AsyncIterableIterator<Frame> {
    this.#prepareParts();
    const { readPages } = await paging();
    yield* readPages(this.#collection.schema, options, (work) => this.#reading(options, work));
  }

  async reduce(options: ReduceOptions): Promise<Frame> {
    const reduction = new (await queries()).SeriesReduction(this.#collection.schema, options);
    return this.#reading(options, (input) => reduction.run(input));
  }

  async downsample(options: DownsampleOptions = {}): Promise<Downsampled> {
    const loading = downsampling(); // while the collection is listed
    loading.catch(() => {}); // the listing may fail before
    const { schema, repo } = this.#collection;
    const work = async (input: SeriesRange) =>
      (await loading).downsample({ schema, shared: repo, ...input }, options);
    return this.#reading(options, work, options.onStale);
  }

  write(frame: FrameInput, options: WriteOptions = {}): Promise<ChangeReport | undefined> {
    return this.#change((batch) => batch.write(frame, options), options);
  }

  update(frame: FrameInput, options: ChangeOptions = {}): Promise<ChangeReport | undefined> {
    return this.#change((batch) => batch.update(frame, options), options);
  }

  delete(options: DeleteOptions): Promise<ChangeReport | undefined> {
    return this.#change((batch) => batch.delete(options), options);
  }

  async info({ before, signal }: SeriesInfoOptions = {}): Promise<SeriesDescription> {
    const { series } = await this.#collection.info({ before, signal, series: [this.label] });
    return series?.[this.label] ?? {};
  }

  describe(
    change: Edited<SeriesDescription> | null,
    options?: ChangeOptions,
  ): Promise<ChangeReport | undefined> {
    return this.#collection.describe({ series: { [this.label]: change } }, options);
  }

  watch(listener: ChangeListener, options?: WatchOptions): () => void;
  watch(options?: WatchOptions): AsyncIterableIterator<Change>;
  watch(first?: ChangeListener | WatchOptions, options?: WatchOptions) {
    return this.#collection.watchSeries(this.label, first, options);
  }

  #change(
    work: (batch: BatchSeries) => Promise<unknown>,
    options: ChangeOptions,
  ): Promise<ChangeReport | undefined> {
    return this.#collection.batch((batch) => work(batch.series(this.label)), options);
  }

  /** Loads the code for parts of chunks while the collection is listed. */
  #prepareParts(): void {
    prepareParts(this.#collection.repo.store).catch(() => {}); // it only saves time
  }

  async #take(take: Take, options: ReadOptions): Promise<Frame> {
    this.#prepareParts();
    if (options.where !== undefined) {
      const filter = new (await queries()).FilteredRead(this.#collection.schema, options);
      return this.#reading(options, (input) => filter.take(input, take), options.onStale);
    }
    const work = async ({ segments, range, context }: SeriesRange) => {
      const plan = planRead(segments, this.#collection.schema, range, options.columns, take);
      return (await executeRead(plan, { ...context, numbers: options.numbers })).frame;
    };
    return this.#reading(options, work, options.onStale);
  }

  async #reading<T>(
    options: RangeOptions,
    work: (input: SeriesRange, signal: AbortSignal) => Promise<T>,
    onStale?: (known: T) => void,
  ): Promise<T> {
    const { before, signal } = options;
    const isSame = async (known: State, current: State) =>
      (await comparing()).hasSameRows(known, current, this.label, this.#collection.schema, options);
    return this.#collection.readState(
      async (state, ending) => work(await this.#seriesRange(state, options, ending), ending),
      before === undefined ? undefined : toEpoch(before),
      signal,
      onStale && { show: onStale, isSame },
    );
  }

  async #seriesRange({ commit }: State, options: RangeOptions, signal: AbortSignal): Promise<SeriesRange> {
    const { label: collection, schema, repo: shared } = this.#collection;
    const { label } = this;
    const { table } = commit;
    const range = toRange(schema, options);
    const { segments, embedded } = await table.load([label], signal);
    const isEarlier = options.before !== undefined;
    const { missing = "error" } = options;
    // A series whose rows were deleted has a segment without rows.
    if (missing !== "empty" && !(segments[0] && missing === "error"))
      throw await (await absence()).missingSeries({ label, collection, table, isEarlier, missing, signal });
    // The overviews and block indexes of earlier states may have been deleted.
    const current = isEarlier ? undefined : { schema, segments, shared };
    const { onProgress } = options;
    return {
      segments,
      range,
      context: { source: shared.source, embedded, current, signal, onProgress },
    };
  }
}
