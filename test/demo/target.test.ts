import fc from "fast-check";
import { expect, test } from "vitest";
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
    { kind: "last", days: 7 },
    { kind: "tail", rows: 1000 },
    { kind: "between", from: "2001-03-05T06:30", to: "2002" },
    { kind: "between", from: "-1,234.5", to: "10" },
  ),
  columns: optional(texts),
  keys: optional(texts),
  moment: optional(fc.stringMatching(/^[0-9a-f]{11}(-[0-9a-f]{40})?$/)),
  compare: optional(fc.stringMatching(/^[0-9a-f]{11}$/)),
  overlay: fc.boolean(),
  view: optional(fc.tuple(place, place).filter(([low, high]) => low < high)),
  hidden: fc.array(text, { maxLength: 3 }),
  shape: optional(fc.constantFrom("line", "points", "steps")),
  extremes: optional(fc.boolean()),
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

test("Back undoes steps to other data, not zooms and not what was filled in", () => {
  const at = parseTarget("#/stocks/AAPL/all");
  expect(isStep(NO_TARGET, at)).toBe(false);
  expect(isStep(parseTarget("#/stocks"), at)).toBe(false);
  expect(isStep(at, { ...at, collection: "co2" })).toBe(true);
  expect(isStep(at, { ...at, series: ["AAPL", "IBM"] })).toBe(true);
  expect(isStep(at, { ...at, range: { kind: "last", days: 7 } })).toBe(true);
  expect(isStep(at, { ...at, moment: "1" })).toBe(true);
  expect(isStep(at, { ...at, view: [1, 2], hidden: ["AAPL"], shape: "points", extremes: true })).toBe(false);
});
