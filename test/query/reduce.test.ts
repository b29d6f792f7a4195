import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDType } from "../../src/model/dtype.ts";
import { encodeStrings } from "../../src/model/encode-strings.ts";
import type { Expression, GroupExpression, RowExpression } from "../../src/model/expression.ts";
import { Frame } from "../../src/model/frame.ts";
import { Strings } from "../../src/model/strings.ts";
import { NAT } from "../../src/model/time.ts";
import { Batch } from "../../src/query/columns/batch.ts";
import { Reduction } from "../../src/query/reduce/reduction.ts";
import {
  col,
  count,
  floor,
  max,
  mean,
  min,
  parseExpression,
  quantile,
  reduce,
  sum,
} from "../../src/query.ts";
import { type Row, reduceRows, type Value } from "./naive.ts";

const TYPES = {
  t: "datetime64[s]",
  f: "float64",
  g: "float32",
  n: "int64",
  big: "int64",
  small: "int8",
  flag: "bool",
  text: "<U0",
} as const;

const row: fc.Arbitrary<Row> = fc.record({
  t: fc.option(
    fc.integer({ min: -200_000, max: 200_000 }).map((seconds) => BigInt(seconds)),
    { freq: 8 },
  ),
  f: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: -9, max: 9 }).map((n) => n / 2) },
    { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0) },
  ),
  g: fc.oneof(
    fc.integer({ min: -3, max: 3 }).map((n) => n / 4),
    fc.constant(Number.NaN),
  ),
  n: fc.bigInt({ min: -5n, max: 5n }),
  big: fc.oneof(fc.bigInt({ min: -5n, max: 5n }), fc.bigInt({ min: -(2n ** 58n), max: 2n ** 58n })),
  small: fc.bigInt({ min: -128n, max: 127n }),
  flag: fc.boolean(),
  text: fc.constantFrom("", "a", "b", "é", "\ue000", "🙂", "ab"),
});

/** The rows as columns. */
function batchOf(rows: readonly Row[]): Batch {
  const all = <T>(name: keyof typeof TYPES, convert: (value: Value) => T) =>
    rows.map((one) => convert(one[name]!));
  const data = {
    t: BigInt64Array.from(all("t", (value) => (value === null ? NAT : (value as bigint)))),
    f: Float64Array.from(all("f", Number)),
    g: Float32Array.from(all("g", Number)),
    n: BigInt64Array.from(all("n", (value) => value as bigint)),
    big: BigInt64Array.from(all("big", (value) => value as bigint)),
    small: Int8Array.from(all("small", Number)),
    flag: Uint8Array.from(all("flag", Number)),
    text: encodeStrings(all("text", String)),
  };
  const columns = Object.entries(data).map(
    ([name, column]) => [name, { dtype: types.get(name)!, data: column }] as const,
  );
  return new Batch(rows.length, new Map(columns));
}
const types = new Map(Object.entries(TYPES).map(([name, type]) => [name, parseDType(type)]));

const callOf = <A>(name: string, ...args: A[]) => ({ op: "call" as const, name, args });
const value = (one: number | string | boolean): RowExpression => ({ op: "value", value: one });

const { number, condition } = fc.letrec<{ number: RowExpression; condition: RowExpression }>((tie) => ({
  number: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<RowExpression>(
      col("f"),
      col("g"),
      col("n"),
      col("big"),
      col("small"),
      value(2),
      value(0.5),
      value(-3),
    ),
    fc
      .tuple(fc.constantFrom("+", "-"), tie("number"), tie("number"))
      .map(([name, a, b]) => callOf(name, a, b)),
    fc
      .tuple(fc.constantFrom(col("f"), col("small"), value(3)), fc.constantFrom(col("n"), value(0.5)))
      .map(([a, b]) => callOf<RowExpression>("*", a, b)),
    tie("number").map((a) => callOf("neg", a)),
    fc.tuple(tie("number"), tie("number")).map(([a, b]) => callOf("/", a, b)),
  ),
  condition: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<RowExpression>(col("flag"), value(true)),
    fc
      .tuple(fc.constantFrom("<", "<=", ">", ">=", "=", "!="), tie("number"), tie("number"))
      .map(([name, a, b]) => callOf(name, a, b)),
    fc
      .tuple(fc.constantFrom("<", "<=", ">", ">=", "=", "!="), fc.constantFrom("a", "\ue000", "🙂", ""))
      .map(([name, text]) => callOf<RowExpression>(name, col("text"), value(text))),
    fc
      .tuple(fc.constantFrom("<", "="), fc.constantFrom(floor(col("t"), "h"), floor(col("t"), "D")))
      .map(([name, b]) => callOf<RowExpression>(name, col("t"), b)),
    fc
      .array(fc.integer({ min: -5, max: 5 }))
      .map((list) => callOf<RowExpression>("isin", col("n"), ...list.map(value))),
    fc
      .array(fc.constantFrom("a", "é", "🙂"))
      .map((list) => callOf<RowExpression>("isin", col("text"), ...list.map(value))),
    fc.constantFrom<RowExpression>(callOf("isnan", col("f")), callOf("isnan", col("t"))),
    tie("condition").map((a) => callOf("not", a)),
    fc
      .tuple(fc.constantFrom("and", "or"), tie("condition"), tie("condition"))
      .map(([name, a, b]) => callOf(name, a, b)),
  ),
}));

const key: fc.Arbitrary<RowExpression> = fc.oneof(
  fc.constantFrom<RowExpression>(
    col("text"),
    col("n"),
    col("big"),
    col("f"),
    col("g"),
    col("flag"),
    col("t"),
    floor(col("t"), "D"),
    floor(col("t"), "h"),
  ),
  condition,
);
const aggregate: fc.Arbitrary<GroupExpression> = fc.oneof(
  fc
    .tuple(fc.constantFrom("min", "max", "first", "last", "sum", "mean"), number)
    .map(([name, of]) => ({ op: "aggregate" as const, name, args: [of] })),
  fc
    .tuple(fc.constantFrom("min", "max", "first", "last"), fc.constantFrom("t", "text", "g"))
    .map(([name, of]) => ({ op: "aggregate" as const, name, args: [col(of)] })),
  condition.map((of) => sum(of)),
  fc.constant(count()),
  fc.constantFrom(0, 0.3, 0.5, 1).map((q) => quantile(col("f"), q, "lower")),
  number.map((of) => callOf<GroupExpression>("-", max(of), min(of))),
);

/** A column of the answer as plain values, to be compared with the naive ones. */
function plain(data: unknown, type: string): Value[] {
  const values = data instanceof Strings ? data.toArray() : Array.from(data as ArrayLike<number | bigint>);
  const { kind } = parseDType(type);
  return values.map((one) => {
    if (kind === "datetime") return one === NAT ? null : one;
    if (kind === "bool") return one === 1;
    if (kind === "int") return BigInt(one);
    return one === 0 ? 0 : one; // -0 is 0
  });
}
const zero = (one: Value): Value => (one === 0 ? 0 : one);

/** Whether an integer somewhere on the way is too large is no matter of this test. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && /does not fit into an int64/.test(error.message)) return undefined;
    throw error;
  }
}

function check(
  columns: Record<string, RowExpression | GroupExpression>,
  where: RowExpression,
  rows: Row[],
  cuts: number[],
) {
  const reducer = new Reduction(columns, where, types).start();
  const ends = [...cuts.map((cut) => cut % (rows.length + 1)), 0, rows.length].sort((a, b) => a - b);
  const found = attempt(() => {
    for (let i = 1; i < ends.length; i++) reducer.add(batchOf(rows.slice(ends[i - 1], ends[i])));
    return reducer.finish();
  });
  if (!found) return;
  const expected = reduceRows(columns, where, rows);
  for (const { name, type, data } of found) {
    const wanted = expected[name]!.map((one) => zero(type === "float32" ? Math.fround(one as number) : one));
    const float = type.startsWith("float");
    expect(plain(data, type), `${name}: ${type}`).toEqual(float ? wanted.map(Number) : wanted);
  }
}

describe("batches of rows are what a naive reader finds", () => {
  const rows = fc.array(row, { maxLength: 40 });
  const cuts = fc.array(fc.nat(), { maxLength: 3 });

  test("computed row by row", () => {
    fc.assert(
      fc.property(rows, cuts, condition, number, condition, key, (all, where, filter, x, y, z) => {
        check({ x, y, z }, filter, all, where);
      }),
      { numRuns: 400 },
    );
  });

  test("in groups", () => {
    fc.assert(
      fc.property(
        rows,
        cuts,
        condition,
        fc.array(key, { maxLength: 3 }),
        fc.array(aggregate, { minLength: 1, maxLength: 4 }),
        (all, where, filter, keys, aggregates) => {
          const named = [...keys, ...aggregates].map((node, i) => [`c${i}`, node] as const);
          check(Object.fromEntries(named), filter, all, where);
        },
      ),
      { numRuns: 600 },
    );
  });
});

const frame = new Frame([
  {
    name: "t",
    type: "datetime64[ns]",
    data: BigInt64Array.of(10n ** 18n, 10n ** 18n + 1n, NAT, 10n ** 18n + 2n),
  },
  { name: "v", type: "float32", data: Float32Array.of(1, Number.NaN, 3, 4) },
  { name: "u", type: "uint64", data: BigUint64Array.of(2n ** 64n - 1n, 1n, 2n, 2n ** 63n) },
  { name: "b", type: "bool", data: Uint8Array.of(1, 0, 1, 1) },
  { name: "s", type: "<U5", data: encodeStrings(["x", "y", "x", "y"]) },
  { name: "o", type: "object", data: [1, { a: 2 }, null, 4] },
]);
const get = (columns: Record<string, Expression | string>, where?: string) => {
  const found = reduce(frame, columns, { where });
  return Object.fromEntries(
    found.columns.map((name) => [name, [found.type(name), ...(found.get(name) as unknown[])]]),
  );
};

describe("types", () => {
  test("are kept by min, max, first, last", () => {
    expect(
      get({
        t: "(max self.t)",
        v: "(min self.v)",
        u: "(max self.u)",
        b: "(min self.b)",
        s: "(max self.s)",
        l: "(last self.t)",
      }),
    ).toEqual({
      t: ["datetime64[ns]", 10n ** 18n + 2n],
      v: ["float32", 1],
      u: ["uint64", 2n ** 64n - 1n],
      b: ["bool", 0],
      s: ["<U5", "y"],
      l: ["datetime64[ns]", 10n ** 18n + 2n],
    });
  });

  test("missing values are left out, but counted, and a group of them", () => {
    expect(
      get({
        s: "s",
        n: "(count self.v)",
        sum: "(sum self.v)",
        mean: "(mean self.v)",
        q: "(quantile self.v)",
      }),
    ).toEqual({
      s: ["<U5", "x", "y"],
      n: ["int64", 2n, 2n],
      sum: ["float64", 4, 4],
      mean: ["float64", 2, 4],
      q: ["float64", 2, 4],
    });
    expect(get({ v: "v", t: "(first self.t)" })).toEqual({
      v: ["float32", 1, 3, 4, Number.NaN],
      t: ["datetime64[ns]", 10n ** 18n, NAT, 10n ** 18n + 2n, 10n ** 18n + 1n],
    });
  });

  test.each([
    [[1, 2, Number.POSITIVE_INFINITY], 0.5, "linear", 2],
    [[1, Number.POSITIVE_INFINITY], 0.5, "linear", Number.POSITIVE_INFINITY],
    [[1, Number.POSITIVE_INFINITY], 0.9, "linear", Number.POSITIVE_INFINITY],
    [[Number.NEGATIVE_INFINITY, 5], 0.1, "midpoint", Number.NEGATIVE_INFINITY],
    [[Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], 0.5, "linear", Number.POSITIVE_INFINITY],
    [[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY], 0.5, "linear", Number.NaN],
  ] as const)("of %o, the quantile %d (%s) is %d", (values, q, interpolation, expected) => {
    const frame = new Frame([{ name: "v", type: "float64", data: Float64Array.from(values) }]);
    expect(reduce(frame, { x: quantile(col("v"), q, interpolation) }).get("x")).toEqual(
      Float64Array.of(expected),
    );
  });

  test("times beside text, dates and milliseconds", () => {
    const at = '"2001-09-09T01:46:40.000000001Z"';
    expect(
      get({
        x: `(= self.t ${at})`,
        y: "(<= self.t 1e12)",
        z: `(isin self.t (list ${at} 1e12))`,
        n: "(!= self.t self.t)",
      }),
    ).toEqual({
      x: ["bool", 0, 1, 0, 0],
      y: ["bool", 1, 0, 0, 0],
      z: ["bool", 1, 1, 0, 0],
      n: ["bool", 0, 0, 1, 0],
    });
    const whole = reduce(frame, { x: parseExpression('(- self.t "2001-09-09T01:46:40")') });
    expect([whole.type("x"), whole.get("x")]).toEqual(["timedelta64[ns]", BigInt64Array.of(0n, 1n, NAT, 2n)]);
    expect(get({ x: '(< self.t "9999-01-01")', y: '(> self.t "NaT")' }).x).toEqual(["bool", 1, 1, 0, 1]);
    expect(() => get({ x: '(< self.t "soon")' })).toThrow(/In "soon": "soon" is not a time/);
  });

  test("lengths of time", () => {
    const data = BigInt64Array.of(3n * 10n ** 18n, NAT, -(10n ** 9n));
    const spans = new Frame([{ name: "d", type: "timedelta64[ns]", data }]);
    const found = reduce(spans, {
      hours: '(/ self.d (timedelta64 1 "h"))',
      sum: '(+ self.d (timedelta64 1 "s"))',
      long: '(>= self.d (timedelta64 -1 "s"))',
      twice: "(* self.d 2)",
      abs: "(abs self.d)",
    });
    expect([...found.numbers("hours")]).toEqual([3e9 / 3600, Number.NaN, -1 / 3600]);
    expect(found.get("sum")).toEqual(BigInt64Array.of(3n * 10n ** 18n + 10n ** 9n, NAT, 0n));
    expect(found.get("long")).toEqual(Uint8Array.of(1, 0, 1));
    expect(found.get("twice")).toEqual(BigInt64Array.of(6n * 10n ** 18n, NAT, -2n * 10n ** 9n));
    expect(found.get("abs")).toEqual(BigInt64Array.of(3n * 10n ** 18n, NAT, 10n ** 9n));
    expect(reduce(spans, { x: "(max self.d)", s: "(sum self.d)" }).get("s")).toEqual(
      BigInt64Array.of(3n * 10n ** 18n - 10n ** 9n),
    );
    expect(() => reduce(spans, { x: "(mean self.d)" })).toThrow(/timedelta64\[ns\]/);
    expect(() => reduce(frame, { x: "(+ self.t self.t)" })).toThrow(/\+ does not accept these types/);
  });

  test("a day beside a moment of it", () => {
    const days = new Frame([{ name: "d", type: "datetime64[D]", data: BigInt64Array.of(0n, 1n) }]);
    const found = reduce(days, {
      x: '(< self.d "1970-01-01T12:00")',
      y: '(isin self.d (list "1970-01-02T00:00" "1970-01-01T12:00"))',
    });
    expect([found.get("x"), found.get("y")]).toEqual([Uint8Array.of(1, 0), Uint8Array.of(0, 1)]);
  });

  test("integers are exact, or refused", () => {
    expect(get({ x: "(- self.u 1)", s: "(= self.u 18446744073709551615)" }, "(< self.u 9)")).toEqual({
      x: ["int64", 0n, 1n],
      s: ["bool", 0, 0],
    });
    expect(() => get({ x: "(- self.u 1)" })).toThrow(
      /18446744073709551614 does not fit into an int64.*float64/,
    );
    expect(() => get({ x: "(sum self.u)" })).toThrow(/does not fit/);
    expect(get({ x: "(mean self.u)" }).x).toEqual(["float64", (1.5 * 2 ** 64 + 2) / 4]);
    expect(() => get({ x: "(// 3 (- self.b self.b))" })).toThrow(/cannot be divided by 0/);
    expect(get({ x: "(// 3.5 (float64 0))" }).x).toEqual([
      "float64",
      ...Array(4).fill(Number.POSITIVE_INFINITY),
    ]);
  });

  test("a frame of numbers gives one", () => {
    const numbers = new Frame([
      { name: "t", type: "datetime64[s]", data: Float64Array.of(0, 3_600_000, 90_000_000) },
      { name: "n", type: "int64", data: Float64Array.of(1, 2, 3) },
    ]);
    const found = reduce(numbers, { day: floor(col("t"), "D"), n: sum(col("n")) });
    expect([found.get("day"), found.get("n")]).toEqual([
      Float64Array.of(0, 86_400_000),
      Float64Array.of(3, 3),
    ]);
    expect(found.type("day")).toBe("datetime64[s]");
  });
});

describe("invalid expressions are refused before any row is read", () => {
  test.each([
    [{ x: "(mean self.s)" }, /In mean\(s\): it takes numbers; s is <U5/],
    [{ x: "(max self.o)" }, /max\(o\).*o is object/],
    [{ x: "(max self.nope)" }, /In max\(nope\): there is no column "nope"\. There are: t, v, u, b, s, o/],
    [{ x: "(max (+ 1 (min self.v)))" }, /min\(v\) is a value of a whole group/],
    [{ x: "(- (max self.v) self.v)" }, /In v: a column beside an aggregate has to be in an aggregate too/],
    [{ x: "(+ self.s 1)" }, /\+ does not accept these types: s is <U5, 1 is int64/],
    [{ x: "(< self.s 1)" }, /cannot be compared/],
    [{ x: "(< self.t self.v)" }, /cannot be compared/],
    [{ x: "(and self.v true)" }, /and takes conditions.*; v is float32/],
    [{ x: "(isin self.v (list self.v))" }, /a list holds constants/],
    [{ x: '(isin self.v (list "a"))' }, /cannot be compared/],
    [{ x: "(isnan self.s)" }, /isnan takes numbers and times/],
    [{ x: "(sqrt self.t)" }, /sqrt takes numbers/],
    [{ x: "(quantile self.v 2)" }, /2 is not a number from 0 to 1/],
    [{ x: '(quantile self.v 0.5 "best")' }, /"best" is not one of linear/],
    [{ o: "o", n: "(count)" }, /groups need keys of numbers, times or text; o is object/],
    [{ x: '(timedelta64 1 "M")' }, /timedelta64 takes a whole number and/],
    [{ x: '(as (max self.v) "y")', y: "(min self.v)" }, /Two columns are named "y"/],
    [{}, /Name the columns/],
  ])("%j", (columns: Record<string, string>, message) => {
    expect(() => reduce(frame, columns)).toThrow(
      expect.objectContaining({ code: "invalid-argument", message: expect.stringMatching(message) }),
    );
  });

  test("invalid trees and conditions", () => {
    const odd = { op: "call", name: "+", args: [{ op: "value" }] } as unknown as Expression;
    expect(() => reduce(frame, { x: odd })).toThrow(/is not an expression/);
    expect(() => reduce(frame, { x: { op: "call", name: "eval", args: [] } })).toThrow(/no function "eval"/);
    expect(() => reduce(frame, { x: "(count)" }, { where: "self.v" })).toThrow(
      /a condition is needed, such as .*; v is float32/,
    );
    expect(() => reduce(frame, { x: "(count)" }, { where: "(> (max self.v) 1)" })).toThrow(
      /of a whole group/,
    );
  });
});

test("no rows give no groups", () => {
  expect(get({ n: "(count)", top: "(max self.v)" }, "false")).toEqual({ n: ["int64"], top: ["float32"] });
  expect(get({ s: "s", n: "(count)" }, "false")).toEqual({ s: ["<U5"], n: ["int64"] });
});

test("columns of the answer have memory of their own", () => {
  const found = reduce(frame, { a: "v", b: "v", c: mean(col("v")) });
  const again = reduce(frame, { a: "v", b: "v" });
  for (const name of ["a", "b"]) {
    expect((again.get(name) as Float32Array).buffer).not.toBe((frame.get("v") as Float32Array).buffer);
  }
  expect((again.get("a") as Float32Array).buffer).not.toBe((again.get("b") as Float32Array).buffer);
  expect(found.length).toBe(4);
});
