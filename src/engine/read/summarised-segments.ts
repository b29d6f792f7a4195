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
import type { ReadContext } from "./read.ts";

/** Chunks of fewer rows are soon decoded: no summary of them is kept. */
const SUMMARY_ROWS = 8_192;

/** Rows that follow each other: as they are, or as blocks `from` … `to` of the summary of each column. */
export type SummarisedPiece =
  | { blocks: readonly Summary[]; from: number; to: number }
  | { blocks?: undefined; xs: Numbers; ys: readonly Numbers[] };

/** The visible rows of one segment. */
export interface LoadedSegment {
  rows: number;
  pieces: readonly SummarisedPiece[];
}

/** A segment of which is known which rows are visible. */
interface Opened {
  from: number;
  to: number;
  /** Places of the first and the last visible row. */
  firstX: number;
  lastX: number;
  /** Of all rows, visible or not: one for each column of values, where they were made before. */
  summaries: readonly Summary[] | undefined;
}

export interface PartsOf {
  schema: Schema;
  segments: readonly Segment[];
  x: Column;
  ys: readonly Column[];
  context: ReadContext;
  summaries: ChunkSummaries;
}

/** The segments of a range one after the other, each as summaries of its chunks where these are known and fine enough. */
export class SummarisedSegments {
  readonly #of: PartsOf;
  readonly #loading: Loading;

  constructor(of: PartsOf) {
    this.#of = of;
    this.#loading = loadingFor(of.context, new Map(of.schema.columns.map((column, i) => [column, i])));
  }

  /** Places of the first and the last row of all; NaN where there are no rows. */
  async ends(): Promise<{ low: number; high: number }> {
    const { segments } = this.#of;
    const [first, last] = await Promise.all([
      this.#firstVisible(segments),
      this.#firstVisible([...segments].reverse()),
    ]);
    return { low: first?.firstX ?? Number.NaN, high: last?.lastX ?? Number.NaN };
  }

  /** Calls `add` for each segment in order, and has `ahead` of them under way. */
  async each(ahead: number, axis: Axis, add: (part: LoadedSegment) => void): Promise<void> {
    const { segments } = this.#of;
    for (const segment of segments) this.#loading.progress.expect(this.#costOf(segment));
    const running: Promise<LoadedSegment>[] = [];
    let started = 0;
    for (let done = 0; done < segments.length; done++) {
      for (; started < segments.length && started < done + ahead; started++) {
        const part = this.#load(segments[started]!, axis);
        part.catch(() => {}); // looked at in its turn
        running.push(part);
      }
      add(await running.shift()!);
      this.#loading.progress.decoded(this.#costOf(segments[done]!));
    }
  }

  /** Ends what is still under way. */
  stop(): void {
    this.#loading.group.end();
  }

  async #firstVisible(segments: readonly Segment[]): Promise<Opened | undefined> {
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
    // Blocks of which all rows are visible, and the rows before and after them.
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

  async #open(segment: Segment): Promise<Opened> {
    const known = await this.#known(segment);
    const summaries = known?.map(({ blocks }) => blocks);
    const [one] = known ?? [];
    if (one && isWhole(segment, one)) {
      const [firstX, lastX] = [one.blocks.fromX[0]!, one.blocks.toX[one.blocks.length - 1]!];
      return { from: 0, to: segment.length, firstX, lastX, summaries };
    }
    const index = await this.#index(segment);
    const from = countBefore(index, segment.length, segment.lo);
    const to = Math.max(from, countBefore(index, segment.length, segment.hi));
    if (from === to) return { from, to, firstX: Number.NaN, lastX: Number.NaN, summaries };
    const xs = await this.#column(segment, this.#of.x);
    const placeOf = (row: number) => numbersOf(xs, this.#of.x, row, row + 1)[0]!;
    return { from, to, firstX: placeOf(from), lastX: placeOf(to - 1), summaries };
  }

  /** The summaries of a segment, if there is one for each column. */
  async #known(segment: Segment): Promise<ChunkSummary[] | undefined> {
    const { ys, summaries } = this.#of;
    if (segment.length < SUMMARY_ROWS || ys.length === 0) return undefined;
    const found = await Promise.all(ys.map((y) => summaries.get(this.#nameOf(segment, y))));
    const known = found.filter((summary) => summary !== undefined);
    return known.length === ys.length ? known : undefined;
  }

  /** Undefined where a summary makes no sense: of few rows, or of rows that have no place. */
  async #summarise(segment: Segment): Promise<Summary[] | undefined> {
    const rows = segment.length;
    if (rows < SUMMARY_ROWS) return undefined;
    const { xs, ys } = await this.#rows(segment, 0, rows);
    if (Number.isNaN(xs[0]) || Number.isNaN(xs[rows - 1])) return undefined;
    const index = await this.#index(segment);
    const [first, last] = [keyAt(index, 0), keyAt(index, rows - 1)];
    return ys.map((values, i) => {
      const blocks = summarise(xs, values);
      this.#of.summaries.set(this.#nameOf(segment, this.#of.ys[i]!), { first, last, blocks });
      return blocks;
    });
  }

  /** Digests and types: the same bytes may stand for other numbers in another type. */
  #nameOf(segment: Segment, y: Column): string {
    const columns = [...this.#of.schema.index, y];
    return columns.map((column) => `${this.#digest(segment, column)}-${column.dtype.name}`).join(".");
  }

  #index(segment: Segment): Promise<ColumnData[]> {
    return Promise.all(this.#of.schema.index.map((column) => this.#column(segment, column)));
  }

  /** Rows `from` … `to` of a segment. */
  async #rows(segment: Segment, from: number, to: number): Promise<{ xs: Numbers; ys: readonly Numbers[] }> {
    const columns = [this.#of.x, ...this.#of.ys];
    const data = await Promise.all(columns.map((column) => this.#column(segment, column)));
    const [xs, ...ys] = data.map((each, i) => numbersOf(each, columns[i]!, from, to));
    return { xs: xs!, ys };
  }

  /** A decoded chunk, from those held if it is there. */
  async #column(segment: Segment, column: Column): Promise<ColumnData> {
    const { context, summaries } = this.#of;
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
    const columns = new Set([...this.#of.schema.index, ...this.#of.ys]);
    const bytes = [...columns].reduce((sum, column) => sum + costOfChunk(segment, column).bytes, 0);
    return { chunks: columns.size, bytes };
  }
}

/** Rows `from` … `to` of a column of numbers; the column stays as it is. */
function numbersOf(data: ColumnData, { dtype }: Column, from: number, to: number): Numbers {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return toNumbers(data.slice(from, to), dtype) as Float64Array;
  }
  return (data as Float64Array | Float32Array | Int32Array).subarray(from, to);
}

/** Whether all rows of a chunk are visible. */
const isWhole = ({ lo, hi }: Segment, { first, last }: ChunkSummary): boolean =>
  compareCuts(lo, before(first)) <= 0 && compareCuts(hi, after(last)) >= 0;
