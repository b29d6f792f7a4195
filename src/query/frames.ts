import { checkArguments } from "../model/api/arguments.ts";
import { type DType, parseDType } from "../model/dtype.ts";
import type { Condition, Expression } from "../model/expression.ts";
import { Frame, type NamedColumn } from "../model/frame.ts";
import { toNumbers } from "../model/numbers.ts";
import { Batch, type BatchColumn, takeFrom } from "./columns/batch.ts";
import { compileCondition } from "./compile.ts";
import { coerceCondition } from "./expression/coerce.ts";
import { rowsWhere } from "./mask.ts";
import { Reduction } from "./reduce/reduction.ts";

/**
 * Returns the rows of a frame for which a condition is true.
 *
 * @throws `invalid-argument` for a condition that does not fit the columns
 * @example
 * mask(frame, gt(col("value"), 20))
 * mask(frame, '(isin self.station (list "Uccle" "Ghent"))')
 */
export function mask(frame: Frame, condition: Condition): Frame {
  checkArguments("mask", frame, condition);
  const { batch, types, columns } = toBatch(frame);
  const rows = rowsWhere(batch, compileCondition(coerceCondition(condition), types, new Set()));
  return new Frame(
    columns.map(({ name, type, data }) => ({ name, type, data: takeFrom(data, types.get(name)!, rows) })),
  );
}

/**
 * Computes new columns: of each row, or, if any of them has an aggregate, of groups of rows. Rows for which
 * all columns without an aggregate are equal form a group, and groups are sorted by these columns; see
 * {@link Series.reduce}.
 *
 * @throws `invalid-argument` for expressions that do not fit the columns
 * @example
 * reduce(frame, { day: floor(col("timestamp"), "day"), top: max(col("value")) })
 */
export function reduce(
  frame: Frame,
  columns: Readonly<Record<string, Expression | string>>,
  options: { where?: Condition } = {},
): Frame {
  checkArguments("reduce", frame, columns, options);
  const { batch, types, columns: input } = toBatch(frame);
  const reducer = new Reduction(columns, options.where, types).start();
  reducer.add(batch);
  const result = reducer.finish();
  return new Frame(input.some(isNumbers) ? result.map(asNumbers) : result);
}

function toBatch(frame: Frame) {
  const columns = frame.parts();
  const types = new Map<string, DType>();
  const parts = new Map<string, BatchColumn>();
  for (const { name, type, data } of columns) {
    const dtype = parseDType(type);
    types.set(name, dtype);
    parts.set(name, { dtype, data });
  }
  return { columns, types, batch: new Batch(frame.length, parts) };
}

/** Whether a column was read with the option `numbers`. */
const isNumbers = ({ type, data }: NamedColumn): boolean =>
  data instanceof Float64Array && !["float64", "complex128"].includes(parseDType(type).name);

const asNumbers = ({ name, type, data }: NamedColumn): NamedColumn => ({
  name,
  type,
  data: toNumbers(data, parseDType(type)),
});
