import type { ColumnData } from "../../model/column.ts";
import type { Frame } from "../../model/frame.ts";
import { firstUnsorted, keyAt } from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";
import { typeTexts } from "./infer-schema.ts";
import { indexColumns, rowCount, sortRows, toFrame, unsortedError } from "./sort.ts";

/** Rows converted from another form in memory, and their schema. */
export interface Table {
  /** The schema of the rows, inferred or set by the options: ready for `createCollection`. */
  readonly schema: Schema;
  /** The type text of each column, such as `timestamp*` or `float`. */
  readonly types: Readonly<Record<string, string>>;
  /** The rows. */
  readonly frame: Frame;
}

/** @throws `unsorted` for rows out of order where `sort` is not set */
export function toTable(
  schema: Schema,
  data: readonly ColumnData[],
  { sort = false }: { sort?: boolean },
): Table {
  const index = indexColumns(schema, data);
  const wrong = sort ? -1 : firstUnsorted(index, rowCount(schema, data));
  if (wrong >= 0) throw unsortedError(schema, keyAt(index, wrong - 1), keyAt(index, wrong), `row ${wrong}`);
  return { schema, types: typeTexts(schema), frame: toFrame(schema, sort ? sortRows(schema, data) : data) };
}
