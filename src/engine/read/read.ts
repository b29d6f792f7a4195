import { untilAborted } from "../../async/abort.ts";
import type { Segment } from "../../changelog/segment-table.ts";
import type { ColumnData } from "../../model/column.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Frame } from "../../model/frame.ts";
import { countBefore } from "../../model/key.ts";
import type { Column } from "../../model/schema.ts";
import { Assembly, type Slice, trim } from "./assembly.ts";
import { type Loading, loadColumn, loadingFor } from "./load.ts";
import { loadPart } from "./parts.ts";
import { costOf, costOfChunk, type ReadPlan } from "./plan.ts";
import type { ReadContext } from "./read-context.ts";
import { resultFrame } from "./result-frame.ts";

/** Segments whose values are asked for before the index columns of all. */
const EARLY_SEGMENTS = 2;

/**
 * The frame of a read, and how far into the segments the read went, so that the next page can continue
 * there.
 */
export interface ReadResult {
  frame: Frame;
  /** The segments whose index was read, in order, with the visible rows of each. */
  visible: readonly OpenedSegment[];
}

/**
 * A segment whose index was read: rows `from` (included) to `to` (excluded) of its chunks are visible and
 * in the range.
 */
export interface OpenedSegment extends Slice {
  segment: Segment;
}

/**
 * Executes a plan: fetches and decodes the chunks concurrently and assembles the frame. On an error or an
 * abort, every request and decode that the read started is cancelled before the promise settles.
 *
 * @throws `aborted`, `not-found`, `corrupt`, `unsupported-codec`, and the store's errors
 */
export async function executeRead(plan: ReadPlan, context: ReadContext): Promise<ReadResult> {
  const cost = costOf(plan, plan.rounds[0] ?? []);
  context.source.chunks.expect(cost.bytes);
  const work = async () => {
    const run = new PlanExecution(plan, context);
    try {
      // Its chunks may be queued behind those of others.
      return await untilAborted(run.finish(), context.signal);
    } finally {
      run.stop();
    }
  };
  return context.source.memoryBudget(cost).run(cost.bytes, work, context.signal);
}

/** Returns how many rows of the plan's range are visible. Reads the index columns only. */
export async function countRows(plan: ReadPlan, context: ReadContext): Promise<number> {
  const indexOnly = { ...plan, columns: [], fetched: plan.fetched.filter((column) => column.index) };
  const { visible } = await executeRead(indexOnly, context);
  return visible.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** Where the rows of each segment go in the result. Known once the index of every segment was read. */
interface Layout {
  assembly: Assembly;
  position: ReadonlyMap<Segment, number>;
}

interface OpenedIndex extends OpenedSegment {
  index: ColumnData[];
}

/** One execution of a plan. */
class PlanExecution {
  readonly #plan: ReadPlan;
  readonly #context: ReadContext;
  readonly #loading: Loading;
  readonly #layout = deferred<Layout>();
  readonly #pending: Promise<unknown>[] = [];

  constructor(plan: ReadPlan, context: ReadContext) {
    this.#plan = plan;
    this.#context = context;
    this.#loading = loadingFor(context, plan.positions);
    this.#layout.promise.catch(ignore); // handled where it is awaited
  }

  async finish(): Promise<ReadResult> {
    this.#loading.group.throwIfEnded();
    const opened = await this.#openRounds();
    if (this.#plan.take.fromEnd) opened.reverse();
    const assembly = new Assembly(this.#plan.columns, trim(opened, this.#plan.take));
    opened.forEach(({ index }, i) => {
      for (const [k, column] of this.#index.entries()) this.#put(assembly, i, column, index[k]!);
      index.length = 0; // releases what the assembly did not keep
    });
    this.#layout.resolve({ assembly, position: new Map(opened.map(({ segment }, i) => [segment, i])) });
    await Promise.all(this.#pending);
    return { frame: this.#frame(assembly.finish()), visible: opened };
  }

  /** Cancels everything that is still running. */
  stop(): void {
    this.#loading.group.end();
    this.#layout.reject(new LakotaError("aborted", "The read has ended."));
  }

  /**
   * Keeps a promise for {@link finish} to await. It may reject before then, which must not count as
   * unhandled.
   */
  #track(promise: Promise<unknown>): void {
    promise.catch(ignore);
    this.#pending.push(promise);
  }

  get #index(): readonly Column[] {
    return this.#plan.fetched.filter((column) => column.index);
  }

  async #openRounds(): Promise<OpenedIndex[]> {
    const { rounds, take } = this.#plan;
    const opened: OpenedIndex[] = [];
    let rows = 0;
    for (const round of rounds) {
      this.#loading.progress.expect(costOf(this.#plan, round));
      // So many that the network is busy while the index columns come, which are needed first and are often small.
      for (const segment of round.slice(0, EARLY_SEGMENTS)) this.#startValues(segment);
      const indexes = round.map((segment) => this.#openSegment(segment));
      for (const index of indexes) this.#track(index);
      for (const segment of round.slice(EARLY_SEGMENTS)) this.#startValues(segment);
      for (const segment of await Promise.all(indexes)) {
        opened.push(segment);
        rows += segment.to - segment.from;
      }
      if (rows >= take.offset + take.rows) break;
    }
    return opened;
  }

  async #openSegment(segment: Segment): Promise<OpenedIndex> {
    const { indexSlots } = this.#context.source;
    const load = (column: Column) => indexSlots.run(() => this.#load(segment, column), this);
    const index = await Promise.all(this.#index.map(load));
    const from = countBefore(index, segment.length, segment.lo);
    return { segment, index, from, to: Math.max(from, countBefore(index, segment.length, segment.hi)) };
  }

  #startValues(segment: Segment): void {
    const { valueSlots } = this.#context.source;
    for (const column of this.#plan.fetched) {
      if (column.index) continue;
      this.#track(valueSlots.run(() => this.#placeValues(segment, column), this));
    }
  }

  /** Holds its slot until the chunk is placed, which bounds how many decoded chunks wait in memory. */
  async #placeValues(segment: Segment, column: Column): Promise<void> {
    const slice = async () => {
      const { assembly, position } = await this.#layout.promise;
      return assembly.slice(position.get(segment)!);
    };
    const loading = loadPart(this.#loading, segment, column, this.#plan.take, slice);
    const part = loading && (await loading);
    if (part) this.#loading.progress.decoded(costOfChunk(segment, column));
    const data = part ?? (await this.#load(segment, column));
    const { assembly, position } = await this.#layout.promise;
    this.#put(assembly, position.get(segment)!, column, data, part !== undefined);
  }

  #put(assembly: Assembly, segment: number, column: Column, data: ColumnData, isPart = false): void {
    const position = this.#plan.columns.indexOf(column);
    if (position >= 0) assembly.put(segment, position, data, isPart);
  }

  async #load(segment: Segment, column: Column): Promise<ColumnData> {
    const data = await loadColumn(this.#loading, segment, column);
    this.#loading.progress.decoded(costOfChunk(segment, column));
    return data;
  }

  #frame(columns: readonly ColumnData[]): Frame {
    const named = this.#plan.columns.map(({ name, dtype }, i) => ({ name, dtype, data: columns[i]! }));
    return resultFrame(named, this.#context.numbers);
  }
}

const ignore = () => undefined;

interface Deferred<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (reason: unknown) => void;
}

function deferred<T>(): Deferred<T> {
  let settle: Pick<Deferred<T>, "resolve" | "reject"> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle! };
}
