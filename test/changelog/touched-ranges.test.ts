import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  covers,
  overlayTouchedRanges,
  type TouchedRange,
  type Touches,
} from "../../src/changelog/touched-ranges.ts";
import { type Cut, compareCuts, contains, type Interval, isEmpty, type Key } from "../../src/model/key.ts";

/** The keys of the ranges, some of them prefixes, and the points at which the result is compared. */
interface Space {
  keys: Key[];
  /** All keys, and one between and around any two. */
  points: Key[];
}

const halves = (n: number) => Array.from({ length: 2 * n + 1 }, (_, i) => (i - 1) / 2);
const spaces: Record<string, Space> = {
  "one index column": { keys: [0, 1, 2, 3, 4, 5].map((a) => [a]), points: halves(6).map((a) => [a]) },
  "two index columns": {
    keys: [0, 1, 2].flatMap((a): Key[] => [[a], [a, 0], [a, 1]]),
    points: halves(3).flatMap((a) => halves(2).map((b) => [a, b])),
  },
};
const LABELS = ["a", "b"];

describe.each(Object.entries(spaces))("overlayTouchedRanges over %s", (_, { keys, points }) => {
  const cut: fc.Arbitrary<Cut> = fc.record({ key: fc.constantFrom(...keys), side: fc.constantFrom(-1, 1) });
  /** Empty ones included. */
  const range: fc.Arbitrary<TouchedRange> = fc.record({
    label: fc.constantFrom(...LABELS),
    lo: cut,
    hi: cut,
  });
  const touches: fc.Arbitrary<Touches<number>[]> = fc
    .array(fc.array(range, { maxLength: 4 }), { maxLength: 5 })
    .map((all) => all.map((ranges, by) => ({ by, ranges })));

  test("gives each point all that touched it, the latest first", () => {
    fc.assert(
      fc.property(touches, (all) => {
        const overlaid = overlayTouchedRanges(all);
        for (const label of LABELS) {
          for (const point of points) {
            const found = (overlaid.get(label) ?? []).filter((one) => contains(one, point));
            expect(found.length).toBeLessThanOrEqual(1);
            const expected = all
              .filter(({ ranges }) => ranges.some((one) => one.label === label && contains(one, point)))
              .map(({ by }) => by)
              .reverse();
            expect(found[0]?.touchedBy ?? []).toEqual(expected);
          }
        }
      }),
    );
  });

  test("returns ranges that are not empty, sorted, disjoint and as long as possible", () => {
    fc.assert(
      fc.property(touches, (all) => {
        for (const [label, ranges] of overlayTouchedRanges(all)) {
          ranges.forEach((one, i) => {
            expect(one.label).toBe(label);
            expect(isEmpty(one)).toBe(false);
            expect(one.touchedBy).not.toEqual([]);
            const before = ranges[i - 1];
            if (!before) return;
            const order = compareCuts(before.hi, one.lo);
            expect(order).toBeLessThanOrEqual(0);
            if (order === 0) expect(before.touchedBy).not.toEqual(one.touchedBy);
          });
        }
      }),
    );
  });

  test("covers() agrees with a comparison of all points", () => {
    const intervals = fc.record({ lo: cut, hi: cut }).filter((one) => !isEmpty(one));
    const isIn = (a: Interval, b: Interval) =>
      points.every((point) => !contains(b, point) || contains(a, point));
    fc.assert(
      fc.property(intervals, intervals, (a, b) => {
        expect(covers(a, b)).toBe(isIn(a, b));
      }),
    );
  });
});

test("a label that was touched only by empty ranges is not listed", () => {
  const empty: TouchedRange = { label: "a", lo: { key: [1], side: 1 }, hi: { key: [1], side: -1 } };
  expect(overlayTouchedRanges([{ by: "x", ranges: [empty] }])).toEqual(new Map());
});
