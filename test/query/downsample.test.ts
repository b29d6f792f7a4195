import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DownsampleMethod, Points } from "../../src/model/api/read.ts";
import { Axis, slicesOf } from "../../src/query/downsample/axis.ts";
import { lttb } from "../../src/query/downsample/lttb.ts";
import { pointsOf, pointsOfRows, slicesFor } from "../../src/query/downsample/points.ts";
import { BLOCK, joinBlocks, Summary, summarise } from "../../src/query/downsample/summary.ts";

interface Rows {
  xs: number[];
  ys: number[];
}

const value = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -5, max: 5 }) },
  { weight: 2, arbitrary: fc.constant(Number.NaN) },
  { weight: 1, arbitrary: fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
);

/** Sorted rows, some at the same place, with gaps of all sizes. */
const rows = (most: number): fc.Arbitrary<Rows> =>
  fc
    .array(fc.tuple(fc.oneof(fc.constantFrom(0, 1, 1, 1), fc.integer({ min: 0, max: 500 })), value), {
      minLength: 1,
      maxLength: most,
    })
    .map((steps) => {
      let x = 1000;
      const xs = steps.map(([step]) => {
        x += step;
        return x;
      });
      return { xs, ys: steps.map(([, y]) => y) };
    });

const axisOver = ({ xs }: Rows, slices: number) => new Axis(xs[0]!, xs.at(-1)!, slices);

/** Row numbers of each slice, told one by one. */
function naiveSlices({ xs }: Rows, axis: Axis): number[][] {
  const slices: number[][] = Array.from({ length: axis.slices }, () => []);
  xs.forEach((x, row) => {
    slices[axis.sliceOf(x)]!.push(row);
  });
  return slices;
}

/** What `minmax`, `m4` and `mean` come to, written anew without any of the code under test but the axis. */
function naive(data: Rows, axis: Axis, method: DownsampleMethod): Points {
  const { xs, ys } = data;
  const points: [x: number, y: number, low: number, high: number][] = [];
  for (const [slice, all] of naiveSlices(data, axis).entries()) {
    if (all.length === 0) continue;
    const some = all.filter((row) => !Number.isNaN(ys[row]));
    const values = some.map((row) => ys[row]!);
    const [low, high] =
      values.length > 0 ? [Math.min(...values), Math.max(...values)] : [Number.NaN, Number.NaN];
    if (method === "mean") {
      points.push([axis.position(slice, 0.5), values.reduce((a, b) => a + b, 0) / values.length, low, high]);
      continue;
    }
    if (some.length === 0) {
      points.push([xs[all[0]!]!, Number.NaN, 0, 0]);
      continue;
    }
    const extremes = [some.find((row) => ys[row] === low)!, some.find((row) => ys[row] === high)!];
    extremes.sort((a, b) => xs[a]! - xs[b]!);
    const chosen = method === "m4" ? [some[0]!, ...extremes, some.at(-1)!] : extremes;
    for (const row of chosen) points.push([xs[row]!, ys[row]!, 0, 0]);
  }
  const kept =
    method === "mean"
      ? points
      : points.filter(([x, y], i) => i === 0 || x !== points[i - 1]![0] || !Object.is(y, points[i - 1]![1]));
  const pick = (i: 0 | 1 | 2 | 3) => Float64Array.from(kept, (point) => point[i]);
  return { x: pick(0), y: pick(1), ...(method === "mean" && { low: pick(2), high: pick(3) }) };
}

describe("rows in slices", () => {
  test.each(["minmax", "m4", "mean"] as const)("%s is what a naive reader finds", (method) => {
    fc.assert(
      fc.property(rows(200), fc.integer({ min: 1, max: 20 }), (data, slices) => {
        const axis = axisOver(data, slices);
        const into = slicesOf(axis);
        axis.addRows(into, data.xs, data.ys, 0, data.xs.length);
        expect(pointsOf(into, axis, method, 100)).toEqual(naive(data, axis, method));
      }),
      { numRuns: 500 },
    );
  });

  test("come out the same in whatever pieces they go in", () => {
    fc.assert(
      fc.property(rows(200), fc.integer({ min: 1, max: 20 }), fc.nat(), (data, slices, cut) => {
        const axis = axisOver(data, slices);
        const [whole, pieces, merged] = [slicesOf(axis), slicesOf(axis), slicesOf(axis)];
        const at = cut % (data.xs.length + 1);
        axis.addRows(whole, data.xs, data.ys, 0, data.xs.length);
        axis.addRows(pieces, data.xs, data.ys, 0, at);
        axis.addRows(pieces, data.xs, data.ys, at, data.xs.length);
        const rest = slicesOf(axis);
        axis.addRows(merged, data.xs, data.ys, 0, at);
        axis.addRows(rest, data.xs, data.ys, at, data.xs.length);
        for (let i = 0; i < slices; i++) merged.addSlice(i, rest, i);
        for (const other of [pieces, merged]) {
          for (const method of ["minmax", "m4", "mean"] as const) {
            expect(pointsOf(other, axis, method, 100)).toEqual(pointsOf(whole, axis, method, 100));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test("rows without a place are left out", () => {
    const axis = new Axis(0, 10, 2);
    const into = slicesOf(axis);
    axis.addRows(into, [Number.NaN, 1, 6, Number.NaN], [1, 2, 3, 4], 0, 4);
    expect(pointsOf(into, axis, "minmax", 4)).toEqual({ x: Float64Array.of(1, 6), y: Float64Array.of(2, 3) });
  });
});

const takesAll = (axis: Axis, blocks: Summary) =>
  Array.from({ length: blocks.length }, (_, block) => axis.takes(blocks, block)).every(Boolean);

describe("blocks in slices", () => {
  test("keep every extreme, within a quarter of a slice", () => {
    fc.assert(
      fc.property(rows(3000), fc.integer({ min: 1, max: 6 }), (data, slices) => {
        const axis = axisOver(data, slices);
        const blocks = summarise(data.xs, data.ys);
        fc.pre(takesAll(axis, blocks));
        const into = slicesOf(axis);
        axis.addBlocks(into, blocks);
        const values = data.ys.filter((y) => !Number.isNaN(y));
        const total = into.count.reduce((a, b) => a + b, 0);
        expect(total).toBe(values.length);
        if (total > 0) {
          expect(Math.min(...into.low)).toBe(Math.min(...values));
          expect(Math.max(...into.high)).toBe(Math.max(...values));
        }
        const width = (axis.high - axis.low) / slices;
        for (let i = 0; i < slices; i++) {
          if (into.fromX[i]! > into.toX[i]!) continue;
          expect(into.fromX[i]).toBeGreaterThanOrEqual(axis.low + (i - 0.25) * width - 1e-6);
          expect(into.toX[i]).toBeLessThanOrEqual(axis.low + (i + 1.25) * width + 1e-6);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("are refused where they are too coarse", () => {
    const xs = Float64Array.from({ length: 10 * BLOCK }, (_, i) => i);
    const blocks = summarise(xs, xs);
    expect(takesAll(new Axis(0, xs.length - 1, 2), blocks)).toBe(true);
    expect(takesAll(new Axis(0, xs.length - 1, 9), blocks)).toBe(false);
  });

  test("joined blocks are the same, whichever blocks they are joined from", () => {
    fc.assert(
      fc.property(rows(3000), (data) => {
        const blocks = summarise(data.xs, data.ys);
        const [twice, eightTimes] = [joinBlocks(blocks, 2), joinBlocks(blocks, 8)];
        expect(joinBlocks(twice, 4).data).toEqual(eightTimes.data);
        expect(joinBlocks(new Summary(blocks.length, blocks.data.slice()), 8).data).toEqual(eightTimes.data);
        for (let at = 0; at < eightTimes.length; at++) {
          const whole = new Summary(1);
          const [from, to] = [at * 8 * BLOCK, Math.min(data.xs.length, (at + 1) * 8 * BLOCK)];
          whole.addRows(0, data.xs, data.ys, from, to);
          for (const field of ["count", "fromX", "toX", "firstX", "first", "lastX", "last"] as const)
            expect(eightTimes[field][at]).toBe(whole[field][0]);
          for (const field of ["lowX", "low", "highX", "high"] as const)
            expect(eightTimes[field][at]).toBe(whole[field][0]);
        }
      }),
      { numRuns: 100 },
    );
  });

  test("parts and joins of summaries", () => {
    const blocks = summarise(
      Array.from({ length: 1000 }, (_, i) => i),
      Array.from({ length: 1000 }, (_, i) => (i * 7919) % 1000),
    );
    const again = Summary.concat([blocks.slice(0, 3), blocks.slice(3, 3), blocks.slice(3, blocks.length)]);
    expect(again.data).toEqual(blocks.data);
  });

  test("a summary survives being stored", () => {
    const blocks = summarise([1, 2, 3], [Number.NaN, 5, 4]);
    const again = new Summary(blocks.length, blocks.data.slice());
    expect(Summary.fits(blocks.data, blocks.length)).toBe(true);
    expect(Summary.fits(blocks.data, blocks.length + 1)).toBe(false);
    expect([again.first[0], again.last[0], again.lowX[0], again.highX[0], again.count[0]]).toEqual([
      5, 4, 3, 2, 2,
    ]);
  });
});

/** Largest triangle three buckets as its paper tells it, in plain steps. */
function naiveLttb(xs: number[], ys: number[], points: number): number[] {
  if (xs.length <= points) return xs.map((_, i) => i);
  const bounds = Array.from(
    { length: points - 1 },
    (_, i) => Math.floor((i * (xs.length - 2)) / (points - 2)) + 1,
  );
  const chosen = [0];
  for (let bucket = 0; bucket < points - 2; bucket++) {
    const next: number[] = [];
    const end = bucket === points - 3 ? xs.length : Math.min(xs.length - 1, bounds[bucket + 2]!);
    for (let row = bounds[bucket + 1]!; row < end; row++) next.push(row);
    const mean = (of: number[]) => next.reduce((sum, row) => sum + of[row]!, 0) / next.length;
    const [a, cx, cy] = [chosen.at(-1)!, mean(xs), mean(ys)];
    let best = { row: -1, area: -1 };
    for (let row = bounds[bucket]!; row < bounds[bucket + 1]!; row++) {
      const area = Math.abs((xs[a]! - cx) * (ys[row]! - ys[a]!) - (xs[a]! - xs[row]!) * (cy - ys[a]!));
      if (area > best.area) best = { row, area };
    }
    chosen.push(best.row);
  }
  return [...chosen, xs.length - 1];
}

describe("largest triangles", () => {
  test("are those of the paper", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: -500, max: 500 }), { minLength: 1, maxLength: 66 }),
        (ys) => {
          const xs = ys.map((_, i) => i);
          for (const points of [3, 4, 10, 34]) {
            expect(Array.from(lttb(xs, ys, points))).toEqual(naiveLttb(xs, ys, points));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test("leave out rows without a value", () => {
    const xs = Array.from({ length: 100 }, (_, i) => i);
    const ys = xs.map((x) => (x % 3 === 0 ? Number.NaN : Math.sin(x)));
    const { x, y } = pointsOfRows(xs, ys, new Axis(0, 99, 10), "lttb", 10);
    expect(x).toHaveLength(10);
    expect(y.some(Number.isNaN)).toBe(false);
  });
});

describe("a gap wider than a slice gives a NaN", () => {
  const xs = Array.from({ length: 20_000 }, (_, i) => i);
  const gapped = xs.map((x) => (x > 5_000 && x < 15_000 ? Number.NaN : Math.sin(x / 300)));
  const missing = xs.map(() => Number.NaN);
  const pointsBy = (method: DownsampleMethod, ys: number[]) =>
    pointsOfRows(xs, ys, new Axis(0, xs.length - 1, slicesFor(method, 100)), method, 100);

  test.each(["minmax", "m4", "mean", "lttb"] as const)("with %s", (method) => {
    const { x, y } = pointsBy(method, gapped);
    const gaps = Array.from(x).filter((_, i) => Number.isNaN(y[i]));
    expect(gaps.length).toBeGreaterThan(0);
    for (const x of gaps) expect(x > 4_800 && x < 15_000).toBe(true);
    expect(pointsBy(method, missing).y.every(Number.isNaN)).toBe(true);
    expect(pointsBy(method, missing).y.length).toBeGreaterThan(0);
  });
});

describe("few rows", () => {
  test.each(["minmax", "m4", "mean", "lttb"] as const)("come as they are with %s", (method) => {
    const points = pointsOfRows([1, 2, 3], [4, Number.NaN, 6], new Axis(1, 3, 2), method, 4);
    expect(points.x).toEqual(Float64Array.of(1, 2, 3));
    expect(points.y).toEqual(Float64Array.of(4, Number.NaN, 6));
  });

  test.each(["minmax", "m4", "mean", "lttb"] as const)("%s gives no more points than asked for", (method) => {
    fc.assert(
      fc.property(rows(300), fc.integer({ min: 4, max: 60 }), (data, points) => {
        const axis = axisOver(data, slicesFor(method, points));
        const found = pointsOfRows(data.xs, data.ys, axis, method, points);
        expect(found.x.length).toBeLessThanOrEqual(points);
        expect(found.y.length).toBe(found.x.length);
      }),
    );
  });
});
