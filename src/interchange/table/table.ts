import type { ColumnData } from "../../model/column.ts";
import type { Frame } from "../../model/frame.ts";
import { firstUnsorted, keyAt } from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";
import { typesOf } from "./infer-schema.ts";
import { frameOf, indexOf, rowsIn, sorted, unsorted } from "./sort.ts";

/** Rows in memory that came from another form, and the schema that they have. */
export interface Table {
  /** What the rows are, inferred or told: ready for `createCollection`. */
  readonly schema: Schema;
  /** The same for people, by column: `timestamp*`, `float`, … */
  readonly types: Readonly<Record<string, string>>;
  readonly frame: Frame;
}

/** @throws `unsorted` where rows are out of order and `sort` is not set */
export function tableOf(
  schema: Schema,
  data: readonly ColumnData[],
  { sort = false }: { sort?: boolean },
): Table {
  const index = indexOf(schema, data);
  const wrong = sort ? -1 : firstUnsorted(index, rowsIn(schema, data));
  if (wrong >= 0) throw unsorted(schema, keyAt(index, wrong - 1), keyAt(index, wrong), `row ${wrong}`);
  return { schema, types: typesOf(schema), frame: frameOf(schema, sort ? sorted(schema, data) : data) };
}
