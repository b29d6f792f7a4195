import { lazy } from "../../async/lazy.ts";
import type { State } from "../../changelog/changelog.ts";
import { toEpoch } from "../../changelog/revision.ts";
import { type Segment, segmentsOf } from "../../changelog/segment-table.ts";
import type { Batch, BatchSeries } from "../../model/api/collection.ts";
import type { Change, WatchOptions } from "../../model/api/history.ts";
import type { ChangeOptions } from "../../model/api/options.ts";
import type {
  Downsampled,
  DownsampleOptions,
  PageOptions,
  RangeOptions,
  ReadOptions,
  ReduceOptions,
} from "../../model/api/read.ts";
import type { DeleteOptions, FrameInput, Series, WriteOptions } from "../../model/api/series.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Frame } from "../../model/frame.ts";
import type { Schema } from "../../model/schema.ts";
import { planRead, type Take } from "../read/plan.ts";
import { toRange } from "../read/range.ts";
import { countRows, executeRead, type ReadResult } from "../read/read.ts";
import type { RepoContext } from "./repo-context.ts";

const queries = lazy(() => import("../read/queries.ts"));
const downsampling = lazy(() => import("../read/downsample.ts"));

/** Default of the option `pageLength`, in rows. */
const DEFAULT_PAGE_LENGTH = 100_000;

/** What a series needs of its collection. */
export interface SeriesHost {
  readonly schema: Schema;
  readonly repo: RepoContext;
  /** Runs `work` on the current state; with `before` (an epoch), on the state right before it. */
  readState<T>(
    work: (state: State) => Promise<T>,
    before: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<T>;
  /** Returns a signal that fires with the caller's, and when the repo is closed. */
  untilClosed(signal: AbortSignal | undefined): AbortSignal;
  batch(work: (batch: Batch) => Promise<void>, options?: ChangeOptions): Promise<void>;
  watchSeries(label: string, listener: (change: Change) => void, options: WatchOptions): () => void;
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
    const offset = count("offset", options.offset, 0);
    const rows = count("limit", options.limit, Number.POSITIVE_INFINITY);
    return this.#take({ fromEnd: false, offset, rows }, options);
  }

  async tail(rows: number, options: Omit<ReadOptions, "limit" | "offset"> = {}): Promise<Frame> {
    return this.#take({ fromEnd: true, offset: 0, rows: count("tail", rows, 0) }, options);
  }

  async length(options: RangeOptions = {}): Promise<number> {
    return this.#reading(options, async (state) => {
      const plan = planRead(this.#segments(state), this.#collection.schema, this.#range(options), []);
      return countRows(plan, this.#context(state, options));
    });
  }

  async *pages(options: PageOptions = {}): AsyncIterableIterator<Frame> {
    // All pages are of the state that the first page was read from.
    const { first, rest } = await this.#reading(options, async (state) => {
      const rest = this.#pages(state, options);
      return { first: await rest.next(), rest };
    });
    if (first.done) return;
    try {
      yield first.value;
      yield* rest;
    } finally {
      await rest.return(undefined);
    }
  }

  async *#pages(state: State, options: PageOptions): AsyncGenerator<Frame, undefined> {
    const pageLength = count("pageLength", options.pageLength, DEFAULT_PAGE_LENGTH);
    if (pageLength === 0) throw new LakotaError("invalid-argument", "pageLength must be at least 1.");
    if (options.where !== undefined) {
      const filter = new (await queries()).FilteredRead(this.#collection.schema, options);
      return yield* filter.pages(this.#seriesRange(state, options), pageLength);
    }
    // The segments left to read. They are clipped to the range already, so each page's plan has exactly
    // these.
    let segments = planRead(
      this.#segments(state),
      this.#collection.schema,
      this.#range(options),
    ).rounds.flat();
    let offset = 0;
    for (;;) {
      const take = { fromEnd: false, offset, rows: pageLength };
      const { frame, visible } = await this.#execute(state, segments, take, options);
      if (frame.length === 0) return undefined;
      yield frame;
      const used = consumed(visible, offset + pageLength);
      segments = segments.slice(used.segments);
      offset = used.rows;
    }
  }

  async reduce(options: ReduceOptions): Promise<Frame> {
    const reduction = new (await queries()).SeriesReduction(this.#collection.schema, options);
    return this.#reading(options, (state) => reduction.run(this.#seriesRange(state, options)));
  }

  async downsample(options: DownsampleOptions = {}): Promise<Downsampled> {
    const { downsample } = await downsampling();
    const { schema, repo } = this.#collection;
    return this.#reading(options, (state) =>
      downsample({ schema, shared: repo, ...this.#seriesRange(state, options) }, options),
    );
  }

  write(frame: FrameInput, options: WriteOptions = {}): Promise<void> {
    return this.#change((batch) => batch.write(frame, options), options);
  }

  update(frame: FrameInput, options: ChangeOptions = {}): Promise<void> {
    return this.#change((batch) => batch.update(frame, options), options);
  }

  delete(options: DeleteOptions): Promise<void> {
    return this.#change((batch) => batch.delete(options), options);
  }

  watch(listener: (change: Change) => void, options: WatchOptions = {}): () => void {
    return this.#collection.watchSeries(this.label, listener, options);
  }

  #change(work: (batch: BatchSeries) => Promise<void>, options: ChangeOptions): Promise<void> {
    return this.#collection.batch((batch) => work(batch.series(this.label)), options);
  }

  async #take(take: Take, options: ReadOptions): Promise<Frame> {
    if (options.where !== undefined) {
      const filter = new (await queries()).FilteredRead(this.#collection.schema, options);
      return this.#reading(options, (state) => filter.take(this.#seriesRange(state, options), take));
    }
    return this.#reading(
      options,
      async (state) => (await this.#execute(state, this.#segments(state), take, options)).frame,
    );
  }

  #execute(
    state: State,
    segments: readonly Segment[],
    take: Take,
    options: ReadOptions,
  ): Promise<ReadResult> {
    const plan = planRead(segments, this.#collection.schema, this.#range(options), options.columns, take);
    return executeRead(plan, { ...this.#context(state, options), numbers: options.numbers });
  }

  #seriesRange(state: State, options: RangeOptions) {
    const segments = this.#segments(state);
    return { segments, range: this.#range(options), context: this.#context(state, options) };
  }

  async #reading<T>({ before, signal }: RangeOptions, work: (state: State) => Promise<T>): Promise<T> {
    return this.#collection.readState(work, before === undefined ? undefined : toEpoch(before), signal);
  }

  #segments(state: State): Segment[] {
    return segmentsOf(state.commit.table, this.label);
  }

  #range(options: RangeOptions) {
    return toRange(this.#collection.schema, options);
  }

  #context(state: State, { signal, onProgress }: RangeOptions) {
    const { source } = this.#collection.repo;
    return {
      source,
      embedded: state.commit.embedded,
      signal: this.#collection.untilClosed(signal),
      onProgress,
    };
  }
}

/**
 * Returns how many whole segments the first `rows` visible rows span, and how many rows of the next
 * segment.
 */
function consumed(visible: ReadResult["visible"], rows: number): { segments: number; rows: number } {
  let segments = 0;
  for (const { from, to } of visible) {
    if (rows < to - from) break;
    rows -= to - from;
    segments++;
  }
  return { segments, rows: segments < visible.length ? rows : 0 };
}

/** Returns a number of rows. @throws `invalid-argument` for one that is no whole number */
function count(name: string, value: number | undefined, fallback: number): number {
  const rows = value ?? fallback;
  if (rows === fallback || (Number.isInteger(rows) && rows >= 0)) return rows;
  throw new LakotaError("invalid-argument", `${name}: ${String(rows)} is not a whole number of rows.`);
}
