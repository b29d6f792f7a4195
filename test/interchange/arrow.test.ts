import {
  Bool,
  Decimal,
  Int32,
  Int64,
  makeData,
  makeVector,
  Null,
  Table,
  tableFromArrays,
  tableFromIPC,
  tableToIPC,
  vectorFromArray,
} from "apache-arrow";
import { describe, expect, test } from "vitest";
import { fromArrow, toArrow } from "../../src/arrow.ts";
import type { TypedColumn } from "../../src/model/column.ts";
import { encodeStrings } from "../../src/model/encode-strings.ts";
import { Frame } from "../../src/model/frame.ts";
import type { Strings } from "../../src/model/strings.ts";

/** The typed array of a column, text aside. */
const dataOf = (frame: Frame, name: string) =>
  frame.parts().find((part) => part.name === name)!.data as TypedColumn;

const numbers: Record<string, TypedColumn> = {
  "datetime64[s]": BigInt64Array.of(1n, 2n),
  "datetime64[ms]": BigInt64Array.of(1n, 2n),
  "datetime64[us]": BigInt64Array.of(1n, 2n),
  "datetime64[ns]": BigInt64Array.of(1n, 2n),
  "timedelta64[s]": BigInt64Array.of(1n, 2n),
  float64: Float64Array.of(1, 2),
  float32: Float32Array.of(1, 2),
  int64: BigInt64Array.of(1n, 2n),
  int32: Int32Array.of(1, 2),
  int16: Int16Array.of(1, 2),
  int8: Int8Array.of(1, 2),
  uint64: BigUint64Array.of(1n, 2n),
  uint32: Uint32Array.of(1, 2),
  uint16: Uint16Array.of(1, 2),
  uint8: Uint8Array.of(1, 2),
};

describe("memory is shared, both ways", () => {
  test.each(Object.entries(numbers))("%s", (type, data) => {
    const frame = new Frame([{ name: "x", type, data }]);
    const table = toArrow(frame);
    const vector = table.getChild("x")!;
    expect(vector.data[0]!.values.buffer).toBe(data.buffer);
    const back = fromArrow(table).frame;
    expect(dataOf(back, "x").buffer).toBe(data.buffer);
    data[0] = data[1]!;
    expect(Array.from<unknown>(dataOf(back, "x"))).toEqual([data[1], data[1]]);
    expect(vector.data[0]!.values[0]).toBe(data[1]);
  });

  test("text", () => {
    const data = encodeStrings(["a", "é"]);
    const table = toArrow(new Frame([{ name: "x", type: "<U0", data }]));
    const [chunk] = table.getChild("x")!.data;
    expect([chunk!.values.buffer, chunk!.valueOffsets.buffer]).toEqual([
      data.bytes.buffer,
      data.offsets.buffer,
    ]);
    expect(chunk!.values.buffer).toBe(data.bytes.buffer);
    expect(chunk!.valueOffsets.buffer).toBe(data.offsets.buffer);
    const back = fromArrow(table).frame.parts()[0]!.data as Strings;
    expect(back.bytes.buffer).toBe(data.bytes.buffer);
    expect(back.toArray()).toEqual(["a", "é"]);
  });
});

describe("missing values", () => {
  const table = new Table({
    n: vectorFromArray([1, 2], new Int32()),
    some: vectorFromArray([1, null], new Int32()),
    big: vectorFromArray([2n ** 53n, null], new Int64()),
    none: vectorFromArray([null, null], new Bool()),
    nothing: makeVector(makeData({ type: new Null(), length: 2 })),
  });

  test("make floats of integers, and of what has no value, as in CSV", () => {
    const { types, frame } = fromArrow(table, { columns: ["n", "some", "none", "nothing"] });
    expect(types).toEqual({ n: "int32*", some: "float", none: "float", nothing: "float" });
    expect(frame.get("some")).toEqual(Float64Array.of(1, Number.NaN));
    expect(frame.get("nothing")).toEqual(Float64Array.of(Number.NaN, Number.NaN));
  });

  test("but not of integers that a double does not represent, nor where they are filled", () => {
    expect(() => fromArrow(table, { columns: ["n", "big"] })).toThrow(
      /At row 1, column "big": there is no value/,
    );
    expect(fromArrow(table, { columns: ["n", "some"], fill: { some: "7" } }).types.some).toBe("int32");
    expect(fromArrow(table, { columns: ["n", "some"], fill: { some: "7" } }).frame.get("some")).toEqual(
      Int32Array.of(1, 7),
    );
    expect(() => fromArrow(table, { columns: ["n", "some"], fill: { some: "x" } })).toThrow(
      /fill: "x" is not a whole number/,
    );
  });
});

test("decimals become the nearest floats", () => {
  const words = (value: bigint) => [0n, 32n, 64n, 96n].map((shift) => Number((value >> shift) & 0xffffffffn));
  const values = [33n * 10n ** 17n, -1n, 10n ** 37n];
  const data = Uint32Array.from(values.flatMap(words));
  const type = new Decimal(18, 38, 128);
  const vector = makeVector(makeData({ type, data, length: 3 }));
  const { frame } = fromArrow(new Table({ n: vectorFromArray([1, 2, 3], new Int32()), d: vector }));
  expect(frame.get("d")).toEqual(Float64Array.of(3.3, -1e-18, 1e19));
});

test("a round trip through an Arrow file restores values and types", () => {
  const frame = new Frame([
    { name: "time", type: "datetime64[h]", data: BigInt64Array.of(1n, 2n) },
    { name: "half", type: "float16", data: Float32Array.of(0.5, 1.5) },
    { name: "text", type: "<U3", data: encodeStrings(["abc", ""]) },
  ]);
  const table = tableFromIPC(tableToIPC(toArrow(frame)));
  const back = fromArrow(table);
  expect(back.types).toEqual({ time: "M8[h]*", half: "float16", text: "U3" });
  expect(back.frame.get("time")).toEqual(frame.get("time"));
  expect(back.frame.get("half")).toEqual(frame.get("half"));
  expect(back.frame.get("text")).toEqual(frame.get("text"));
});

test("a slice is converted to its rows alone", () => {
  const table = toArrow(
    new Frame([
      { name: "n", type: "int64", data: BigInt64Array.of(1n, 2n, 3n, 4n) },
      { name: "text", type: "<U0", data: encodeStrings(["a", "bb", "ccc", "d"]) },
      { name: "flag", type: "bool", data: Uint8Array.of(1, 0, 1, 1) },
    ]),
  ).slice(1, 3);
  const { frame } = fromArrow(table);
  expect(frame.get("n")).toEqual(BigInt64Array.of(2n, 3n));
  expect(frame.get("text")).toEqual(["bb", "ccc"]);
  expect(frame.get("flag")).toEqual(Uint8Array.of(0, 1));
  expect(Array.from((frame.parts()[1]!.data as Strings).offsets)).toEqual([0, 2, 5]);
});

test("a frame of plain numbers is converted to its own types", () => {
  const frame = new Frame([
    { name: "time", type: "datetime64[s]", data: Float64Array.of(1000, Number.NaN) },
    { name: "wait", type: "timedelta64[s]", data: Float64Array.of(2000, Number.NaN) },
    { name: "n", type: "int64", data: Float64Array.of(1, 2) },
  ]);
  const table = toArrow(frame);
  expect(table.getChild("time")!.toJSON()).toEqual([1000, null]);
  expect(table.getChild("wait")!.toJSON()).toEqual([2n, null]);
  expect(table.getChild("n")!.toJSON()).toEqual([1n, 2n]);
});

test("rows out of order are rejected, or sorted", () => {
  const table = tableFromArrays({ t: Int32Array.of(2, 1, 2, 1), v: Float64Array.of(1, 2, 3, 4) });
  expect(() => fromArrow(table)).toThrow(/at row 1, 1 comes after 2/);
  expect(fromArrow(table, { sort: true }).frame.get("v")).toEqual(Float64Array.of(2, 4, 1, 3));
});
