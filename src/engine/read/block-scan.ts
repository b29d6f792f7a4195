import { lookAhead } from "../../async/look-ahead.ts";
import { clip, type Segment } from "../../changelog/segment-table.ts";
import type { ColumnData } from "../../model/column.ts";
import { sliceRows } from "../../model/column-rows.ts";
import { countBefore } from "../../model/key.ts";
import type { Column, Schema } from "../../model/schema.ts";
import { Batch } from "../../query/columns/batch.ts";
import type { Summary } from "../../query/downsample/summary.ts";
import type { BlockPlan } from "../../query/reduce/block-plan.ts";
import type { Reducer } from "../../query/reduce/reduction.ts";
import { valueColumns } from "../overviews/chart-columns.ts";
import { type ChunkSummary, withLongerBlocks } from "../overviews/chunk-summary.ts";
import { MIN_ROWS } from "../overviews/groups.ts";
import { type OverviewFiles, sharedOverviews } from "../overviews/overview-files.ts";
import type { Slice } from "./assembly.ts";
import { blockRuns, isWhole } from "./block-runs.ts";
import { type Loading, loadColumn, loadingFor } from "./load.ts";
import { loadPart } from "./parts.ts";
import { costOf, planRead, type ReadPlan } from "./plan.ts";
import type { SeriesRange } from "./read-context.ts";
import { SegmentOverviews } from "./segment-overviews.ts";

/** Segments loaded, or waiting to be consumed, at a time. */
const AHEAD = 4;
/** Share of the rows of a segment above which all of them are read: most of its chunks would be fetched anyway. */
const MAX_SHARE = 0.5;

/** Consecutive rows of a segment: blocks that a reduction takes, or rows. */
type Piece =
  | { readonly summaries: Summaries; readonly rowsPerBlock: number; readonly blocks: Slice }
  | { readonly summaries?: undefined; readonly rows: Slice };

/** The blocks of a segment, by column. */
type Summaries = ReadonlyMap<string, Summary>;

/** Adds some rows to a reducer. */
type Add = (reducer: Reducer) => void;

/** What a reduction reads. */
interface Input extends SeriesRange {
  schema: Schema;
  /** Names of the columns that the reduction needs of rows. */
  columns: readonly string[];
  blocks: BlockPlan;
}

/**
 * Adds the rows of a range to a reducer: as blocks of overviews, where these lie within groups, and as rows elsewhere.
 * Returns false, and adds nothing, where overviews do not exist or would not help.
 */
export async function reduceBlocks(input: Input, reducer: Reducer): Promise<boolean> {
  const { current } = input.context;
  const [x] = input.schema.index;
  const columns = columnsOf(input);
  const files = current && x && columns.length > 0 && isWorthwhile(input) && sharedOverviews(current.shared);
  if (!files || !(await files.exist(input.context.signal))) return false;
  const scan = new BlockScan(input, x, columns, files);
  try {
    for await (const parts of scan.segments()) for (const add of parts) add(reducer);
    return true;
  } finally {
    scan.stop();
  }
}

/** Returns the columns whose overviews are needed: any, if only rows are counted. */
function columnsOf({ schema, blocks }: Input): readonly Column[] {
  const summarised = valueColumns(schema);
  if (blocks.columns.length === 0) return summarised.slice(0, 1);
  const columns = summarised.filter(({ name }) => blocks.columns.includes(name));
  return columns.length === blocks.columns.length ? columns : [];
}

/** Whether a range has all of a long segment: of others, most blocks would be cut. */
const isWorthwhile = ({ segments, range }: Input): boolean =>
  clip(segments, range).some(
    ({ length, lo, hi }) => length >= MIN_ROWS && segments.some((each) => each.lo === lo && each.hi === hi),
  );

/** The loads of one reduction. */
class BlockScan {
  readonly input: Input;
  readonly x: Column;
  /** Columns whose overviews are used. */
  readonly summarised: readonly Column[];
  readonly overviews: SegmentOverviews;
  readonly loading: Loading;
  readonly plan: ReadPlan;

  constructor(input: Input, x: Column, summarised: readonly Column[], files: OverviewFiles) {
    this.input = input;
    this.x = x;
    this.summarised = summarised;
    this.overviews = new SegmentOverviews({ ...input, files });
    this.plan = planRead(input.segments, input.schema, input.range, input.columns);
    this.loading = loadingFor(input.context, this.plan.positions);
    this.loading.group.throwIfEnded();
  }

  /** Yields the rows of each segment in order, while the next ones are loading. */
  async *segments(): AsyncGenerator<readonly Add[], void, undefined> {
    const { source, signal } = this.input.context;
    const segments = this.plan.rounds.flat();
    this.loading.progress.expect(costOf(this.plan, segments));
    yield* lookAhead(segments, AHEAD, (segment) => {
      const cost = costOf(this.plan, [segment]);
      const work = async () => {
        const rows = await new ScannedSegment(segment, this).load();
        this.loading.progress.decoded(cost);
        return rows;
      };
      return source.memoryBudget(cost).run(cost.bytes, work, signal);
    });
  }

  /** Cancels everything that is still loading. */
  stop(): void {
    this.loading.group.end();
  }
}

/** One segment of a range. */
class ScannedSegment {
  readonly #segment: Segment;
  readonly #scan: BlockScan;
  readonly #columns = new Map<Column, Promise<ColumnData>>();

  constructor(segment: Segment, scan: BlockScan) {
    this.#segment = segment;
    this.#scan = scan;
  }

  async load(): Promise<Add[]> {
    const pieces = await this.#pieces();
    const hull = hullOf(pieces);
    const batch = hull && (await this.#rows(hull));
    return pieces.map((piece) => {
      if (piece.summaries) return this.#addBlocks(piece);
      const { from, to } = piece.rows;
      return (reducer) => reducer.add(batch!(from, to));
    });
  }

  /** Returns the visible rows in order, in blocks as long as possible. */
  async #pieces(): Promise<Piece[]> {
    const lengths = this.#scan.overviews.blockLengths(this.#segment);
    const visible = await this.#visible(lengths[0]);
    let pieces: Piece[] = visible.from < visible.to ? [{ rows: visible }] : [];
    for (const rowsPerBlock of lengths) {
      const summaries = await this.#summaries(rowsPerBlock);
      if (!summaries) continue;
      pieces = pieces.flatMap((piece) =>
        piece.summaries ? [piece] : this.#divide(piece.rows, namedBlocks(summaries), rowsPerBlock),
      );
      const { from, to } = hullOf(pieces) ?? NONE;
      if (to - from > MAX_SHARE * (visible.to - visible.from)) break;
    }
    return pieces;
  }

  #divide(rows: Slice, summaries: Summaries, rowsPerBlock: number): Piece[] {
    const { blocks: plan } = this.#scan.input;
    const takes = (block: number) => plan.takes(summaries, block);
    const runs = blockRuns({ ...rows, of: this.#segment.length }, rowsPerBlock, takes);
    return runs.map(({ used, from, to }) => {
      if (used) return { summaries, rowsPerBlock, blocks: { from, to } };
      return {
        rows: { from: Math.max(rows.from, from * rowsPerBlock), to: Math.min(rows.to, to * rowsPerBlock) },
      };
    });
  }

  async #visible(rowsPerBlock: number | undefined): Promise<Slice> {
    const { length, lo, hi } = this.#segment;
    const [any] = (rowsPerBlock && (await this.#summaries(rowsPerBlock))?.values()) || [];
    if (any && isWhole(this.#segment, any)) return { from: 0, to: length };
    const index = await Promise.all(this.#scan.input.schema.index.map((column) => this.#column(column)));
    const from = countBefore(index, length, lo);
    return { from, to: Math.max(from, countBefore(index, length, hi)) };
  }

  /** Returns the overviews of the segment by column. Undefined if one is missing. */
  async #summaries(rowsPerBlock: number): Promise<ReadonlyMap<string, ChunkSummary> | undefined> {
    const { overviews, loading, summarised } = this.#scan;
    const onBytes = (bytes: number, cached: boolean) => loading.progress.received(bytes, cached);
    const found = await Promise.all(
      summarised.map((column) =>
        loading.group.run((signal) =>
          overviews.get(this.#segment, column, rowsPerBlock, { signal, onBytes }),
        ),
      ),
    );
    const summaries = new Map<string, ChunkSummary>();
    for (const [i, { name }] of summarised.entries()) {
      const summary = found[i];
      if (!summary) return undefined;
      summaries.set(name, withLongerBlocks(summary, rowsPerBlock));
    }
    return summaries;
  }

  /** Loads rows `from` to `to`. Returns a function that returns some of them. */
  async #rows({ from, to }: Slice): Promise<(from: number, to: number) => Batch> {
    const { input, plan } = this.#scan;
    const columns = plan.columns.filter(({ name }) => input.columns.includes(name));
    const loaded = await Promise.all(
      columns.map(async (column) => {
        const part = column.index ? undefined : await this.#part(column, { from, to });
        return { column, start: part ? from : 0, data: part ?? (await this.#column(column)) };
      }),
    );
    return (first, last) => {
      const slices = loaded.map(({ column: { name, dtype }, start, data }) => {
        return [name, { dtype, data: sliceRows(data, dtype, first - start, last - start) }] as const;
      });
      return new Batch(last - first, new Map(slices));
    };
  }

  #part(column: Column, rows: Slice): Promise<ColumnData | undefined> {
    const { input, loading } = this.#scan;
    const take = { fromEnd: false, offset: 0, rows: rows.to - rows.from };
    const load = async () => loadPart(loading, this.#segment, column, take, async () => rows);
    return input.context.source.valueSlots.run(load, loading);
  }

  #column(column: Column): Promise<ColumnData> {
    const { input, loading } = this.#scan;
    const { indexSlots, valueSlots } = input.context.source;
    const slots = column.index ? indexSlots : valueSlots;
    const data =
      this.#columns.get(column) ?? slots.run(() => loadColumn(loading, this.#segment, column), loading);
    this.#columns.set(column, data);
    return data;
  }

  #addBlocks({ summaries, rowsPerBlock, blocks: { from, to } }: Extract<Piece, { blocks: Slice }>): Add {
    const { name, dtype } = this.#scan.x;
    const slices = new Map([...summaries].map(([column, blocks]) => [column, blocks.slice(from, to)]));
    const [first] = slices.values();
    const rows = new Float64Array(to - from).fill(rowsPerBlock);
    rows[rows.length - 1] = Math.min(rowsPerBlock, this.#segment.length - (to - 1) * rowsPerBlock);
    return (reducer) => reducer.addBlocks?.({ name, dtype, data: first!.fromX }, rows, slices);
  }
}

const NONE: Slice = { from: 0, to: 0 };

/** Returns the range of all rows that are not in blocks. Undefined if there are none. */
function hullOf(pieces: readonly Piece[]): Slice | undefined {
  const rows = pieces.flatMap((piece) => (piece.summaries ? [] : [piece.rows]));
  const [first, last] = [rows[0], rows.at(-1)];
  return first && last && first.from < last.to ? { from: first.from, to: last.to } : undefined;
}

const namedBlocks = (summaries: ReadonlyMap<string, ChunkSummary>): Summaries =>
  new Map([...summaries].map(([name, { blocks }]) => [name, blocks]));
