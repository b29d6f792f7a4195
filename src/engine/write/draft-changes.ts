import { LakotaError } from "../../model/errors.ts";
import { compareKeys, type Interval, type Key, keyAt } from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";
import type { StoredSegments } from "./chunk-writer.ts";
import type { CollectionDraft } from "./collection-draft.ts";
import { editKeys, withoutKeys, withUpdates } from "./key-edits.ts";
import type { HeldRows } from "./row-buffer.ts";
import { sameRows } from "./row-equality.ts";
import { indexOf, mergeByKey, type PartialRows, type Rows, sliceOf } from "./rows.ts";
import type { SeriesDraft } from "./series-draft.ts";

/**
 * A change to a collection's draft. Changes to one series are applied in the order in which they were
 * requested.
 */
export interface DraftChange {
  /** Labels of the series that it changes. */
  readonly labels: readonly string[];
  apply(draft: CollectionDraft): Promise<void>;
}

/**
 * Touched ranges that one write of single keys records at most. Each costs a few bytes in the revision; above
 * the limit, neighbouring keys share a range, which then also covers the keys between them.
 */
const MAX_TOUCHED_RANGES = 65_536;

/** Replaces a range by rows. */
export const putRows = (label: string, range: Interval, rows: HeldRows): DraftChange => ({
  labels: [label],
  async apply(draft) {
    const series = draft.of(label);
    // Writing existing rows again makes no revision. Most writes are appends, which the upper bound rules out
    // without reading.
    if (rows.length > 0 && series.maxRows(range) >= rows.length) {
      const current = await series.tryRead(range);
      if (current && sameRows(current, await draft.rowsOf(rows))) return;
    }
    draft.touch({ label, ...range }, rows.length);
    series.replace(range, [draft.pieceOf(label, range, rows)]);
  },
});

/** Replaces a range by segments that are stored already. */
export const putStored = (
  label: string,
  range: Interval,
  rows: number,
  { segments, embedded, bytes }: StoredSegments,
): DraftChange => ({
  labels: [label],
  async apply(draft) {
    draft.adopt(embedded, bytes);
    draft.touch({ label, ...range }, rows);
    draft.of(label).replace(range, segments);
  },
});

/** Writes the rows of single keys. @param keepExisting whether a row whose key exists stays as it is */
export const upsertRows = (
  schema: Schema,
  label: string,
  held: HeldRows,
  keepExisting = false,
): DraftChange => ({
  labels: [label],
  async apply(draft) {
    const rows = await draft.rowsOf(held);
    const keys = keysOf(schema, rows);
    const edit = (old: Rows, from: number, to: number) => {
      const added = sliceOf(schema, rows, from, to);
      return keepExisting ? mergeByKey(schema, added, old) : mergeByKey(schema, old, added);
    };
    touchKeys(draft, label, await editKeys(draft.of(label), schema, keys, edit), true);
  },
});

/** Updates some columns of single keys. @throws `invalid-frame` for a key that occurs twice */
export const updateRows = (schema: Schema, label: string, rows: PartialRows): DraftChange => {
  const keys = keysOf(schema, rows);
  const twice = keys.findIndex((key, i) => i > 0 && compareKeys(key, keys[i - 1]!) === 0);
  if (twice > 0) {
    const key = keys[twice]!.map(String).join(", ");
    throw new LakotaError(
      "invalid-frame",
      `Row ${twice} updates the key (${key}) a second time. Leave one of the two rows out.`,
    );
  }
  return {
    labels: [label],
    async apply(draft) {
      const edit = (old: Rows, from: number, to: number) => withUpdates(schema, old, rows, from, to);
      touchKeys(draft, label, await editKeys(draft.of(label), schema, keys, edit), true);
    },
  };
};

/** Deletes the rows of single keys. */
export const deleteKeys = (schema: Schema, label: string, keys: readonly Key[]): DraftChange => ({
  labels: [label],
  async apply(draft) {
    const edit = (old: Rows, from: number, to: number) => withoutKeys(schema, old, keys.slice(from, to));
    touchKeys(draft, label, await editKeys(draft.of(label), schema, keys, edit), false);
  },
});

/** Deletes the rows of a range. */
export const deleteRange = (label: string, range: Interval): DraftChange => ({
  labels: [label],
  async apply(draft) {
    const series = draft.of(label);
    const extent = await series.extent(range);
    if (!extent) return;
    draft.touch({ label, ...extent }, 0);
    series.replace(extent, [draft.empty(label, extent)]);
  },
});

/** Removes series. */
export const dropSeries = (labels: readonly string[]): DraftChange => ({
  labels,
  async apply(draft) {
    for (const label of labels) clearSeries(draft, await draft.existing(label));
  },
});

/** Renames a series. */
export const renameSeries = (label: string, to: string): DraftChange => ({
  labels: [label, to],
  async apply(draft) {
    const source = await draft.existing(label);
    if (label === to) return;
    const target = draft.of(to);
    if (target.pieces.length > 0)
      throw new LakotaError(
        "exists",
        `Series "${label}" cannot be renamed to "${to}": a series of this name exists.`,
      );
    const { pieces } = source;
    clearSeries(draft, source);
    for (const piece of pieces) {
      draft.touch({ label: to, lo: piece.lo, hi: piece.hi }, 0);
      target.replace(piece, [{ ...piece, label: to }]);
    }
  },
});

/** Empties the draft of a series; the commit then has no segment of it. */
function clearSeries(draft: CollectionDraft, series: SeriesDraft): void {
  for (const { label, lo, hi } of series.pieces) draft.touch({ label, lo, hi }, 0);
  series.clear();
}

/** Records the ranges of single keys. @param filled whether the keys have rows now */
function touchKeys(draft: CollectionDraft, label: string, keys: readonly Interval[], filled: boolean): void {
  const keysPerRange = Math.ceil(keys.length / MAX_TOUCHED_RANGES);
  for (let from = 0; from < keys.length; from += keysPerRange) {
    const to = Math.min(keys.length, from + keysPerRange);
    draft.touch({ label, lo: keys[from]!.lo, hi: keys[to - 1]!.hi }, filled ? to - from : 0);
  }
}

function keysOf(schema: Schema, rows: PartialRows): Key[] {
  const index = indexOf(schema, rows);
  return Array.from({ length: rows.length }, (_, row) => keyAt(index, row));
}
