import fc from "fast-check";
import { expect, test } from "vitest";
import { LINE_SHAPES } from "../../demo/chart/chart-data.ts";
import { CALENDAR_STEPS } from "../../demo/data/calendar-step.ts";
import { AGGREGATES } from "../../demo/data/resample.ts";
import { formatTarget, isStep, NO_TARGET, parseTarget, type Target } from "../../demo/state/target.ts";

const text = fc.string({ minLength: 1, unit: "binary" }).filter((string) => string.isWellFormed());
const texts = fc.array(text, { minLength: 1, maxLength: 3 });
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** A place on the x axis; -0 is the same as 0. */
const place = fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0);

const targets: fc.Arbitrary<Target> = fc.record({
  collection: optional(text),
  series: fc.array(text, { maxLength: 3 }),
  range: fc.constantFrom<Target["range"]>(
    { kind: "all" },
    { kind: "last", count: 7, unit: "d" },
    { kind: "last", count: 12, unit: "m" },
    { kind: "year-to-date" },
    { kind: "tail", rows: 1000 },
    { kind: "between", from: "2001-03-05T06:30", to: "2002" },
    { kind: "between", from: "-1,234.5", to: "10" },
  ),
  columns: optional(texts),
  keys: optional(texts),
  where: optional(text.filter((string) => string.trim() !== "")),
  resample: optional(
    fc.record({ step: fc.constantFrom(...CALENDAR_STEPS), aggregate: fc.constantFrom(...AGGREGATES) }),
  ),
  zone: optional(
    fc.constantFrom("local", "UTC", "Europe/Brussels", "America/Argentina/Buenos_Aires", "Etc/GMT+5"),
  ),
  moment: optional(fc.stringMatching(/^[0-9a-f]{11}(-[0-9a-f]{40})?$/)),
  compare: optional(fc.stringMatching(/^[0-9a-f]{11}$/)),
  overlay: fc.boolean(),
  view: optional(fc.tuple(place, place).filter(([low, high]) => low < high)),
  hidden: fc.array(text, { maxLength: 3 }),
  shape: optional(fc.constantFrom(...LINE_SHAPES)),
  extremes: optional(fc.boolean()),
  log: fc.boolean(),
});

test("the address contains all that is shown", () => {
  fc.assert(
    fc.property(targets, (target) => {
      // As a browser passes it on.
      const { hash } = new URL(formatTarget(target), "https://host/");
      expect(parseTarget(hash)).toEqual(target);
    }),
  );
});

test("short addresses name what is usual", () => {
  expect(formatTarget({ ...NO_TARGET, collection: "co2", series: ["Mauna Loa"] })).toBe(
    "#/co2/Mauna%20Loa/all",
  );
  expect(formatTarget({ ...NO_TARGET, collection: "co2" })).toBe("#/co2");
  expect(parseTarget("")).toEqual(NO_TARGET);
  expect(parseTarget("#/co2")).toEqual({ ...NO_TARGET, collection: "co2" });
});

test("a range that makes no sense is kept, so that the page can say so", () => {
  expect(parseTarget("#/a/b/1990..1980").range).toEqual({ kind: "between", from: "1990", to: "1980" });
  expect(parseTarget("#/a/b/nonsense").range).toEqual({ kind: "between", from: "nonsense", to: "" });
});

test("details that make no sense are ignored", () => {
  const { where, resample, zone, shape, log } = parseTarget(
    "#/a/b/all?where=%20&by=fortnight.mean&zone=Mars/Olympus&draw=pie&scale=cubic",
  );
  expect([where, resample, zone, shape, log]).toEqual([undefined, undefined, undefined, undefined, false]);
});

test("Back undoes choices, not zooms, hidden lines and what was filled in", () => {
  const at = parseTarget("#/stocks/AAPL/all");
  expect(isStep(NO_TARGET, at)).toBe(false);
  expect(isStep(parseTarget("#/stocks"), at)).toBe(false);
  expect(isStep(at, { ...at, collection: "co2" })).toBe(true);
  expect(isStep(at, { ...at, series: ["AAPL", "IBM"] })).toBe(true);
  expect(isStep(at, { ...at, range: { kind: "last", count: 7, unit: "d" } })).toBe(true);
  expect(isStep(at, { ...at, moment: "1" })).toBe(true);
  expect(isStep(at, { ...at, where: "price > 10" })).toBe(true);
  expect(isStep(at, { ...at, zone: "local" })).toBe(true);
  expect(isStep(at, { ...at, resample: { step: "year", aggregate: "mean" } })).toBe(true);
  expect(isStep(at, { ...at, shape: "bars" })).toBe(true);
  expect(isStep(at, { ...at, log: true })).toBe(true);
  expect(isStep(at, { ...at, view: [1, 2], hidden: ["AAPL"] })).toBe(false);
});
