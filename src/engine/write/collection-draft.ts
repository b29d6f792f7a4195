import { FairSemaphore } from "../../async/fair-semaphore.ts";
import type { Commit, CommitMetadata } from "../../changelog/commit.ts";
import { compareSegments } from "../../changelog/segment-edits.ts";
import { labelsOf, type SegmentTable, segmentsOf } from "../../changelog/segment-table.ts";
import type { TouchedRange } from "../../changelog/touched-ranges.ts";
import type { Note } from "../../model/api/options.ts";
import type { Bytes } from "../../model/bytes.ts";
import { zeros } from "../../model/column-rows.ts";
import { compareCuts, type Interval } from "../../model/key.ts";
import type { ChunkWriter } from "./chunk-writer.ts";
import { embedChunks } from "./embedding.ts";
import { noSuchSeries } from "./no-such-series.ts";
import { checkNote } from "./note.ts";
import type { FreshPiece } from "./piece.ts";
import { type DraftContext, SeriesDraft } from "./series-draft.ts";

/** Series stored at a time. Bounds memory; a few series have enough chunks to keep the store busy. */
const CONCURRENT_SERIES = 8;

/** The uncommitted state of a collection. */
export class CollectionDraft {
  readonly #table: SegmentTable;
  readonly #context: DraftContext;
  /** Embedded chunks of the base commit. */
  readonly #oldEmbedded: ReadonlyMap<string, Bytes>;
  /** Chunks of this commit that are short enough to be embedded. */
  readonly #newEmbedded = new Map<string, Bytes>();
  readonly #drafts = new Map<string, SeriesDraft>();
  readonly #turns = new Map<string, Promise<void>>();
  readonly #touched: TouchedRange[] = [];
  #rows = 0;
  #bytes = 0;

  constructor(commit: Commit, context: DraftContext) {
    this.#table = commit.table;
    this.#oldEmbedded = commit.embedded;
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
    const draft = new SeriesDraft(label, segmentsOf(this.#table, label), this.#context);
    this.#drafts.set(label, draft);
    return draft;
  }

  /** Returns the draft of a series that exists. @throws `not-found` */
  existing(label: string): SeriesDraft {
    const draft = this.of(label);
    if (draft.pieces.length > 0) return draft;
    throw noSuchSeries(label, labelsOf(this.#table));
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
  async toCommit(writer: ChunkWriter, note: Note | undefined): Promise<Commit | undefined> {
    const slots = new FairSemaphore(CONCURRENT_SERIES);
    const stored = await Promise.all(
      [...this.#drafts.values()].map((draft) =>
        slots.run(async () => {
          const { segments, embedded, bytes } = await draft.store(writer);
          this.adopt(embedded, bytes);
          return segments;
        }),
      ),
    );
    const rest = this.#table.filter(({ label }) => !this.#drafts.has(label));
    const table = [...rest, ...stored.flat()].sort(compareSegments);
    if (this.#touched.length === 0 || sameTable(table, this.#table)) return undefined;
    const { signal } = this.#context;
    const embedded = await embedChunks(table, this.#newEmbedded, this.#oldEmbedded, writer, signal);
    const metadata: CommitMetadata = { ...checkNote(note), rows: this.#rows, bytes: this.#bytes };
    return { table, embedded, touched: this.#touched, about: metadata };
  }
}

/** Returns whether two segment tables are equal. */
export const sameTable = (a: SegmentTable, b: SegmentTable): boolean =>
  a.length === b.length &&
  a.every((segment, i) => {
    const other = b[i]!;
    return (
      segment.label === other.label &&
      segment.length === other.length &&
      compareCuts(segment.lo, other.lo) === 0 &&
      compareCuts(segment.hi, other.hi) === 0 &&
      segment.digests.every((digest, column) => digest === other.digests[column])
    );
  });
