/**
 * `lakota/query`: expressions, for filters and aggregates. What is built here goes to `series.read({ where })` and
 * `series.reduce({ columns })`, whose work is done where the repo is, or to {@link mask} and {@link reduce} of a frame in
 * hand.
 *
 * @module
 */
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
export * from "./query/expression/builder.ts";
export { parseExpression } from "./query/expression/parse.ts";
export { mask, reduce } from "./query/frames.ts";
