import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toEpoch } from "../../src/changelog/revision.ts";
import { hextime } from "../../src/model/layout.ts";
import { toUnit } from "../../src/model/time.ts";

const HOST_ZONE = process.env.TZ;

describe.each(["UTC", "America/New_York", "Asia/Kolkata"])(
  "`before` as text, on a computer in %s",
  (zone) => {
    beforeAll(() => {
      process.env.TZ = zone;
    });
    afterAll(() => {
      if (HOST_ZONE === undefined) delete process.env.TZ;
      else process.env.TZ = HOST_ZONE;
    });

    test("local times of the host are those of the zone", () => {
      const hour = { UTC: 0, "America/New_York": 19, "Asia/Kolkata": 5 }[zone];
      expect(new Date(Date.UTC(2020, 0, 1)).getHours()).toBe(hour);
    });

    test.each([
      ["2020-01-01T00:00:00", Date.UTC(2020, 0, 1)],
      ["2020-01-01 10:00", Date.UTC(2020, 0, 1, 10)],
      ["2020-07-01T10:00:00.250", Date.UTC(2020, 6, 1, 10, 0, 0, 250)],
      ["2020-01-01", Date.UTC(2020, 0, 1)],
      ["2020-01", Date.UTC(2020, 0, 1)],
      ["2020", Date.UTC(2020, 0, 1)],
      ["2020-01-01T00:00:00Z", Date.UTC(2020, 0, 1)],
      ["2020-01-01T00:00:00-05:00", Date.UTC(2020, 0, 1, 5)],
    ])("%s is the same time as in a bound", (text, ms) => {
      expect(toEpoch(text)).toBe(hextime(ms));
      expect(toUnit(text, "ms")).toBe(BigInt(ms));
    });

    test.each(["yesterday", "", "2020-1-1", "1 January 2020", "01/02/2020", "1969-12-31"])(
      "%j is refused",
      (text) => {
        expect(() => toEpoch(text)).toThrow(
          expect.objectContaining({
            code: "invalid-argument",
            message: expect.stringMatching(new RegExp(`^before: ${text} is not a time .*ISO 8601.*UTC`)),
          }),
        );
      },
    );
  },
);
