import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ColumnData, rowsOf } from "../../src/model/column.ts";
import { concatRows, indexValue, setRows, sliceRows, zeros } from "../../src/model/column-rows.ts";
import { parseDType } from "../../src/model/dtype.ts";
import { encodeStrings } from "../../src/model/encode-strings.ts";
import type { Strings } from "../../src/model/strings.ts";
import { takeRows } from "../../src/model/take-rows.ts";
import { transferables } from "../../src/model/typed-column.ts";

/** How plain rows become a column, and back. */
const KINDS: Record<string, { make(rows: number[]): ColumnData; rows(column: ColumnData): unknown[] }> = {
  float: { make: (rows) => Float64Array.from(rows), rows: (column) => [...(column as Float64Array)] },
  int: {
    make: (rows) => BigInt64Array.from(rows, BigInt),
    rows: (column) => Array.from(column as BigInt64Array, Number),
  },
  u8: {
    make: (rows) => BigUint64Array.from(rows, BigInt),
    rows: (column) => Array.from(column as BigUint64Array, Number),
  },
  i1: { make: (rows) => Int8Array.from(rows), rows: (column) => [...(column as Int8Array)] },
  c16: {
    make: (rows) => Float64Array.from(rows.flatMap((row) => [row, -row])),
    rows: (column) => [...(column as Float64Array)].filter((_, i) => i % 2 === 0),
  },
  str: {
    make: (rows) => encodeStrings(rows.map((row) => "é".repeat(row % 9) + row)),
    rows: (column) => (column as Strings).toArray().map((text) => Number(text.replace(/é/g, ""))),
  },
  O: {
    make: (rows) => rows.map((row) => [row, []]),
    rows: (column) => (column as [number, unknown][]).map(([row]) => row),
  },
};
const rows = fc.array(fc.nat(100), { maxLength: 30 });

describe.each(Object.keys(KINDS))("columns of %s do as plain arrays", (type) => {
  const dtype = parseDType(type);
  const { make, rows: plain } = KINDS[type]!;

  test("slice", () => {
    fc.assert(
      fc.property(rows, fc.nat(30), fc.nat(30), (items, a, b) => {
        const [from, to] = [Math.min(a, b, items.length), Math.min(Math.max(a, b), items.length)];
        const column = make(items);
        expect(rowsOf(column, dtype)).toBe(items.length);
        const part = sliceRows(column, dtype, from, to);
        expect(plain(part)).toEqual(items.slice(from, to));
        expect(transferables([part])).not.toContain(transferables([column])[0] ?? null);
      }),
    );
  });

  test("take rows in any order, any number of times", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(100), { minLength: 1, maxLength: 30 }),
        fc.array(fc.nat(29)),
        (items, picks) => {
          const which = Uint32Array.from(picks, (pick) => pick % items.length);
          expect(plain(takeRows(make(items), dtype, which))).toEqual(Array.from(which, (row) => items[row]));
        },
      ),
    );
  });

  test("concatenate", () => {
    fc.assert(
      fc.property(fc.array(rows, { maxLength: 5 }), (parts) => {
        const whole = concatRows(parts.map(make), dtype);
        expect(plain(whole)).toEqual(parts.flat());
        expect(rowsOf(whole, dtype)).toBe(parts.flat().length);
      }),
    );
  });

  test("zeros", () => {
    expect(rowsOf(zeros(dtype, 5), dtype)).toBe(5);
    expect(zeros(dtype, 0).constructor).toBe(make([]).constructor);
  });
});

test("nested lists stay nested", () => {
  const items = [[1, [2]], [[3]]];
  expect(concatRows([items, [[]]], parseDType("O"))).toEqual([[1, [2]], [[3]], []]);
});

test("zeros of text and objects are empty strings", () => {
  expect((zeros(parseDType("str"), 2) as Strings).toArray()).toEqual(["", ""]);
  expect(zeros(parseDType("O"), 2)).toEqual(["", ""]);
  expect(zeros(parseDType("timestamp"), 2)).toEqual(BigInt64Array.of(0n, 0n));
});

test("columns of different kinds do not join", () => {
  const join = () => setRows(new Float64Array(1), BigInt64Array.of(1n), 0);
  expect(join).toThrow(expect.objectContaining({ code: "internal" }));
});

test("an index value is a number, a bigint or a string", () => {
  expect(indexValue(Float64Array.of(1.5), 0)).toBe(1.5);
  expect(indexValue(BigInt64Array.of(5n), 0)).toBe(5n);
  expect(indexValue(encodeStrings(["a", "b"]), 1)).toBe("b");
  expect(() => indexValue([{}], 0)).toThrow(expect.objectContaining({ code: "internal" }));
});

test("transferables are each buffer once", () => {
  const numbers = new Float64Array(8);
  const words = encodeStrings(["a"]);
  const found = transferables([numbers, numbers.subarray(2), words, ["object"]]);
  expect(found).toEqual([numbers.buffer, words.bytes.buffer, words.offsets.buffer]);
  const moved = structuredClone({ numbers, words: [words.bytes, words.offsets] }, { transfer: found });
  expect(moved.numbers.length).toBe(8);
  expect(numbers.length).toBe(0);
});
