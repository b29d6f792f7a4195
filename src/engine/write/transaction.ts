import type { Changelog } from "../../changelog/changelog.ts";
import { explainFailure } from "../../model/api/arguments.ts";
import type { ChangeReport, Note } from "../../model/api/options.ts";
import type { DeleteOptions, FrameInput, WriteOptions } from "../../model/api/series.ts";
import { describeValue, placeValue } from "../../model/cast-value.ts";
import type { IndexValue } from "../../model/column.ts";
import { sliceRows } from "../../model/column-rows.ts";
import { LakotaError, throwIfAborted } from "../../model/errors.ts";
import { after, before, compareKeys, type Interval, type Key, keyAt } from "../../model/key.ts";
import type { Column, Schema } from "../../model/schema.ts";
import { newestState } from "../read/local-state.ts";
import { toRange } from "../read/range.ts";
import { applyChanges } from "./apply-changes.ts";
import { checkReferenced } from "./check-referenced.ts";
import { CollectionDraft } from "./collection-draft.ts";
import { warnOfConflicts } from "./conflict-warnings.ts";
import {
  type DraftChange,
  deleteKeys,
  deleteRange,
  dropSeries,
  putRows,
  putStored,
  renameSeries,
  updateRows,
  upsertRows,
} from "./draft-changes.ts";
import { adviceForManySeries } from "./many-series.ts";
import { HELD_BYTES, RowBuffer } from "./row-buffer.ts";
import {
  castPartial,
  castRows,
  checkSorted,
  indexOf,
  type PartialRows,
  type Rows,
  sliceOf,
  sortUnique,
} from "./rows.ts";
import { LAST_SEGMENT_ROWS } from "./segment-layout.ts";
import { warnOfSeconds } from "./unit-warning.ts";
import type { WriteContext } from "./write-context.ts";
import { writeRange } from "./write-range.ts";

/** A number of changes that become visible as one revision: all of them, or none. */
export class Transaction {
  readonly #context: WriteContext;
  readonly #rows: RowBuffer;
  readonly #changes: Promise<DraftChange>[] = [];
  readonly #renamed: [from: string, to: string][] = [];

  /** @param heldBytes bytes of rows that stay in memory as they are: see {@link RowBuffer} */
  constructor(context: WriteContext, heldBytes = HELD_BYTES) {
    this.#context = context;
    this.#rows = new RowBuffer(context, heldBytes);
  }

  /**
   * Adds a write. Stores the chunks of a long frame at once; they become visible with the commit.
   *
   * @param ending fires when the write is to end, besides the signal among its options
   * @throws `invalid-frame`, `unsorted`, `invalid-argument`. The commit then fails too.
   */
  write(
    label: string,
    frame: FrameInput,
    options: WriteOptions,
    ending: AbortSignal = this.#context.closed,
  ): Promise<void> {
    return this.#add("write", [frame, options], async () => {
      const signal = options.signal ? AbortSignal.any([ending, options.signal]) : ending;
      const schema = this.#context.schema;
      const rows = castRows(schema, frame);
      warnOfSeconds(frame, this.#context);
      if (schema.kind === "kv" && options.start === undefined && options.stop === undefined)
        return this.#upsert(label, rows, signal);
      checkSorted(schema, rows);
      const range = writeRange(schema, rows, options);
      if (rows.length <= LAST_SEGMENT_ROWS)
        return putRows(label, range, await this.#rows.hold(label, copyOf(schema, rows), range, signal));
      const stored = await this.#context.writer.store(schema, label, rows, range, signal);
      return putStored(label, range, rows.length, stored);
    });
  }

  /** Adds rows to a key-value series, except those whose key exists. @throws as {@link write} */
  insert(label: string, frame: FrameInput): Promise<void> {
    return this.#add("write", [frame], async () => {
      return this.#upsert(label, castRows(this.#context.schema, frame), this.#context.closed, true);
    });
  }

  async #upsert(label: string, rows: Rows, signal: AbortSignal, keepExisting = false) {
    const { schema } = this.#context;
    const sorted = sortUnique(schema, rows);
    const held =
      sorted.length > 0 ? await this.#rows.hold(label, sorted, hullOf(schema, sorted), signal) : sorted;
    return upsertRows(schema, label, held, keepExisting);
  }

  /** Adds an update of some columns. @throws as {@link write}; `invalid-frame` for a key that occurs twice */
  update(label: string, frame: FrameInput): Promise<void> {
    return this.#add("update", [frame], async () => {
      const schema = this.#context.schema;
      const rows = castPartial(schema, frame);
      checkKnown(schema, frame);
      checkSorted(schema, rows);
      warnOfSeconds(frame, this.#context);
      return updateRows(schema, label, partialCopyOf(schema, rows));
    });
  }

  /** Adds a deletion. @throws `invalid-argument` */
  delete(label: string, options: DeleteOptions): Promise<void> {
    return this.#add("delete", [options], async () => {
      const { start, stop, closed, keys } = options;
      if (keys && (start !== undefined || stop !== undefined))
        throw new LakotaError("invalid-argument", "A deletion takes either keys or a range, not both.");
      if (keys) return deleteKeys(this.#context.schema, label, toKeys(this.#context.schema, keys));
      return deleteRange(label, toRange(this.#context.schema, { start, stop, closed }));
    });
  }

  /** Adds the removal of series. The commit throws `not-found` for a label that does not exist. */
  drop(labels: readonly string[]): Promise<void> {
    return this.#add("drop", [labels], async () => dropSeries(labels));
  }

  /** Adds the renaming of a series. The commit throws `not-found`, or `exists` if `to` is taken. */
  rename(label: string, to: string): Promise<void> {
    return this.#add("rename", [label, to], async () => {
      this.#renamed.push([label, to]);
      return renameSeries(label, to);
    });
  }

  /** @param method that was called, and its arguments */
  async #add(method: string, args: readonly unknown[], make: () => Promise<DraftChange>): Promise<void> {
    throwIfAborted(this.#context.closed);
    const change = make().catch((error: unknown) => {
      throw explainFailure(`BatchSeries.${method}`, args, error);
    });
    change.catch(() => undefined); // also awaited by the commit
    this.#changes.push(change);
    await change;
  }

  /**
   * Applies the changes to the merged state of all heads and commits the result as one revision on top of
   * them. Conflicts among the heads are reported as a warning. The caller must not run another commit of this
   * collection at the same time.
   *
   * @returns undefined if nothing changed
   * @throws `conflict` if it took so long that a garbage collection may have removed what it refers to
   */
  async commit(
    changelog: Changelog,
    note: Note | undefined,
    signal: AbortSignal,
  ): Promise<ChangeReport | undefined> {
    const changes = await Promise.all(this.#changes.splice(0));
    if (changes.length === 0) return undefined;
    changelog.refresh();
    const state = await newestState(changelog, this.#context.store, signal);
    const { table } = state.commit;
    const loaded = await table.load([...new Set(changes.flatMap(({ labels }) => labels))], signal);
    const stopping = new AbortController();
    const draft = new CollectionDraft(table, loaded, {
      schema: this.#context.schema,
      source: this.#context.source,
      embedded: new Map(loaded.embedded),
      segmentRows: this.#context.segmentRows,
      signal: AbortSignal.any([signal, stopping.signal]),
    });
    await applyChanges(changes, draft, this.#context.writer, stopping).catch(async (error: unknown) => {
      // Rows that a long batch has stored may be gone: that says more than that they cannot be read.
      if (isDamage(error)) await checkReferenced(this.#context.writer, changelog, state.heads, signal);
      throw error;
    });
    const commit = await draft.toCommit(changelog, this.#context.writer, note);
    if (!commit) return undefined;
    await checkReferenced(this.#context.writer, changelog, state.heads, signal);
    const revision = await changelog.commit(commit, state.heads, signal);
    if (this.#renamed.length > 0) await this.#context.renamed?.(this.#renamed, signal);
    const advice = adviceForManySeries(this.#context.label, table, commit.table);
    if (advice) this.#context.warn(advice);
    if (state.conflicts.length > 0)
      warnOfConflicts(state.conflicts, (await commit.touched?.load(signal)) ?? [], this.#context);
    return { revision, rows: commit.about?.rows ?? 0 };
  }
}

const isDamage = (error: unknown): boolean =>
  error instanceof LakotaError && (error.code === "not-found" || error.code === "corrupt");

const copyOf = (schema: Schema, rows: Rows): Rows => sliceOf(schema, rows, 0, rows.length);

const partialCopyOf = (schema: Schema, { length, columns }: PartialRows): PartialRows => ({
  length,
  columns: columns.map((data, i) => data && sliceRows(data, schema.columns[i]!.dtype, 0, length)),
});

/** Returns the range from the first to the last of some rows. */
function hullOf(schema: Schema, rows: Rows): Interval {
  const index = indexOf(schema, rows);
  return { lo: before(keyAt(index, 0)), hi: after(keyAt(index, rows.length - 1)) };
}

/**
 * Returns whole keys, sorted and unique.
 *
 * @throws `invalid-argument` for a key that lacks a value, or has one that the column cannot hold
 */
function toKeys(schema: Schema, bounds: NonNullable<DeleteOptions["keys"]>): Key[] {
  const names = schema.index.map(({ name }) => name).join(", ");
  const keys = bounds.map((bound, i) => {
    const values: readonly unknown[] = Array.isArray(bound) ? bound : [bound];
    if (values.length !== schema.index.length)
      throw new LakotaError("invalid-argument", `keys[${i}] needs a value for each index column (${names}).`);
    return schema.index.map((column, k) => toKeyItem(column, values[k], `keys[${i}]`));
  });
  keys.sort(compareKeys);
  return keys.filter((key, i) => i === 0 || compareKeys(key, keys[i - 1]!) !== 0);
}

function toKeyItem(column: Column, value: unknown, where: string): IndexValue {
  const { item, side } = placeValue(column, value);
  if (side === 0) return item;
  throw new LakotaError(
    "invalid-argument",
    `${where}: no row can have ${describeValue(value)} in the column "${column.name}" of type ${column.dtype.name}. ` +
      "Pass the value as it is stored, or delete a range.",
  );
}

/**
 * Checks that the schema has every column of an update. Since an update may omit columns, a misspelt one
 * would go unnoticed.
 */
function checkKnown(schema: Schema, frame: FrameInput): void {
  const given = "parts" in frame && typeof frame.parts === "function" ? [] : Object.keys(frame);
  for (const name of given) schema.column(name);
}
