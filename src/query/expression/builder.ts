import { checkArguments } from "../../model/api/arguments.ts";
import type { ColumnTypes, NameOf } from "../../model/column-types.ts";
import { LakotaError } from "../../model/errors.ts";
import type {
  AggregateNode,
  CallNode,
  ColumnNode,
  GroupExpression,
  Literal,
  RowExpression,
} from "../../model/expression.ts";
import type { Schema } from "../../model/schema.ts";
import type { AggregateName } from "./signatures.ts";

/** A value of a row: an expression or a constant. */
export type Row = RowExpression | Literal;
/** A value of a group: an expression or a constant. */
export type Group = GroupExpression | Literal;

/**
 * A calendar unit, in the letters of Python Lakota or in full; `"15m"` is 15 minutes, and likewise with `h`
 * and `s`.
 */
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

/** How a quantile between two values is computed: the methods of numpy. */
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

/** @throws `invalid-argument` for a proxy that cannot be read */
function isNode<T extends RowExpression | GroupExpression>(x: T | Literal): x is T {
  try {
    return typeof x === "object" && !(x instanceof Date);
  } catch (cause) {
    throw new LakotaError("invalid-argument", "An operand of this expression cannot be read.", { cause });
  }
}
const node = (x: Row | Group): RowExpression | GroupExpression => (isNode(x) ? x : { op: "value", value: x });
const rowNode = (x: Row): RowExpression => (isNode(x) ? x : { op: "value", value: x });

/** A call of rows if all arguments are of rows, else of groups. The types keep them from being mixed. */
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
 * Returns the value of a column.
 *
 * @example
 * gt(col("value"), 20)
 */
export const col = (name: string): ColumnNode => ({ op: "column", name });

/**
 * Returns the columns of a schema by name, so that a wrong name does not compile.
 *
 * @throws `invalid-argument` for what is no schema
 * @example
 * const { value, timestamp } = cols(schema);
 * await series.read({ where: and(gt(value, 20), lt(hour(timestamp), 6)) });
 */
export function cols<C extends ColumnTypes>(schema: Schema<C>): { readonly [K in NameOf<C>]: ColumnNode } {
  checkArguments("cols", schema);
  return Object.fromEntries(schema.columns.map(({ name }) => [name, col(name)])) as {
    [K in NameOf<C>]: ColumnNode;
  };
}

export const add = variadic("+");
export const sub = variadic("-");
export const mul = variadic("*");
/** Division. The result is float64, also for integers. */
export const div = variadic("/");
/** Division, rounded down. */
export const floorDiv = binary("//");
/** The remainder of {@link floorDiv}; it has the sign of the divisor. */
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
/** Converts integers and booleans to float64, so that sums do not overflow. */
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
export function isin(x: Row, list: readonly Literal[]): RowExpression {
  checkArguments("isin", x, list);
  return { op: "call", name: "isin", args: [x, ...list].map(rowNode) };
}

/** Whether a value is missing: NaN or NaT. */
export const isnan = unary("isnan");

/**
 * Returns the beginning of the calendar unit in which a time lies: in UTC, or in the local time of a zone
 * such as `"Europe/Brussels"`. Weeks begin on Monday. The result is a time in UTC, of the column's type.
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

/** Converts a time to the local time of a zone. */
export const asTz = (time: Row, zone: string): RowExpression => ofTime("as-tz")(time, zone);

export const year = ofTime("year");
/** 1 to 12. */
export const month = ofTime("month");
/** Day of the month, 1 to 31. */
export const day = ofTime("day");
export const hour = ofTime("hour");
export const minute = ofTime("minute");
export const second = ofTime("second");
/** 1 (Monday) to 7 (Sunday). */
export const weekday = ofTime("weekday");

/**
 * Returns a length of time, to add to times or to compare with differences of times.
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

/** The lowest value of a group. Missing values are ignored, as by all aggregates but {@link count}. */
export const min = aggregate("min");
/** The highest value of a group. */
export const max = aggregate("max");
export const sum = aggregate("sum");
export const mean = aggregate("mean");
/** The first value of a group, in the order of the rows. */
export const first = aggregate("first");
export const last = aggregate("last");
/** The number of rows of a group, missing values included. */
export const count = (x?: Row): AggregateNode => aggregateNode("count", x === undefined ? [] : [x]);

/**
 * The value below which a fraction `q` of a group lies; 0.5 is the median. All values of all groups are held
 * in memory.
 */
export const quantile = (x: Row, q = 0.5, interpolation: Interpolation = "linear"): AggregateNode =>
  aggregateNode("quantile", [x, q, interpolation]);
