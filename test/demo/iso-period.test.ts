import { describe, expect, test } from "vitest";
import { parsePeriod } from "../../demo/data/iso-period.ts";
import { parseIsoMs } from "../../src/model/time.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("a period of the range", () => {
  test.each([
    ["2001", 365 * DAY],
    ["2000-02", 29 * DAY],
    ["2001-03-05", DAY],
    ["2001-03-05T06", HOUR],
    ["2001-03-05 06:30", MINUTE],
    ["2001-03-05T0630Z", MINUTE],
    ["2001-03-05T06:30:15", 1000],
    ["2001-03-05T06:30:15.5", 100],
    ["2001-03-05T06:30:15.123456", 1],
    ["2001-03-05T06:30+02:00", MINUTE],
    ["2001-03-05T06:30-0330", MINUTE],
    [" 2001-03-05T06:30 UTC ", MINUTE],
  ])("%j starts when the library says, and has the length of its precision", (text, length) => {
    const start = parseIsoMs(text)!;
    expect(parsePeriod(text)).toEqual({ start, stop: start + length });
  });

  test.each(["", "now", "2001-13", "2001-02-30", "2001-03-05T25:00", "2001-03-05T06:60", "05.03.2001"])(
    "%j is not a time",
    (text) => {
      expect(parsePeriod(text)).toBeUndefined();
    },
  );
});
