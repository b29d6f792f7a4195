import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import type { Expression, GroupExpression, Literal, RowExpression } from "../../src/model/expression.ts";
import { formatExpression } from "../../src/query/expression/format.ts";
import { AGGREGATES, CALLS } from "../../src/query/expression/signatures.ts";
import * as q from "../../src/query.ts";

const { col, parseExpression: parse } = q;

test("a long word is refused in linear time", () => {
  for (const part of ["0", "1.", "1e", "_"])
    expect(() => parse(`${part.repeat(300_000)}x`)).toThrow(
      expect.objectContaining({ code: "invalid-argument" }),
    );
});

describe("text and builder make the same tree", () => {
  const pairs: [text: string, tree: Expression][] = [
    ["self.value", col("value")],
    ['(col "a b")', col("a b")],
    ["(> self.value 20)", q.gt(col("value"), 20)],
    ["(+ 1 self.n -2.5e-3)", q.add(1, col("n"), -2.5e-3)],
    ["(and (< self.a 1) (~ (isnan self.b)))", q.and(q.lt(col("a"), 1), q.not(q.isnan(col("b"))))],
    ["(or true (not_equal self.a nan))", q.or(true, q.ne(col("a"), Number.NaN))],
    ["(in self.n (list 1 2))", q.isin(col("n"), [1, 2])],
    ['(isin self.s (list "a" \'b"c\'))', q.isin(col("s"), ["a", 'b"c'])],
    ['(floor self.t "D")', q.floor(col("t"), "D")],
    ['(floor self.t "15m" "Asia/Kolkata")', q.floor(col("t"), "15m", "Asia/Kolkata")],
    ['(as-tz self.t "Europe/Brussels")', q.asTz(col("t"), "Europe/Brussels")],
    ["(hour self.t)", q.hour(col("t"))],
    ['(+ self.t (timedelta64 90 "m"))', q.add(col("t"), q.duration(90, "m"))],
    ["(len)", q.count()],
    ["(count self.a)", q.count(col("a"))],
    ["(average self.a)", q.mean(col("a"))],
    ['(quantile self.a 0.5 "linear")', q.quantile(col("a"))],
    ["(- (max self.a) (min self.a))", q.sub(q.max(col("a")), q.min(col("a")))],
    ["(* 9007199254740993 self.n)", q.mul(9007199254740993n, col("n"))],
    ["# what is hot\n(>= self.value 1_000) # so", q.ge(col("value"), 1000)],
    ["(//self.n 2)", q.floorDiv(col("n"), 2)],
    ["(** self.n 2)", q.pow(col("n"), 2)],
  ];
  test.each(pairs)("%s", (text, tree) => {
    expect(parse(text)).toEqual(tree);
    expect(structuredClone(tree)).toEqual(tree);
  });

  test("a name, outermost", () => {
    expect(parse('(as (max self.a) "top")')).toEqual({ op: "as", of: q.max(col("a")), name: "top" });
  });
});

const literal: fc.Arbitrary<Literal> = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
  fc.string().filter((text) => !(text.includes('"') && text.includes("'"))),
);
const { tree } = fc.letrec<{ tree: RowExpression }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    fc.record({ op: fc.constant("value" as const), value: literal }),
    fc.record({ op: fc.constant("column" as const), name: fc.stringMatching(/^[^"]+$/) }),
    fc.constantFrom(...CALLS).chain(({ name, least, most }) =>
      fc.record({
        op: fc.constant("call" as const),
        name: fc.constant(name),
        args: fc.array(tie("tree"), { minLength: least, maxLength: Math.min(most, 3) }),
      }),
    ),
  ),
}));

test("what is written out is read again", () => {
  const large = [2 ** 53, -(2 ** 53), 2 ** 63, 1e21, 1e-7].map(
    (value) => [{ op: "value", value } as const] as [RowExpression],
  );
  fc.assert(
    fc.property(tree, (node) => {
      expect(parse(formatExpression(node))).toEqual(node);
    }),
    { examples: large },
  );
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
  ])("%s", (text, message) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ code: "invalid-argument", message: expect.stringMatching(message) }),
    );
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

test("the documentation has every function, in both notations", () => {
  const page = readFileSync(new URL("../../docs/api.md", import.meta.url), "utf8");
  const [, section = ""] = page.split("## Filters and aggregates");
  for (const { name } of [...CALLS, ...AGGREGATES]) expect(section).toContain(`\`(${name}`);
  const noFunctions = ["mask", "reduce", "parseExpression"];
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
