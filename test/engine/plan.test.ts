import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Segment } from "../../src/changelog/segment-table.ts";
import { trim } from "../../src/engine/read/assembly.ts";
import { costOf, planRead } from "../../src/engine/read/plan.ts";
import { castRows } from "../../src/engine/write/rows.ts";
import {
  LAST_SEGMENT_ROWS,
  MAX_SEGMENT_ROWS,
  segmentLengths,
  splitRows,
} from "../../src/engine/write/segment-layout.ts";
import { after, before, interval } from "../../src/model/key.ts";
import { Schema } from "../../src/model/schema.ts";

const schema = new Schema({ t: "int*", v: "float", note: "str" });
const everything = interval(undefined, undefined, "left");

/** Segments of 10 rows each over 0 … 9, 10 … 19, and so on. */
const segments = (n: number): Segment[] =>
  Array.from({ length: n }, (_, i) => ({
    label: "s",
    lo: before([BigInt(10 * i)]),
    hi: after([BigInt(10 * i + 9)]),
    length: 10,
    digests: [`t${i}`, `v${i}`, `n${i}`],
  }));

const lengths = (rounds: readonly (readonly Segment[])[]) =>
  rounds.map((round) => round.map(({ digests }) => digests[0]));

describe("the read plan", () => {
  it("fetches the index first, then the requested columns", () => {
    const plan = planRead(segments(1), schema, everything, ["note", "t"]);
    expect(plan.columns.map(({ name }) => name)).toEqual(["t", "note"]);
    expect(plan.fetched.map(({ name }) => name)).toEqual(["t", "note"]);
    expect(planRead(segments(1), schema, everything, ["v"]).fetched.map(({ name }) => name)).toEqual([
      "t",
      "v",
    ]);
  });

  it("omits segments outside of the range", () => {
    const range = interval([15n], [30n], "left");
    expect(lengths(planRead(segments(5), schema, range).rounds)).toEqual([["t1", "t2"]]);
    const closed = interval([15n], [30n], "both");
    expect(lengths(planRead(segments(5), schema, closed).rounds)).toEqual([["t1", "t2", "t3"]]);
  });

  it("omits segments without rows", () => {
    const [first, second] = segments(2);
    expect(lengths(planRead([first!, { ...second!, length: 0 }], schema, everything).rounds)).toEqual([
      ["t0"],
    ]);
  });

  it("fetches no more than a limit needs, and continues only if that was not enough", () => {
    const first = planRead(segments(4), schema, everything, undefined, {
      fromEnd: false,
      offset: 5,
      rows: 10,
    });
    expect(lengths(first.rounds)).toEqual([
      ["t0", "t1"],
      ["t2", "t3"],
    ]);
    const tail = planRead(segments(4), schema, everything, undefined, { fromEnd: true, offset: 0, rows: 3 });
    expect(lengths(tail.rounds)).toEqual([["t3"], ["t2"], ["t1"], ["t0"]]);
    const none = planRead(segments(4), schema, everything, undefined, { fromEnd: false, offset: 0, rows: 0 });
    expect(none.rounds).toEqual([]);
  });

  it("reports its cost before it runs", () => {
    const plan = planRead(segments(3), schema, everything);
    expect(costOf(plan, plan.rounds.flat())).toEqual({ chunks: 9, bytes: 30 * (8 + 8 + 16) });
  });

  it("rejects an unknown column, naming the existing ones", () => {
    expect(() => planRead([], schema, everything, ["w"])).toThrowError(/"w".*t, v, note/);
  });
});

describe("taking some rows of some slices", () => {
  const slices = fc.array(
    fc.tuple(fc.nat(5), fc.nat(5)).map(([from, rows]) => ({ from, to: from + rows })),
    { maxLength: 6 },
  );
  const names = (all: { from: number; to: number }[]) =>
    all.flatMap(({ from, to }, i) => Array.from({ length: to - from }, (_, row) => `${i}:${from + row}`));

  it("equals taking them from all rows", () => {
    fc.assert(
      fc.property(slices, fc.nat(12), fc.nat(12), (all, offset, rows) => {
        const every = names(all);
        expect(names(trim(all, { fromEnd: false, offset, rows }))).toEqual(
          every.slice(offset, offset + rows),
        );
        const end = Math.max(0, every.length - offset);
        expect(names(trim(all, { fromEnd: true, offset, rows }))).toEqual(
          every.slice(Math.max(0, end - rows), end),
        );
        expect(names(trim(all, { fromEnd: false, offset: 0, rows: Number.POSITIVE_INFINITY }))).toEqual(
          every,
        );
      }),
    );
  });
});

describe("splitting a write into segments", () => {
  it("makes few long ones, and short ones at the end, which most reads want", () => {
    expect(segmentLengths(0)).toEqual([0]);
    expect(segmentLengths(1)).toEqual([1]);
    expect(segmentLengths(10 * LAST_SEGMENT_ROWS).slice(-2)).toEqual([
      2 * LAST_SEGMENT_ROWS,
      LAST_SEGMENT_ROWS,
    ]);
    const long = segmentLengths(5_259_457);
    expect(long.length).toBeLessThan(16);
    fc.assert(
      fc.property(fc.nat(8_000_000), (rows) => {
        const lengths = segmentLengths(rows);
        expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(rows);
        expect(Math.max(...lengths)).toBeLessThan(1.5 * MAX_SEGMENT_ROWS);
      }),
    );
  });

  it("keeps all rows in order, rows of one key together, and covers the range without a gap", () => {
    const keys = fc
      .array(fc.nat(20), { minLength: 1, maxLength: 40 })
      .map((all) => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 4 }), (index, last) => {
        const plain = new Schema({ t: "int*" });
        const rows = castRows(plain, { t: index });
        const range = interval([BigInt(index[0]!)], [BigInt(index.at(-1)!)], "both");
        const parts = splitRows(plain, rows, range, segmentLengths(index.length, last, 4 * last));
        expect(parts.flatMap(({ from, to }) => index.slice(from, to))).toEqual(index);
        expect(parts[0]!.lo).toEqual(range.lo);
        expect(parts.at(-1)!.hi).toEqual(range.hi);
        for (const [i, part] of parts.slice(1).entries()) {
          expect(part.lo).toEqual(parts[i]!.hi);
          expect(index[part.from]).not.toBe(index[part.from - 1]);
        }
      }),
    );
  });
});
