import fc from "fast-check";
import { expect, test } from "vitest";
import { detectFormat, labelToPath, pathToLabel } from "../../src/interchange/files/file-names.ts";
import { fromRows, toRows } from "../../src/interchange.ts";
import { Frame } from "../../src/model/frame.ts";

test("types of plain values", () => {
  const { types, frame } = fromRows([
    { time: "2026-03-01", n: 1, big: 2n ** 60n, ok: true, text: "a", at: new Date(5), any: [1] },
    { time: "2026-03-02", n: null, big: 1n, ok: false, text: undefined, at: null },
  ]);
  expect(types).toEqual({
    time: "date*",
    n: "float",
    big: "int",
    ok: "bool",
    text: "str",
    at: "M8[ms]",
    any: "O",
  });
  expect(toRows(frame)).toEqual([
    {
      time: "2026-03-01",
      n: 1,
      big: 2n ** 60n,
      ok: true,
      text: "a",
      at: "1970-01-01T00:00:00.005Z",
      any: [1],
    },
    { time: "2026-03-02", n: null, big: 1n, ok: false, text: "", at: null, any: null },
  ]);
});

test("columns with a set type accept what a write accepts", () => {
  const rows = [
    { t: 1000, n: 1, v: "1.5" },
    { t: 2000, n: 2, v: "2" },
  ];
  const { frame } = fromRows(rows, { types: { t: "timestamp*", n: "i2", v: "float" } });
  expect(toRows(frame, { numbers: true })).toEqual([
    { t: 1000, n: 1, v: 1.5 },
    { t: 2000, n: 2, v: 2 },
  ]);
  expect(() => fromRows([{ k: 1n, v: 1.5 }], { types: { v: "int" } })).toThrow(
    /Column "v", row 0: 1.5 is not an integer/,
  );
  expect(() => fromRows([{ k: 1n, n: 1n }, { k: 2n }])).toThrow(/At row 1, column "n": there is no value/);
  expect(() => fromRows([{ k: 2n }, { k: 1n }])).toThrow(/at row 1, 1 comes after 2/);
});

test("numbers: plain numbers", () => {
  const frame = new Frame([
    { name: "t", type: "datetime64[s]", data: BigInt64Array.of(1n, -(2n ** 63n)) },
    { name: "n", type: "int64", data: BigInt64Array.of(1n, 2n) },
  ]);
  expect(toRows(frame, { numbers: true })).toEqual([
    { t: 1000, n: 1 },
    { t: null, n: 2 },
  ]);
});

test("a path restores its label, and no path leads out of the folder", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "grapheme" }),
        fc.string({ unit: fc.constantFrom("\0", "/", "%", ".", "0"), maxLength: 6 }),
        fc.constantFrom("..", "../a", "a//b", ".a", "a.", "a%2Fb", "%00", "a\\b", "C:"),
      ),
      (label) => {
        const path = labelToPath(label);
        expect(pathToLabel(path)).toBe(label);
        for (const name of path.split("/")) expect(name).toMatch(/^[^.\\:*?"<>|][^\\:*?"<>|]*$/);
      },
    ),
    { numRuns: 1_000 },
  );
});

test.each([
  ["a/b.csv", { format: "csv", stem: "a/b", gzip: false }],
  ["a.b.CSV.gz", { format: "csv", stem: "a.b", gzip: true }],
  ["x.parquet", { format: "parquet", stem: "x", gzip: false }],
  ["x.parquet.gz", undefined],
  [".csv", undefined],
  ["a/.csv", undefined],
  ["README", undefined],
  ["a.constructor", undefined],
])("%s", (path, expected) => {
  expect(detectFormat(path)).toEqual(expected);
});
