import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeStrings } from "../../src/model/encode-strings.ts";
import {
  after,
  before,
  type Closed,
  type Cut,
  compareCuts,
  compareKeys,
  compareStrings,
  compareValues,
  contains,
  countBefore,
  earlier,
  FIRST,
  firstUnsorted,
  type Interval,
  intersect,
  interval,
  isEmpty,
  type Key,
  keyAt,
  LAST,
  later,
} from "../../src/model/key.ts";

const sign = Math.sign;
const byCodePoint = (a: string, b: string): number => {
  const [x, y] = [[...a], [...b]].map((text) => text.map((character) => character.codePointAt(0)!)) as [
    number[],
    number[],
  ];
  for (let i = 0; i < Math.min(x.length, y.length); i++) if (x[i] !== y[i]) return x[i]! - y[i]!;
  return x.length - y.length;
};

describe("strings sort by code point", () => {
  test("characters beyond U+FFFF after those below", () => {
    const sorted = [
      "",
      "a",
      "a\0",
      "ab",
      "b",
      "\ud7ff",
      "\ue000",
      "\uffff",
      "\u{10000}",
      "\u{10000}a",
      "\u{10ffff}",
    ];
    expect([...sorted].reverse().sort(compareStrings)).toEqual(sorted);
  });

  test("as their code points and their UTF-8 bytes do", () => {
    const near = fc.constantFrom(
      "a",
      "b",
      "\ud7ff",
      "\ue000",
      "\uffff",
      "\u{10000}",
      "\u{1f642}",
      "\u{10ffff}",
    );
    const text = fc.oneof(
      fc.array(near, { maxLength: 4 }).map((characters) => characters.join("")),
      fc
        .array(fc.integer({ min: 0, max: 0x10ffff }))
        .map((points) => String.fromCodePoint(...points).toWellFormed()),
    );
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(sign(compareStrings(a, b))).toBe(sign(byCodePoint(a, b)));
        expect(sign(compareStrings(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });
});

describe("values", () => {
  test("numbers and bigints by value, NaN last, zeros equal", () => {
    expect(compareValues(1, 2)).toBeLessThan(0);
    expect(compareValues(2n ** 63n - 1n, 2n ** 63n - 2n)).toBeGreaterThan(0);
    expect(compareValues(-0, 0)).toBe(0);
    expect(compareValues(Number.NaN, Number.POSITIVE_INFINITY)).toBeGreaterThan(0);
    expect(compareValues(1, Number.NaN)).toBeLessThan(0);
    expect(compareValues(Number.NaN, Number.NaN)).toBe(0);
  });

  test("keys by column, a prefix before what begins with it", () => {
    expect(sign(compareKeys([1, "b"], [2, "a"]))).toBe(-1);
    expect(sign(compareKeys([1], [1, "a"]))).toBe(-1);
    expect(sign(compareKeys([1, "a"], [1, "a"]))).toBe(0);
  });
});

/** Cuts and intervals over all keys of one column with 5 values and of two with 4, against plain enumeration. */
describe.each([
  { width: 1, values: 5 },
  { width: 2, values: 4 },
])("cuts over $width index columns", ({ width, values }) => {
  const keys: Key[] =
    width === 1
      ? Array.from({ length: values }, (_, a) => [a])
      : Array.from({ length: values ** 2 }, (_, i) => [Math.floor(i / values), i % values]);
  // Cuts may also name values that no key has: -1, and one beyond.
  const value = fc.integer({ min: -1, max: values });
  const key = fc.array(value, { maxLength: width });
  const cut: fc.Arbitrary<Cut> = fc.record({ key, side: fc.constantFrom<-1 | 1>(-1, 1) });
  const range: fc.Arbitrary<Interval> = fc.record({ lo: cut, hi: cut });

  /** Whether `k` lies before the cut, by the definition of a cut. */
  const liesBefore = (k: Key, { key, side }: Cut): boolean => {
    for (let i = 0; i < key.length; i++) if (k[i] !== key[i]) return k[i]! < key[i]!;
    return side > 0; // begins with the cut's key
  };
  const inside = ({ lo, hi }: Interval): Key[] => keys.filter((k) => !liesBefore(k, lo) && liesBefore(k, hi));

  test("are in total order", () => {
    fc.assert(
      fc.property(cut, cut, cut, (a, b, c) => {
        expect(compareCuts(a, a)).toBe(0);
        expect(sign(compareCuts(a, b))).toBe(0 - sign(compareCuts(b, a)));
        if (compareCuts(a, b) <= 0 && compareCuts(b, c) <= 0)
          expect(compareCuts(a, c)).toBeLessThanOrEqual(0);
        if (compareCuts(a, b) === 0) expect(sign(compareCuts(a, c))).toBe(sign(compareCuts(b, c)));
        expect(compareCuts(FIRST, a)).toBeLessThanOrEqual(0);
        expect(compareCuts(a, LAST)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 3000 },
    );
  });

  test("agree with the keys before them", () => {
    fc.assert(
      fc.property(cut, cut, (a, b) => {
        const [x, y] = [a, b].map((place) => keys.filter((k) => liesBefore(k, place)).length) as [
          number,
          number,
        ];
        if (compareCuts(a, b) <= 0) expect(x).toBeLessThanOrEqual(y);
        expect([a, b]).toContain(earlier(a, b));
        expect(compareCuts(earlier(a, b), later(a, b))).toBeLessThanOrEqual(0);
      }),
    );
  });

  test("make intervals that contain the keys between them", () => {
    fc.assert(
      fc.property(range, (interval) => {
        const found = keys.filter((k) => contains(interval, k));
        expect(found).toEqual(inside(interval));
        if (isEmpty(interval)) expect(found).toEqual([]);
      }),
    );
  });

  test("intersect as their keys do", () => {
    fc.assert(
      fc.property(range, range, (a, b) => {
        const both = intersect(a, b);
        expect(inside(both)).toEqual(inside(a).filter((k) => inside(b).includes(k)));
        expect(intersect(b, a)).toEqual(both);
        if (isEmpty(a) || isEmpty(b)) expect(isEmpty(both)).toBe(true);
      }),
    );
  });

  test("count the rows before them, repeated keys too", () => {
    const rows = fc
      .array(fc.integer({ min: 0, max: keys.length - 1 }), { maxLength: 40 })
      .map((indexes) => indexes.sort((a, b) => a - b).map((i) => keys[i]!));
    fc.assert(
      fc.property(rows, cut, (rows, place) => {
        const index = Array.from({ length: width }, (_, i) =>
          BigInt64Array.from(rows, (row) => BigInt(row[i]!)),
        );
        const bigCut = { ...place, key: place.key.map((value) => BigInt(value as number)) };
        expect(countBefore(index, rows.length, bigCut)).toBe(rows.filter((k) => liesBefore(k, place)).length);
      }),
    );
  });

  test("stand for closed and open ends", () => {
    const closed = fc.constantFrom<Closed>("left", "right", "both", "none");
    const end = fc.option(fc.array(value, { minLength: 1, maxLength: width }), { nil: undefined });
    fc.assert(
      fc.property(end, end, closed, (start, stop, closed) => {
        const order = (k: Key, bound: Key): number => {
          const prefix = k.slice(0, bound.length);
          return compareKeys(prefix, bound);
        };
        const expected = keys.filter((k) => {
          const low = start ? order(k, start) : 1;
          const high = stop ? order(k, stop) : -1;
          const left = closed === "left" || closed === "both";
          const right = closed === "right" || closed === "both";
          return (left ? low >= 0 : low > 0) && (right ? high <= 0 : high < 0);
        });
        expect(inside(interval(start, stop, closed))).toEqual(expected);
      }),
    );
  });
});

test("an interval from a key to itself is empty unless both ends belong to it", () => {
  const at = (closed: Closed) => isEmpty(interval([1], [1], closed));
  expect([at("both"), at("left"), at("right"), at("none")]).toEqual([false, true, true, true]);
  expect(isEmpty({ lo: before([1]), hi: before([1]) })).toBe(true);
  expect(isEmpty({ lo: before([1]), hi: after([1, 5]) })).toBe(false);
});

describe("sorted rows", () => {
  const unsorted = (rows: Key[]): number =>
    rows.findIndex((row, i) => i > 0 && compareKeys(rows[i - 1]!, row) > 0);

  test("the first that is out of order, in one column and in two", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ max: 3, min: 0 }), fc.constantFrom("a", "\ue000", "🙂"))),
        (rows) => {
          const numbers = Float64Array.from(rows, ([a]) => a);
          const words = encodeStrings(rows.map(([, b]) => b));
          expect(firstUnsorted([numbers], rows.length)).toBe(unsorted(rows.map(([a]) => [a])));
          expect(firstUnsorted([words], rows.length)).toBe(unsorted(rows.map(([, b]) => [b])));
          expect(firstUnsorted([numbers, words], rows.length)).toBe(unsorted(rows));
          if (rows.length > 0) expect(keyAt([numbers, words], 0)).toEqual(rows[0]);
        },
      ),
    );
  });

  test("NaN comes last", () => {
    expect(firstUnsorted([Float64Array.of(1, Number.NaN, Number.NaN)], 3)).toBe(-1);
    expect(firstUnsorted([Float64Array.of(1, Number.NaN, 2)], 3)).toBe(2);
  });
});
