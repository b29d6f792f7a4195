import type { State } from "../changelog/changelog.ts";
import { toEpoch } from "../changelog/revision.ts";
import { type Segment, segmentsOf } from "../changelog/segments.ts";
import type {
  FrameInput,
  PageOptions,
  RangeOptions,
  ReadOptions,
  Series,
  WriteOptions,
} from "../model/api.ts";
import { LakotaError } from "../model/errors.ts";
import type { Frame } from "../model/frame.ts";
import { toRange } from "./bounds.ts";
import type { EngineCollection } from "./collection.ts";
import { planRead, type Take } from "./plan.ts";
import { countRows, executeRead, type ReadResult } from "./read.ts";

/** The default length of a page, in rows. */
const PAGE_LENGTH = 100_000;

/** A series whose work is done on this thread. */
export class EngineSeries implements Series {
  readonly label: string;
  readonly #collection: EngineCollection;

  constructor(collection: EngineCollection, label: string) {
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
    const state = await this.#state(options);
    const plan = planRead(this.#segments(state), this.#collection.schema, this.#range(options), []);
    return countRows(plan, this.#context(state, options));
  }

  async *pages(options: PageOptions = {}): AsyncIterableIterator<Frame> {
    const pageLength = count("pageLength", options.pageLength, PAGE_LENGTH);
    if (pageLength === 0) throw new LakotaError("invalid-argument", "pageLength must be at least 1.");
    const state = await this.#state(options);
    let segments = this.#segments(state);
    let offset = 0;
    for (;;) {
      const result = await this.#execute(
        state,
        segments,
        { fromEnd: false, offset, rows: pageLength },
        options,
      );
      if (result.frame.length === 0) return;
      yield result.frame;
      ({ segments, offset } = rest(segments, result, offset + pageLength));
    }
  }

  write(frame: FrameInput, options: WriteOptions = {}): Promise<void> {
    return this.#collection.write(this.label, frame, options);
  }

  async #take(take: Take, options: ReadOptions): Promise<Frame> {
    const state = await this.#state(options);
    return (await this.#execute(state, this.#segments(state), take, options)).frame;
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

  #state({ before, signal }: RangeOptions): Promise<State> {
    return this.#collection.state(before === undefined ? undefined : toEpoch(before), signal);
  }

  #segments(state: State): Segment[] {
    return segmentsOf(state.commit.table, this.label);
  }

  #range(options: RangeOptions) {
    return toRange(this.#collection.schema, options);
  }

  #context(state: State, { signal, onProgress }: RangeOptions) {
    return { source: this.#collection.source, embedded: state.commit.embedded, signal, onProgress };
  }
}

/** The segments after `rows` visible rows, and how many rows of the first were seen. */
function rest(segments: readonly Segment[], { visible }: ReadResult, rows: number) {
  for (const { segment, from, to } of visible) {
    if (rows < to - from) return { segments: after(segments, segment, true), offset: rows };
    rows -= to - from;
  }
  const last = visible.at(-1);
  return { segments: last ? after(segments, last.segment, false) : [], offset: rows };
}

/** The segments from one on, or from the next. A read clips segments, so they are known by where they end. */
function after(segments: readonly Segment[], one: Segment, including: boolean): Segment[] {
  const at = segments.findIndex((segment) => segment.digests === one.digests);
  return segments.slice(including ? at : at + 1);
}

/** @throws `invalid-argument` */
function count(name: string, value: number | undefined, fallback: number): number {
  const number = value ?? fallback;
  if (number === fallback || (Number.isInteger(number) && number >= 0)) return number;
  throw new LakotaError("invalid-argument", `${name}: ${String(number)} is not a whole number of rows.`);
}
