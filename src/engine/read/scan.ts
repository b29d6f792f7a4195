import { untilAborted } from "../../async/abort.ts";
import { lookAhead } from "../../async/look-ahead.ts";
import type { Segment } from "../../changelog/segment-table.ts";
import type { ColumnData } from "../../model/column.ts";
import { sliceRows } from "../../model/column-rows.ts";
import { countBefore } from "../../model/key.ts";
import type { Column } from "../../model/schema.ts";
import { Batch } from "../../query/columns/batch.ts";
import { type Loading, loadColumn, loadingFor } from "./load.ts";
import { costOf, type ReadPlan } from "./plan.ts";
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
    const data = await Promise.all(fetched.map((column) => this.#column(segment, column)));
    const index = data.filter((_, i) => fetched[i]!.index);
    const from = countBefore(index, segment.length, segment.lo);
    const to = Math.max(from, countBefore(index, segment.length, segment.hi));
    this.#loading.progress.decoded(costOf(this.#plan, [segment]));
    const visible = (column: ColumnData, { dtype }: Column) =>
      to - from === segment.length ? column : sliceRows(column, dtype, from, to);
    const columns = fetched.map((column, i) => {
      return [column.name, { dtype: column.dtype, data: visible(data[i]!, column) }] as const;
    });
    return new Batch(to - from, new Map(columns));
  }

  #column(segment: Segment, column: Column): Promise<ColumnData> {
    const { source, signal } = this.#context;
    const slots = column.index ? source.indexSlots : source.valueSlots;
    const loading = slots.run(() => loadColumn(this.#loading, segment, column), this);
    return untilAborted(loading, signal); // it may be queued behind those of others
  }
}
