import { untilAborted } from "../../async/abort.ts";
import { lookAhead } from "../../async/look-ahead.ts";
import type { Segment } from "../../changelog/segment-table.ts";
import type { ColumnData } from "../../model/column.ts";
import { countBefore, keyAt } from "../../model/key.ts";
import { toNumbers } from "../../model/numbers.ts";
import type { Column, Schema } from "../../model/schema.ts";
import type { Axis } from "../../query/downsample/axis.ts";
import { BLOCK, type Numbers, type Summary, summarise } from "../../query/downsample/summary.ts";
import { type ChunkSummary, summaryName, withLongerBlocks } from "../overviews/chunk-summary.ts";
import { blockRuns, isWhole } from "./block-runs.ts";
import type { ChunkSummaries } from "./chunk-summaries.ts";
import { type Loading, loadColumn, loadingFor } from "./load.ts";
import { costOfChunk } from "./plan.ts";
import type { ReadContext } from "./read-context.ts";
import type { SegmentOverviews } from "./segment-overviews.ts";

/** Chunks of fewer rows decode fast enough without a summary. */
const MIN_SUMMARY_ROWS = 8_192;

/**
 * A run of consecutive rows: as values, or as blocks `from` (included) to `to` (excluded) of the summary of
 * each column.
 */
export type SummarisedPiece =
  | { blocks: readonly Summary[]; from: number; to: number }
  | { blocks?: undefined; xs: Numbers; ys: readonly Numbers[] };

/** The visible rows of one segment. */
export interface LoadedSegment {
  rows: number;
  pieces: readonly SummarisedPiece[];
}

/** A segment whose visible rows are known: rows `from` (included) to `to` (excluded). */
interface VisibleRows {
  from: number;
  to: number;
  /** Positions of the first and the last visible row on the x axis. */
  firstX: number;
  lastX: number;
}

/** What to summarise. */
export interface SummarisedRange {
  schema: Schema;
  segments: readonly Segment[];
  x: Column;
  ys: readonly Column[];
  context: ReadContext;
  summaries: ChunkSummaries;
  overviews: SegmentOverviews;
  /** Whether blocks of so many rows may be narrow enough for the chart. */
  isNarrow(rowsPerBlock: number): boolean;
}

/**
 * The segments of a range in order, each as the longest blocks of its chunks that are fine enough for the chart. Which
 * blocks these are depends on the segments and on the chart alone, not on what was summarised before: so a picture is
 * the same whether the blocks come from chunks, from caches or from overviews.
 */
export class SummarisedSegments {
  readonly #input: SummarisedRange;
  readonly #loading: Loading;

  constructor(input: SummarisedRange) {
    this.#input = input;
    this.#loading = loadingFor(input.context, new Map(input.schema.columns.map((column, i) => [column, i])));
  }

  /**
   * Returns the positions of the first and the last row of the range on the x axis. NaN if there are no
   * rows.
   */
  async ends(): Promise<{ low: number; high: number }> {
    const { segments } = this.#input;
    const [first, last] = await Promise.all([
      this.#firstVisible(segments),
      this.#firstVisible([...segments].reverse()),
    ]);
    return { low: first?.firstX ?? Number.NaN, high: last?.lastX ?? Number.NaN };
  }

  /** Calls `add` for each segment in order, while up to `ahead` segments load. */
  async each(ahead: number, axis: Axis, add: (part: LoadedSegment) => void): Promise<void> {
    const { segments } = this.#input;
    for (const segment of segments) this.#loading.progress.expect(this.#costOf(segment));
    let done = 0;
    const load = (segment: Segment) => new SummarisedSegment(segment, this.#input, this.#loading).load(axis);
    for await (const part of lookAhead(segments, ahead, load)) {
      add(part);
      this.#loading.progress.decoded(this.#costOf(segments[done++]!));
    }
  }

  /** Cancels everything that is still loading. */
  stop(): void {
    this.#loading.group.end();
  }

  async #firstVisible(segments: readonly Segment[]): Promise<VisibleRows | undefined> {
    for (const segment of segments) {
      const opened = await new SummarisedSegment(segment, this.#input, this.#loading).open();
      if (opened.from < opened.to) return opened;
    }
    return undefined;
  }

  #costOf(segment: Segment) {
    const columns = new Set([...this.#input.schema.index, ...this.#input.ys]);
    const bytes = [...columns].reduce((sum, column) => sum + costOfChunk(segment, column).bytes, 0);
    return { chunks: columns.size, bytes };
  }
}

/** One segment of a range. Keeps its decoded chunks, since several runs of its rows may be needed. */
class SummarisedSegment {
  readonly #segment: Segment;
  readonly #input: SummarisedRange;
  readonly #loading: Loading;
  readonly #columns = new Map<Column, Promise<ColumnData>>();
  #ownSummaries: Promise<readonly ChunkSummary[] | undefined> | undefined;

  constructor(segment: Segment, input: SummarisedRange, loading: Loading) {
    this.#segment = segment;
    this.#input = input;
    this.#loading = loading;
  }

  async open(): Promise<VisibleRows> {
    const segment = this.#segment;
    const [summary] = (await this.#known(this.#longestBlock())) ?? [];
    if (summary && isWhole(segment, summary)) {
      const { fromX, toX, length } = summary.blocks;
      return { from: 0, to: segment.length, firstX: fromX[0]!, lastX: toX[length - 1]! };
    }
    const index = await this.#index();
    const from = countBefore(index, segment.length, segment.lo);
    const to = Math.max(from, countBefore(index, segment.length, segment.hi));
    if (from === to) return { from, to, firstX: Number.NaN, lastX: Number.NaN };
    const xs = await this.#column(this.#input.x);
    const xOf = (row: number) => numbersOf(xs, this.#input.x, row, row + 1)[0]!;
    return { from, to, firstX: xOf(from), lastX: xOf(to - 1) };
  }

  async load(axis: Axis): Promise<LoadedSegment> {
    const visible = await this.open();
    const rows = visible.to - visible.from;
    if (rows === 0 || this.#input.ys.length === 0) return { rows, pieces: [] };
    const { length } = this.#segment;
    if (length < MIN_SUMMARY_ROWS) return { rows, pieces: [await this.#rows(visible.from, visible.to)] };
    return { rows, pieces: await this.#pieces(axis, visible, this.#longestBlock(), 0, length) };
  }

  /** Returns the rows of the longest blocks that may be narrow enough for the chart. */
  #longestBlock(): number {
    return this.#input.overviews.blockLengths(this.#segment).find(this.#input.isNarrow) ?? BLOCK;
  }

  /**
   * Returns the visible rows among rows `start` … `stop`, which begin and end with a block, in order: as blocks, where these
   * are wholly visible and narrow enough, else as blocks of half as many rows, and at last as rows.
   */
  async #pieces(
    axis: Axis,
    visible: VisibleRows,
    rowsPerBlock: number,
    start: number,
    stop: number,
  ): Promise<SummarisedPiece[]> {
    const from = Math.max(start, visible.from);
    const to = Math.min(stop, visible.to);
    const summaries = (await this.#known(rowsPerBlock)) ?? (await this.#summarised(rowsPerBlock));
    if (!summaries) return [await this.#rows(from, to)];
    const blocks = summaries.map((summary) => summary.blocks);
    const rows = { from, to, of: this.#segment.length };
    // All columns have the same rows, so their blocks are equally wide.
    const runs = blockRuns(rows, rowsPerBlock, (block) => axis.takes(blocks[0]!, block));
    const pieces: SummarisedPiece[] = [];
    for (const { used, from: block, to: end } of runs) {
      const [first, last] = [block * rowsPerBlock, Math.min(end * rowsPerBlock, this.#segment.length)];
      if (used) pieces.push({ blocks, from: block, to: end });
      else if (rowsPerBlock > BLOCK)
        pieces.push(...(await this.#pieces(axis, { ...visible, from, to }, rowsPerBlock / 2, first, last)));
      else pieces.push(await this.#rows(Math.max(from, first), Math.min(to, last)));
    }
    return pieces;
  }

  /** Returns a summary of every column that was made before; undefined if one is missing. */
  async #known(rowsPerBlock: number): Promise<readonly ChunkSummary[] | undefined> {
    const { ys, schema, summaries, overviews } = this.#input;
    const segment = this.#segment;
    if (segment.length < MIN_SUMMARY_ROWS || ys.length === 0) return undefined;
    const options = (signal: AbortSignal) => ({
      signal,
      onBytes: (bytes: number, cached: boolean) => this.#loading.progress.received(bytes, cached),
    });
    const found = await Promise.all(
      ys.map(async (y) => {
        const name = summaryName(segment, schema, y);
        return (
          summaries.held(name) ??
          (await this.#loading.group.run((signal) =>
            overviews.get(segment, y, rowsPerBlock, options(signal)),
          )) ??
          (await summaries.get(name))
        );
      }),
    );
    const known = found.filter((summary) => summary !== undefined);
    return known.length === ys.length
      ? known.map((summary) => withLongerBlocks(summary, rowsPerBlock))
      : undefined;
  }

  async #summarised(rowsPerBlock: number): Promise<readonly ChunkSummary[] | undefined> {
    this.#ownSummaries ??= this.#summarise();
    return (await this.#ownSummaries)?.map((summary) => withLongerBlocks(summary, rowsPerBlock));
  }

  /** Summarises the segment. Undefined for rows without a position on the x axis. */
  async #summarise(): Promise<ChunkSummary[] | undefined> {
    const { schema, summaries } = this.#input;
    const { xs, ys } = await this.#rows(0, this.#segment.length);
    const index = await this.#index();
    const made = ys.map((values) => summariseRows(index, xs, values));
    made.forEach((summary, i) => {
      if (summary) summaries.set(summaryName(this.#segment, schema, this.#input.ys[i]!), summary);
    });
    const all = made.filter((summary) => summary !== undefined);
    return all.length === made.length ? all : undefined;
  }

  #index(): Promise<ColumnData[]> {
    return Promise.all(this.#input.schema.index.map((column) => this.#column(column)));
  }

  /** Returns the values of rows `from` (included) to `to` (excluded). */
  async #rows(from: number, to: number): Promise<{ xs: Numbers; ys: readonly Numbers[] }> {
    const columns = [this.#input.x, ...this.#input.ys];
    const data = await Promise.all(columns.map((column) => this.#column(column)));
    const [xs, ...ys] = data.map((each, i) => numbersOf(each, columns[i]!, from, to));
    return { xs: xs!, ys };
  }

  #column(column: Column): Promise<ColumnData> {
    const data = this.#columns.get(column) ?? this.#load(column);
    this.#columns.set(column, data);
    return data;
  }

  /** Returns a decoded chunk, from memory if possible. */
  async #load(column: Column): Promise<ColumnData> {
    const { context, summaries } = this.#input;
    const segment = this.#segment;
    const digest = segment.digests[this.#loading.positions.get(column)!]!;
    const name = `${digest} ${column.dtype.name}`;
    const held = summaries.decoded.get(name);
    if (held) return held;
    const slots = column.index ? context.source.indexSlots : context.source.valueSlots;
    const loading = slots.run(() => loadColumn(this.#loading, segment, column), this.#loading);
    const data = await untilAborted(loading, context.signal); // it may be queued behind those of others
    summaries.decoded.set(name, data, costOfChunk(segment, column).bytes);
    return data;
  }
}

/**
 * Summarises one column of a segment. Undefined for rows without a position on the x axis.
 *
 * @param index its index columns
 * @param xs the first one of them
 */
export function summariseRows(
  index: readonly ColumnData[],
  xs: Numbers,
  ys: Numbers,
): ChunkSummary | undefined {
  const rows = xs.length;
  if (Number.isNaN(xs[0]) || Number.isNaN(xs[rows - 1])) return undefined;
  const [first, last] = [keyAt(index, 0), keyAt(index, rows - 1)];
  return { first, last, rowsPerBlock: BLOCK, blocks: summarise(xs, ys) };
}

/** Returns rows `from` to `to` of a column as numbers, without copying where the type allows. */
export function numbersOf(data: ColumnData, { dtype }: Column, from: number, to: number): Numbers {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return toNumbers(data.slice(from, to), dtype) as Float64Array;
  }
  return (data as Float64Array | Float32Array | Int32Array).subarray(from, to);
}
