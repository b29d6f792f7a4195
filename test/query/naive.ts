/** What expressions mean, row by row and in plain steps: written anew, without any of the code under test. */
import type { Expression, GroupExpression, RowExpression } from "../../src/model/expression.ts";

/** Integers and times (counts of seconds) are bigints, floats numbers; missing times are null. */
export type Value = bigint | number | boolean | string | null;
export type Row = Readonly<Record<string, Value>>;

const isNaNOrNull = (value: Value) => value === null || Number.isNaN(value);
const both = (a: Value, b: Value) => typeof a === "bigint" && typeof b === "bigint";
const num = (value: Value) => Number(value);

export function evaluate(node: RowExpression, row: Row): Value {
  switch (node.op) {
    case "column":
      return row[node.name]!;
    case "value":
      if (node.value instanceof Date) throw new Error("no dates here");
      return typeof node.value === "number" && Number.isInteger(node.value) ? BigInt(node.value) : node.value;
    case "call":
      return call(
        node.name,
        node.args.map((arg) => evaluate(arg, row)),
      );
  }
}

function call(name: string, args: Value[]): Value {
  const [a = null, b = null] = args;
  switch (name) {
    case "+":
      return args.reduce((x, y) => (both(x, y) ? (x as bigint) + (y as bigint) : num(x) + num(y)));
    case "-":
      return args.reduce((x, y) => (both(x, y) ? (x as bigint) - (y as bigint) : num(x) - num(y)));
    case "*":
      return args.reduce((x, y) => (both(x, y) ? (x as bigint) * (y as bigint) : num(x) * num(y)));
    case "/":
      return num(a) / num(b);
    case "neg":
      return typeof a === "bigint" ? -a : -num(a);
    case "<":
      return !isNaNOrNull(a) && !isNaNOrNull(b) && compare(a, b) < 0;
    case "<=":
      return !isNaNOrNull(a) && !isNaNOrNull(b) && compare(a, b) <= 0;
    case ">":
      return call("<", [b, a]);
    case ">=":
      return call("<=", [b, a]);
    case "=":
      return !isNaNOrNull(a) && !isNaNOrNull(b) && compare(a, b) === 0;
    case "!=":
      return !call("=", args);
    case "and":
      return args.every((arg) => arg);
    case "or":
      return args.some((arg) => arg);
    case "not":
      return !a;
    case "isnan":
      return isNaNOrNull(a);
    case "isin":
      return args.slice(1).some((item) => call("=", [a, item]));
    case "floor": {
      if (a === null) return null;
      const size = b === "D" ? 86_400 : 3_600;
      return BigInt(Math.floor(Number(a) / size) * size);
    }
    default:
      throw new Error(`no ${name} here`);
  }
}

/** Code points, numbers and bigints by value; NaN and null last. */
export function compare(a: Value, b: Value): number {
  if (typeof a === "string" && typeof b === "string") {
    const [x, y] = [[...a], [...b]].map((text) => text.map((sign) => sign.codePointAt(0)!)) as [
      number[],
      number[],
    ];
    for (let i = 0; i < Math.min(x.length, y.length); i++) if (x[i] !== y[i]) return x[i]! - y[i]!;
    return x.length - y.length;
  }
  if (isNaNOrNull(a) || isNaNOrNull(b)) return Number(isNaNOrNull(a)) - Number(isNaNOrNull(b));
  return a! < b! ? -1 : a! > b! ? 1 : 0;
}

function group(node: GroupExpression, rows: readonly Row[]): Value {
  if (node.op === "value") return evaluate(node, {});
  if (node.op === "call")
    return call(
      node.name,
      node.args.map((arg) => group(arg, rows)),
    );
  if (node.name === "count") return BigInt(rows.length);
  const values = rows.map((row) => evaluate(node.args[0]!, row));
  const some = values.filter((value) => !isNaNOrNull(value));
  const none = values[0] === null || typeof values[0] === "bigint" ? null : Number.NaN;
  const integers = values.every((value) => typeof value === "bigint" || typeof value === "boolean");
  switch (node.name) {
    case "first":
      return some[0] ?? none;
    case "last":
      return some.at(-1) ?? none;
    case "min":
      return [...some].sort(compare)[0] ?? none;
    case "max":
      return [...some].sort(compare).at(-1) ?? none;
    case "sum":
      if (integers) return values.reduce<bigint>((sum, value) => sum + BigInt(value as bigint), 0n);
      return some.reduce<number>((sum, value) => sum + num(value), 0);
    case "mean":
      return num(group({ ...node, name: "sum" }, rows)) / some.length;
    case "quantile": {
      const sorted = some.map(num).sort((x, y) => x - y);
      if (sorted.length === 0) return Number.NaN;
      const at = num(evaluate(node.args[1]!, {})) * (sorted.length - 1);
      return sorted[Math.floor(at)]!; // "lower"
    }
    default:
      throw new Error(`no ${node.name} here`);
  }
}

const hasAggregate = (node: Expression): node is GroupExpression =>
  node.op === "aggregate" || (node.op === "call" && node.args.some(hasAggregate));

/** Columns of the answer. */
export function reduceRows(
  columns: Readonly<Record<string, RowExpression | GroupExpression>>,
  where: RowExpression,
  all: readonly Row[],
): Record<string, Value[]> {
  const rows = all.filter((row) => evaluate(where, row));
  const nodes = Object.entries(columns);
  if (!nodes.some(([, node]) => hasAggregate(node))) {
    return Object.fromEntries(
      nodes.map(([name, node]) => [name, rows.map((row) => evaluate(node as RowExpression, row))]),
    );
  }
  const keys = nodes.filter(([, node]) => !hasAggregate(node)).map(([, node]) => node as RowExpression);
  const groups: { key: Value[]; rows: Row[] }[] = [];
  for (const row of rows) {
    const key = keys.map((node) => evaluate(node, row));
    const found = groups.find((one) => one.key.every((value, i) => compare(value, key[i]!) === 0));
    if (found) found.rows.push(row);
    else groups.push({ key, rows: [row] });
  }
  groups.sort((a, b) => {
    const at = a.key.findIndex((value, i) => compare(value, b.key[i]!) !== 0);
    return at < 0 ? 0 : compare(a.key[at]!, b.key[at]!);
  });
  return Object.fromEntries(
    nodes.map(([name, node]) => [
      name,
      groups.map((one) =>
        hasAggregate(node) ? group(node, one.rows) : evaluate(node as RowExpression, one.rows[0]!),
      ),
    ]),
  );
}
