import { describe, expect, test } from "vitest";
import { defaultCodecs, isFixed, lanes, parseDType, TIME_UNITS } from "../../src/model/dtype.ts";

/** Ways to write a type, the name that the registry holds, the bytes of an item. */
const TYPES: [spellings: string[], name: string, size: number][] = [
  [["timestamp", "M8[s]", "<M8[s]", "datetime64[s]", "<datetime64[s]"], "datetime64[s]", 8],
  [["date", "M8[D]", "<M8[D]", "datetime64[D]"], "datetime64[D]", 8],
  [["m8[s]", "<m8[s]", "timedelta64[s]"], "timedelta64[s]", 8],
  [["float", "f8", "<f8", "float64"], "float64", 8],
  [["f4", "<f4", "float32"], "float32", 4],
  [["f2", "<f2", "float16"], "float16", 2],
  [["c16", "<c16", "complex128"], "complex128", 16],
  [["c8", "<c8", "complex64"], "complex64", 8],
  [["int", "i8", "<i8", "int64"], "int64", 8],
  [["i4", "<i4", "int32"], "int32", 4],
  [["i2", "<i2", "int16"], "int16", 2],
  [["i1", "|i1", "int8"], "int8", 1],
  [["u8", "<u8", "uint64"], "uint64", 8],
  [["u4", "<u4", "uint32"], "uint32", 4],
  [["u2", "<u2", "uint16"], "uint16", 2],
  [["u1", "|u1", "uint8"], "uint8", 1],
  [["bool", "?", "b1", "|b1"], "bool", 1],
  [["str", "U", "<U", "<U0"], "<U0", 0],
  [["O", "|O", "object"], "object", 0],
  [["U5", "<U5"], "<U5", 20],
  [["S5", "|S5"], "|S5", 5],
];

test.each(TYPES.flatMap(([spellings, ...rest]) => spellings.map((text) => [text, ...rest] as const)))(
  "%s is %s, %i bytes",
  (text, name, size) => {
    const dtype = parseDType(text);
    expect(dtype).toMatchObject({ name, size });
    expect(parseDType(dtype.name)).toEqual(dtype);
    expect(isFixed(dtype)).toBe(size > 0);
  },
);

test.each(TIME_UNITS)("times in %s", (unit) => {
  expect(parseDType(`M8[${unit}]`)).toEqual({ name: `datetime64[${unit}]`, kind: "datetime", size: 8, unit });
  expect(parseDType(`m8[${unit}]`)).toEqual({
    name: `timedelta64[${unit}]`,
    kind: "timedelta",
    size: 8,
    unit,
  });
});

describe("unknown types", () => {
  test.each([
    ...["", "complex16", "float8", "float128", "f16", "f3", "i3", "int7", "c4", "c32", "u0"],
    ...["M8", "M8[]", "M8[x]", "M8[10s]", "datetime64", "M8[S]", "U-1", "S", "S0", "<U05", "U5x"],
    ...[">f8", ">M8[s]", "V8", "text", "Float", "constructor", "__proto__", "toString"],
  ])("%j", (text) => {
    expect(() => parseDType(text)).toThrow(expect.objectContaining({ code: "invalid-schema" }));
    expect(() => parseDType(text)).toThrow(JSON.stringify(text));
  });
});

test("complex numbers take two numbers per item, all others one", () => {
  expect(["c8", "c16", "f8", "str"].map((text) => lanes(parseDType(text)))).toEqual([2, 2, 1, 1]);
});

test("the default codecs are msgpack2 and zstd for text and objects, blosc for all others", () => {
  expect(defaultCodecs(parseDType("str"))).toEqual(["msgpack2", "zstd"]);
  expect(defaultCodecs(parseDType("O"))).toEqual(["msgpack2", "zstd"]);
  expect(defaultCodecs(parseDType("U5"))).toEqual(["blosc"]);
  expect(defaultCodecs(parseDType("float"))).toEqual(["blosc"]);
});
