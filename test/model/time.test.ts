import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TIME_UNITS, type TimeUnit } from "../../src/model/dtype.ts";
import { floorDivide } from "../../src/model/floor-divide.ts";
import { NAT, parseIsoMs, type TimeInput, toUnit, unitRatio, unitToMs } from "../../src/model/time.ts";
import { msPerUnit, splitCount } from "../../src/model/time-units.ts";

const ms = (text: string): bigint => BigInt(Date.parse(text));

describe("ISO 8601 text", () => {
  test.each([
    ["2026-03-01T12:30:15.250Z", ms("2026-03-01T12:30:15.250Z")],
    ["2026-03-01T12:30:15,25Z", ms("2026-03-01T12:30:15.250Z")],
    ["2026-03-01T12:30:15", ms("2026-03-01T12:30:15Z")],
    ["2026-03-01 12:30:15", ms("2026-03-01T12:30:15Z")],
    ["2026-03-01t12:30z", ms("2026-03-01T12:30:00Z")],
    ["2026-03-01T12", ms("2026-03-01T12:00:00Z")],
    ["2026-03-01T123015", ms("2026-03-01T12:30:15Z")],
    ["2026-03-01", ms("2026-03-01T00:00:00Z")],
    [" 2026-03 ", ms("2026-03-01T00:00:00Z")],
    ["2026", ms("2026-01-01T00:00:00Z")],
    ["2026-03-01T12:30+02:00", ms("2026-03-01T10:30:00Z")],
    ["2026-03-01T12:30-0530", ms("2026-03-01T18:00:00Z")],
    ["2026-03-01T00:30+01", ms("2026-02-28T23:30:00Z")],
    ["2026-03-01T12:30:15 Z", ms("2026-03-01T12:30:15Z")],
    ["2026-03-01T24:00", ms("2026-03-02T00:00:00Z")],
    ["2016-12-31T23:59:60Z", ms("2017-01-01T00:00:00Z")],
    ["2024-02-29", ms("2024-02-29T00:00:00Z")],
    ["1969-12-31T23:59:59.999Z", -1n],
    ["0001-01-01", -62_135_596_800_000n],
    ["0000-12-31", -62_135_683_200_000n],
    ["9999-12-31T23:59:59.999", 253_402_300_799_999n],
    ["-0001-01-01", -62_198_755_200_000n],
    ["+012026-01-01", ms("+012026-01-01T00:00:00Z")],
  ])("%j", (text, expected) => {
    expect(toUnit(text, "ms")).toBe(expected);
  });

  test("fractions to the nanosecond", () => {
    expect(toUnit("1970-01-01T00:00:00.123456789", "ns")).toBe(123_456_789n);
    expect(toUnit("1970-01-01T00:00:00.1234567899", "ns")).toBe(123_456_789n);
    expect(toUnit("1969-12-31T23:59:59.000000001", "ns")).toBe(-999_999_999n);
    expect(toUnit("2026-03-01T00:00:00.000001", "us") % 1_000_000n).toBe(1n);
  });

  test("whole milliseconds", () => {
    expect(parseIsoMs("2026-03-01T12:30:15.2509")).toBe(Number(ms("2026-03-01T12:30:15.250Z")));
    expect(parseIsoMs("1969-12-31T23:59:59.9999")).toBe(-1);
    expect(parseIsoMs("2026-03-01T12:30:15 UTC")).toBe(Number(ms("2026-03-01T12:30:15Z")));
    expect(parseIsoMs("now")).toBeUndefined();
  });

  test.each([
    ...[
      "",
      "now",
      "NaT",
      "20260301",
      "202603",
      "2026-3-1",
      "2026-13-01",
      "2026-00-01",
      "2026-02-30",
      "2025-02-29",
    ],
    ...[
      "2026-03-00",
      "2026-03-32",
      "2026-03-01T25:00",
      "2026-03-01T24:01",
      "2026-03-01T12:60",
      "2026-03-01T12:30:61",
    ],
    ...["2026-03-01T12:30+1", "2026-03-01T12:30+01:99", "2026-03-01T", "2026-03-01T12:30 CET", "01/03/2026"],
    ...["+999999-01-01", "+275760-09-13T12:00", "-999999-01-01", "1e3", "2026-03-01T12:30:15.Z"],
  ])("%j is refused", (text) => {
    const refusal = { code: "invalid-argument", message: expect.stringContaining(JSON.stringify(text)) };
    expect(() => toUnit(text, "s")).toThrow(expect.objectContaining(refusal));
  });
});

describe("units", () => {
  // One instant before 1970 and one after, floored to each unit: as numpy's astype gives.
  test.each<[TimeUnit, bigint, bigint]>([
    ["Y", -1n, 56n],
    ["M", -1n, 674n],
    ["W", -1n, 2930n],
    ["D", -1n, 20_513n],
    ["h", -1n, 492_324n],
    ["m", -1n, 29_539_470n],
    ["s", -1n, 1_772_368_215n],
    ["ms", -1n, 1_772_368_215_250n],
    ["us", -1000n, 1_772_368_215_250_000n],
    ["ns", -1_000_000n, 1_772_368_215_250_000_000n],
  ])("%s", (unit, before, after) => {
    for (const [text, count] of [
      ["1969-12-31T23:59:59.999Z", before],
      ["2026-03-01T12:30:15.250Z", after],
    ] as const) {
      expect(toUnit(text, unit)).toBe(count);
      expect(toUnit(new Date(text), unit)).toBe(count);
      expect(toUnit(Date.parse(text), unit)).toBe(count);
      expect(toUnit(count, unit)).toBe(count);
    }
  });

  test.each(TIME_UNITS)("the far ends of the calendar in %s", (unit) => {
    if (unit === "ns") return void expect(() => toUnit("0001-01-01", "ns")).toThrow("out of the range");
    for (const text of ["0001-01-01T00:00:00.000Z", "9999-01-01T00:00:00.000Z"]) {
      const back = new Date(unitToMs(toUnit(text, unit), unit));
      const [late, early] = [Date.parse(text), back.getTime()];
      expect(early).toBeLessThanOrEqual(late);
      expect(late - early).toBeLessThan(unit === "W" ? 604_800_000 : 1);
    }
  });
});

describe("numbers and dates", () => {
  test.each<[TimeInput, TimeUnit, bigint]>([
    [1.5, "ms", 1n],
    [-1.5, "ms", -2n],
    [-0.001, "s", -1n],
    [1.5, "us", 1500n],
    [-1.5, "us", -1500n],
    [0.000_001, "ns", 1n],
    [-0.000_001, "ns", -1n],
    [1_700_000_000_000.25, "ns", 1_700_000_000_000_250_000n],
    [-1, "Y", -1n],
    [-0.5, "M", -1n],
    [8.64e15, "D", 100_000_000n],
    [Number.NaN, "s", NAT],
    [new Date(Number.NaN), "s", NAT],
    [NAT, "s", NAT],
    [new Date(-1), "s", -1n],
  ])("%s in %s", (time, unit, count) => {
    expect(toUnit(time, unit)).toBe(count);
  });

  test.each<[TimeInput, TimeUnit]>([
    [Number.POSITIVE_INFINITY, "s"],
    [Number.NEGATIVE_INFINITY, "Y"],
    [1e300, "s"],
    [1e300, "ns"],
    [1e17, "M"],
    [2n ** 63n, "s"],
    [-(2n ** 63n) - 1n, "ns"],
    ["2300-01-01", "ns"],
    [new Date("2300-01-01"), "ns"],
  ])("%s is out of the range of %s", (time, unit) => {
    expect(() => toUnit(time, unit)).toThrow(expect.objectContaining({ code: "invalid-argument" }));
  });
});

describe("back to milliseconds", () => {
  const dates = { min: -62_135_596_800_000, max: 253_402_300_799_999 };

  test("a whole number of milliseconds comes back from every unit that holds it", () => {
    fc.assert(
      fc.property(fc.integer(dates), fc.constantFrom("ms", "us"), (time, unit) => {
        expect(unitToMs(toUnit(time, unit), unit)).toBe(time);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: -9e12, max: 9e12 }), (time) => {
        expect(unitToMs(toUnit(time, "ns"), "ns")).toBe(time);
      }),
    );
  });

  test("the count of a unit comes back from milliseconds", () => {
    for (const unit of TIME_UNITS) {
      if (unit === "ns") continue; // finer than a double of milliseconds can tell
      const span = unit === "Y" ? 8000n : unit === "M" ? 96_000n : 4_000_000_000_000_000n / scaleOf(unit);
      fc.assert(
        fc.property(fc.bigInt({ min: -span, max: span }), (count) => {
          expect(toUnit(unitToMs(count, unit), unit)).toBe(count);
        }),
      );
    }
  });

  /** Microseconds of a unit. */
  const scaleOf = (unit: TimeUnit): bigint => BigInt(Math.round(msPerUnit(unit)! * 1000));

  test("NaT is NaN", () => {
    for (const unit of TIME_UNITS) expect(unitToMs(NAT, unit)).toBeNaN();
  });

  test("text, Date and number mean the same", () => {
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: true, min: new Date("0000-01-01"), max: new Date("9999-12-31") }),
        fc.constantFrom(...TIME_UNITS),
        (date, unit) => {
          fc.pre(unit !== "ns" || Math.abs(date.getTime()) < 9e12);
          const count = toUnit(date, unit);
          expect(toUnit(date.getTime(), unit)).toBe(count);
          expect(toUnit(date.toISOString(), unit)).toBe(count);
        },
      ),
    );
  });
});

test("floorDivide rounds down on both sides of zero", () => {
  expect([-3n, -2n, -1n, 0n, 1n, 2n, 3n].map((n) => floorDivide(n, 2n))).toEqual([
    -2n,
    -1n,
    -1n,
    0n,
    0n,
    1n,
    1n,
  ]);
});

test("a count is split into milliseconds and the digits after them, exactly", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }), (count) => {
      const us = splitCount(count, "us");
      expect(BigInt(us[0]) * 1_000n + BigInt(us[1])).toBe(count);
      const ns = splitCount(count, "ns");
      expect(BigInt(ns[0]) * 1_000_000n + BigInt(ns[1])).toBe(count);
      expect([us[1], ns[1]].map(({ length }) => length)).toEqual([3, 6]);
    }),
  );
  expect(splitCount(-1n, "us")).toEqual([-1, "999"]);
  expect(splitCount(56n, "Y")).toEqual([Date.UTC(2026), ""]);
  expect(splitCount(-1n, "M")).toEqual([Date.UTC(1969, 11), ""]);
  expect(splitCount(2n, "W")).toEqual([14 * 86_400_000, ""]);
});

test("how many of one unit make another", () => {
  expect(unitRatio("s", "ns")).toBe(1_000_000_000n);
  expect(unitRatio("W", "D")).toBe(7n);
  expect(unitRatio("ns", "s")).toBeUndefined();
  expect(unitRatio("s", "s")).toBeUndefined();
  expect(unitRatio("Y", "D")).toBeUndefined();
});
