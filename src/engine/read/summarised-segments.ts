import { lookAhead } from "../../async/look-ahead.ts";
import type { Segment } from "../../changelog/segment-table.ts";
import type { ColumnData } from "../../model/column.ts";
import { after, before, compareCuts, countBefore, keyAt } from "../../model/key.ts";
import { toNumbers } from "../../model/numbers.ts";
import type { Column, Schema } from "../../model/schema.ts";
import type { Axis } from "../../query/downsample/axis.ts";
import { BLOCK, type Numbers, type Summary, summarise } from "../../query/downsample/summary.ts";
import type { ChunkSummaries, ChunkSummary } from "./chunk-summaries.ts";
import { type Loading, loadColumn, loadingFor } from "./load.ts";
import { costOfChunk } from "./plan.ts";
import type { ReadContext } from "./read-context.ts";

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
  /** A summary of all rows, visible or not, of each value column, if they were made before. */
  summaries: readonly Summary[] | undefined;
}

/** What to summarise. */
export interface SummarisedRange {
  schema: Schema;
  segments: readonly Segment[];
  x: Column;
  ys: readonly Column[];
  context: ReadContext;
  summaries: ChunkSummaries;
}

/**
 * The segments of a range in order, each as summaries of its chunks where these are fine enough for the
 * chart.
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
    for await (const part of lookAhead(segments, ahead, (segment) => this.#load(segment, axis))) {
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
      const opened = await this.#open(segment);
      if (opened.from < opened.to) return opened;
    }
    return undefined;
  }

  async #load(segment: Segment, axis: Axis): Promise<LoadedSegment> {
    const { from, to, summaries } = await this.#open(segment);
    const rows = to - from;
    if (rows === 0) return { rows, pieces: [] };
    const blocks = summaries ?? (await this.#summarise(segment));
    // Whole visible blocks, and the single rows before and after them.
    const first = Math.ceil(from / BLOCK);
    const end = to === segment.length ? Math.ceil(to / BLOCK) : Math.floor(to / BLOCK);
    if (first >= end || !blocks?.every((each) => axis.takes(each, first, end))) {
      return { rows, pieces: [await this.#rows(segment, from, to)] };
    }
    const pieces: SummarisedPiece[] = [{ blocks, from: first, to: end }];
    if (from < first * BLOCK) pieces.unshift(await this.#rows(segment, from, first * BLOCK));
    if (to > end * BLOCK) pieces.push(await this.#rows(segment, end * BLOCK, to));
    return { rows, pieces };
  }

  async #open(segment: Segment): Promise<VisibleRows> {
    const known = await this.#known(segment);
    const summaries = known?.map(({ blocks }) => blocks);
    const [summary] = known ?? [];
    if (summary && isWhole(segment, summary)) {
      const { fromX, toX, length } = summary.blocks;
      const [firstX, lastX] = [fromX[0]!, toX[length - 1]!];
      return { from: 0, to: segment.length, firstX, lastX, summaries };
    }
    const index = await this.#index(segment);
    const from = countBefore(index, segment.length, segment.lo);
    const to = Math.max(from, countBefore(index, segment.length, segment.hi));
    if (from === to) return { from, to, firstX: Number.NaN, lastX: Number.NaN, summaries };
    const xs = await this.#column(segment, this.#input.x);
    const xOf = (row: number) => numbersOf(xs, this.#input.x, row, row + 1)[0]!;
    return { from, to, firstX: xOf(from), lastX: xOf(to - 1), summaries };
  }

  /** Returns the summaries of a segment if every column has one. */
  async #known(segment: Segment): Promise<ChunkSummary[] | undefined> {
    const { ys, summaries } = this.#input;
    if (segment.length < MIN_SUMMARY_ROWS || ys.length === 0) return undefined;
    const found = await Promise.all(ys.map((y) => summaries.get(this.#nameOf(segment, y))));
    const known = found.filter((summary) => summary !== undefined);
    return known.length === ys.length ? known : undefined;
  }

  /** Summarises a segment. Undefined for short segments, and for rows without a position on the x axis. */
  async #summarise(segment: Segment): Promise<Summary[] | undefined> {
    const rows = segment.length;
    if (rows < MIN_SUMMARY_ROWS) return undefined;
    const { xs, ys } = await this.#rows(segment, 0, rows);
    if (Number.isNaN(xs[0]) || Number.isNaN(xs[rows - 1])) return undefined;
    const index = await this.#index(segment);
    const [first, last] = [keyAt(index, 0), keyAt(index, rows - 1)];
    return ys.map((values, i) => {
      const blocks = summarise(xs, values);
      this.#input.summaries.set(this.#nameOf(segment, this.#input.ys[i]!), { first, last, blocks });
      return blocks;
    });
  }

  /**
   * The key of a summary: digests and types, since the same bytes decode to other numbers in another type.
   */
  #nameOf(segment: Segment, y: Column): string {
    const columns = [...this.#input.schema.index, y];
    return columns.map((column) => `${this.#digest(segment, column)}-${column.dtype.name}`).join(".");
  }

  #index(segment: Segment): Promise<ColumnData[]> {
    return Promise.all(this.#input.schema.index.map((column) => this.#column(segment, column)));
  }

  /** Returns the values of rows `from` (included) to `to` (excluded) of a segment. */
  async #rows(segment: Segment, from: number, to: number): Promise<{ xs: Numbers; ys: readonly Numbers[] }> {
    const columns = [this.#input.x, ...this.#input.ys];
    const data = await Promise.all(columns.map((column) => this.#column(segment, column)));
    const [xs, ...ys] = data.map((each, i) => numbersOf(each, columns[i]!, from, to));
    return { xs: xs!, ys };
  }

  /** Returns a decoded chunk, from memory if possible. */
  async #column(segment: Segment, column: Column): Promise<ColumnData> {
    const { context, summaries } = this.#input;
    const digest = this.#digest(segment, column);
    const name = `${digest} ${column.dtype.name}`;
    const held = summaries.decoded.get(name);
    if (held) return held;
    const slots = column.index ? context.source.indexSlots : context.source.valueSlots;
    const data = await slots.run(() => loadColumn(this.#loading, segment, column), this);
    summaries.decoded.set(name, data, costOfChunk(segment, column).bytes);
    return data;
  }

  #digest(segment: Segment, column: Column): string {
    return segment.digests[this.#loading.positions.get(column)!]!;
  }

  #costOf(segment: Segment) {
    const columns = new Set([...this.#input.schema.index, ...this.#input.ys]);
    const bytes = [...columns].reduce((sum, column) => sum + costOfChunk(segment, column).bytes, 0);
    return { chunks: columns.size, bytes };
  }
}

/** Returns rows `from` to `to` of a column as numbers, without copying where the type allows. */
function numbersOf(data: ColumnData, { dtype }: Column, from: number, to: number): Numbers {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return toNumbers(data.slice(from, to), dtype) as Float64Array;
  }
  return (data as Float64Array | Float32Array | Int32Array).subarray(from, to);
}

/** Returns whether all rows of a chunk are visible. */
const isWhole = ({ lo, hi }: Segment, { first, last }: ChunkSummary): boolean =>
  compareCuts(lo, before(first)) <= 0 && compareCuts(hi, after(last)) >= 0;
