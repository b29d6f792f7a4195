import { describe, expect, test } from "vitest";
import {
  integerRange,
  parseComplex,
  parseFloatText,
  parseIntegerBytes,
} from "../../src/interchange/values/parse-number.ts";
import { parseDType } from "../../src/model/dtype.ts";

const parseInteger = (text: string, type: string) => {
  const bytes = new TextEncoder().encode(text);
  return parseIntegerBytes(bytes, 0, bytes.length, integerRange(parseDType(type)));
};

test("numbers in all notations", () => {
  for (const [text, value] of [
    ["1.", 1],
    [".5", 0.5],
    ["1.5e3", 1500],
    ["1e-2", 0.01],
    ["+2", 2],
    ["-inf", Number.NEGATIVE_INFINITY],
    [".", undefined],
    ["1..2", undefined],
    ["1e", undefined],
  ] as const)
    expect(parseFloatText(text, "."), text).toBe(value);
  expect(parseComplex("(1.5-2j)")).toEqual([1.5, -2]);
  expect(parseComplex("1.e2+.5j")).toEqual([100, 0.5]);
  expect(parseComplex("infj")).toEqual([0, Number.POSITIVE_INFINITY]);
  expect(parseComplex("1-2")).toBeUndefined();
  expect(parseInteger("00000000000000000000017.0", "int64")).toBe(17n);
  expect(parseInteger("0000000000000000000000", "int64")).toBe(0n);
  expect(parseInteger("18446744073709551615", "uint64")).toBe(2n ** 64n - 1n);
  expect(parseInteger("18446744073709551616", "uint64")).toBeUndefined();
  expect(parseInteger("118446744073709551615", "uint64")).toBeUndefined();
});

// What took quadratic or cubic time would not end before the test's timeout.
describe("takes linear time for a long cell of", () => {
  test.each(["0", "1", ".", "1.", "e", "1e", "+", "1+", "j"])("%s", (part) => {
    for (const end of ["", "x", "j"]) {
      const text = part.repeat(300_000) + end;
      parseFloatText(text, ".");
      parseComplex(text);
      parseInteger(text, "int64");
    }
  });
});
