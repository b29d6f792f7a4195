import type { FrameInput } from "../../model/api/series.ts";
import { castColumn } from "../../model/cast.ts";
import { type ColumnData, rowsOf } from "../../model/column.ts";
import { concatRows, sliceRows, zeros } from "../../model/column-rows.ts";
import { LakotaError } from "../../model/errors.ts";
import { Frame } from "../../model/frame.ts";
import { compareKeys, firstUnsorted, keyAt } from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";
import { takeRows } from "../../model/take-rows.ts";

/** Rows in the types of a schema: one array per column, in schema order. */
export interface Rows {
  readonly length: number;
  readonly columns: readonly ColumnData[];
}

/** Rows of an update, which may lack value columns. */
export interface PartialRows {
  readonly length: number;
  readonly columns: readonly (ColumnData | undefined)[];
}

/**
 * Converts a frame to the types of a schema.
 *
 * @throws `invalid-frame` for a missing column, unequal lengths, or a value of the wrong type
 */
export function castRows(schema: Schema, frame: FrameInput): Rows {
  const { length, columns } = castPartial(schema, frame, schema.columns);
  return { length, columns: columns.filter((data) => data !== undefined) };
}

/** Like {@link castRows}, but requires only the `needed` columns. Default: the index. */
export function castPartial(schema: Schema, frame: FrameInput, needed = schema.index): PartialRows {
  const given =
    frame instanceof Frame ? Object.fromEntries(frame.parts().map(({ name, data }) => [name, data])) : frame;
  const columns = schema.columns.map((column) => {
    const input = Object.hasOwn(given, column.name) ? given[column.name] : undefined;
    if (input !== undefined && typeof input !== "string") return castColumn(column, input);
    if (input === undefined && !needed.includes(column)) return undefined;
    const names = Object.keys(given).join(", ") || "none";
    const required = schema.columns.map(({ name }) => name).join(", ");
    throw new LakotaError(
      "invalid-frame",
      `The frame has no column "${column.name}". It has: ${names}. The collection needs: ${required}.`,
    );
  });
  const lengths = columns.map((data, i) => data && rowsOf(data, schema.columns[i]!.dtype));
  const first = lengths.findIndex((length) => length !== undefined);
  const odd = lengths.findIndex((length) => length !== undefined && length !== lengths[first]);
  if (odd > 0) {
    const [firstName, oddName] = [schema.columns[first]!.name, schema.columns[odd]!.name];
    throw new LakotaError(
      "invalid-frame",
      `Columns differ in length: "${firstName}" has ${lengths[first]} rows, "${oddName}" has ${lengths[odd]}.`,
    );
  }
  return { length: lengths[first] ?? 0, columns };
}

/** Returns the index columns of some rows. */
export const indexOf = (schema: Schema, { columns }: PartialRows): ColumnData[] =>
  columns.filter((data, i) => data !== undefined && schema.columns[i]!.index) as ColumnData[];

/** Checks that rows are sorted by the index. @throws `unsorted`, naming the first row that is not */
export function checkSorted(schema: Schema, rows: PartialRows): void {
  const index = indexOf(schema, rows);
  const row = firstUnsorted(index, rows.length);
  if (row < 0) return;
  const keyText = (at: number) => keyAt(index, at).map(String).join(", ");
  const names = schema.index.map(({ name }) => name).join(", ");
  throw new LakotaError(
    "unsorted",
    `Rows must be sorted by ${names}: row ${row} (${keyText(row)}) comes before row ${row - 1} (${keyText(row - 1)}).`,
  );
}

/** Sorts rows by the index. Of rows with equal keys only the last is kept. */
export function sortUnique(schema: Schema, rows: Rows): Rows {
  const index = indexOf(schema, rows);
  const keys = Array.from({ length: rows.length }, (_, row) => keyAt(index, row));
  const order = Array.from(keys.keys()).sort((a, b) => compareKeys(keys[a]!, keys[b]!) || a - b);
  const last = order.length - 1;
  const unique = order.filter((row, i) => i === last || compareKeys(keys[row]!, keys[order[i + 1]!]!) !== 0);
  return pickRows(schema, rows, Uint32Array.from(unique));
}

/** Merges rows by key: a row of `added` replaces the row of `stored` with an equal key. */
export const mergeByKey = (schema: Schema, stored: Rows, added: Rows): Rows =>
  sortUnique(schema, concatParts(schema, [stored, added]));

/** Concatenates rows of one schema. */
export function concatParts(schema: Schema, parts: readonly Rows[]): Rows {
  return {
    length: parts.reduce((sum, { length }) => sum + length, 0),
    columns: schema.columns.map(({ dtype }, i) =>
      parts.length > 0
        ? concatRows(
            parts.map(({ columns }) => columns[i]!),
            dtype,
          )
        : zeros(dtype, 0),
    ),
  };
}

/** Returns a copy of rows `from` (included) to `to` (excluded). */
export const sliceOf = (schema: Schema, rows: Rows, from: number, to: number): Rows => ({
  length: to - from,
  columns: rows.columns.map((data, i) => sliceRows(data, schema.columns[i]!.dtype, from, to)),
});

/** Returns a copy of some rows, by their numbers. */
export function pickRows(schema: Schema, rows: Rows, which: Uint32Array): Rows {
  return {
    length: which.length,
    columns: rows.columns.map((data, i) => takeRows(data, schema.columns[i]!.dtype, which)),
  };
}
