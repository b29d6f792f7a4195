import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { daysToMonth, monthOfDay } from "../../src/model/calendar.ts";
import type { RowExpression } from "../../src/model/expression.ts";
import { Frame } from "../../src/model/frame.ts";
import { NAT, toUnit } from "../../src/model/time.ts";
import type { CalendarUnit } from "../../src/query/expression/builder.ts";
import {
  asTz,
  col,
  day,
  floor,
  hour,
  minute,
  month,
  reduce,
  second,
  weekday,
  year,
} from "../../src/query.ts";

const ZONES = [
  "Europe/Brussels",
  "America/New_York",
  "Asia/Kolkata",
  "Australia/Lord_Howe", // changes by half an hour
  "America/Sao_Paulo", // changed at midnight
  "America/Havana", // changes back at one o'clock to midnight
  "America/St_Johns", // changed back at one minute past midnight, to the day before
  "Pacific/Apia", // left out a day
  "Africa/Casablanca",
];

const times = (texts: readonly string[], unit = "s" as const) =>
  new Frame([
    { name: "t", type: `datetime64[${unit}]`, data: BigInt64Array.from(texts, (text) => toUnit(text, unit)) },
  ]);
const isoOf = (seconds: bigint) => new Date(Number(seconds) * 1000).toISOString().slice(0, 16);
const floored = (texts: readonly string[], unit: CalendarUnit, zone?: string) =>
  Array.from(reduce(times(texts), { x: floor(col("t"), unit, zone) }).get("x") as BigInt64Array, isoOf);

describe("where clocks change", () => {
  test.each([
    ["2026-10-25", "6h", ["24T22", "25T05", "25T11", "25T17"]],
    ["2026-10-25", "12h", ["24T22", "25T11"]],
    ["2026-03-29", "6h", ["28T23", "29T04", "29T10", "29T16"]],
    [
      "2026-03-29",
      "2h",
      ["28T23", ...["01", "02", "04", "06", "08", "10", "12", "14", "16", "18", "20"].map((h) => `29T${h}`)],
    ],
  ] as const)(
    "Brussels, %s: bins of %s begin at the same times of the clock as on any day",
    (day, unit, starts) => {
      const month = day.slice(0, 8);
      const from = Date.parse(`${month}${starts[0]}:00Z`) / 60_000;
      const hours = day.endsWith("10-25") ? 25 : 23;
      const minutes = Array.from({ length: hours * 60 }, (_, i) =>
        new Date((from + i) * 60_000).toISOString(),
      );
      const bins = new Set(floored(minutes, unit, "Europe/Brussels"));
      expect([...bins]).toEqual(starts.map((start) => `${month}${start}:00`));
    },
  );

  test("Brussels, 2026-03-29: a day of 23 hours, and no hour between two and three", () => {
    const rows = [
      "2026-03-28T22:59",
      "2026-03-28T23:00",
      "2026-03-29T00:59",
      "2026-03-29T01:00",
      "2026-03-29T21:59",
      "2026-03-29T22:00",
    ];
    expect(floored(rows, "day", "Europe/Brussels")).toEqual([
      "2026-03-27T23:00",
      "2026-03-28T23:00",
      "2026-03-28T23:00",
      "2026-03-28T23:00",
      "2026-03-28T23:00",
      "2026-03-29T22:00",
    ]);
    expect(floored(rows, "hour", "Europe/Brussels")).toEqual(rows.map((time) => `${time.slice(0, 13)}:00`));
    const shown = reduce(times(rows), {
      x: asTz(col("t"), "Europe/Brussels"),
      hour: hour(col("t"), "Europe/Brussels"),
    });
    expect(Array.from(shown.get("x") as BigInt64Array, isoOf).slice(2, 4)).toEqual([
      "2026-03-29T01:59",
      "2026-03-29T03:00",
    ]);
    expect([...shown.numbers("hour")]).toEqual([23, 0, 1, 3, 23, 0]);
  });

  test("Brussels, 2026-10-25: a day of 25 hours, and two hours from two to three", () => {
    const rows = [
      "2026-10-24T22:00",
      "2026-10-25T00:30",
      "2026-10-25T01:30",
      "2026-10-25T22:59",
      "2026-10-25T23:00",
    ];
    expect(floored(rows, "D", "Europe/Brussels")).toEqual([
      "2026-10-24T22:00",
      "2026-10-24T22:00",
      "2026-10-24T22:00",
      "2026-10-24T22:00",
      "2026-10-25T23:00",
    ]);
    expect(floored(rows, "h", "Europe/Brussels").slice(1, 3)).toEqual([
      "2026-10-25T00:00",
      "2026-10-25T01:00",
    ]);
    expect(floored(rows, "15m", "Europe/Brussels").slice(1, 3)).toEqual([
      "2026-10-25T00:30",
      "2026-10-25T01:30",
    ]);
    expect(floored(rows, "6h", "Europe/Brussels")).toEqual([
      "2026-10-24T22:00",
      "2026-10-24T22:00",
      "2026-10-24T22:00",
      "2026-10-25T17:00",
      "2026-10-25T23:00",
    ]);
    expect(floored(rows, "month", "Europe/Brussels")).toEqual(rows.map(() => "2026-09-30T22:00"));
    expect(floored(["2026-11-15"], "Q", "Europe/Brussels")).toEqual(["2026-09-30T22:00"]);
    expect(floored(["2026-10-31"], "week", "Europe/Brussels")).toEqual(["2026-10-25T23:00"]);
  });

  test("New York and Kolkata", () => {
    expect(
      floored(["2026-03-08T12:00", "2026-11-01T12:00", "2026-11-02T04:59"], "D", "America/New_York"),
    ).toEqual(["2026-03-08T05:00", "2026-11-01T04:00", "2026-11-01T04:00"]);
    expect(floored(["2026-01-01T18:29", "2026-01-01T18:30"], "D", "Asia/Kolkata")).toEqual([
      "2025-12-31T18:30",
      "2026-01-01T18:30",
    ]);
    expect(floored(["2026-01-01T18:29"], "h", "Asia/Kolkata")).toEqual(["2026-01-01T17:30"]);
  });

  test("midnights that come twice, or not at all", () => {
    expect(floored(["2018-11-04T12:00"], "D", "America/Sao_Paulo")).toEqual(["2018-11-04T03:00"]);
    expect(floored(["2026-11-01T04:30", "2026-11-01T05:30"], "D", "America/Havana")).toEqual([
      "2026-11-01T04:00",
      "2026-11-01T04:00",
    ]);
    expect(floored(["2011-12-30T11:00"], "D", "Pacific/Apia")).toEqual(["2011-12-30T10:00"]);
  });
});

/** What a clock in a zone shows, as the platform tells it. */
function clock(ms: number, zone: string): Record<string, number> {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
}

function offset(ms: number, zone: string): number {
  const shown = clock(ms, zone);
  return Date.UTC(shown.year!, shown.month! - 1, shown.day!, shown.hour!, shown.minute!, shown.second!) - ms;
}

const UNITS = { year: 1, month: 2, day: 3, hour: 4, minute: 5 } as const;
const moment = fc
  .integer({ min: Date.UTC(1950, 0), max: Date.UTC(2060, 0) })
  .map((ms) => Math.floor(ms / 1000) * 1000);
/** Times near each other, so that changes of clocks are seen from both sides. */
const moments = fc
  .tuple(moment, fc.array(fc.integer({ min: 0, max: 200 * 3600 }), { minLength: 1, maxLength: 40 }))
  .map(([from, steps]) => steps.map((step) => from + 1000 * step));

describe("a time is floored to where its unit begins", () => {
  test.each(ZONES)("%s", (zone) => {
    fc.assert(
      fc.property(moments, fc.constantFrom(...Object.entries(UNITS)), (at, [unit, depth]) => {
        const frame = new Frame([
          { name: "t", type: "datetime64[ms]", data: BigInt64Array.from(at, BigInt) },
        ]);
        const found = reduce(frame, { x: floor(col("t"), unit as CalendarUnit, zone) }).get(
          "x",
        ) as BigInt64Array;
        const fields = ["year", "month", "day", "hour", "minute"].slice(0, depth);
        for (const [row, ms] of at.entries()) {
          const start = Number(found[row]);
          const [own, first, before] = [ms, start, start - 1000].map((time) => {
            const shown = clock(time, zone);
            return fields.map((field) => shown[field]).join(" ");
          });
          expect(start).toBeLessThanOrEqual(ms);
          // It lies in the same unit, and the second before it in another one; unless clocks were set back in between.
          expect(first).toBe(own);
          if (before === own) expect(offset(start, zone)).not.toBe(offset(start - 1000, zone));
        }
      }),
      { numRuns: 60 },
    );
  });

  test("parts of dates", () => {
    const parts: Record<string, (time: RowExpression, zone?: string) => RowExpression> = {
      year,
      month,
      day,
      hour,
      minute,
      second,
    };
    fc.assert(
      fc.property(moments, fc.constantFrom(...ZONES), (at, zone) => {
        const frame = new Frame([
          { name: "t", type: "datetime64[ms]", data: BigInt64Array.from(at, BigInt) },
        ]);
        const asked = Object.fromEntries(
          Object.entries(parts).map(([name, part]) => [name, part(col("t"), zone)]),
        );
        const found = reduce(frame, { ...asked, weekday: weekday(col("t"), zone) });
        for (const [row, ms] of at.entries()) {
          const shown = clock(ms, zone);
          for (const name of Object.keys(parts))
            expect([name, found.numbers(name)[row]]).toEqual([name, shown[name]]);
          const noon = new Date(Date.UTC(shown.year!, shown.month! - 1, shown.day!, 12));
          expect(found.numbers("weekday")[row]).toBe(noon.getUTCDay() || 7);
        }
      }),
      { numRuns: 60 },
    );
  });
});

test("months, as Date has them", () => {
  fc.assert(
    fc.property(fc.integer({ min: -3_000_000, max: 3_000_000 }), (days) => {
      const date = new Date(days * 86_400_000);
      const months = (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
      expect(monthOfDay(days)).toBe(months);
      expect(daysToMonth(months)).toBe(days - date.getUTCDate() + 1);
    }),
  );
});

describe("units of columns", () => {
  const noon = "2026-08-07T12:34:56.789";
  test.each(["D", "h", "m", "s", "ms", "us", "ns"] as const)("%s", (unit) => {
    const data = BigInt64Array.of(toUnit(noon, unit), NAT, toUnit("1969-12-31T23:59:59.999", unit));
    const frame = new Frame([{ name: "t", type: `datetime64[${unit}]`, data }]);
    const found = reduce(frame, {
      x: floor(col("t"), "D"),
      y: year(col("t")),
      z: floor(col("t"), "M", "Asia/Kolkata"),
    });
    expect(found.type("x")).toBe(`datetime64[${unit}]`);
    expect(found.get("x")).toEqual(
      BigInt64Array.of(toUnit("2026-08-07", unit), NAT, toUnit("1969-12-31", unit)),
    );
    expect([...found.numbers("y")]).toEqual([2026, Number.NaN, 1969]);
    const own = unit === "D" || unit === "h" || unit === "m" ? "s" : unit;
    expect(found.type("z")).toBe(`datetime64[${own}]`);
    expect((found.get("z") as BigInt64Array)[0]).toBe(toUnit("2026-07-31T18:30", own));
  });

  test("months and years", () => {
    const frame = new Frame([{ name: "t", type: "datetime64[M]", data: BigInt64Array.of(676n, -1n) }]);
    const found = reduce(frame, { x: floor(col("t"), "Y") });
    expect([found.type("x"), found.get("x")]).toEqual([
      "datetime64[D]",
      BigInt64Array.of(toUnit("2026-01-01", "D"), toUnit("1969-01-01", "D")),
    ]);
  });

  test("errors for arguments that are not a unit, a zone or a time", () => {
    const frame = times(["2026-01-01"]);
    expect(() => reduce(frame, { x: '(floor self.t "7m")' })).toThrow(/"7m" is not a unit/);
    expect(() => reduce(frame, { x: '(floor self.t "D" "Europe/Bruxelles")' })).toThrow(
      /"Europe\/Bruxelles" is not a time zone/,
    );
    expect(() => reduce(frame, { x: '(floor 3 "D")' })).toThrow(/floor takes a time; 3 is int64/);
    const far = new Frame([{ name: "t", type: "datetime64[s]", data: BigInt64Array.of(2n ** 60n, 0n) }]);
    expect(() => reduce(far, { x: '(floor self.t "D")' })).toThrow(/beyond the calendar/);
  });
});
