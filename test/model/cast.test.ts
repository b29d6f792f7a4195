import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ColumnInput, castColumn } from "../../src/model/cast.ts";
import { type Place, placeValue } from "../../src/model/cast-value.ts";
import type { ColumnData, IndexValue } from "../../src/model/column.ts";
import { encodeStrings } from "../../src/model/encode-strings.ts";
import { fromHalf, toHalf } from "../../src/model/half.ts";
import { type Column, Schema } from "../../src/model/schema.ts";
import { Strings } from "../../src/model/strings.ts";
import { NAT } from "../../src/model/time.ts";
import { halfVectors } from "../codecs/vectors.ts";

const columnOf = (type: string): Column => new Schema({ key: "int*", c: type }).column("c");
const cast = (type: string, input: ColumnInput): ColumnData => castColumn(columnOf(type), input);

describe("a typed array of the column's own class is taken as it is", () => {
  const pairs: [type: string, ColumnData][] = [
    ["float", new Float64Array(1_000_000)],
    ["int", new BigInt64Array(1_000_000)],
    ["timestamp", new BigInt64Array(1_000_000)],
    ["m8[s]", new BigInt64Array(3)],
    ["u8", new BigUint64Array(3)],
    ["f4", new Float32Array(3)],
    ["f2", new Float32Array(3)],
    ["i4", new Int32Array(3)],
    ["u4", new Uint32Array(3)],
    ["i2", new Int16Array(3)],
    ["u2", new Uint16Array(3)],
    ["i1", new Int8Array(3)],
    ["u1", new Uint8Array(3)],
    ["c16", new Float64Array(4)],
    ["c8", new Float32Array(4)],
    ["str", encodeStrings(["a"])],
  ];
  test.each(pairs)("%s", (type, input) => {
    expect(cast(type, input) === input).toBe(true);
  });

  test("also if it is part of a larger buffer", () => {
    const part = new Float64Array(10).subarray(2, 5);
    expect(cast("float", part) === part).toBe(true);
  });

  test("but not in shared memory, which can be neither transferred nor hashed", () => {
    const shared = new Float64Array(new SharedArrayBuffer(16));
    shared.set([1, 2]);
    const own = cast("float", shared) as Float64Array;
    expect(own).toEqual(Float64Array.of(1, 2));
    expect(own.buffer).toBeInstanceOf(ArrayBuffer);
  });
});

describe("values", () => {
  test.each<[type: string, input: ColumnInput, expected: ColumnData]>([
    [
      "float",
      [1, 2n, true, null, undefined, Number.NaN, -0],
      Float64Array.of(1, 2, 1, Number.NaN, Number.NaN, Number.NaN, -0),
    ],
    ["float", Int32Array.of(1, -2), Float64Array.of(1, -2)],
    ["float", BigInt64Array.of(2n ** 53n), Float64Array.of(2 ** 53)],
    ["f4", [0.1, 1e300, null], Float32Array.of(0.1, Number.POSITIVE_INFINITY, Number.NaN)],
    ["int", [1, -2, 3n, 2 ** 53, -0], BigInt64Array.of(1n, -2n, 3n, 2n ** 53n, 0n)],
    ["int", Float64Array.of(1, 2), BigInt64Array.of(1n, 2n)],
    ["int", Int32Array.of(1, 2), BigInt64Array.of(1n, 2n)],
    ["i2", [32767, -32768n], Int16Array.of(32767, -32768)],
    ["u1", new Uint8ClampedArray([0, 255]), Uint8Array.of(0, 255)],
    ["u8", [2n ** 64n - 1n, 0], BigUint64Array.of(2n ** 64n - 1n, 0n)],
    ["bool", [true, false, 1, 0], Uint8Array.of(1, 0, 1, 0)],
    ["bool", Uint8Array.of(1, 0), Uint8Array.of(1, 0)],
    ["c16", [1, 2, 3, 4], Float64Array.of(1, 2, 3, 4)],
    ["c8", Float64Array.of(1, 2), Float32Array.of(1, 2)],
    [
      "timestamp",
      ["1970-01-02", new Date(1500), 2500, 7n, null, -1],
      BigInt64Array.of(86_400n, 1n, 2n, 7n, NAT, -1n),
    ],
    ["date", ["1969-12-31T23:59", Number.NaN], BigInt64Array.of(-1n, NAT)],
    ["M8[ms]", Float64Array.of(1.9), BigInt64Array.of(1n)],
    ["m8[s]", [5, -5n, null], BigInt64Array.of(5n, -5n, NAT)],
    ["str", ["", "é", "🙂"], encodeStrings(["", "é", "🙂"])],
    ["U2", ["🙂🙂", "a"], encodeStrings(["🙂🙂", "a"])],
    ["U2", encodeStrings(["ab"]), encodeStrings(["ab"])],
    ["S2", ["é\xff"], encodeStrings(["é\xff"])],
    ["O", [1, "a", null, { b: [] }], [1, "a", null, { b: [] }]],
    ["O", Float64Array.of(1), [1]],
    ["O", encodeStrings(["a"]), ["a"]],
    ["float", [], new Float64Array(0)],
    ["str", { length: 0 }, encodeStrings([])],
    ["float", { length: 2, 0: 1, 1: 2 }, Float64Array.of(1, 2)],
  ])("%s of %o", (type, input, expected) => {
    expect(cast(type, input)).toEqual(expected);
  });

  test("an object column is a copy", () => {
    const items = [1];
    expect(cast("O", items)).not.toBe(items);
  });
});

describe("refused, naming column, row and value", () => {
  test.each<[type: string, value: unknown, message: string]>([
    ["float", "1", '"1" is not a number'],
    ["float", {}, "[object Object] is not a number"],
    ["float", Object.create(null), "[object Object] is not a number"],
    ["float", Symbol("s"), "Symbol(s) is not a number"],
    ["int", 1.5, "1.5 is not an integer from -9223372036854775808 to 9223372036854775807"],
    ["int", Number.NaN, "NaN is not an integer"],
    ["int", null, "null is not an integer"],
    ["int", true, "true is not an integer"],
    ["int", 2n ** 63n, "9223372036854775808 is not an integer"],
    ["int", 2 ** 63, "9223372036854776000 is not an integer"],
    ["i1", 128, "128 is not an integer from -128 to 127"],
    ["i1", -129n, "-129 is not an integer"],
    ["i4", 2 ** 31, "2147483648 is not an integer"],
    ["u4", -1, "-1 is not an integer from 0 to 4294967295"],
    ["u8", -1n, "-1 is not an integer"],
    ["u8", 2n ** 64n, "18446744073709551616 is not an integer"],
    ["bool", 2, "2 is not true or false"],
    ["bool", null, "null is not true or false"],
    ["timestamp", "yesterday", '"yesterday" is not a time'],
    ["timestamp", true, "true is not a time"],
    ["timestamp", Number.POSITIVE_INFINITY, "Infinity is not a time"],
    ["timestamp", 2n ** 63n, "9223372036854775808 is not a time"],
    ["M8[ns]", "2300-01-01", '"2300-01-01" is not a time'],
    ["m8[s]", 1.5, "1.5 is not an integer"],
    ["str", 5, "5 is not a string"],
    ["str", null, "null is not a string"],
    ["str", "\ud800", "lone surrogate"],
    ["U2", "abc", "at most 2 characters"],
    ["U2", "🙂🙂🙂", "at most 2 characters"],
    ["S2", "abc", "at most 2 characters"],
    ["S2", "Ā", "characters up to U+00FF"],
  ])("%s: %o", (type, value, message) => {
    const good =
      cast(type, []).constructor === Strings ? "a" : /M8/.test(type) || type === "timestamp" ? 0n : 1;
    const fail = () => cast(type, [good, good, value]);
    expect(fail).toThrow(expect.objectContaining({ name: "LakotaError", code: "invalid-frame" }));
    expect(fail).toThrow('Column "c", row 2: ');
    expect(fail).toThrow(message);
  });

  test("a column of text is checked too if its width is fixed", () => {
    expect(() => cast("U2", encodeStrings(["ab", "abc"]))).toThrow('Column "c", row 1: "abc"');
    expect(() => cast("S5", encodeStrings(["Ā"]))).toThrow('Column "c", row 0: "Ā"');
    expect(() => cast("float", encodeStrings(["1"]))).toThrow('Column "c", row 0: "1"');
  });

  test("long values are truncated in the message", () => {
    expect(() => cast("float", ["x".repeat(1000)])).toThrow(/^.{0,120}$/);
  });

  test.each([
    ["c16", [1, 2, 3]],
    ["c16", new Float64Array(3)],
    ["c8", Int8Array.of(1)],
  ])("half a complex number: %s of %o", (type, input) => {
    const refusal = { code: "invalid-frame", message: expect.stringContaining("pairs (real, imaginary)") };
    expect(() => cast(type, input)).toThrow(expect.objectContaining(refusal));
  });

  test.each([
    [5],
    ["text"],
    [null],
    [{}],
    [new DataView(new ArrayBuffer(8))],
    [new Map()],
    [{ length: 1.5 }],
  ])("not a column: %o", (input) => {
    for (const type of ["float", "str", "O"]) {
      const refusal = { code: "invalid-frame", message: expect.stringContaining('Column "c"') };
      expect(() => cast(type, input as unknown as ColumnInput)).toThrow(expect.objectContaining(refusal));
    }
  });
});

test("every integer type takes its range and nothing beyond", () => {
  for (const bits of [8, 16, 32, 64]) {
    for (const [letter, min, max] of [
      ["i", -(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n],
      ["u", 0n, 2n ** BigInt(bits) - 1n],
    ] as const) {
      const type = `${letter}${bits / 8}`;
      const around = fc.oneof(fc.bigInt({ min, max }), fc.bigInt({ min: min * 2n - 9n, max: max * 2n }));
      fc.assert(
        fc.property(around, (value) => {
          if (value < min || value > max) expect(() => cast(type, [value])).toThrow("is not an integer");
          else expect(BigInt((cast(type, [value]) as BigInt64Array)[0]!)).toBe(value);
        }),
      );
    }
  }
});

describe("float16", () => {
  const { float64, float16 } = halfVectors();

  test("numbers are rounded once, as numpy does", () => {
    expect(Uint16Array.from(cast("f2", [...float64]) as Float32Array, toHalf)).toEqual(float16);
    expect(Uint16Array.from(cast("f2", float64) as Float32Array, toHalf)).toEqual(float16);
  });

  test("all bit patterns survive the round trip", () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = fromHalf(bits);
      if (toHalf(value) !== bits && !Number.isNaN(value))
        throw new Error(`0x${bits.toString(16)} is ${value}`);
    }
  });
});

describe("the place of a value among the items of an index column", () => {
  const DAY = 86_400_000;

  test.each<[string, unknown, IndexValue, Place["side"]]>([
    ["timestamp", "1970-01-02", 86_400n, 0],
    ["timestamp", new Date(1000), 1n, 0],
    ["timestamp", new Date(1500), 1n, 1],
    ["timestamp", "1970-01-01T00:00:01.000000001", 1n, 1],
    ["timestamp", new Date(-500), -1n, 1],
    ["timestamp", 7n, 7n, 0],
    ["date", new Date(1.5 * DAY), 1n, 1],
    ["M8[M]", "1970-02-01", 1n, 0],
    ["M8[M]", "1970-02-02", 1n, 1],
    ["M8[Y]", "1971-01-01T00:00:00.000000001", 1n, 1],
    ["M8[ns]", "9999-12-31", 2n ** 63n - 1n, 1],
    ["M8[ns]", "0001-01-01", -(2n ** 63n), -1],
    ["M8[ns]", Number.POSITIVE_INFINITY, 2n ** 63n - 1n, 1],
    ["M8[us]", 0.5, 500n, 0],
    ["m8[s]", 1.5, 1n, 1],
    ["int", 5, 5n, 0],
    ["int", 1.5, 1n, 1],
    ["int", -1.5, -2n, 1],
    ["i2", 40_000, 32_767, 1],
    ["i2", -40_000, -32_768, -1],
    ["i2", 5n, 5, 0],
    ["u1", -1, 0, -1],
    ["u8", Number.NEGATIVE_INFINITY, 0n, -1],
    ["float", 5n, 5, 0],
    ["f4", 0.1, Math.fround(0.1), 0],
    ["str", "é", "é", 0],
    ["U5", "é", "é", 0],
    ["bool", true, 1, 0],
  ])("%s: %o", (type, value, item, side) => {
    expect(placeValue(columnOf(`${type} *`), value)).toEqual({ item, side });
  });

  test.each<[string, unknown]>([
    ["timestamp", "x"],
    ["int", "x"],
    ["int", Number.NaN],
    ["str", 5],
    ["U1", "ab"],
  ])("%s: %o is refused, without a row", (type, value) => {
    const refusal = { code: "invalid-argument", message: expect.stringMatching(/^Column "c": (?!.*row)/) };
    expect(() => placeValue(columnOf(`${type} *`), value)).toThrow(expect.objectContaining(refusal));
  });
});
