import type { Commit, CommitMetadata } from "../../changelog/commit.ts";
import { EditedTable } from "../../changelog/edited-table.ts";
import { sameSegments } from "../../changelog/segment-edits.ts";
import {
  bySeries,
  type LoadedSegments,
  type Segment,
  type SegmentTable,
} from "../../changelog/segment-table.ts";
import type { TouchedRange } from "../../changelog/touched-ranges.ts";
import type { Note } from "../../model/api/options.ts";
import type { Bytes } from "../../model/bytes.ts";
import { zeros } from "../../model/column-rows.ts";
import type { Interval } from "../../model/key.ts";
import type { ChunkWriter } from "./chunk-writer.ts";
import { MAX_NAMED, noSuchSeries } from "./no-such-series.ts";
import { checkNote } from "./note.ts";
import type { FreshPiece, Piece } from "./piece.ts";
import { type HeldRows, isPackedRows } from "./row-buffer.ts";
import type { Rows } from "./rows.ts";
import { type DraftContext, readSegments, SeriesDraft } from "./series-draft.ts";
import { storeTable, storeTouched, type TableTarget } from "./store-table.ts";

/** The uncommitted state of a collection. */
export class CollectionDraft {
  readonly #table: SegmentTable;
  /** The segments of the series that it may change. */
  readonly #loaded: ReadonlyMap<string, readonly Segment[]>;
  readonly #context: DraftContext;
  /** Chunks of this commit that are short enough to be embedded. */
  readonly #newEmbedded = new Map<string, Bytes>();
  readonly #drafts = new Map<string, SeriesDraft>();
  readonly #turns = new Map<string, Promise<void>>();
  /** The new segments of the series that are stored. */
  readonly #changed = new Map<string, readonly Segment[]>();
  readonly #touched: TouchedRange[] = [];
  #rows = 0;
  #bytes = 0;

  /** @param loaded has all series of the table that are changed */
  constructor(table: SegmentTable, loaded: LoadedSegments, context: DraftContext) {
    this.#table = table;
    this.#loaded = bySeries(loaded.segments);
    this.#context = context;
  }

  /** Runs `work` after all work on the same series that was queued before. */
  inTurn(labels: readonly string[], work: () => Promise<void>): Promise<void> {
    const turn = Promise.all(labels.map((label) => this.#turns.get(label))).then(work);
    for (const label of labels) this.#turns.set(label, turn);
    return turn;
  }

  /** Returns the draft of a series. A series that does not exist has an empty one. */
  of(label: string): SeriesDraft {
    const known = this.#drafts.get(label);
    if (known) return known;
    const draft = new SeriesDraft(label, this.#loaded.get(label) ?? [], this.#context);
    this.#drafts.set(label, draft);
    return draft;
  }

  /** Returns the draft of a series that exists. @throws `not-found` */
  async existing(label: string): Promise<SeriesDraft> {
    const draft = this.of(label);
    if (draft.pieces.length > 0) return draft;
    throw noSuchSeries(label, await this.#table.labels({ limit: MAX_NAMED }, this.#context.signal));
  }

  /** Records a range that the commit touches, and the number of rows written to it. */
  touch(range: TouchedRange, rows: number): void {
    this.#touched.push(range);
    this.#rows += rows;
  }

  /**
   * Records chunks that were stored in advance.
   *
   * @param bytes encoded bytes of all of them, embedded or not
   */
  adopt(embedded: ReadonlyMap<string, Bytes>, bytes: number): void {
    for (const [digest, chunk] of embedded) {
      this.#newEmbedded.set(digest, chunk);
      this.#context.embedded.set(digest, chunk);
    }
    this.#bytes += bytes;
  }

  /** Returns the piece that empties a range. */
  empty(label: string, { lo, hi }: Interval): FreshPiece {
    const columns = this.#context.schema.columns.map(({ dtype }) => zeros(dtype, 0));
    return { label, lo, hi, length: 0, rows: { length: 0, columns } };
  }

  /** Returns rows of this batch. */
  async rowsOf(held: HeldRows): Promise<Rows> {
    if (!isPackedRows(held)) return held;
    const { schema, source, signal } = this.#context;
    const { segments, embedded } = held.stored;
    return readSegments(segments, schema, { source, embedded, signal });
  }

  /** Returns the piece that replaces a range by rows of this batch. */
  pieceOf(label: string, range: Interval, held: HeldRows): Piece {
    if (!isPackedRows(held)) return { ...range, label, length: held.length, rows: held };
    const { stored } = held;
    for (const [digest, bytes] of stored.embedded)
      if (!this.#context.embedded.has(digest)) this.#context.embedded.set(digest, bytes);
    return { ...stored.segments[0]!, packed: { range, stored } };
  }

  /** Stores the rows of a series that are still in memory. No change of it may follow. */
  async store(label: string, writer: ChunkWriter): Promise<void> {
    const draft = this.#drafts.get(label);
    if (!draft) return;
    const { segments, embedded, bytes } = await draft.store(writer);
    this.#drafts.delete(label); // frees its rows
    this.adopt(embedded, bytes);
    if (!sameSegments(segments, this.#loaded.get(label) ?? [])) this.#changed.set(label, segments);
  }

  /** Returns the commit, once all series are stored. Undefined if it equals the base commit. */
  async toCommit(
    target: TableTarget,
    writer: ChunkWriter,
    note: Note | undefined,
  ): Promise<Commit | undefined> {
    const changed = this.#changed;
    if (this.#touched.length === 0 || changed.size === 0) return undefined;
    const { signal } = this.#context;
    // A batch may have stored rows that it has joined, overwritten or dropped since.
    writer.retain(new Set([...changed.values()].flat().flatMap(({ digests }) => digests)));
    // New chunks come first.
    const embedded = new Map(this.#newEmbedded);
    for (const [digest, bytes] of this.#context.embedded) embedded.set(digest, bytes);
    const edited = new EditedTable(this.#table, { series: changed, embedded });
    const table = await storeTable(edited, target, writer, signal);
    const touched = await storeTouched(this.#touched, target, writer, signal);
    const about: CommitMetadata = { ...checkNote(note), rows: this.#rows, bytes: this.#bytes };
    return { table, touched, about };
  }
}
