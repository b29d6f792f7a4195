import fc from "fast-check";
import { expect, test } from "vitest";
import { CALENDAR_STEPS, nextStep, stepStart } from "../../demo/data/calendar-step.ts";
import { parsePeriod } from "../../demo/data/iso-period.ts";
import { parseRange } from "../../demo/data/range.ts";
import { isRelative, relativeStart } from "../../demo/data/relative-range.ts";
import { fromWallClock, isTimeZone, toWallClock } from "../../demo/data/time-zone.ts";
import { formatTime } from "../../demo/page/format.ts";

const ZONES = [
  "UTC",
  "Europe/Brussels",
  "America/New_York",
  "Asia/Kolkata",
  "Pacific/Auckland",
  // Here clocks have gone forward at midnight.
  "Africa/Cairo",
  "America/Sao_Paulo",
];
const zones = fc.constantFrom(...ZONES);
const times = fc.integer({ min: Date.parse("1975"), max: Date.parse("2035") });

test("clocks show a time, and the time is found again by what they show", () => {
  expect(new Date(toWallClock(Date.parse("2026-07-01T12:00Z"), "Europe/Brussels")).toISOString()).toBe(
    "2026-07-01T14:00:00.000Z",
  );
  fc.assert(
    fc.property(times, zones, (time, zone) => {
      const found = fromWallClock(toWallClock(time, zone), zone);
      // Of an hour that clocks show twice, the first is found.
      expect([0, 3_600_000]).toContain(time - found);
      expect(toWallClock(found, zone)).toBe(toWallClock(time, zone));
    }),
  );
});

test("units of the calendar contain their times, and follow one another", () => {
  fc.assert(
    fc.property(times, zones, fc.constantFrom(...CALENDAR_STEPS), (time, zone, step) => {
      const [start, next] = [stepStart(time, step, zone), nextStep(time, step, zone)];
      expect(start).toBeLessThanOrEqual(time);
      expect(next).toBeGreaterThan(time);
      if (step !== "hour") expect(stepStart(next, step, zone)).toBe(next);
    }),
  );
  expect(new Date(stepStart(Date.parse("2026-05-10"), "quarter", "America/New_York")).toISOString()).toBe(
    "2026-04-01T04:00:00.000Z",
  );
});

const startOf = (text: string, last: string, zone = "UTC") => {
  const range = parseRange(text);
  if (!isRelative(range)) throw new Error(`${text} is not relative`);
  return new Date(relativeStart(range, Date.parse(last), zone)).toISOString();
};

test("relative ranges end with the last row, and follow the calendar", () => {
  expect(startOf("-24h", "2026-03-01T06:00Z")).toBe("2026-02-28T06:00:00.000Z");
  expect(startOf("-7d", "2026-03-01T06:00Z")).toBe("2026-02-22T06:00:00.000Z");
  expect(startOf("-2w", "2026-03-15")).toBe("2026-03-01T00:00:00.000Z");
  expect(startOf("-1m", "2026-03-31")).toBe("2026-02-28T00:00:00.000Z");
  expect(startOf("-12m", "2024-02-29")).toBe("2023-02-28T00:00:00.000Z");
  expect(startOf("10y", "2026-03-01")).toBe("2016-03-01T00:00:00.000Z");
  expect(startOf("ytd", "2026-01-01T03:00Z", "America/New_York")).toBe("2025-01-01T05:00:00.000Z");
  // Clocks went forward on 2026-03-29: noon seven days before is noon.
  expect(startOf("-7d", "2026-04-01T10:00Z", "Europe/Brussels")).toBe("2026-03-25T11:00:00.000Z");
});

test("lengths that are none are ends of a range, which the page refuses", () => {
  for (const text of ["-0d", "-7", "-7s", "7dd"]) expect(parseRange(text).kind).toBe("between");
});

test("a period without a zone is one of the chosen zone", () => {
  const iso = (text: string, zone: string) => {
    const { start, stop } = parsePeriod(text, zone)!;
    return [start, stop].map((time) => new Date(time).toISOString().slice(0, 16));
  };
  expect(iso("2026-03-29", "Europe/Brussels")).toEqual(["2026-03-28T23:00", "2026-03-29T22:00"]);
  expect(iso("2026", "America/New_York")).toEqual(["2026-01-01T05:00", "2027-01-01T05:00"]);
  expect(iso("2026-03-29T06:30Z", "Europe/Brussels")).toEqual(["2026-03-29T06:30", "2026-03-29T06:31"]);
  expect(iso("2026-03-29T06:30+02", "Asia/Kolkata")).toEqual(["2026-03-29T04:30", "2026-03-29T04:31"]);
});

test.each([
  // Clocks skip from 00:00 to 01:00: the day begins when they do.
  ["2024-04-26", "Africa/Cairo", "2024-04-25T22:00", "2024-04-26T21:00"],
  ["2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00", "2018-11-05T02:00"],
  ["2026-03-29T02:30", "Europe/Brussels", "2026-03-29T01:30", "2026-03-29T01:31"],
  ["2026-03-29T12:00", "Europe/Brussels", "2026-03-29T10:00", "2026-03-29T10:01"],
  // Clocks show an hour twice: the first counts.
  ["2024-11-01", "Africa/Cairo", "2024-10-31T22:00", "2024-11-01T22:00"],
  ["2019-02-16T23:30", "America/Sao_Paulo", "2019-02-17T01:30", "2019-02-17T01:31"],
  ["2026-10-25T02:30", "Europe/Brussels", "2026-10-25T00:30", "2026-10-25T00:31"],
  ["2026-10-25T12:00", "Europe/Brussels", "2026-10-25T11:00", "2026-10-25T11:01"],
])("%s in %s, around a change of the clocks", (text, zone, start, stop) => {
  const period = parsePeriod(text, zone)!;
  expect([period.start, period.stop].map((time) => new Date(time).toISOString().slice(0, 16))).toEqual([
    start,
    stop,
  ]);
});

test("times are shown by the clocks of a zone", () => {
  const midnight = Date.parse("2026-06-30T22:00Z");
  expect(formatTime(midnight, 86_400_000, "Europe/Brussels")).toBe("2026-07-01");
  expect(formatTime(midnight, 60_000)).toBe("2026-06-30 22:00");
});

test("names of zones", () => {
  expect([...ZONES, "Mars/Olympus", ""].map(isTimeZone)).toEqual([...ZONES.map(() => true), false, false]);
});
