/**
 * `lakota/query`: expressions for filters and aggregates. `series.read({ where })` and `series.reduce({
 * columns })` take them and do the work where the repo is; {@link mask} and {@link reduce} apply them to a
 * frame in memory.
 *
 * An expression is a tree of plain objects, which most functions here build. Text is accepted in place of a tree:
 * `value > 30`, or `(> self.value 30)` as in Python Lakota. See {@link parseExpression}.
 *
 * ```ts
 * import { openRepo, Schema } from "lakota/engine";
 * import { col, floor, gt, max } from "lakota/query";
 *
 * const repo = await openRepo("memory://");
 * const schema = new Schema({ timestamp: "timestamp*", value: "float" });
 * const series = (await repo.createCollection(schema, "temperature")).series("Brussels");
 * await series.write({ timestamp: ["2026-03-01T06", "2026-03-01T12", "2026-03-02T12"], value: [4, 31, 35] });
 *
 * const hot = await series.read({ where: gt(col("value"), 30) });
 * console.log(hot.length); // 2
 * const columns = { day: floor(col("timestamp"), "day"), top: max(col("value")) };
 * const days = await series.reduce({ columns });
 * console.log(days.get("top")); // Float64Array(2) [ 31, 35 ]
 * repo.close();
 * ```
 *
 * @module
 */

// Expressions, as types and as text

export type {
  AggregateNode,
  CallNode,
  ColumnNode,
  Condition,
  Expression,
  GroupExpression,
  Literal,
  NamedNode,
  RowExpression,
  ValueNode,
} from "./model/expression.ts";
export type { CalendarUnit, Group, Interpolation, Row } from "./query/expression/builder.ts";
export { formatExpression } from "./query/expression/format.ts";
export { parseExpression } from "./query/expression/parse.ts";

// Columns, arithmetic and mathematical functions

export {
  abs,
  add,
  col,
  cols,
  div,
  exp,
  float64,
  floorDiv,
  log,
  log10,
  mod,
  mul,
  neg,
  pow,
  sqrt,
  sub,
} from "./query/expression/builder.ts";

// Comparisons and logic

export { and, eq, ge, gt, isin, isnan, le, lt, ne, not, or } from "./query/expression/builder.ts";

// Times

export {
  asTz,
  day,
  duration,
  floor,
  hour,
  minute,
  month,
  second,
  weekday,
  year,
} from "./query/expression/builder.ts";

// Aggregates

export { count, first, last, max, mean, min, quantile, sum } from "./query/expression/builder.ts";

// Frames in memory

export { mask, reduce } from "./query/frames.ts";
