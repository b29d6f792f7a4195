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

/** Addition. Integers are exact; with a float the result is float64. A whole number added to a time counts its unit. */
export const add = variadic("+");
/** Subtraction. The difference of two times is a duration. */
export const sub = variadic("-");
/** Multiplication. Integers are exact, and an error beyond 64 bits; see {@link float64}. */
export const mul = variadic("*");
/** Division. The result is float64, also for integers. */
export const div = variadic("/");
/** Division, rounded down. */
export const floorDiv = binary("//");
/** The remainder of {@link floorDiv}; it has the sign of the divisor. */
export const mod = variadic("%");
/** Power, as a float64. */
export const pow = binary("**");
/** The negated value. */
export const neg = unary("neg");
/** The absolute value. */
export const abs = unary("abs");
/** The square root, as a float64; NaN for negative numbers. */
export const sqrt = unary("sqrt");
/** The exponential function, as a float64. */
export const exp = unary("exp");
/** The natural logarithm. */
export const log = unary("log");
/** The logarithm to base 10, as a float64. */
export const log10 = unary("log10");
/** Converts integers and booleans to float64, so that sums do not overflow. */
export const float64 = unary("float64");

/** Whether two values are equal. A missing value equals nothing, not even itself. Times are compared with ISO text, a `Date` or milliseconds. */
export const eq = binary("=");
/** Whether two values differ. */
export const ne = binary("!=");
/** Whether the first value is below the second. Text is compared by code point. */
export const lt = binary("<");
/** Whether the first value is at most the second. */
export const le = binary("<=");
/** Whether the first value is above the second. */
export const gt = binary(">");
/** Whether the first value is at least the second. */
export const ge = binary(">=");

/** Whether all conditions are true. */
export const and = variadic("and");
/** Whether any of the conditions is true. */
export const or = variadic("or");
/** Whether a condition is false. */
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

/**
 * Converts a time to the local time of a zone: what its clocks show, as a time without a zone.
 *
 * @example
 * hour(asTz(col("timestamp"), "Europe/Brussels"))
 */
export const asTz = (time: Row, zone: string): RowExpression => ofTime("as-tz")(time, zone);

/** The year, as a float64; with a zone, in its local time. */
export const year = ofTime("year");
/** 1 to 12. */
export const month = ofTime("month");
/** Day of the month, 1 to 31. */
export const day = ofTime("day");
/** Hour of the day, 0 to 23. */
export const hour = ofTime("hour");
/** Minute of the hour, 0 to 59. */
export const minute = ofTime("minute");
/** Second of the minute, 0 to 59. */
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
/** The sum of a group, 0 without values. Of integers it is an int64; of conditions, the number of those that are true. */
export const sum = aggregate("sum");
/** The mean of a group, as a float64; NaN without values. */
export const mean = aggregate("mean");
/** The first value of a group, in the order of the rows. */
export const first = aggregate("first");
/** The last value of a group, in the order of the rows. */
export const last = aggregate("last");
/**
 * The number of rows of a group, missing values included.
 *
 * @example
 * await series.reduce({ columns: { station: col("station"), rows: count() } });
 */
export const count = (x?: Row): AggregateNode => aggregateNode("count", x === undefined ? [] : [x]);

/**
 * The value below which a fraction `q` of a group lies; 0.5 is the median. All values of all groups are held
 * in memory.
 *
 * @param q from 0 to 1. Default: the median
 * @param interpolation what lies between two values. Default `linear`, as numpy's
 * @example
 * await series.reduce({ columns: { p90: quantile(col("value"), 0.9), lowest: quantile(col("value"), 0.1, "lower") } });
 */
export const quantile = (x: Row, q = 0.5, interpolation: Interpolation = "linear"): AggregateNode =>
  aggregateNode("quantile", [x, q, interpolation]);
