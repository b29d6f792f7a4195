import type { Aligned, DownsampleMethod } from "../../src/model/api/read.ts";
import type { Case } from "./conformance.ts";
import { type EntryPoint, expectError, expectSame, minutes, START, weather } from "./helpers.ts";

/** Enough for several segments, and for summaries of them. */
const MANY = 200_000;
const time = (minute: number) => (START + 60 * minute) * 1000;

/** Three series: each minute with a spike, the second half only, and ten rows. */
async function three(entryPoint: EntryPoint) {
  const { collection } = await weather(entryPoint);
  const { timestamp } = minutes(MANY);
  const value = (row: number) => (row === 123_456 ? 1e6 : row % 1_000);
  const half = minutes(MANY / 2, MANY / 2);
  await collection
    .series("all")
    .write({ timestamp, value: Float64Array.from(timestamp, (_, row) => value(row)) });
  await collection
    .series("half")
    .write({ ...half, value: half.value.map((_, row) => (row === 7 ? Number.NaN : -row)) });
  await collection.series("few").write(minutes(10, 50_000));
  return collection;
}

const valuesOf = ({ series }: Aligned, label: string) => series.get(label)!.columns.value!.y;
const isAscending = (x: Float64Array) => x.every((at, i) => i === 0 || at > x[i - 1]!);
const present = (values: Float64Array) => values.filter((value) => !Number.isNaN(value));

export const cases: readonly Case[] = [
  {
    name: "align: series of many rows share the positions of slices, and keep their extremes",
    async run(entryPoint) {
      const collection = await three(entryPoint);
      const series = ["all", "half", "few"];
      for (const [method, each] of [
        ["minmax", 2],
        ["m4", 4],
        ["mean", 1],
      ] as [DownsampleMethod, number][]) {
        const found = await collection.downsample({ series, points: 400, method, align: true });
        const { x } = found;
        expectSame([...found.series.keys()], series, `${method}: labels`);
        expectSame(
          [...found.series.values()].map(({ rows }) => rows),
          [MANY, MANY / 2, 10],
          `${method}: rows`,
        );
        expectSame([x.length, isAscending(x)], [400, true], `${method}: positions`);
        expectSame(x[0]! > time(0) && x[399]! < time(MANY - 1), true, `${method}: within the range`);
        expectSame(
          series.map((label) => valuesOf(found, label).length),
          [400, 400, 400],
          `${method}: as many values`,
        );
        expectSame(present(valuesOf(found, "all")).length, 400, `${method}: no gap`);
        expectSame(present(valuesOf(found, "half")).length, 200, `${method}: the second half`);
        expectSame(present(valuesOf(found, "few")).length, each, `${method}: one slice`);
        const { low, high } = found.series.get("all")!.columns.value!;
        expectSame(Math.max(...(high ?? valuesOf(found, "all"))), 1e6, `${method}: the spike`);
        expectSame(
          [low?.length, high?.length],
          method === "mean" ? [400, 400] : [undefined, undefined],
          method,
        );
        const spike = (high ?? valuesOf(found, "all")).indexOf(1e6);
        const width = (time(MANY - 1) - time(0)) / (400 / each);
        expectSame(Math.abs(x[spike]! - time(123_456)) < width, true, `${method}: near its place`);
      }
      const mean = await collection.downsample({ series: ["all"], points: 100, method: "mean", align: true });
      const alone = await collection.series("all").downsample({ points: 100, method: "mean" });
      expectSame(
        [mean.x, valuesOf(mean, "all")],
        [alone.columns.value!.x, alone.columns.value!.y],
        "as one alone",
      );
    },
  },
  {
    name: "align: few rows keep their own positions",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      await collection.series("a").write(minutes(3));
      await collection.series("b").write({ ...minutes(2, 1), value: [10, Number.NaN] });
      await collection.series("c").write(minutes(1, 9));
      const series = ["c", "b", "a", "b"];
      const found = await collection.downsample({ series, align: true });
      expectSame([...found.series.keys()], ["c", "b", "a"], "labels");
      expectSame([...found.x], [0, 1, 2, 9].map(time), "positions");
      const none = Number.NaN;
      expectSame([...valuesOf(found, "a")], [0.5, 1.5, 2.5, none], "a");
      expectSame([...valuesOf(found, "b")], [none, 10, none, none], "b");
      expectSame([...valuesOf(found, "c")], [none, none, none, 9.5], "c");
      const range = { start: time(1), stop: time(3), closed: "left" as const };
      const part = await collection.downsample({ series, ...range, method: "mean", align: true });
      expectSame([...part.x], [1, 2].map(time), "a range");
      expectSame(part.series.get("a")!.columns.value!.low, Float64Array.of(1.5, 2.5), "low of a row");
      expectSame((await collection.downsample({ series: [], align: true })).x.length, 0, "no series");
    },
  },
  {
    name: "align: slices of a range that is given, in an earlier state, with progress",
    async run(entryPoint) {
      const collection = await three(entryPoint);
      const [, second] = await collection.log();
      const options = {
        series: ["all", "half"],
        points: 200,
        align: true as const,
        missing: "empty" as const,
      };
      const range = { start: time(0), stop: time(2 * MANY) };
      const found = await collection.downsample({ ...options, ...range });
      expectSame(found.x.length, 100, "half of the range has rows");
      expectSame(found.x[1]! - found.x[0]!, (range.stop - range.start) / 200, "distance");
      const past = await collection.downsample({ ...options, before: second! });
      expectSame([past.series.get("all")!.rows, past.series.get("half")!.rows], [MANY, 0], "earlier rows");
      const left: number[] = [];
      await collection.downsample({
        ...options,
        onProgress: ({ bytes, totalBytes }) => left.push(totalBytes - bytes),
      });
      expectSame(left.at(-1), 0, "nothing is left");
    },
  },
  {
    name: "downsample: several series apart, and invalid options",
    async run(entryPoint) {
      const collection = await three(entryPoint);
      const apart = await collection.downsample({ series: ["few", "all"], points: 100 });
      expectSame([...apart.keys()], ["few", "all"], "labels");
      expectSame(
        apart.get("all"),
        await collection.series("all").downsample({ points: 100 }),
        "as one alone",
      );
      expectSame((await collection.downsample({ series: [] })).size, 0, "no series");
      const align = true as const;
      const series = ["all"];
      await expectError(collection.downsample({ series, align, method: "lttb" }), "invalid-argument", /lttb/);
      await expectError(collection.downsample({ series, align, points: 2 }), "invalid-argument", /points/);
      await expectError(collection.downsample({ series, align, columns: ["no"] }), "invalid-argument", /no/);
      await expectError(
        collection.downsample({ series: "all" as never, align }),
        "invalid-argument",
        /series/,
      );
      await expectError(collection.downsample({ series: [""], align }), "invalid-argument", /label/);
      const signal = AbortSignal.abort();
      await expectError(collection.downsample({ series, align, signal }), "aborted");
    },
  },
];
