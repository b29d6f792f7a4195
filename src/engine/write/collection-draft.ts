import { FairSemaphore } from "../../async/fair-semaphore.ts";
import type { Commit, CommitMetadata } from "../../changelog/commit.ts";
import { compareSegments, labelsOf, type SegmentTable, segmentsOf } from "../../changelog/segment-table.ts";
import type { TouchedRange } from "../../changelog/touched-ranges.ts";
import type { Note } from "../../model/api/options.ts";
import type { Bytes } from "../../model/bytes.ts";
import { zeros } from "../../model/column-rows.ts";
import { LakotaError } from "../../model/errors.ts";
import { compareCuts, type Interval } from "../../model/key.ts";
import type { ChunkWriter } from "./chunk-writer.ts";
import { embedChunks } from "./embedding.ts";
import { type DraftContext, type FreshPiece, SeriesDraft } from "./series-draft.ts";

/** Bounds what is in memory at a time; each has chunks enough to keep the store busy. */
const SERIES_AT_A_TIME = 8;

/** A collection while a commit is being made. */
export class CollectionDraft {
  readonly #table: SegmentTable;
  readonly #context: DraftContext;
  /** Chunks that may be embedded: of the commit before, and new ones. */
  readonly #old: ReadonlyMap<string, Bytes>;
  readonly #new = new Map<string, Bytes>();
  readonly #drafts = new Map<string, SeriesDraft>();
  readonly #turns = new Map<string, Promise<void>>();
  readonly #touched: TouchedRange[] = [];
  #rows = 0;
  #bytes = 0;

  constructor(commit: Commit, context: DraftContext) {
    this.#table = commit.table;
    this.#old = commit.embedded;
    this.#context = context;
  }

  /** Runs `work` after all work on the same series that was asked for before. */
  inTurn(labels: readonly string[], work: () => Promise<void>): Promise<void> {
    const turn = Promise.all(labels.map((label) => this.#turns.get(label))).then(work);
    for (const label of labels) this.#turns.set(label, turn);
    return turn;
  }

  of(label: string): SeriesDraft {
    const known = this.#drafts.get(label);
    if (known) return known;
    const draft = new SeriesDraft(label, segmentsOf(this.#table, label), this.#context);
    this.#drafts.set(label, draft);
    return draft;
  }

  /** @throws `not-found` */
  existing(label: string): SeriesDraft {
    const draft = this.of(label);
    if (draft.pieces.length > 0) return draft;
    throw noSuchSeries(label, labelsOf(this.#table));
  }

  /** Notes what a write touches, and how many rows it brings. */
  touch(claim: TouchedRange, rows: number): void {
    this.#touched.push(claim);
    this.#rows += rows;
  }

  /** Takes small chunks that were made already, and the bytes of all that were. */
  adopt(embedded: ReadonlyMap<string, Bytes>, bytes: number): void {
    for (const [digest, chunk] of embedded) {
      this.#new.set(digest, chunk);
      this.#context.embedded.set(digest, chunk);
    }
    this.#bytes += bytes;
  }

  /** What an emptied range holds. */
  empty(label: string, { lo, hi }: Interval): FreshPiece {
    const columns = this.#context.schema.columns.map(({ dtype }) => zeros(dtype, 0));
    return { label, lo, hi, length: 0, rows: { length: 0, columns } };
  }

  /** Stores what is still in memory. Answers the commit; undefined where it shows what the one before does. */
  async toCommit(writer: ChunkWriter, note: Note | undefined): Promise<Commit | undefined> {
    const slots = new FairSemaphore(SERIES_AT_A_TIME);
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
    const embedded = await embedChunks(table, this.#new, this.#old, writer, signal);
    const about: CommitMetadata = { ...checkNote(note), rows: this.#rows, bytes: this.#bytes };
    return { table, embedded, touched: this.#touched, about };
  }
}

/** @throws `invalid-argument` */
export function checkNote(note: Note | undefined): CommitMetadata {
  const { author, message } = note ?? {};
  for (const [name, value] of Object.entries({ author, message })) {
    if (value !== undefined && typeof value !== "string")
      throw new LakotaError("invalid-argument", `note.${name} must be text.`);
  }
  return { author, message };
}

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

/** What to say where a series that was named is not there. */
export function noSuchSeries(label: string, there: readonly string[]): LakotaError {
  const names = there.slice(0, 20).join(", ") || "none";
  return new LakotaError("not-found", `There is no series "${label}". There are: ${names}.`);
}
