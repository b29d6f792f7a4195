import { describe, expect, test } from "vitest";
import { readRevisionName } from "../../src/cli/options/revision-name.ts";
import { parseBefore } from "../../src/cli/options/values.ts";
import { parseWhen, whenText } from "../../src/cli/options/when.ts";

const NOW = Date.parse("2026-03-31T12:00:00Z");
const at = (text: string) => {
  const ms = parseWhen(text, NOW);
  return ms === undefined ? undefined : new Date(ms).toISOString();
};

test.each([
  ["now", "2026-03-31T12:00:00.000Z"],
  ["yesterday", "2026-03-30T12:00:00.000Z"],
  ["-30s", "2026-03-31T11:59:30.000Z"],
  ["-90m", "2026-03-31T10:30:00.000Z"],
  ["-1h30m", "2026-03-31T10:30:00.000Z"],
  ["-7d", "2026-03-24T12:00:00.000Z"],
  ["-2w", "2026-03-17T12:00:00.000Z"],
  ["+1d", "2026-04-01T12:00:00.000Z"],
  ["-1mo", "2026-02-28T12:00:00.000Z"],
  ["-13mo", "2025-02-28T12:00:00.000Z"],
  ["-1y", "2025-03-31T12:00:00.000Z"],
  ["2 hours ago", "2026-03-31T10:00:00.000Z"],
  ["1 day ago", "2026-03-30T12:00:00.000Z"],
  ["3 Weeks Ago", "2026-03-10T12:00:00.000Z"],
  ["2 months ago", "2026-01-31T12:00:00.000Z"],
  ["2026-03-01", "2026-03-01T00:00:00.000Z"],
  ["2026-03-01T12:00+02:00", "2026-03-01T10:00:00.000Z"],
])("%s is a time", (text, time) => {
  expect(at(text)).toBe(time);
});

test.each(["", "soon", "-7", "7d", "-7x", "- 7d", "2 fortnights ago", "ago", "-999999999y", "2026-3-1"])(
  "%j is no time",
  (text) => {
    expect(at(text)).toBeUndefined();
  },
);

test("text in ISO 8601 is passed on as it is, since it may be finer than milliseconds", () => {
  expect(whenText("2026-03-01T00:00:00.123456789Z", NOW)).toBe("2026-03-01T00:00:00.123456789Z");
  expect(whenText("-1d", NOW)).toBe("2026-03-30T12:00:00.000Z");
});

describe("revisions are named", () => {
  const name = (text: string) => readRevisionName(text, NOW);
  const id = `0198a3b4c5d-${"ab".repeat(20)}`;
  test.each([
    ["head", { base: { head: true }, back: 0 }],
    ["HEAD", { base: { head: true }, back: 0 }],
    ["@", { base: { head: true }, back: 0 }],
    ["head~1", { base: { head: true }, back: 1 }],
    ["head~", { base: { head: true }, back: 1 }],
    ["head^^", { base: { head: true }, back: 2 }],
    ["head~2^", { base: { head: true }, back: 3 }],
    [id, { base: { prefix: id }, back: 0 }],
    ["0198a3b4c5d~2", { base: { prefix: "0198a3b4c5d" }, back: 2 }],
    ["2026-03-01", { base: { until: Date.parse("2026-03-01") }, back: 0 }],
    ["@{2026-03-01}", { base: { until: Date.parse("2026-03-01") }, back: 0 }],
    ["head@{2026-03-01T12:00}~1", { base: { until: Date.parse("2026-03-01T12:00Z") }, back: 1 }],
    ["@{yesterday}", { base: { until: NOW - 86_400_000 }, back: 0 }],
    ["yesterday", { base: { until: NOW - 86_400_000 }, back: 0 }],
    ["@{2 hours ago}", { base: { until: NOW - 7_200_000 }, back: 0 }],
    ["@{-7d}", { base: { until: NOW - 7 * 86_400_000 }, back: 0 }],
  ])("%s", (text, expected) => {
    expect(name(text)).toEqual(expected);
  });

  test.each(["", "heads", "~1", "@{}", "@{soon}", "0198a3", "head~x", "0198A3B4C5D"])("not by %j", (text) => {
    expect(name(text)).toBeUndefined();
  });
});

test("--before takes a time or a revision", () => {
  for (const text of ["2026", "2026-03-01 12:00", "2026-03-01T12:00+01:00", "0198a3b4c5d"])
    expect(parseBefore(text)).toEqual({ time: text });
  expect(parseBefore("-7d")).toEqual({ time: expect.stringMatching(/^\d{4}-.*Z$/) });
  for (const text of ["head", "head~1", "0198a3b4c5d-ab"])
    expect(parseBefore(text)).toEqual({ revision: text });
  for (const text of ["soon", "2026-3-1", "1 March 2026"])
    expect(() => parseBefore(text)).toThrow(
      new RegExp(
        `"${text}" is neither a time nor a revision\\. Write a time such as .*: the state right then; or a revision, .*: the state without what it wrote\\.$`,
      ),
    );
});
