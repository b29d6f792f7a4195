import { mapLimit } from "../../async/map-limit.ts";
import { compareSegments, subtract } from "../../changelog/segment-edits.ts";
import { clip, type Segment } from "../../changelog/segment-table.ts";
import type { Bytes } from "../../model/bytes.ts";
import { type ColumnData, rowsOf } from "../../model/column.ts";
import { LakotaError } from "../../model/errors.ts";
import { after, before, type Cut, compareCuts, type Interval, type Key, keyAt } from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";
import { planRead } from "../read/plan.ts";
import { executeRead } from "../read/read.ts";
import type { ReadContext, ReadSource } from "../read/read-context.ts";
import type { ChunkWriter, StoredSegments } from "./chunk-writer.ts";
import { compactionRuns } from "./compaction.ts";
import { isFresh, isPacked, type Piece, visibleRows } from "./piece.ts";
import { castRows, concatParts, indexOf, type Rows } from "./rows.ts";
import { segmentLengths } from "./segment-layout.ts";

/** Runs of pieces of a series that are stored at a time. Each has the rows of its segments in memory. */
const CONCURRENT_RUNS = 4;

const isStored = (piece: Piece): piece is Segment => !isFresh(piece);
const byBounds = (a: Interval, b: Interval): number => compareCuts(a.lo, b.lo) || compareCuts(a.hi, b.hi);
const sameInterval = (a: Interval, b: Interval): boolean =>
  compareCuts(a.lo, b.lo) === 0 && compareCuts(a.hi, b.hi) === 0;

/**
 * The uncommitted state of one series: its stored segments, with rows in memory that replace parts of them.
 */
export class SeriesDraft {
  readonly label: string;
  readonly #schema: Schema;
  readonly #source: ReadSource;
  readonly #embedded: ReadonlyMap<string, Bytes>;
  readonly #signal: AbortSignal;
  readonly #segmentRows: number | undefined;
  #pieces: Piece[];
  /** No piece lies after this. */
  #end: Cut | undefined;

  constructor(label: string, pieces: readonly Piece[], context: DraftContext) {
    const { schema, source, embedded, signal, segmentRows } = context;
    this.label = label;
    this.#pieces = pieces.map((piece) => ({ ...piece, label }));
    this.#extend(pieces);
    this.#schema = schema;
    this.#source = source;
    this.#embedded = embedded;
    this.#signal = signal;
    this.#segmentRows = segmentRows;
  }

  get pieces(): readonly Piece[] {
    return this.#pieces;
  }

  /** Replaces the content of a range by other pieces. */
  replace(range: Interval, added: readonly Piece[]): void {
    const sorted = [...added].sort(byBounds);
    if (this.#isAtEnd(range))
      this.#pieces.push(...sorted); // most writes, of which a batch may have very many
    else {
      const kept = this.#pieces.flatMap((piece) => subtract(piece, range));
      this.#pieces = [...kept, ...sorted].sort(byBounds);
    }
    this.#extend(added);
  }

  #isAtEnd({ lo }: Interval): boolean {
    return !this.#end || compareCuts(this.#end, lo) <= 0;
  }

  #extend(added: readonly Piece[]): void {
    for (const { hi } of added) if (!this.#end || compareCuts(hi, this.#end) > 0) this.#end = hi;
  }

  clear(): void {
    this.#pieces = [];
  }

  /** Returns an upper bound of the visible rows of a range, without reading anything. */
  maxRows(range: Interval): number {
    if (this.#isAtEnd(range)) return 0;
    return clip(this.#pieces, range).reduce((sum, { length }) => sum + length, 0);
  }

  /** Reads the current rows of a range. @param verifiedOnly see `ChunkRequest.verifiedOnly` */
  async read(range: Interval, verifiedOnly = false): Promise<Rows> {
    const parts = clip(this.#pieces, range);
    const runs: Piece[][] = [];
    for (const piece of parts) {
      const run = runs.at(-1);
      if (run && !isFresh(piece) && !isFresh(run[0]!)) run.push(piece);
      else runs.push([piece]);
    }
    return concatParts(this.#schema, await Promise.all(runs.map((run) => this.#readRun(run, verifiedOnly))));
  }

  /** Like {@link read}, but returns undefined if a chunk is damaged, missing, or cannot be verified. */
  async tryRead(range: Interval): Promise<Rows | undefined> {
    try {
      return await this.read(range, true);
    } catch (error) {
      if (error instanceof LakotaError && (error.code === "corrupt" || error.code === "not-found"))
        return undefined;
      throw error;
    }
  }

  /**
   * Returns the range from the first to the last visible row of a range, or undefined if it has none. Reads
   * the index columns at both ends.
   */
  async extent(range: Interval): Promise<Interval | undefined> {
    const parts = clip(this.#pieces, range);
    const first = await this.#endKey(parts, false);
    const last = first && (await this.#endKey(parts.reverse(), true));
    return last && { lo: before(first), hi: after(last) };
  }

  async #endKey(parts: readonly Piece[], fromEnd: boolean): Promise<Key | undefined> {
    const names = this.#schema.index.map(({ name }) => name);
    for (const piece of parts) {
      let index: ColumnData[];
      if (isFresh(piece)) index = indexOf(this.#schema, visibleRows(this.#schema, piece));
      else {
        const plan = planRead([piece], this.#schema, piece, names, { fromEnd, offset: 0, rows: 1 });
        index = (await executeRead(plan, this.#context())).frame.parts().map(({ data }) => data);
      }
      const rows = rowsOf(index[0]!, this.#schema.index[0]!.dtype);
      if (rows > 0) return keyAt(index, fromEnd ? rows - 1 : 0);
    }
    return undefined;
  }

  #context() {
    return { source: this.#source, embedded: this.#embedded, signal: this.#signal };
  }

  async #readRun(run: readonly Piece[], verifiedOnly: boolean): Promise<Rows> {
    const [first] = run;
    if (first && isFresh(first)) return visibleRows(this.#schema, first);
    return readSegments(run.filter(isStored), this.#schema, { ...this.#context(), verifiedOnly });
  }

  /**
   * Stores the rows in memory, compacted with short neighbouring segments, and returns the resulting
   * segments.
   */
  async store(writer: ChunkWriter): Promise<StoredSegments> {
    const stored: StoredSegments = { segments: [], embedded: new Map(), bytes: 0 };
    const most = this.#segmentRows;
    const storeRows = async (range: Interval, rows: Rows, whole?: number[]) => {
      const lengths = most === undefined ? whole : segmentLengths(rows.length, most, most);
      const made = await writer.store(this.#schema, this.label, rows, range, this.#signal, lengths);
      for (const [digest, bytes] of made.embedded) stored.embedded.set(digest, bytes);
      stored.bytes += made.bytes;
      return made.segments;
    };
    const storeUnmerged = async (piece: Piece): Promise<readonly Segment[]> => {
      if (isFresh(piece)) return storeRows(piece, visibleRows(this.#schema, piece));
      if (!isPacked(piece)) return [piece];
      const { packed, ...segment } = piece;
      if (!sameInterval(piece, packed.range)) return storeRows(piece, await this.read(piece));
      for (const [digest, bytes] of packed.stored.embedded) stored.embedded.set(digest, bytes);
      stored.bytes += packed.stored.bytes;
      return [segment];
    };
    const storeRun = async (run: readonly Piece[]): Promise<readonly Segment[]> => {
      const [only] = run;
      if (run.length === 1 && only) return storeUnmerged(only);
      const range = { lo: run[0]!.lo, hi: run.at(-1)!.hi };
      const rows = await this.tryRead(range);
      if (rows) return storeRows(range, rows, [rows.length]);
      // A neighbour that cannot be read must not prevent the write.
      return (await mapLimit(run, storeUnmerged, 1)).flat();
    };
    const made = await mapLimit(compactionRuns(this.#pieces, most), storeRun, CONCURRENT_RUNS);
    stored.segments = made.flat().sort(compareSegments);
    return stored;
  }
}

/** Reads all rows of neighbouring segments. */
export async function readSegments(
  segments: readonly Segment[],
  schema: Schema,
  context: ReadContext,
): Promise<Rows> {
  const range = { lo: segments[0]!.lo, hi: segments.at(-1)!.hi };
  return castRows(schema, (await executeRead(planRead(segments, schema, range), context)).frame);
}

/** What the drafts of one commit share. */
export interface DraftContext {
  schema: Schema;
  source: ReadSource;
  /** Embedded chunks by digest: of the base commit, and those created by this commit so far. */
  embedded: Map<string, Bytes>;
  signal: AbortSignal;
  /** See `WriteContext.segmentRows`. */
  segmentRows?: number | undefined;
}
