import { FairSemaphore } from "../../async/fair-semaphore.ts";
import { MemoryBudget } from "../../async/memory-budget.ts";
import type { Segment } from "../../changelog/segment-table.ts";
import type { ReadProgress } from "../../model/api.ts";
import type { ColumnData } from "../../model/column.ts";
import { LakotaError } from "../../model/errors.ts";
import { Frame } from "../../model/frame.ts";
import { countBefore } from "../../model/key.ts";
import { toNumbers } from "../../model/numbers.ts";
import type { Column } from "../../model/schema.ts";
import { Assembly, type Slice, trim } from "./assembly.ts";
import type { ChunkLoader } from "./chunk-loader.ts";
import { type Loading, loadColumn, loadingFor } from "./load.ts";
import { type Cost, costOf, costOfChunk, type ReadPlan } from "./plan.ts";

/** A read of no more decoded bytes than this is small: it does not wait for large ones. */
const SMALL = 4 << 20;

/** Where reads get their chunks from, how many at a time, and how much they hold in memory together. */
export class ReadSource {
  readonly chunks: ChunkLoader;
  /** Index chunks have slots of their own: all else waits for what they tell. */
  readonly indexSlots: FairSemaphore;
  readonly valueSlots: FairSemaphore;
  readonly #large = new MemoryBudget(256 << 20);
  readonly #small = new MemoryBudget(64 << 20);

  constructor(chunks: ChunkLoader, concurrency: number) {
    const share = Math.ceil((3 * concurrency) / 4);
    this.chunks = chunks;
    this.indexSlots = new FairSemaphore(concurrency, share);
    this.valueSlots = new FairSemaphore(concurrency, share);
  }

  memoryBudget({ bytes }: Cost): MemoryBudget {
    return bytes <= SMALL ? this.#small : this.#large;
  }
}

export interface ReadContext {
  source: ReadSource;
  /** Chunks that the commit itself holds. */
  embedded: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: ReadProgress) => void) | undefined;
  numbers?: boolean | undefined;
}

/** A frame, and where the read ended: for going on from there. */
export interface ReadResult {
  frame: Frame;
  /** Segments in order, with the visible rows of each, as far as the read looked. */
  visible: readonly OpenedSegment[];
}

/** A segment whose index was read: the rows of its chunks that are in the range. */
export interface OpenedSegment extends Slice {
  segment: Segment;
}

/** Carries out a plan. All that it started ends with it: on an error or abort nothing goes on behind. */
export async function executeRead(plan: ReadPlan, context: ReadContext): Promise<ReadResult> {
  const cost = costOf(plan, plan.rounds[0] ?? []);
  const work = async () => {
    const run = new Run(plan, context);
    try {
      return await run.finish();
    } finally {
      run.stop();
    }
  };
  return context.source.memoryBudget(cost).run(cost.bytes, work, context.signal);
}

/** How many rows of the plan's range are visible: reads the index alone. */
export async function countRows(plan: ReadPlan, context: ReadContext): Promise<number> {
  const indexOnly = { ...plan, columns: [], fetched: plan.fetched.filter((column) => column.index) };
  const { visible } = await executeRead(indexOnly, context);
  return visible.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** Where the rows of each segment go, known once all indexes were read. */
interface Layout {
  assembly: Assembly;
  position: ReadonlyMap<Segment, number>;
}

interface OpenedIndex extends OpenedSegment {
  index: ColumnData[];
}

class Run {
  readonly #plan: ReadPlan;
  readonly #context: ReadContext;
  readonly #loading: Loading;
  readonly #layout = deferred<Layout>();
  readonly #pending: Promise<unknown>[] = [];

  constructor(plan: ReadPlan, context: ReadContext) {
    this.#plan = plan;
    this.#context = context;
    this.#loading = loadingFor(context, plan.positions);
    this.#layout.promise.catch(ignore); // those who wait for it are tracked
  }

  async finish(): Promise<ReadResult> {
    this.#loading.group.throwIfEnded();
    const opened = await this.#openRounds();
    if (this.#plan.take.fromEnd) opened.reverse();
    const assembly = new Assembly(this.#plan.columns, trim(opened, this.#plan.take));
    opened.forEach(({ index }, i) => {
      for (const [k, column] of this.#index.entries()) this.#put(assembly, i, column, index[k]!);
      index.length = 0; // lets go of what the assembly did not keep
    });
    this.#layout.resolve({ assembly, position: new Map(opened.map(({ segment }, i) => [segment, i])) });
    await Promise.all(this.#pending);
    return { frame: this.#frame(assembly.finish()), visible: opened };
  }

  /** Ends what is still under way. */
  stop(): void {
    this.#loading.group.end();
    this.#layout.reject(new LakotaError("aborted", "The read has ended."));
  }

  /** Keeps a promise until {@link finish} looks at it, which may be after it failed. */
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
      const indexes = round.map((segment) => this.#openSegment(segment));
      for (const index of indexes) this.#track(index);
      // After the indexes, so that those come first in the queue to the store.
      for (const segment of round) this.#startValues(segment);
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

  /** Holds its slot until the chunk has found its place, which bounds how many decoded chunks wait in memory. */
  async #placeValues(segment: Segment, column: Column): Promise<void> {
    const data = await this.#load(segment, column);
    const { assembly, position } = await this.#layout.promise;
    this.#put(assembly, position.get(segment)!, column, data);
  }

  #put(assembly: Assembly, segment: number, column: Column, data: ColumnData): void {
    const position = this.#plan.columns.indexOf(column);
    if (position >= 0) assembly.put(segment, position, data);
  }

  async #load(segment: Segment, column: Column): Promise<ColumnData> {
    const data = await loadColumn(this.#loading, segment, column);
    this.#loading.progress.decoded(costOfChunk(segment, column));
    return data;
  }

  #frame(columns: ColumnData[]): Frame {
    return new Frame(
      this.#plan.columns.map(({ name, dtype }, i) => ({
        name,
        type: dtype.name,
        data: this.#context.numbers ? toNumbers(columns[i]!, dtype) : columns[i]!,
      })),
    );
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
