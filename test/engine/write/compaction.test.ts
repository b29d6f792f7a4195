import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Segment } from "../../../src/changelog/segment-table.ts";
import { compactionRuns, MAX_COMPACTED_ROWS } from "../../../src/engine/write/compaction.ts";
import { type FreshPiece, isFresh, type Piece } from "../../../src/engine/write/piece.ts";
import type { Interval } from "../../../src/model/key.ts";

const MAX_ROWS = MAX_COMPACTED_ROWS;

const range = (from: number, to: number): Interval => ({
  lo: { key: [from], side: -1 },
  hi: { key: [to], side: -1 },
});
const stored = (position: number, length: number, digest = `${position}`): Segment => ({
  ...range(position, position + 1),
  label: "s",
  length,
  digests: [digest],
});
const fresh = (position: number, length: number): FreshPiece => ({
  ...range(position, position + 1),
  label: "s",
  length,
  rows: { length, columns: [] }, // which rows they are does not matter
});
const rowsOf = (pieces: readonly Piece[]) => pieces.reduce((sum, { length }) => sum + length, 0);
const lengthsOf = (runs: readonly (readonly Piece[])[]) => runs.map((run) => run.map(({ length }) => length));

/** Appends `rows` rows `appends` times. Returns the segments, and how many rows were stored in all. */
function append(rows: number, appends: number): { segments: Segment[]; written: number } {
  let segments: Segment[] = [];
  let written = 0;
  for (let i = 0; i < appends; i++) {
    segments = compactionRuns([...segments, fresh(i, rows)]).map((run): Segment => {
      const [only] = run;
      if (run.length === 1 && only && !isFresh(only)) return only;
      written += rowsOf(run);
      return { ...stored(i, rowsOf(run)), lo: run[0]!.lo, hi: run.at(-1)!.hi };
    });
  }
  return { segments, written };
}

test("a lower limit of rows is kept", () => {
  const pieces = [stored(0, 40), fresh(1, 60), stored(2, 30)];
  expect(lengthsOf(compactionRuns(pieces, 100))).toEqual([[40, 60], [30]]);
  expect(lengthsOf(compactionRuns(pieces, 99))).toEqual([[40], [60, 30]]);
  expect(lengthsOf(compactionRuns(pieces, 50))).toEqual([[40], [60], [30]]);
});

describe("appends of equal length", () => {
  test("a thousand leave about ten segments, and store each row about ten times", () => {
    const { segments, written } = append(32, 1_000);
    expect(segments.length).toBeLessThanOrEqual(10);
    expect(written / 32_000).toBeLessThanOrEqual(11);
  });

  test("n appends leave at most log₂ n segments of falling length, and store each row log₂ n times", () => {
    const lengths = fc
      .record({ rows: fc.integer({ min: 1, max: 2_000 }), appends: fc.integer({ min: 1, max: 300 }) })
      .filter(({ rows, appends }) => rows * appends <= MAX_ROWS);
    fc.assert(
      fc.property(lengths, ({ rows, appends }) => {
        const { segments, written } = append(rows, appends);
        const bound = Math.log2(appends) + 1;
        expect(rowsOf(segments)).toBe(rows * appends);
        expect(segments.length).toBeLessThanOrEqual(bound);
        segments.forEach(({ length }, i) => {
          if (i > 0) expect(length).toBeLessThan(segments[i - 1]!.length);
        });
        // Short segments are also rewritten with shorter ones, which is cheap.
        if (rows > 64) expect(written).toBeLessThanOrEqual(bound * rows * appends);
      }),
    );
  });

  test("beyond the longest compacted segment, only the tail is compacted", () => {
    const { segments } = append(1_024, 52); // three times the longest, and four appends
    expect(segments.map(({ length }) => length)).toEqual([MAX_ROWS, MAX_ROWS, MAX_ROWS, 4_096]);
  });
});

describe("a new piece", () => {
  const cases: [title: string, pieces: Piece[], runs: number[][]][] = [
    [
      "absorbs neighbours that are no longer",
      [stored(0, 100), fresh(1, 100), stored(2, 99)],
      [[100, 100, 99]],
    ],
    ["leaves longer ones", [stored(0, 101), fresh(1, 100), stored(2, 101)], [[101], [100], [101]]],
    [
      "absorbs what is no longer than the result",
      [stored(0, 199), fresh(1, 100), stored(2, 99)],
      [[199, 100, 99]],
    ],
    ["of few rows absorbs up to 64 in all", [stored(0, 63), fresh(1, 1)], [[63, 1]]],
    ["of few rows absorbs no more than that", [stored(0, 64), fresh(1, 1)], [[64], [1]]],
    ["without rows disappears", [stored(0, 10), fresh(1, 0), stored(2, 10)], [[10], [10]]],
    ["without rows remains if there is no other", [fresh(0, 0)], [[0]]],
    ["joins another new piece", [fresh(0, 100), fresh(1, 100)], [[100, 100]]],
    [
      "does not make a segment longer than the longest",
      [stored(0, MAX_ROWS / 2), fresh(1, MAX_ROWS / 2 + 1)],
      [[MAX_ROWS / 2], [MAX_ROWS / 2 + 1]],
    ],
  ];
  test.each(cases)("%s", (_, pieces, runs) => {
    expect(lengthsOf(compactionRuns(pieces))).toEqual(runs);
  });

  test("stored pieces alone are never rewritten", () => {
    const pieces = [stored(0, 1), stored(1, 1), stored(2, 0)];
    expect(compactionRuns(pieces)).toEqual(pieces.map((piece) => [piece]));
  });
});

describe("a segment that a write cuts in two", () => {
  /** The two parts of a segment, both with all of its rows. */
  const cut = (length: number, written: number) => [
    stored(0, length, "cut"),
    fresh(1, written),
    stored(2, length, "cut"),
  ];

  test("of up to 4,096 rows is rewritten as one", () => {
    expect(lengthsOf(compactionRuns(cut(4_096, 10)))).toEqual([[4_096, 10, 4_096]]);
  });

  test("of more rows stays cut, unless the write is as long", () => {
    expect(lengthsOf(compactionRuns(cut(4_097, 10)))).toEqual([[4_097], [10], [4_097]]);
    expect(lengthsOf(compactionRuns(cut(4_097, 4_097)))).toEqual([[4_097, 4_097, 4_097]]);
  });

  test("is not mistaken for two segments with different chunks", () => {
    const pieces = [stored(0, 1_000, "a"), fresh(1, 10), stored(2, 1_000, "b")];
    expect(lengthsOf(compactionRuns(pieces))).toEqual([[1_000], [10], [1_000]]);
  });

  test("is rejoined with what the write has absorbed before", () => {
    const [before, written, after] = cut(1_000, 100);
    const pieces = [before!, stored(0.5, 50), written!, after!];
    expect(lengthsOf(compactionRuns(pieces))).toEqual([[1_000, 50, 100, 1_000]]);
  });
});

describe("any pieces", () => {
  const length = fc.oneof(fc.nat(3), fc.nat(200), fc.nat(5_000), fc.nat(2 * MAX_ROWS));
  const piece = fc.record({ length, isNew: fc.boolean(), digest: fc.constantFrom("a", "b", "c", undefined) });
  const pieces = fc
    .array(piece, { maxLength: 12 })
    .map((all) =>
      all.map(({ length, isNew, digest }, i) => (isNew ? fresh(i, length) : stored(i, length, digest))),
    );

  test("keep their order, and only new ones without rows disappear", () => {
    fc.assert(
      fc.property(pieces, (all) => {
        const kept = all.filter((one) => one.length > 0 || !isFresh(one));
        expect(compactionRuns(all).flat()).toEqual(kept.length > 0 ? kept : all.slice(0, 1));
      }),
    );
  });

  test("are only grouped around new ones", () => {
    fc.assert(
      fc.property(pieces, (all) => {
        for (const run of compactionRuns(all)) if (run.length > 1) expect(run.some(isFresh)).toBe(true);
      }),
    );
  });

  test("are never grouped into more rows than the longest segment has", () => {
    const different = pieces.map((all) => all.map((one, i) => (isFresh(one) ? one : stored(i, one.length))));
    fc.assert(
      fc.property(different, (all) => {
        for (const run of compactionRuns(all)) {
          if (run.length > 1) expect(rowsOf(run)).toBeLessThanOrEqual(MAX_ROWS);
        }
      }),
    );
  });
});
