import type { ColumnData } from "../../model/column.ts";
import { concatRows, zeros } from "../../model/column-rows.ts";
import {
  after,
  before,
  compareCuts,
  compareKeys,
  countBefore,
  type Interval,
  type Key,
  keyAt,
} from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";
import { takeRows } from "../../model/take-rows.ts";
import { sameRow } from "./row-equality.ts";
import { indexOf, type PartialRows, pickRows, type Rows } from "./rows.ts";
import type { SeriesDraft } from "./series-draft.ts";

/** Returns the range of a single key. */
const point = (key: Key): Interval => ({ lo: before(key), hi: after(key) });

/** Returns the new rows of a range that has the keys `from` (included) to `to` (excluded). */
type Edit = (rows: Rows, from: number, to: number) => Rows;

/**
 * Edits the rows of single keys of a draft. Rewrites the rows of one piece together, from the first key to
 * the last.
 *
 * @param keys whole keys, sorted and unique
 * @returns the ranges of the keys whose rows have changed
 */
export async function editKeys(
  draft: SeriesDraft,
  schema: Schema,
  keys: readonly Key[],
  edit: Edit,
): Promise<Interval[]> {
  const runs = await Promise.all(
    runsByPiece(draft, keys).map(async ([from, to]) => {
      const old = await draft.read({ lo: before(keys[from]!), hi: after(keys[to - 1]!) });
      return { old, rows: edit(old, from, to), from, to };
    }),
  );
  return runs.flatMap(({ old, rows, from, to }) => {
    const changed = keys
      .slice(from, to)
      .map(point)
      .filter((range) => !sameIn(schema, range, old, rows));
    const [first, last] = [changed[0], changed.at(-1)];
    if (!first || !last) return [];
    const hull = { lo: first.lo, hi: last.hi };
    draft.replace(hull, [{ ...hull, label: draft.label, length: rows.length, rows }]);
    return changed;
  });
}

/** Groups keys into runs that lie in one piece, or between two. */
function runsByPiece(draft: SeriesDraft, keys: readonly Key[]): [from: number, to: number][] {
  const { pieces } = draft;
  const runs: [number, number][] = [];
  let piece = 0;
  let lastPlace: string | undefined;
  keys.forEach((key, i) => {
    while (piece < pieces.length && compareCuts(pieces[piece]!.hi, before(key)) <= 0) piece++;
    const isInside = piece < pieces.length && compareCuts(pieces[piece]!.lo, before(key)) <= 0;
    const place = `${piece} ${isInside}`;
    if (place === lastPlace) runs.at(-1)![1] = i + 1;
    else runs.push([i, i + 1]);
    lastPlace = place;
  });
  return runs;
}

/** Returns whether two sets of rows are equal within a range. */
function sameIn(schema: Schema, { lo, hi }: Interval, a: Rows, b: Rows): boolean {
  const from = (rows: Rows) => countBefore(indexOf(schema, rows), rows.length, lo);
  const to = (rows: Rows) => countBefore(indexOf(schema, rows), rows.length, hi);
  const [i, j, rows] = [from(a), from(b), to(a) - from(a)];
  if (to(b) - j !== rows) return false;
  for (let k = 0; k < rows; k++) if (!sameRow(a, i + k, b, j + k)) return false;
  return true;
}

/** Returns the rows whose key is not in `keys`. */
export function withoutKeys(schema: Schema, rows: Rows, keys: readonly Key[]): Rows {
  const index = indexOf(schema, rows);
  const kept: number[] = [];
  let next = 0;
  for (let row = 0; row < rows.length; row++) {
    const key = keyAt(index, row);
    while (next < keys.length && compareKeys(keys[next]!, key) < 0) next++;
    if (next === keys.length || compareKeys(keys[next]!, key) !== 0) kept.push(row);
  }
  return pickRows(schema, rows, Uint32Array.from(kept));
}

/**
 * Applies rows `from` to `to` of an update: sets the columns that it has, and adds rows whose key is new.
 *
 * @param rows the current rows of the range
 */
export function withUpdates(schema: Schema, rows: Rows, update: PartialRows, from: number, to: number): Rows {
  const index = indexOf(schema, rows);
  const updateIndex = indexOf(schema, update);
  // For each row of the result, the row that provides the columns of the update, and the row that provides
  // the others. Rows of the update are numbered after the current rows; in `others`, rows.length stands for
  // zero values.
  const updated: number[] = [];
  const others: number[] = [];
  let row = 0;
  for (let at = from; at < to; at++) {
    const key = keyAt(updateIndex, at);
    for (; row < rows.length && compareKeys(keyAt(index, row), key) < 0; row++) {
      updated.push(row);
      others.push(row);
    }
    const first = row;
    for (; row < rows.length && compareKeys(keyAt(index, row), key) === 0; row++) {
      updated.push(rows.length + at);
      others.push(row);
    }
    if (row === first) {
      updated.push(rows.length + at);
      others.push(rows.length);
    }
  }
  for (; row < rows.length; row++) {
    updated.push(row);
    others.push(row);
  }
  const columns = rows.columns.map((old, i): ColumnData => {
    const { dtype } = schema.columns[i]!;
    const given = update.columns[i];
    return takeRows(
      concatRows([old, given ?? zeros(dtype, 1)], dtype),
      dtype,
      Uint32Array.from(given ? updated : others),
    );
  });
  return { length: updated.length, columns };
}
