import type { Changelog } from "../../changelog/changelog.ts";
import type { Note } from "../../model/api/options.ts";
import type { DeleteOptions, FrameInput, WriteOptions } from "../../model/api/series.ts";
import { LakotaError, throwIfAborted } from "../../model/errors.ts";
import { compareKeys, type Interval, type Key, keyAt } from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";
import type { EngineCollection } from "../collection/collection.ts";
import type { RepoContext } from "../collection/repo-context.ts";
import { newestState } from "../read/local-state.ts";
import { toKey, toRange } from "../read/range.ts";
import {
  type ChunkWriter,
  LAST_SEGMENT_ROWS,
  type StoredSegments,
  writeRange,
  writerOf,
} from "./chunk-writer.ts";
import { CollectionDraft } from "./collection-draft.ts";
import { warnOfConflicts } from "./conflict-warnings.ts";
import { editKeys, withoutKeys, withUpdates } from "./key-edits.ts";
import { sameRows } from "./row-equality.ts";
import {
  castPartial,
  castRows,
  checkSorted,
  indexOf,
  mergeByKey,
  type PartialRows,
  type Rows,
  sliceOf,
  sortUnique,
} from "./rows.ts";
import type { SeriesDraft } from "./series-draft.ts";

/** A change that waits for the commit. Its turn on each series comes in the order in which the changes were asked for. */
interface Change {
  /** The series that it is about. */
  labels: readonly string[];
  apply(drafts: CollectionDraft): Promise<void>;
}

/**
 * Ranges that one write of single keys claims at most. They cost a few bytes each, in its own revision alone; of more keys,
 * neighbours claim what lies between them as well.
 */
const MOST_CLAIMS = 65_536;

/** Milliseconds after which a garbage collection may have taken chunks that no revision refers to yet. */
const LONG = 300_000;

/** Changes that become one revision: all of them, or none. */
export class Transaction {
  readonly #collection: EngineCollection;
  readonly #schema: Schema;
  readonly #workshop: RepoContext;
  readonly #writer: ChunkWriter;
  readonly #changes: Promise<Change>[] = [];
  /** Segments whose chunks are stored, and since when the oldest may be. */
  readonly #stored: StoredSegments[] = [];
  #since = Number.POSITIVE_INFINITY;

  constructor(collection: EngineCollection) {
    this.#collection = collection;
    this.#schema = collection.schema;
    this.#workshop = collection.repo;
    this.#writer = writerOf(collection.repo);
  }

  /**
   * Checks a frame and stores its chunks if it is long; nobody sees them before the commit.
   *
   * @throws `invalid-frame`, `unsorted`, `invalid-argument`. The commit will then fail too.
   */
  write(label: string, frame: FrameInput, options: WriteOptions): Promise<void> {
    return this.#add(async () => {
      const schema = this.#schema;
      const rows = castRows(schema, frame);
      if (schema.kind === "kv" && options.start === undefined && options.stop === undefined)
        return upsert(schema, label, sortUnique(schema, rows));
      checkSorted(schema, rows);
      const range = writeRange(schema, rows, options);
      if (rows.length <= LAST_SEGMENT_ROWS) return put(label, range, sliceOf(schema, rows, 0, rows.length));
      this.#since = Math.min(this.#since, Date.now());
      const stored = await this.#writer.store(schema, label, rows, range, options.signal);
      this.#stored.push(stored);
      return putStored(label, range, rows.length, stored);
    });
  }

  /** Adds rows to a key-value series, those aside whose key is there. @throws as {@link write} */
  insert(label: string, frame: FrameInput): Promise<void> {
    return this.#add(async () => {
      const schema = this.#schema;
      return upsert(schema, label, sortUnique(schema, castRows(schema, frame)), true);
    });
  }

  /** @throws as {@link write}; `invalid-frame` for a key that comes twice. */
  update(label: string, frame: FrameInput): Promise<void> {
    return this.#add(async () => {
      const schema = this.#schema;
      const rows = castPartial(schema, frame);
      checkKnown(schema, frame);
      checkSorted(schema, rows);
      return update(schema, label, rows);
    });
  }

  delete(label: string, options: DeleteOptions): Promise<void> {
    return this.#add(async () => {
      const { start, stop, closed, keys } = options;
      if (keys && (start !== undefined || stop !== undefined))
        throw new LakotaError("invalid-argument", "A deletion takes either keys or a range, not both.");
      if (keys) return deleteKeys(this.#schema, label, toKeys(this.#schema, keys));
      return deleteRange(label, toRange(this.#schema, { start, stop, closed }));
    });
  }

  drop(labels: readonly string[]): Promise<void> {
    return this.#add(async () => drop(labels));
  }

  rename(label: string, to: string): Promise<void> {
    return this.#add(async () => rename(label, to));
  }

  async #add(make: () => Promise<Change>): Promise<void> {
    throwIfAborted(this.#workshop.closed);
    const change = make();
    change.catch(() => undefined); // the commit looks at it later
    this.#changes.push(change);
    await change;
  }

  /**
   * Lays the changes over what the heads show together, as one revision on all of them; conflicts between them are
   * told as a warning. No other commit of this process may run meanwhile. Answers the revision; undefined where nothing changed.
   *
   * @throws `conflict` where it took so long that chunks of it were collected
   */
  async commit(
    changelog: Changelog,
    note: Note | undefined,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const changes = await Promise.all(this.#changes);
    if (changes.length === 0) return undefined;
    changelog.refresh();
    const state = await newestState(changelog, this.#workshop.store, signal);
    const drafts = new CollectionDraft(state.commit, {
      schema: this.#schema,
      source: this.#workshop.source,
      embedded: new Map(state.commit.embedded),
      signal,
    });
    await Promise.all(changes.map((change) => drafts.inTurn(change.labels, () => change.apply(drafts))));
    const commit = await drafts.toCommit(this.#writer, note);
    if (!commit) return undefined;
    if (Date.now() - this.#since > LONG) await this.#writer.checkStored(this.#stored, signal);
    const revision = await changelog.commit(commit, state.heads, signal);
    warnOfConflicts(state.conflicts, commit.touched ?? [], this.#collection);
    return revision;
  }
}

const put = (label: string, range: Interval, rows: Rows): Change => ({
  labels: [label],
  async apply(drafts) {
    const draft = drafts.of(label);
    // Writing what is there changes nothing. That so many rows are there at all is rare, and told without reading.
    if (rows.length > 0 && draft.bound(range) >= rows.length) {
      const there = await draft.tryRead(range);
      if (there && sameRows(there, rows)) return;
    }
    drafts.touch({ label, ...range }, rows.length);
    draft.replace(range, [{ ...range, label, length: rows.length, rows }]);
  },
});

const putStored = (
  label: string,
  range: Interval,
  rows: number,
  { segments, embedded, bytes }: StoredSegments,
): Change => ({
  labels: [label],
  async apply(drafts) {
    drafts.adopt(embedded, bytes);
    drafts.touch({ label, ...range }, rows);
    drafts.of(label).replace(range, segments);
  },
});

/** @param spare whether rows that are there stay */
const upsert = (schema: Schema, label: string, rows: Rows, spare = false): Change => ({
  labels: [label],
  async apply(drafts) {
    const keys = keysOf(schema, rows);
    const edit = (old: Rows, from: number, to: number) => {
      const added = sliceOf(schema, rows, from, to);
      return spare ? mergeByKey(schema, added, old) : mergeByKey(schema, old, added);
    };
    touchAll(drafts, label, await editKeys(drafts.of(label), schema, keys, edit), true);
  },
});

const update = (schema: Schema, label: string, rows: PartialRows): Change => {
  const keys = keysOf(schema, rows);
  const twice = keys.findIndex((key, i) => i > 0 && compareKeys(key, keys[i - 1]!) === 0);
  if (twice > 0) {
    const shown = keys[twice]!.map(String).join(", ");
    throw new LakotaError(
      "invalid-frame",
      `Row ${twice} updates the key (${shown}) a second time. Leave one out.`,
    );
  }
  return {
    labels: [label],
    async apply(drafts) {
      const edit = (old: Rows, from: number, to: number) => withUpdates(schema, old, rows, from, to);
      touchAll(drafts, label, await editKeys(drafts.of(label), schema, keys, edit), true);
    },
  };
};

const deleteKeys = (schema: Schema, label: string, keys: readonly Key[]): Change => ({
  labels: [label],
  async apply(drafts) {
    const edit = (old: Rows, from: number, to: number) => withoutKeys(schema, old, keys.slice(from, to));
    touchAll(drafts, label, await editKeys(drafts.of(label), schema, keys, edit), false);
  },
});

const deleteRange = (label: string, range: Interval): Change => ({
  labels: [label],
  async apply(drafts) {
    const draft = drafts.of(label);
    const extent = await draft.extent(range);
    if (!extent) return;
    drafts.touch({ label, ...extent }, 0);
    draft.replace(extent, [drafts.empty(label, extent)]);
  },
});

const drop = (labels: readonly string[]): Change => ({
  labels,
  async apply(drafts) {
    for (const label of labels) remove(drafts, drafts.existing(label));
  },
});

const rename = (label: string, to: string): Change => ({
  labels: [label, to],
  async apply(drafts) {
    const from = drafts.existing(label);
    if (label === to) return;
    if (drafts.of(to).pieces.length > 0)
      throw new LakotaError("exists", `Series "${label}" cannot become "${to}": there is one of this name.`);
    const { pieces } = from;
    remove(drafts, from);
    const draft = drafts.of(to);
    for (const piece of pieces) {
      const moved = { ...piece, label: to };
      drafts.touch({ label: to, lo: piece.lo, hi: piece.hi }, 0);
      draft.replace(piece, [moved]);
    }
  },
});

function remove(drafts: CollectionDraft, draft: SeriesDraft): void {
  for (const { label, lo, hi } of draft.pieces) drafts.touch({ label, lo, hi }, 0);
  draft.clear();
}

/** @param filled whether the keys have rows now */
function touchAll(drafts: CollectionDraft, label: string, keys: readonly Interval[], filled: boolean): void {
  const together = Math.ceil(keys.length / MOST_CLAIMS);
  for (let from = 0; from < keys.length; from += together) {
    const to = Math.min(keys.length, from + together);
    drafts.touch({ label, lo: keys[from]!.lo, hi: keys[to - 1]!.hi }, filled ? to - from : 0);
  }
}

function keysOf(schema: Schema, rows: PartialRows): Key[] {
  const index = indexOf(schema, rows);
  return Array.from({ length: rows.length }, (_, row) => keyAt(index, row));
}

/** @throws `invalid-argument` for a key that lacks a value */
function toKeys(schema: Schema, bounds: NonNullable<DeleteOptions["keys"]>): Key[] {
  const names = schema.index.map(({ name }) => name).join(", ");
  const keys = bounds.map((bound, i) => {
    const key = toKey(schema, bound);
    if (key?.length === schema.index.length) return key;
    throw new LakotaError("invalid-argument", `keys[${i}] needs a value for each index column (${names}).`);
  });
  keys.sort(compareKeys);
  return keys.filter((key, i) => i === 0 || compareKeys(key, keys[i - 1]!) !== 0);
}

/** An update may leave columns out, so a misspelt one would go unnoticed. */
function checkKnown(schema: Schema, frame: FrameInput): void {
  const given = "parts" in frame && typeof frame.parts === "function" ? [] : Object.keys(frame);
  for (const name of given) schema.column(name);
}
