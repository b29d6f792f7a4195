import { untilAborted } from "../../async/abort.ts";
import { lookAhead } from "../../async/look-ahead.ts";
import type { Segment } from "../../changelog/segment-table.ts";
import type { ColumnData } from "../../model/column.ts";
import { sliceRows } from "../../model/column-rows.ts";
import { countBefore } from "../../model/key.ts";
import type { Column } from "../../model/schema.ts";
import { Batch } from "../../query/columns/batch.ts";
import type { Slice } from "./assembly.ts";
import { type Loading, loadColumn, loadingFor } from "./load.ts";
import { loadPart } from "./parts.ts";
import { ALL, costOf, type ReadPlan } from "./plan.ts";
import type { ReadContext } from "./read-context.ts";

/** Segments loaded, or waiting to be consumed, at a time. */
const AHEAD = 4;

/** Order and eagerness of a scan. */
export interface ScanOptions {
  /** Scans from the last segment to the first. */
  fromEnd?: boolean;
  /** Starts with one segment at a time and ramps up, for callers that may stop after a few rows. */
  rampUp?: boolean;
}

/**
 * Yields the visible rows of a plan segment by segment, so that only a few segments are in memory at a time.
 * A caller that stops early cancels what is still loading.
 */
export async function* scan(
  plan: ReadPlan,
  context: ReadContext,
  { fromEnd = false, rampUp = false }: ScanOptions = {},
): AsyncGenerator<Batch, void, undefined> {
  const segments = plan.rounds.flat();
  if (fromEnd) segments.reverse();
  const scan = new Scan(plan, context);
  try {
    if (!rampUp) scan.expect(segments);
    const depth = (done: number) => (rampUp ? Math.min(AHEAD, done + 1) : AHEAD);
    yield* lookAhead(segments, depth, (segment) => {
      if (rampUp) scan.expect([segment]);
      return scan.load(segment);
    });
  } finally {
    scan.stop();
  }
}

/** The loads of one scan. */
class Scan {
  readonly #plan: ReadPlan;
  readonly #context: ReadContext;
  readonly #loading: Loading;

  constructor(plan: ReadPlan, context: ReadContext) {
    this.#plan = plan;
    this.#context = context;
    this.#loading = loadingFor(context, plan.positions);
    this.#loading.group.throwIfEnded();
  }

  expect(segments: readonly Segment[]): void {
    this.#loading.progress.expect(costOf(this.#plan, segments));
  }

  load(segment: Segment): Promise<Batch> {
    const cost = costOf(this.#plan, [segment]);
    const { source, signal } = this.#context;
    return source.memoryBudget(cost).run(cost.bytes, () => this.#read(segment), signal);
  }

  stop(): void {
    this.#loading.group.end();
  }

  async #read(segment: Segment): Promise<Batch> {
    const { fetched } = this.#plan;
    const index = Promise.all(
      fetched.filter(({ index }) => index).map((column) => this.#column(segment, column)),
    );
    const slice = index.then((data) => visibleRows(data, segment));
    slice.catch(() => {}); // handled where it is awaited
    const data = await Promise.all(
      fetched.map(async (column) => {
        const part = column.index ? undefined : await this.#part(segment, column, () => slice);
        if (part) return part;
        const whole = column.index
          ? (await index)[fetched.indexOf(column)]!
          : await this.#column(segment, column);
        const { from, to } = await slice;
        return to - from === segment.length ? whole : sliceRows(whole, column.dtype, from, to);
      }),
    );
    const { from, to } = await slice;
    this.#loading.progress.decoded(costOf(this.#plan, [segment]));
    const columns = fetched.map(({ name, dtype }, i) => [name, { dtype, data: data[i]! }] as const);
    return new Batch(to - from, new Map(columns));
  }

  #column(segment: Segment, column: Column): Promise<ColumnData> {
    return this.#inSlot(column, () => loadColumn(this.#loading, segment, column));
  }

  /** Returns the visible rows alone, if they are few of a long chunk. */
  #part(segment: Segment, column: Column, slice: () => Promise<Slice>): Promise<ColumnData | undefined> {
    return this.#inSlot(column, async () => loadPart(this.#loading, segment, column, ALL, slice));
  }

  #inSlot<T>(column: Column, load: () => Promise<T>): Promise<T> {
    const { source, signal } = this.#context;
    const slots = column.index ? source.indexSlots : source.valueSlots;
    return untilAborted(slots.run(load, this), signal); // it may be queued behind those of others
  }
}

/** Returns which rows of a segment are visible and in the range. */
function visibleRows(index: readonly ColumnData[], { length, lo, hi }: Segment): Slice {
  const from = countBefore(index, length, lo);
  return { from, to: Math.max(from, countBefore(index, length, hi)) };
}
