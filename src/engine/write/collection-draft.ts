import { FairSemaphore } from "../../async/fair-semaphore.ts";
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
import type { FreshPiece } from "./piece.ts";
import { type DraftContext, SeriesDraft } from "./series-draft.ts";
import { storeTable, storeTouched, type TableTarget } from "./store-table.ts";

/** Series stored at a time. Bounds memory; a few series have enough chunks to keep the store busy. */
const CONCURRENT_SERIES = 8;

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

  /**
   * Stores the rows that are still in memory and returns the commit. Undefined if it equals the base
   * commit.
   */
  async toCommit(
    target: TableTarget,
    writer: ChunkWriter,
    note: Note | undefined,
  ): Promise<Commit | undefined> {
    const slots = new FairSemaphore(CONCURRENT_SERIES);
    const changed = new Map<string, readonly Segment[]>();
    await Promise.all(
      [...this.#drafts].map(([label, draft]) =>
        slots.run(async () => {
          const { segments, embedded, bytes } = await draft.store(writer);
          this.#drafts.delete(label); // frees its rows
          this.adopt(embedded, bytes);
          if (!sameSegments(segments, this.#loaded.get(label) ?? [])) changed.set(label, segments);
        }),
      ),
    );
    if (this.#touched.length === 0 || changed.size === 0) return undefined;
    const { signal } = this.#context;
    // New chunks come first.
    const embedded = new Map([...this.#newEmbedded, ...this.#context.embedded]);
    const edited = new EditedTable(this.#table, { series: changed, embedded });
    const table = await storeTable(edited, target, writer, signal);
    const touched = await storeTouched(this.#touched, target, writer, signal);
    const about: CommitMetadata = { ...checkNote(note), rows: this.#rows, bytes: this.#bytes };
    return { table, touched, about };
  }
}
