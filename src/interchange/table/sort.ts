import type { ColumnData } from "../../model/column.ts";
import { indexValue } from "../../model/column-rows.ts";
import { LakotaError } from "../../model/errors.ts";
import { Frame } from "../../model/frame.ts";
import { compareValues, firstUnsorted, type Key } from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";
import { takeRows } from "../../model/take-rows.ts";

/** Columns in the order of a schema. */
type Columns = readonly ColumnData[];

export const indexColumns = (schema: Schema, data: Columns): ColumnData[] =>
  data.filter((_, i) => schema.columns[i]!.index);

/** Counted by an index column, which has one item a row. */
export const rowCount = (schema: Schema, data: Columns): number => indexColumns(schema, data)[0]!.length;

export const toFrame = (schema: Schema, data: Columns): Frame =>
  new Frame(schema.columns.map(({ name, dtype }, i) => ({ name, type: dtype.name, data: data[i]! })));

export function compareRows(index: Columns, a: number, b: number): number {
  for (const column of index) {
    const order = compareValues(indexValue(column, a), indexValue(column, b));
    if (order !== 0) return order;
  }
  return 0;
}

/** Rows in the order of the index; those of one key stay in the order in which they are. */
export function sortRows(schema: Schema, data: Columns): Columns {
  const rows = rowCount(schema, data);
  const index = indexColumns(schema, data);
  if (firstUnsorted(index, rows) < 0) return data;
  const order = Uint32Array.from({ length: rows }, (_, row) => row).sort((a, b) => compareRows(index, a, b));
  return data.map((column, i) => takeRows(column, schema.columns[i]!.dtype, order));
}

/** The error for a row, at `where`, that sorts before the one above it. */
export function unsortedError(schema: Schema, above: Key, key: Key, where: string): LakotaError {
  const names = schema.index.map(({ name }) => `"${name}"`).join(", ");
  return new LakotaError(
    "unsorted",
    `The rows are not in the order of ${names}: at ${where}, ${key.join(", ")} comes after ${above.join(", ")}. ` +
      "Sort them, or set sort: true, which takes all rows in memory.",
  );
}
