import { type Collection, openRepo, type Repo, Schema, type Series } from "lakota/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ChartRequest } from "../../demo/data/chart-request.ts";
import { openChartSource } from "../../demo/data/chart-source.ts";
import { readKeys } from "../../demo/data/key-values.ts";
import { KnownFirst } from "../../demo/data/known-first.ts";
import { readSpan } from "../../demo/data/read-span.ts";
import { filterError } from "../../demo/data/row-filter.ts";

const MINUTE = 60_000;
const START = Date.parse("2026-01-01");
const { signal } = new AbortController();

let repo: Repo;
let stations: Collection;

/** Rows of three stations, one a minute of each. The temperature of station s is s, and 100 once. */
function rows(minutes: number) {
  const at = Array.from({ length: 3 * minutes }, (_, i) => i);
  return {
    time: at.map((i) => new Date(START + Math.floor(i / 3) * MINUTE)),
    station: at.map((i) => `station ${i % 3}`),
    temperature: at.map((i) => (i === 3 * 100 + 1 ? 100 : i % 3)),
    raining: at.map((i) => i % 2 === 0),
    remark: at.map(() => "none"),
  };
}

beforeAll(async () => {
  repo = await openRepo("memory://");
  const schema = {
    time: "timestamp*",
    station: "str*",
    temperature: "float",
    raining: "bool",
    remark: "str",
  };
  stations = await repo.createCollection(new Schema(schema), "stations");
  await stations.series("short").write(rows(200));
  await stations.series("long").write(rows(5_000));
});

afterAll(() => repo.close());

async function open(
  series: readonly Series[],
  parts: Partial<ChartRequest> & { wanted?: readonly string[]; collection?: Collection } = {},
) {
  const { wanted, collection = stations } = parts;
  const state = { collection, series, before: undefined, reads: new KnownFirst(), signal };
  const keys = await readKeys(state, wanted);
  const request: ChartRequest = {
    ...state,
    columns: ["temperature"],
    range: { kind: "all" },
    info: {},
    keys,
    where: undefined,
    resample: undefined,
    zone: "UTC",
    onProgress: () => undefined,
    ...parts,
  };
  const source = await openChartSource(request, await readSpan(state));
  if (!source) throw new Error("there is nothing to draw");
  return { source, keys };
}

test("lines have the titles and units of their columns; the unit of a series comes first", async () => {
  const info = {
    columns: { temperature: { title: "Air", unit: "°C" } },
    series: { short: { unit: "K" } },
  };
  const { source } = await open([stations.series("short")], { info });
  expect(source.lines.map(({ unit }) => unit)).toEqual(["K", "K", "K"]);
  const none = await open([stations.series("short")], { info: { columns: info.columns } });
  expect(none.source.lines.map(({ unit }) => unit)).toEqual(["°C", "°C", "°C"]);
});

test("each value of a further index column has a line of its own", async () => {
  const { source, keys } = await open([stations.series("short")]);
  expect(keys?.columns).toEqual(["station"]);
  expect(source.lines.map(({ name }) => name)).toEqual(["station 0", "station 1", "station 2"]);
  const { points, rows, step } = await source.load(source.full, 800, signal);
  expect(step).toBeUndefined();
  expect(rows).toBe(600);
  points.forEach(({ x, y }, line) => {
    expect(x).toHaveLength(200);
    expect(x[1]! - x[0]!).toBe(MINUTE);
    expect([...y].filter((value) => value !== line)).toEqual(line === 1 ? [100] : []);
  });
});

test("of many rows, each line has the means of its own rows, and their extremes", async () => {
  const { source } = await open([stations.series("long")]);
  const { points, rows, step } = await source.load(source.full, 800, signal);
  expect(step?.name).toBe("15 minutes");
  expect(rows).toBe(15_000);
  points.forEach(({ x, y, low, high }, line) => {
    expect(x[0]).toBe(START + 7.5 * MINUTE);
    expect(x.length).toBe(y.length);
    expect(Math.max(...high!)).toBe(line === 1 ? 100 : line);
    expect(Math.min(...low!)).toBe(line);
  });
});

test("some of the keys can be chosen; unknown ones are ignored", async () => {
  const { source } = await open([stations.series("short")], { wanted: ["station 2", "no such"] });
  expect(source.lines.map(({ name }) => name)).toEqual(["station 2"]);
  const { rows } = await source.load(source.full, 800, signal);
  expect(rows).toBe(200);
});

test("booleans are drawn as steps, and text is not drawn", async () => {
  const columns = ["temperature", "raining", "remark"];
  const { source } = await open([stations.series("short")], { columns, wanted: ["station 0"] });
  expect(source.lines).toMatchObject([
    { name: "station 0: temperature", shape: "line", bool: false },
    { name: "station 0: raining", shape: "steps", bool: true },
  ]);
});

test("statistics count all rows of a range, and missing values apart", async () => {
  const schema = new Schema({ time: "timestamp*", value: "float" });
  const gaps = await repo.createCollection(schema, "gaps");
  await gaps
    .series("s")
    .write({ time: [10, 20, 30, 40].map((second) => new Date(1000 * second)), value: [1, Number.NaN, 5, 3] });
  const { source } = await open([gaps.series("s")], { collection: gaps, columns: ["value"] });
  const [all] = await source.summarise(source.full, signal);
  expect(all).toEqual({ rows: 4, missing: 1, min: 1, max: 5, mean: 3, sum: 9, last: 3 });
  const [part] = await source.summarise([10_000, 29_000], signal);
  expect(part).toEqual({ rows: 2, missing: 1, min: 1, max: 1, mean: 1, sum: 1, last: 1 });
  const [none] = await source.summarise([11_000, 19_000], signal);
  expect(none).toMatchObject({ rows: 0, missing: 0, min: Number.NaN });
});

test("statistics are those of each key", async () => {
  const { source } = await open([stations.series("short")]);
  const summaries = await source.summarise(source.full, signal);
  expect(summaries.map(({ rows, max, sum }) => ({ rows, max, sum }))).toEqual([
    { rows: 200, max: 0, sum: 0 },
    { rows: 200, max: 100, sum: 299 },
    { rows: 200, max: 2, sum: 400 },
  ]);
});

test("a zoom may end between two values of an index", async () => {
  const counts = await repo.createCollection(new Schema({ n: "int*", value: "float" }), "counts");
  const n = Array.from({ length: 10_000 }, (_, i) => i);
  await counts.series("s").write({ n, value: n });
  const { source } = await open([counts.series("s")], { collection: counts, columns: ["value"] });
  expect((await source.load([1000.5, 1010.25], 800, signal)).rows).toBe(10);
  expect((await source.load([0.5, 9000.5], 800, signal)).rows).toBeGreaterThan(8900);
  const [summary] = await source.summarise([1000.5, 1010.25], signal);
  expect(summary).toMatchObject({ rows: 10, min: 1001, max: 1010 });
});

test("the range is the one that was asked for, however wide the steps of the drawing are", async () => {
  const schema = new Schema({ time: "timestamp*", value: "float" });
  const hourly = await repo.createCollection(schema, "hourly");
  const begin = Date.parse("2019-06-01");
  const time = Array.from({ length: 24 * 760 }, (_, i) => new Date(begin + i * 60 * MINUTE));
  const series = hourly.series("s");
  await series.write({ time, value: time.map(() => 1) });
  const range = { kind: "between", from: "2020", to: "2020" } as const;
  const options = { collection: hourly, columns: ["value"], range };
  const whole = [Date.parse("2020-01-01"), Date.parse("2021-01-01") - 1];
  for (const where of [undefined, "value > 0"]) {
    const { source } = await open([series], { ...options, where });
    for (const pixels of [300, 1000]) {
      const data = await source.load(source.full, pixels, signal);
      expect(data.step).toBeDefined();
      expect([data.range, data.rows]).toEqual([whole, 366 * 24]);
      const [start, stop] = data.range;
      expect(await series.length({ start, stop, closed: "both" })).toBe(366 * 24);
    }
  }
  // Rows beyond the view do not count where rows are drawn one by one.
  const { source } = await open([series], { ...options, range: { kind: "all" } });
  const view = [begin + 1, begin + 6_000 * 60 * MINUTE - 1] as const;
  expect(await source.load(view, 300, signal)).toMatchObject({ rows: 5_999, step: undefined });
});

test("an index of numbers is an axis of numbers", async () => {
  const schema = new Schema({ depth: "float*", value: "float" });
  const depths = await repo.createCollection(schema, "depths");
  await depths.series("s").write({ depth: [0.1, 0.2, 0.30000000000000004, 0.4], value: [1, 2, 3, 4] });
  const range = { kind: "between", from: "0.2", to: "0.35" } as const;
  const { source, keys } = await open([depths.series("s")], {
    collection: depths,
    columns: ["value"],
    range,
  });
  expect(keys).toBeUndefined();
  expect(source).toMatchObject({ time: false, full: [0.2, 0.35] });
  const { rows } = await source.load(source.full, 800, signal);
  expect(rows).toBe(2);
});

test("only rows that meet a condition are drawn and counted, of all keys or of those chosen", async () => {
  const { source } = await open([stations.series("short")], { where: "temperature > 1" });
  const { rows, points } = await source.load(source.full, 800, signal);
  expect(rows).toBe(201);
  expect(points.map(({ y }) => y.length)).toEqual([0, 1, 200]);
  const some = await open([stations.series("short")], { where: "temperature > 1", wanted: ["station 1"] });
  expect(await some.source.summarise(some.source.full, signal)).toMatchObject([{ rows: 1, max: 100 }]);
});

test("a condition applies to a single index, too, and to means", async () => {
  const schema = new Schema({ time: "timestamp*", value: "float" });
  const filtered = await repo.createCollection(schema, "filtered");
  const n = Array.from({ length: 20_000 }, (_, i) => i);
  await filtered.series("s").write({ time: n.map((i) => new Date(START + i * MINUTE)), value: n });
  const where = "value >= 5000 and value < 15000";
  const { source } = await open([filtered.series("s")], { collection: filtered, columns: ["value"], where });
  const { rows, step, points } = await source.load(source.full, 800, signal);
  expect([rows, step?.name]).toEqual([10_000, "hour"]);
  expect(Math.min(...points[0]!.low!)).toBe(5000);
  expect(Math.max(...points[0]!.high!)).toBe(14_999);
});

test("a line is broken where a filter hides rows, and only there", async () => {
  const schema = new Schema({ day: "date*", value: "float" });
  const days = await repo.createCollection(schema, "days");
  // No rows on the 5th and the 6th; the filter hides those of the 3rd and the 9th.
  const dates = ["01", "02", "03", "04", "07", "08", "09", "10"].map((date) => `2026-01-${date}`);
  await days.series("s").write({ day: dates, value: [1, 1, -1, 1, 1, 1, -1, 1] });
  const parts = { collection: days, columns: ["value"], where: "value > 0" };
  const { source } = await open([days.series("s")], parts);
  const { rows, points, hiddenAt } = await source.load(source.full, 800, signal);
  expect(rows).toBe(6);
  expect([...hiddenAt!]).toEqual([points[0]!.x[2], points[0]!.x[6]]);
  expect([...points[0]!.y]).toEqual([1, 1, Number.NaN, 1, 1, 1, Number.NaN, 1]);
  const gap = new Date(points[0]!.x[2]!).toISOString();
  expect(gap.slice(0, 10)).toBe("2026-01-03");

  const resample = { step: "day", aggregate: "sum" } as const;
  const grouped = await open([days.series("s")], { ...parts, resample });
  const groups = await grouped.source.load(grouped.source.full, 800, signal);
  expect([...groups.points[0]!.y]).toEqual([1, 1, Number.NaN, 1, 1, 1, Number.NaN, 1]);
});

test("means are broken where a filter hides all rows of a step", async () => {
  const schema = new Schema({ n: "int*", value: "float" });
  const numbers = await repo.createCollection(schema, "numbers");
  const n = Array.from({ length: 20_000 }, (_, i) => i);
  await numbers.series("s").write({ n, value: n });
  const where = "value < 5000 or value >= 10000";
  const { source } = await open([numbers.series("s")], { collection: numbers, columns: ["value"], where });
  const { rows, step, points } = await source.load(source.full, 800, signal);
  expect(rows).toBe(15_000);
  expect(step).toBeDefined();
  const at = points[0]!.y.findIndex(Number.isNaN);
  expect(points[0]!.y.filter(Number.isNaN)).toHaveLength(1);
  expect(points[0]!.y[at - 1]!).toBeLessThan(5000);
  expect(points[0]!.y[at + 1]!).toBeGreaterThan(9999);
});

test("conditions are checked before anything is read, and errors show the place", async () => {
  const check = (where: string) => filterError(stations.schema, where);
  expect(await check('temperature > 1 and station = "a" and raining')).toBeUndefined();
  expect(await check("temperature >")).toContain("\n  temperature >\n               ^");
  expect(await check("temprature > 1")).toContain('no column "temprature"');
  expect(await check("max(temperature) > 1")).toContain("value of a whole group");
});

test("rows are grouped by the calendar of a time zone", async () => {
  const schema = new Schema({ time: "timestamp*", value: "float" });
  const hours = await repo.createCollection(schema, "hours");
  const n = Array.from({ length: 24 * 60 }, (_, i) => i);
  const begin = Date.parse("2026-03-01T00:00Z");
  await hours
    .series("s")
    .write({ time: n.map((i) => new Date(begin + i * 60 * MINUTE)), value: n.map(() => 1) });
  const resample = { step: "month", aggregate: "sum" } as const;
  const options = { collection: hours, columns: ["value"], resample };
  const { source } = await open([hours.series("s")], { ...options, zone: "Europe/Brussels" });
  const { rows, step, resampled, points } = await source.load(source.full, 800, signal);
  expect([rows, step, resampled]).toEqual([24 * 60, undefined, "Sum of each month"]);
  expect([...points[0]!.x].map((x) => new Date(x).toISOString())).toEqual([
    "2026-02-28T23:00:00.000Z",
    "2026-03-31T22:00:00.000Z",
  ]);
  // March has 743 hours in Brussels, of which the first is before the data.
  expect([...points[0]!.y]).toEqual([742, 24 * 60 - 742]);
  // A view within a month reads all of it; the range of rows ends where the user ended it.
  const part = await source.load([Date.parse("2026-04-02"), Date.parse("2026-04-03")], 800, signal);
  expect([...part.points[0]!.y]).toEqual([24 * 60 - 742]);
  const range = { kind: "between", from: "2026-03-31", to: "2026-03-31" } as const;
  const day = await open([hours.series("s")], { ...options, range });
  expect((await day.source.load(day.source.full, 800, signal)).points[0]!.y).toEqual(Float64Array.of(24));
});

test("each key is grouped by itself", async () => {
  const resample = { step: "hour", aggregate: "count" } as const;
  const { source } = await open([stations.series("short")], { resample, where: "temperature < 50" });
  const { points } = await source.load(source.full, 800, signal);
  expect(points.map(({ y }) => [...y])).toEqual([
    [60, 60, 60, 20],
    [60, 59, 60, 20],
    [60, 60, 60, 20],
  ]);
});
