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

/** The range that one key alone takes up. */
const point = (key: Key): Interval => ({ lo: before(key), hi: after(key) });

/** What becomes of the rows in a range, which has the keys `from` … `to`. */
type Edit = (rows: Rows, from: number, to: number) => Rows;

/**
 * Changes single rows of a draft. Rows of one piece are stored anew together, from the first key to the last.
 * Answers the keys whose rows are not what they were.
 *
 * @param keys whole keys, sorted, each once
 */
export async function editKeys(
  draft: SeriesDraft,
  schema: Schema,
  keys: readonly Key[],
  edit: Edit,
): Promise<Interval[]> {
  const runs = await Promise.all(
    neighbours(draft, keys).map(async ([from, to]) => {
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

/** Runs of keys that lie in one piece, or between two. */
function neighbours(draft: SeriesDraft, keys: readonly Key[]): [from: number, to: number][] {
  const { pieces } = draft;
  const runs: [number, number][] = [];
  let at = 0;
  let last: string | undefined;
  keys.forEach((key, i) => {
    while (at < pieces.length && compareCuts(pieces[at]!.hi, before(key)) <= 0) at++;
    const isInside = at < pieces.length && compareCuts(pieces[at]!.lo, before(key)) <= 0;
    const where = `${at} ${isInside}`;
    if (where === last) runs.at(-1)![1] = i + 1;
    else runs.push([i, i + 1]);
    last = where;
  });
  return runs;
}

function sameIn(schema: Schema, { lo, hi }: Interval, a: Rows, b: Rows): boolean {
  const from = (rows: Rows) => countBefore(indexOf(schema, rows), rows.length, lo);
  const to = (rows: Rows) => countBefore(indexOf(schema, rows), rows.length, hi);
  const [i, j, rows] = [from(a), from(b), to(a) - from(a)];
  if (to(b) - j !== rows) return false;
  for (let k = 0; k < rows; k++) if (!sameRow(a, i + k, b, j + k)) return false;
  return true;
}

/** The rows whose key is not among `keys`. */
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

/** Rows of which some got new values in the columns that `update` tells, with the rows that are new in it. */
export function withUpdates(schema: Schema, rows: Rows, update: PartialRows, from: number, to: number): Rows {
  const index = indexOf(schema, rows);
  const updateIndex = indexOf(schema, update);
  const told: number[] = []; // which row tells the values of the columns that the update has …
  const rest: number[] = []; // … and of those that it lacks; rows.length: zero values
  let row = 0;
  for (let at = from; at < to; at++) {
    const key = keyAt(updateIndex, at);
    for (; row < rows.length && compareKeys(keyAt(index, row), key) < 0; row++) {
      told.push(row);
      rest.push(row);
    }
    const first = row;
    for (; row < rows.length && compareKeys(keyAt(index, row), key) === 0; row++) {
      told.push(rows.length + at);
      rest.push(row);
    }
    if (row === first) {
      told.push(rows.length + at);
      rest.push(rows.length);
    }
  }
  for (; row < rows.length; row++) {
    told.push(row);
    rest.push(row);
  }
  const columns = rows.columns.map((old, i): ColumnData => {
    const { dtype } = schema.columns[i]!;
    const given = update.columns[i];
    return takeRows(
      concatRows([old, given ?? zeros(dtype, 1)], dtype),
      dtype,
      Uint32Array.from(given ? told : rest),
    );
  });
  return { length: told.length, columns };
}
