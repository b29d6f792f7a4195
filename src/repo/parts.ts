import type { Segment } from "../changelog/segments.ts";
import type { ColumnData } from "../model/column.ts";
import { after, before, compareCuts, countBefore, keyAt } from "../model/key.ts";
import { toNumbers } from "../model/numbers.ts";
import type { Column, Schema } from "../model/schema.ts";
import type { Axis } from "../query/downsample/axis.ts";
import { type Numbers, type Summary, summarise } from "../query/downsample/summary.ts";
import { type Loading, loadColumn, loadingFor } from "./load.ts";
import { costOfChunk } from "./plan.ts";
import type { ReadContext } from "./read.ts";
import type { ChunkSummary, Summaries } from "./summaries.ts";

/** Chunks of fewer rows are soon decoded: no summary of them is kept. */
const SUMMARY_ROWS = 8_192;

/** The visible rows of one segment: as they are, or in blocks. */
export type Loaded = { rows: number } & (
  | { blocks: readonly Summary[] }
  | { blocks?: undefined; xs: Numbers; ys: readonly Numbers[]; from: number; to: number }
);

/** A segment of which is known which rows are visible. */
interface Opened {
  from: number;
  to: number;
  /** Places of the first and the last visible row. */
  firstX: number;
  lastX: number;
  /** Of each column of values, where a summary tells of just the visible rows. */
  blocks?: readonly Summary[];
}

export interface PartsOf {
  schema: Schema;
  segments: readonly Segment[];
  x: Column;
  ys: readonly Column[];
  context: ReadContext;
  summaries: Summaries;
}

/** The segments of a range one after the other, each as summaries of its chunks where these are known and fine enough. */
export class Parts {
  readonly #of: PartsOf;
  readonly #loading: Loading;

  constructor(of: PartsOf) {
    this.#of = of;
    this.#loading = loadingFor(of.context, new Map(of.schema.columns.map((column, i) => [column, i])));
  }

  /** Places of the first and the last row of all; NaN where there are no rows. */
  async ends(): Promise<{ low: number; high: number }> {
    const { segments } = this.#of;
    const first = await this.#firstVisible(segments);
    const last = await this.#firstVisible([...segments].reverse());
    return { low: first?.firstX ?? Number.NaN, high: last?.lastX ?? Number.NaN };
  }

  /** Calls `add` for each segment in order, and has `ahead` of them under way. */
  async each(ahead: number, axis: Axis, add: (part: Loaded) => void): Promise<void> {
    const { segments } = this.#of;
    for (const segment of segments) this.#loading.progress.expect(this.#costOf(segment));
    const running: Promise<Loaded>[] = [];
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

  async #load(segment: Segment, axis: Axis): Promise<Loaded> {
    const opened = await this.#open(segment);
    const { from, to, blocks } = opened;
    const rows = to - from;
    if (rows === 0 || blocks?.every((each) => axis.takes(each))) return { rows, blocks: blocks ?? [] };
    const [xs, ...ys] = await Promise.all([this.#of.x, ...this.#of.ys].map((c) => this.#numbers(segment, c)));
    if (!blocks) {
      const made = await this.#summarise(segment, xs!, ys);
      if (made && rows === segment.length && made.every((each) => axis.takes(each)))
        return { rows, blocks: made };
    }
    return { rows, xs: xs!, ys, from, to };
  }

  async #open(segment: Segment): Promise<Opened> {
    const known = await this.#known(segment);
    const [one] = known ?? [];
    if (known && one && isWhole(segment, one)) {
      const blocks = known.map((each) => each.blocks);
      const [firstX, lastX] = [one.blocks.fromX[0]!, one.blocks.toX[one.blocks.length - 1]!];
      return { from: 0, to: segment.length, firstX, lastX, blocks };
    }
    const [index, xs] = await Promise.all([this.#index(segment), this.#numbers(segment, this.#of.x)]);
    const from = countBefore(index, segment.length, segment.lo);
    const to = Math.max(from, countBefore(index, segment.length, segment.hi));
    return { from, to, firstX: xs[from] ?? Number.NaN, lastX: xs[to - 1] ?? Number.NaN };
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
  async #summarise(segment: Segment, xs: Numbers, ys: readonly Numbers[]): Promise<Summary[] | undefined> {
    const rows = segment.length;
    if (rows < SUMMARY_ROWS || Number.isNaN(xs[0]) || Number.isNaN(xs[rows - 1])) return undefined;
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

  async #numbers(segment: Segment, column: Column): Promise<Numbers> {
    const { decoded } = this.#of.summaries;
    const name = `${this.#digest(segment, column)} ${column.dtype.name} numbers`;
    const held = decoded.get(name);
    if (held) return held as Numbers;
    const data = await this.#column(segment, column);
    if (!(data instanceof BigInt64Array || data instanceof BigUint64Array)) return data as Numbers;
    const numbers = toNumbers(data.slice(), column.dtype) as Float64Array<ArrayBuffer>;
    decoded.set(name, numbers, numbers.byteLength);
    return numbers;
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

/** Whether all rows of a chunk are visible. */
const isWhole = ({ lo, hi }: Segment, { first, last }: ChunkSummary): boolean =>
  compareCuts(lo, before(first)) <= 0 && compareCuts(hi, after(last)) >= 0;
