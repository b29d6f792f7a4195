import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import type { Expression, GroupExpression, Literal, RowExpression } from "../../src/model/expression.ts";
import { AGGREGATES, CALLS } from "../../src/query/expression/signatures.ts";
import * as q from "../../src/query.ts";

const { col, formatExpression, parseExpression: parse } = q;
type Row = RowExpression;

test("a long word is refused in linear time", () => {
  for (const part of ["0", "0_", "1.", "1e", '"', "`a``", "(0"])
    expect(() => parse(`${part.repeat(300_000)}x`)).toThrow(
      expect.objectContaining({ code: "invalid-argument" }),
    );
});

describe("both notations and the builder make the same tree", () => {
  const cases: [lisp: string, infix: string, tree: Expression][] = [
    ["self.value", "value", col("value")],
    ['(col "a b")', "`a b`", col("a b")],
    ['(col "a b")', 'col("a b")', col("a b")],
    ["(> self.value 20)", "value > 20", q.gt(col("value"), 20)],
    ["(+ 1 self.n -2.5e-3)", "1 + n + -2.5e-3", q.add(1, col("n"), -2.5e-3)],
    [
      "(and (< self.a 1) (~ (isnan self.b)))",
      "a < 1 and not isnan(b)",
      q.and(q.lt(col("a"), 1), q.not(q.isnan(col("b")))),
    ],
    ["(or true (not_equal self.a nan))", "TRUE or a <> NaN", q.or(true, q.ne(col("a"), Number.NaN))],
    ["(in self.n (list 1 2))", "n in (1, 2)", q.isin(col("n"), [1, 2])],
    ["(not (in self.n (list 1 2)))", "n not in [1, 2]", q.not(q.isin(col("n"), [1, 2]))],
    ['(isin self.s (list "a" \'b"c\'))', 's in (\'a\', "b""c")', q.isin(col("s"), ["a", 'b"c'])],
    ['(floor self.t "D")', 'floor(t, "D")', q.floor(col("t"), "D")],
    [
      '(floor self.t "15m" "Asia/Kolkata")',
      'floor (t, "15m", "Asia/Kolkata")',
      q.floor(col("t"), "15m", "Asia/Kolkata"),
    ],
    ['(as-tz self.t "Europe/Brussels")', 'as_tz(t, "Europe/Brussels")', q.asTz(col("t"), "Europe/Brussels")],
    ["(hour self.t)", "hour(t)", q.hour(col("t"))],
    ['(+ self.t (timedelta64 90 "m"))', 't + duration(90, "m")', q.add(col("t"), q.duration(90, "m"))],
    ["(len)", "count()", q.count()],
    ["(count self.a)", "len(a)", q.count(col("a"))],
    ["(average self.a)", "average(a)", q.mean(col("a"))],
    ['(quantile self.a 0.5 "linear")', 'quantile(a, .5, "linear")', q.quantile(col("a"))],
    ["(- (max self.a) (min self.a))", "max(a) - min(a)", q.sub(q.max(col("a")), q.min(col("a")))],
    ["(* 9007199254740993 self.n)", "9007199254740993 * n", q.mul(9007199254740993n, col("n"))],
    [
      "# what is hot\n(>= self.value 1_000) # so",
      "# what is hot\nvalue >= 1_000 # so",
      q.ge(col("value"), 1000),
    ],
    ["(//self.n 2)", "n//2", q.floorDiv(col("n"), 2)],
    ["(** self.n 2)", "n ** 2", q.pow(col("n"), 2)],
    [
      "(and (> self.close 100) (< self.volume 5e4))",
      "close > 100 and volume < 5e4",
      q.and(q.gt(col("close"), 100), q.lt(col("volume"), 5e4)),
    ],
    [
      '(>= self.t (datetime64 "2026-03-01"))',
      't >= datetime64("2026-03-01")',
      q.ge(col("t"), { op: "call", name: "datetime64", args: [{ op: "value", value: "2026-03-01" }] }),
    ],
    ['(= (col "and") (col "1960"))', "`and` == `1960`", q.eq(col("and"), col("1960"))],
    ["(< self.température.max 0)", "température.max < 0", q.lt(col("température.max"), 0)],
    ["(not true)", "(not true)", q.not(true)],
  ];
  test.each(cases)("%s  %s", (lisp, infix, tree) => {
    expect(parse(lisp)).toEqual(tree);
    expect(parse(infix)).toEqual(tree);
    expect(structuredClone(tree)).toEqual(tree);
  });

  test("a name, outermost", () => {
    const top = { op: "as", of: q.max(col("a")), name: "top" };
    expect(parse('(as (max self.a) "top")')).toEqual(top);
    for (const text of ["max(a) as top", "(max(a)) AS top", "max(a) as 'top'"])
      expect(parse(text)).toEqual(top);
  });

  test("a group without arguments in brackets is Python's, not a column", () => {
    expect(parse("(count)")).toEqual(q.count());
    expect(parse("count")).toEqual(col("count"));
  });
});

describe("operators bind as in Python", () => {
  const [a, b, c, d] = ["a", "b", "c", "d"].map(col) as [Row, Row, Row, Row];
  test.each<[string, Expression]>([
    ["a or b and c", q.or(a, q.and(b, c))],
    ["a and b or c and d", q.or(q.and(a, b), q.and(c, d))],
    ["not a and b", q.and(q.not(a), b)],
    ["not a = b", q.not(q.eq(a, b))],
    ["not not a", q.not(q.not(a))],
    ["a + b < c - d", q.lt(q.add(a, b), q.sub(c, d))],
    ["a + b * c", q.add(a, q.mul(b, c))],
    ["(a + b) * c", q.mul(q.add(a, b), c)],
    ["a - b + c", q.add(q.sub(a, b), c)],
    ["a - b - c", q.sub(a, b, c)],
    ["a - (b - c)", q.sub(a, q.sub(b, c))],
    ["(a - b) - c", q.sub(q.sub(a, b), c)],
    ["a // b // c", q.floorDiv(q.floorDiv(a, b), c)],
    ["a / b % c * d", q.mul(q.mod(q.div(a, b), c), d)],
    ["-a ** b", q.neg(q.pow(a, b))],
    ["-2 ** 2", q.neg(q.pow(2, 2))],
    ["(-2) ** 2", q.pow(-2, 2)],
    ["a ** -b ** c", q.pow(a, q.neg(q.pow(b, c)))],
    ["a ** b ** c", q.pow(a, q.pow(b, c))],
    ["2 * -a + b", q.add(q.mul(2, q.neg(a)), b)],
    ["a - -1", q.sub(a, -1)],
    ["--1", q.neg(-1)],
    ["a + b in (1) and c", q.and(q.isin(q.add(a, b), [1]), c)],
    ["(not (a)) = b", q.eq(q.not(a), b)],
    ["((a)) > 0", q.gt(a, 0)],
    ["a > -inf", q.gt(a, Number.NEGATIVE_INFINITY)],
  ])("%s", (text, tree) => {
    expect(parse(text)).toEqual(tree);
  });
});

const literal: fc.Arbitrary<Literal> = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
  fc.string(),
  fc.stringMatching(/^["'`]*$/),
);
const { tree } = fc.letrec<{ tree: RowExpression }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    fc.record({ op: fc.constant("value" as const), value: literal }),
    fc.record({
      op: fc.constant("column" as const),
      name: fc.oneof(
        fc.string(),
        fc.stringMatching(/^["`]*$/),
        fc.constantFrom("and", "self.a", "nan", "count"),
      ),
    }),
    fc.constantFrom(...CALLS).chain(({ name, least, most }) =>
      fc.record({
        op: fc.constant("call" as const),
        name: fc.constant(name),
        args: fc.array(tie("tree"), { minLength: least, maxLength: Math.min(most, 3) }),
      }),
    ),
  ),
}));

/** Python Lakota's notation has no escapes. */
const hasNoLispForm = (node: RowExpression): boolean =>
  node.op === "call"
    ? node.args.some(hasNoLispForm)
    : /".*'|'.*"/s.test(node.op === "column" ? node.name : String(node.value));

test("what is written out is read again, and both notations are the same tree", () => {
  const large = [2 ** 53, -(2 ** 53), 2 ** 63, 1e21, 1e-7].map(
    (value) => [{ op: "value", value } as const] as [RowExpression],
  );
  fc.assert(
    fc.property(tree, (node) => {
      expect(parse(formatExpression(node))).toEqual(node);
      if (hasNoLispForm(node)) expect(() => formatExpression(node, "lisp")).toThrow(/both kinds of quotes/);
      else expect(parse(formatExpression(node, "lisp"))).toEqual(node);
    }),
    { examples: large },
  );
});

test("a name is written out, a date as text, and what is no tree is refused", () => {
  const named: Expression = { op: "as", of: q.max(col("a b")), name: "or" };
  expect(formatExpression(named)).toBe("max(`a b`) as `or`");
  expect(formatExpression(named, "lisp")).toBe('(as (max (col "a b")) "or")');
  expect(formatExpression(q.ge(col("t"), new Date(0)))).toBe('t >= "1970-01-01T00:00:00.000Z"');
  expect(() => formatExpression({ op: "call", name: "+" } as never)).toThrow(/is not an expression/);
  expect(() => formatExpression(col("a"), "polish" as never)).toThrow(/infix or lisp/);
});

describe("errors name their position", () => {
  test.each([
    ["(max self.a", /ends too early.*character 12.*A "\)" is missing/],
    ["(constructor self.a)", /Unknown function "constructor"/],
    ["(foo self.a)", /Unknown function "foo" at character 2 .*There are: \+ - .*floor.*of groups: min max/],
    ["(max self.a))", /Unexpected "\)" at character 13/],
    ["(max value)", /Unexpected "value" at character 6 .*self\.value/],
    ["(> self.a 'x)", /quote ' is not closed at character 11/],
    ["(- self.a)", /takes 2 or more arguments, not 1.*\(neg x\)/],
    ["(floor self.t)", /\(floor …\) takes 2 to 3 arguments, not 1/],
    ["(isin self.a 1)", /A list is missing at character 14|A list is missing/],
    ["(quantile self.a (kw q 1))", /Not supported: "kw" at character 19.*no named arguments/],
    ["((max self.a))", /A function is missing at character 2/],
    ['(max (as self.a "b"))', /"as".*outermost/],
    ["", /ends too early/],
    ["(neg ".repeat(9999), /More than 200 brackets are open at character 1002/],
    ["self.", /Unexpected "self\."/],
    ["(col value)", /A name is missing/],
    ["a < b < c", /cannot be chained, at character 7 .*Join them with and: a < b and b < …/],
    ["a = b + 1 != c", /cannot be chained.*: a = b \+ 1 and b \+ 1 != …/],
    ["a in (1) + 2", /Unexpected "\+" at character 10 .*and or or/],
    ["close > 100 volume", /Unexpected "volume" at character 13 .*An operator is missing.*`a b`/],
    ["(close > 100 and", /ends too early.*character 17/],
    ["(close > 100", /ends too early.*A "\)" is missing/],
    ["close >", /ends too early.*A value is missing/],
    ["close > 100)", /Unexpected "\)" at character 12/],
    ["close + * 2", /Unexpected "\*".*A value was expected/],
    ["+close", /Unexpected "\+"/],
    ["foo(close)", /Unknown function "foo" at character 1 .*There are: \+ - .*floor.*of groups: min max/],
    ["constructor(close)", /Unknown function "constructor"/],
    ["floor(t)", /floor\(…\) takes 2 to 3 arguments, not 1/],
    ["station in 'Uccle'", /A list is missing at character 12/],
    ["self.close > 100", /Unexpected "self\.close".*its name alone: close/],
    ["a & b", /Unexpected "&" at character 3 .*Write and/],
    ["a && b || !c", /Unexpected "&&".*Write and/],
    ["a === 1", /Write =/],
    ["a = not b", /Unexpected "not".*brackets/],
    ["a is nan", /Unexpected "is".*isnan\(x\)/],
    ["a between 1 and 2", /Write x >= a and x <= b/],
    ["t > 2026-03-01", /A time without quotes at character 5 .*in quotes/],
    ["t > 2026-3-1", /A time without quotes/],
    ["t > 2026/03/01T10:00", /A time without quotes/],
    ["t > 07", /The number 07 begins with 0/],
    ["t > 90m", /"90m" is not a number.*duration\(90, "m"\)/],
    ["1960 > 2x", /"2x" is not a number.*`1960`/],
    ["a = 'it", /quote ' is not closed at character 5/],
    ["`a > 1", /quote ` is not closed at character 1/],
    ["max(a as b)", /Unexpected "as".*only allowed at the end/],
    ["max(a) as 1", /Unexpected "1".*name is missing/],
    ["a ; b", /Unexpected ";" at character 3/],
    ["🙂 > 1", /Unexpected "🙂" at character 1/],
    ["- ".repeat(9999), /More than 200 brackets or operators are nested/],
    ["2 ** ".repeat(9999), /More than 200 brackets or operators are nested/],
    ["(".repeat(9999), /More than 200 brackets or operators are nested/],
    [`1${" + 1 - 1".repeat(9999)}`, /More than 200 brackets or operators are nested/],
    [`1${" + 1".repeat(9999)}`, /\+\(…\) takes at most 1000 arguments, not 1001/],
    [`(+${" 1".repeat(9999)})`, /\(\+ …\) takes at most 1000 arguments, not 9999/],
  ])("%s", (text, message) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ code: "invalid-argument", message: expect.stringMatching(message) }),
    );
  });

  test.each([
    ["close >> 100", ["  close >> 100", "         ^"]],
    ["(max volume)", ["  (max volume)", "       ^^^^^^"]],
    ["a and\n\tbb cc\nand d", ["   bb cc", "      ^^"]],
    ["a >", ["  a >", "     ^"]],
    [
      `${"a + ".repeat(40)}? + ${"a + ".repeat(40)}`,
      [`  …${"a + ".repeat(15)}? + ${"a + ".repeat(14)}…`, `${" ".repeat(63)}^`],
    ],
  ])("the place in %s is marked", (text, marked) => {
    const [, ...excerpt] = messageOf(() => parse(text)).split("\n");
    expect(excerpt).toEqual(marked);
  });

  test("any text is read or refused", () => {
    const pieces = [
      "(",
      ")",
      " ",
      "self.a",
      "1",
      '"',
      "'",
      "#",
      "max",
      "+",
      "list",
      "isin",
      "as",
      "\n",
      "a",
      "not",
      "and",
      "=",
      "-",
      ",",
      "`",
      ...CALLS.map(({ name }) => name),
    ];
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string())), (parts) => {
        try {
          parse(parts.join(""));
        } catch (error) {
          expect(error).toMatchObject({ name: "LakotaError", code: "invalid-argument" });
        }
      }),
    );
  });
});

function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "";
}

test("a bracket begins infix, too, where a name or a text holds what marks the other notation", () => {
  expect(q.parseExpression("(`` + `self.x`) > 0")).toEqual(q.gt(q.add(q.col(""), q.col("self.x")), 0));
});

test("the documentation has every function, in all notations", () => {
  const page = readFileSync(new URL("../../docs/guide.md", import.meta.url), "utf8");
  const [, section = ""] = page.split("## Filters and aggregates");
  for (const { name } of [...CALLS, ...AGGREGATES]) expect(section).toContain(`\`(${name}`);
  const noFunctions = ["mask", "reduce", "parseExpression", "formatExpression"];
  for (const name of Object.keys(q)) if (!noFunctions.includes(name)) expect(section).toContain(`\`${name}(`);
});

test("types keep rows and groups apart", () => {
  expectTypeOf(q.add(col("a"), 1)).toEqualTypeOf<RowExpression>();
  expectTypeOf(q.add(q.max(col("a")), 1)).toEqualTypeOf<GroupExpression>();
  // @ts-expect-error an aggregate of an aggregate
  q.max(q.max(col("a")));
  // @ts-expect-error an aggregate beside a value of each row
  q.add(q.max(col("a")), col("a"));
  // @ts-expect-error no unit
  q.floor(col("t"), "fortnight");
});
