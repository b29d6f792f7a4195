import type { ColumnData } from "../../model/column.ts";
import { indexValue } from "../../model/column-rows.ts";
import { LakotaError } from "../../model/errors.ts";
import { Frame } from "../../model/frame.ts";
import { compareValues, firstUnsorted, type Key } from "../../model/key.ts";
import type { Column, Schema } from "../../model/schema.ts";
import { takeRows } from "../../model/take-rows.ts";
import { createCellFormatter } from "../values/format-cell.ts";

/** Columns in the order of a schema. */
type Columns = readonly ColumnData[];

export const indexColumns = (schema: Schema, data: Columns): ColumnData[] =>
  data.filter((_, i) => schema.columns[i]!.index);

/** Returns the number of rows. Index columns have one item per row, whereas complex columns have two. */
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

/** Returns the rows sorted by the index. The sort is stable: rows of the same key keep their order. */
export function sortRows(schema: Schema, data: Columns): Columns {
  const rows = rowCount(schema, data);
  const index = indexColumns(schema, data);
  if (firstUnsorted(index, rows) < 0) return data;
  const order = Uint32Array.from({ length: rows }, (_, row) => row).sort((a, b) => compareRows(index, a, b));
  return data.map((column, i) => takeRows(column, schema.columns[i]!.dtype, order));
}

/** Returns a value as CSV writes it: times as text, and not as counts. */
function valueText({ name, dtype }: Column, value: Key[number]): string {
  if (typeof value !== "bigint" || dtype.kind !== "datetime") return String(value);
  try {
    const part = { name, type: dtype.name, data: BigInt64Array.of(value) };
    return createCellFormatter(part, { zone: undefined, times: "iso" })(0);
  } catch {
    return String(value); // beyond the calendar
  }
}

/** Returns the error for a row, at `location`, that sorts before the previous one. */
export function unsortedError(schema: Schema, previous: Key, key: Key, location: string): LakotaError {
  const names = schema.index.map(({ name }) => `"${name}"`).join(", ");
  const shown = (values: Key) => schema.index.map((column, i) => valueText(column, values[i]!)).join(", ");
  return new LakotaError(
    "unsorted",
    `The rows are not in the order of ${names}: at ${location}, ${shown(key)} comes after ${shown(previous)}. ` +
      "Sort them, or set sort: true, which takes all rows in memory.",
  );
}
