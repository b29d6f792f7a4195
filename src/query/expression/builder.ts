import type {
  AggregateNode,
  CallNode,
  ColumnNode,
  GroupExpression,
  Literal,
  RowExpression,
} from "../../model/expression.ts";
import type { AggregateName } from "../reduce/aggregates.ts"; // types only: pages build trees, the worker runs them

/** Something of a row: an expression, or a constant. */
export type Row = RowExpression | Literal;
/** Something of a group. */
export type Group = GroupExpression | Literal;

/** A calendar unit, as Python Lakota names it or in full; `"15m"` and the like are so many seconds, minutes or hours. */
export type CalendarUnit =
  | "Y"
  | "Q"
  | "M"
  | "W"
  | "D"
  | "h"
  | "m"
  | "s"
  | "year"
  | "quarter"
  | "month"
  | "week"
  | "day"
  | "hour"
  | "minute"
  | "second"
  | `${number}${"h" | "m" | "s"}`;

/** Between two values of a quantile: as numpy has it. */
export type Interpolation = "linear" | "lower" | "higher" | "nearest" | "midpoint";

interface Unary {
  (x: Row): RowExpression;
  (x: Group): GroupExpression;
}
interface Binary {
  (a: Row, b: Row): RowExpression;
  (a: Group, b: Group): GroupExpression;
}
interface Variadic {
  (first: Row, ...rest: Row[]): RowExpression;
  (first: Group, ...rest: Group[]): GroupExpression;
}

type Any = RowExpression | GroupExpression | CallNode<Any>;

const isNode = (x: Row | Group): x is RowExpression | GroupExpression =>
  typeof x === "object" && !(x instanceof Date);
const node = (x: Row | Group): RowExpression | GroupExpression => (isNode(x) ? x : { op: "value", value: x });
const rowNode = (x: Row): RowExpression =>
  typeof x === "object" && !(x instanceof Date) ? x : { op: "value", value: x };

/** Of rows where all arguments are of rows, else of groups: the compiler sees to it that they do not mix. */
function variadic(name: string): Variadic {
  function make(...args: Row[]): RowExpression;
  function make(...args: Group[]): GroupExpression;
  function make(...args: (Row | Group)[]): Any {
    return { op: "call", name, args: args.map(node) };
  }
  return make;
}
const unary = (name: string): Unary => variadic(name);
const binary = (name: string): Binary => variadic(name);

const ofTime =
  (name: string) =>
  (time: Row, zone?: string): RowExpression => ({
    op: "call",
    name,
    args: [time, ...(zone === undefined ? [] : [zone])].map(rowNode),
  });

const aggregateNode = (name: AggregateName, args: readonly Row[]): AggregateNode => ({
  op: "aggregate",
  name,
  args: args.map(rowNode),
});
const aggregate =
  (name: AggregateName) =>
  (x: Row): AggregateNode =>
    aggregateNode(name, [x]);

/**
 * A column.
 *
 * @example
 * gt(col("value"), 20)
 */
export const col = (name: string): ColumnNode => ({ op: "column", name });

export const add = variadic("+");
export const sub = variadic("-");
export const mul = variadic("*");
/** Division; of integers too a float64. */
export const div = variadic("/");
/** Division, rounded down. */
export const floorDiv = binary("//");
/** What is left by {@link floorDiv}; it has the sign of the divisor. */
export const mod = variadic("%");
/** Power, as a float64. */
export const pow = binary("**");
export const neg = unary("neg");
export const abs = unary("abs");
export const sqrt = unary("sqrt");
export const exp = unary("exp");
/** The natural logarithm. */
export const log = unary("log");
export const log10 = unary("log10");
/** Integers and truth values as float64, so that no sum of them can be too large. */
export const float64 = unary("float64");

export const eq = binary("=");
export const ne = binary("!=");
export const lt = binary("<");
export const le = binary("<=");
export const gt = binary(">");
export const ge = binary(">=");

export const and = variadic("and");
export const or = variadic("or");
export const not = unary("not");

/**
 * Whether a value is one of a list.
 *
 * @example
 * isin(col("station"), ["Uccle", "Ghent"])
 */
export const isin = (x: Row, list: readonly Literal[]): RowExpression => ({
  op: "call",
  name: "isin",
  args: [x, ...list].map(rowNode),
});

/** Whether a value is missing: NaN, or a time that is none. */
export const isnan = unary("isnan");

/**
 * The beginning of the calendar unit that a time lies in: by UTC, or by the clocks of a time zone such as
 * `"Europe/Brussels"`. Weeks begin on Monday. The result is a moment, in the column's own type.
 *
 * @example
 * floor(col("timestamp"), "day", "Europe/Brussels")
 * floor(col("timestamp"), "15m")
 */
export const floor = (time: Row, unit: CalendarUnit, zone?: string): RowExpression => ({
  op: "call",
  name: "floor",
  args: [time, unit, ...(zone === undefined ? [] : [zone])].map(rowNode),
});

/** What the clocks of a time zone show, as a time without a zone. */
export const asTz = (time: Row, zone: string): RowExpression => ofTime("as-tz")(time, zone);

export const year = ofTime("year");
/** 1 to 12. */
export const month = ofTime("month");
/** Of the month, 1 to 31. */
export const day = ofTime("day");
export const hour = ofTime("hour");
export const minute = ofTime("minute");
export const second = ofTime("second");
/** 1 (Monday) to 7 (Sunday). */
export const weekday = ofTime("weekday");

/**
 * A length of time, to be added to times, or compared with differences of them.
 *
 * @example
 * add(col("timestamp"), duration(90, "m"))
 */
export const duration = (
  count: number,
  unit: "W" | "D" | "h" | "m" | "s" | "ms" | "us" | "ns",
): RowExpression => ({
  op: "call",
  name: "timedelta64",
  args: [count, unit].map(rowNode),
});

/** The lowest value of a group; missing ones are left out, as by all aggregates but {@link count}. */
export const min = aggregate("min");
/** The highest value of a group. */
export const max = aggregate("max");
export const sum = aggregate("sum");
export const mean = aggregate("mean");
/** The first value of a group, in the order of the rows. */
export const first = aggregate("first");
export const last = aggregate("last");
/** Rows of a group, missing values included. */
export const count = (x?: Row): AggregateNode => aggregateNode("count", x === undefined ? [] : [x]);

/**
 * The value below which a part of a group lies; 0.5 is the median. All values of all groups are held in memory until
 * the end.
 */
export const quantile = (x: Row, q = 0.5, interpolation: Interpolation = "linear"): AggregateNode =>
  aggregateNode("quantile", [x, q, interpolation]);
