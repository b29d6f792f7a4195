import { expect, test } from "vitest";
import { beyondAxis, extremesFit, minMax } from "../../demo/chart/extremes.ts";
import { groupLines } from "../../demo/chart/group-lines.ts";
import { isolated } from "../../demo/chart/plot-series.ts";

/** Means of 100 steps, each of which has extremes this far from it. */
function line(distance: (step: number) => number) {
  const x = Float64Array.from({ length: 100 }, (_, i) => i);
  const y = x.map((i) => Math.sin(i / 10));
  return {
    x,
    y,
    low: y.map((value, i) => value - distance(i)),
    high: y.map((value, i) => value + distance(i)),
  };
}

test("a single far extreme is drawn, however far it is", () => {
  expect(extremesFit([line((i) => (i === 50 ? 1e6 : 0.1))])).toBe(true);
});

test("extremes that are far from all means are not drawn at first, but marked", () => {
  const far = line(() => 100);
  expect(extremesFit([far])).toBe(false);
  expect(beyondAxis(far.x, far.low, far.high, [-1, 1])).toHaveLength(100);
  const once = line((i) => (i === 50 ? 100 : 0));
  expect(beyondAxis(once.x, once.low, once.high, [-1.1, 1.1])).toEqual([{ x: 50, above: true, below: true }]);
});

test("points without values have no extremes", () => {
  expect(beyondAxis([1, 2], [null, undefined], [null, undefined], [0, 1])).toEqual([]);
  expect(minMax([null, undefined])).toEqual([0, 0]);
  expect(minMax([3, null, -1])).toEqual([-1, 3]);
});

test("a value between two gaps is drawn as a point", () => {
  expect(isolated([1, null, 2, null, 3, 4, null, 5])).toEqual([0, 2, 7]);
  expect(isolated([7])).toEqual([0]);
  // Values of other lines lie between: these are no gaps.
  expect(isolated([1, undefined, 2, null, undefined, 3, undefined, null])).toEqual([5]);
  expect(isolated([])).toEqual([]);
});

const extent = (
  low: number,
  high: number,
  parts: { unit?: string; column?: string; bool?: boolean } = {},
) => ({
  unit: undefined,
  column: "value",
  bool: false,
  low,
  high,
  ...parts,
});

test("lines of one column share an axis, unless one would be flat", () => {
  expect(groupLines([extent(0, 10), extent(20, 30)])).toHaveLength(1);
  expect(groupLines([extent(0, 10), extent(0, 10_000)])).toHaveLength(2);
  expect(groupLines([extent(0, 10), extent(20, 30, { column: "other" })])).toHaveLength(2);
  expect(groupLines([extent(0, 10, { unit: "°C" }), extent(900, 1100, { unit: "hPa" })])).toHaveLength(2);
});

test("true and false have an axis of their own", () => {
  const bool = { bool: true, column: "on" };
  expect(
    groupLines([extent(0, 1), extent(0, 1, bool), extent(0, 1, bool)]).map(({ length }) => length),
  ).toEqual([1, 2]);
});
