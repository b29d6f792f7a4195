import fc from "fast-check";
import { expect, test } from "vitest";
import { numberLabels } from "../../demo/chart/number-ticks.ts";
import { timeTicks } from "../../demo/chart/time-ticks.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (text: string) => Date.parse(text);
/** The ticks of a chart that has space for this many. */
const ticks = (from: string, to: string, space: number, resolution = 1) =>
  timeTicks(at(from), at(to), (at(to) - at(from)) / space, resolution);
const firstLines = (labels: readonly string[]) => labels.map((label) => label.split("\n")[0]);

test("ticks of years are at round years", () => {
  expect(ticks("1958-03-01", "2020-01-01", 2).labels).toEqual(["1960", "1980", "2000", "2020"]); // a phone
  expect(ticks("1958-03-01", "2020-01-01", 4).labels).toEqual([
    "1960",
    "1970",
    "1980",
    "1990",
    "2000",
    "2010",
    "2020",
  ]);
  expect(ticks("1958-03-01", "1975-01-01", 7).labels).toEqual([
    "1960",
    "1962",
    "1964",
    "1966",
    "1968",
    "1970",
    "1972",
    "1974",
  ]);
});

test("ticks of days are at Mondays, months and quarters", () => {
  expect(firstLines(ticks("2001-01-01", "2001-03-10", 12).labels)).toEqual([
    "1 Jan",
    "8 Jan",
    "15 Jan",
    "22 Jan",
    "29 Jan",
    "5 Feb",
    "12 Feb",
    "19 Feb",
    "26 Feb",
    "5 Mar",
  ]);
  expect(firstLines(ticks("2001-01-01", "2001-07-01", 8).labels)).toEqual([
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
  ]);
  expect(firstLines(ticks("2001-01-01", "2002-07-01", 8).labels)).toEqual([
    "Jan",
    "Apr",
    "Jul",
    "Oct",
    "Jan",
    "Apr",
    "Jul",
  ]);
});

test("the year stands below the first label and where one begins", () => {
  expect(ticks("2001-10-01", "2002-03-01", 6).labels).toEqual([
    "Oct\n2001",
    "Nov",
    "Dec",
    "Jan\n2002",
    "Feb",
    "Mar",
  ]);
});

test("data of days have no ticks of hours", () => {
  expect(firstLines(ticks("2001-01-01", "2001-01-04", 20, DAY).labels)).toEqual([
    "1 Jan",
    "2 Jan",
    "3 Jan",
    "4 Jan",
  ]);
  expect(firstLines(ticks("2001-01-01", "2001-01-02", 5).labels)).toEqual([
    "00:00",
    "06:00",
    "12:00",
    "18:00",
    "00:00",
  ]);
});

test("ticks are in the range, in order, and no closer than asked for", () => {
  fc.assert(
    fc.property(
      fc.double({ min: at("1800-01-01"), max: at("2200-01-01"), noNaN: true }),
      fc.double({ min: 0, max: 13, noNaN: true }),
      fc.integer({ min: 3, max: 20 }),
      (start, magnitude, space) => {
        const low = Math.round(start);
        const high = low + Math.round(space + 10 ** magnitude);
        const least = (high - low) / space;
        const { at, labels } = timeTicks(low, high, least, 1);
        expect(labels).toHaveLength(at.length);
        for (let i = 0; i < at.length; i++) {
          expect(at[i]).toBeGreaterThanOrEqual(low);
          expect(at[i]).toBeLessThanOrEqual(high);
          // Months and years differ in length. A year takes less space than a date.
          const needed = /^\d{4}$/.test(labels[i]!) ? 0.6 * least : least;
          if (i > 0) expect(at[i]! - at[i - 1]!).toBeGreaterThan(0.9 * needed);
        }
      },
    ),
  );
});

test("all labels of an axis have the same unit and as many digits", () => {
  expect(numberLabels([0, 7500, 15_000, 22_500])).toEqual(["0", "7,500", "15,000", "22,500"]);
  expect(numberLabels([0, 500_000, 1_000_000])).toEqual(["0", "0.5M", "1.0M"]);
  expect(numberLabels([-1, -0.5, 0, 0.5])).toEqual(["−1.0", "−0.5", "0.0", "0.5"]);
  expect(numberLabels([-2e-9, 0, 2e-9])).toEqual(["−2×10⁻⁹", "0", "2×10⁻⁹"]);
  expect(numberLabels([5e-10, 1e-9, 1.5e-9])).toEqual(["5×10⁻¹⁰", "1×10⁻⁹", "1.5×10⁻⁹"]);
  expect(numberLabels([1_767_261_600, 1_767_265_200])).toEqual(["1,767,261,600", "1,767,265,200"]);
  expect(numberLabels([1e15, 2e15])).toEqual(["1,000T", "2,000T"]);
  expect(numberLabels([0])).toEqual(["0"]);
});

test("different ticks have different labels", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -20, max: 18 }),
      fc.constantFrom(1, 2, 5),
      fc.integer({ min: -50_000, max: 50_000 }),
      fc.integer({ min: 2, max: 9 }),
      (power, digit, start, count) => {
        const ticks = Array.from({ length: count }, (_, i) => (start + i) * digit * 10 ** power);
        expect(new Set(numberLabels(ticks)).size).toBe(count);
      },
    ),
  );
});
