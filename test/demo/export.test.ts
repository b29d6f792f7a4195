import { tableFromIPC } from "apache-arrow";
import { readParquet } from "lakota/interchange";
import { type Collection, openRepo, type Repo, Schema } from "lakota/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ExportRequest, exportFrames } from "../../demo/export/export-frames.ts";
import { fileName } from "../../demo/export/file-name.ts";
import { FORMATS, type RowFormat } from "../../demo/export/formats.ts";

const { signal } = new AbortController();
let repo: Repo;
let prices: Collection;

beforeAll(async () => {
  repo = await openRepo("memory://");
  prices = await repo.createCollection(
    new Schema({ time: "timestamp*", price: "float", volume: "int" }),
    "prices",
  );
  const time = ["2026-01-01T00:00", "2026-01-31T23:30", "2026-02-01T00:00", "2026-03-01T00:00"];
  const price = [1, Number.NaN, 3, 4];
  await prices.series("A").write({ time, price, volume: [10n, 20n, 30n, 2n ** 60n] });
  await prices.series("B").write({ time: time.slice(0, 2), price: [5, 6], volume: [1n, 2n] });
});
afterAll(() => repo.close());

const shownOf = (labels: readonly string[], parts: Partial<ExportRequest["shown"]> = {}) => ({
  series: labels.map((label) => prices.series(label)),
  columns: ["time", "price", "volume"],
  keys: undefined,
  where: undefined,
  resample: undefined,
  zone: "UTC",
  range: undefined,
  ...parts,
});

async function exported(format: RowFormat, shown: ExportRequest["shown"]): Promise<Uint8Array> {
  const frames = exportFrames({
    schema: prices.schema,
    shown,
    before: undefined,
    signal,
    onProgress: () => undefined,
  });
  const blob = new Blob(await FORMATS[format].encode(frames, shown.zone, signal));
  return new Uint8Array(await blob.arrayBuffer());
}
const text = async (format: RowFormat, shown: ExportRequest["shown"]) =>
  new TextDecoder().decode(await exported(format, shown));

test("CSV has the columns, the range and the rows that are shown, by the clocks of the zone", async () => {
  const range = [Date.parse("2026-01-31"), Date.parse("2026-02-28")] as const;
  const shown = shownOf(["A"], {
    range,
    where: "volume >= 20",
    columns: ["time", "volume"],
    zone: "Europe/Brussels",
  });
  expect(await text("csv", shown)).toBe(
    "time,volume\n2026-02-01T00:30:00+01:00,20\n2026-02-01T01:00:00+01:00,30\n",
  );
});

test("rows of several series name their series; without rows, the columns are there", async () => {
  const lines = (await text("csv", shownOf(["A", "B"]))).trim().split("\n");
  expect(lines).toHaveLength(7);
  expect([lines[0], lines[1], lines[6]]).toEqual([
    "series,time,price,volume",
    "A,2026-01-01T00:00:00Z,1,10",
    "B,2026-01-31T23:30:00Z,6,2",
  ]);
  expect(await text("csv", shownOf(["A"], { where: "volume < 0" }))).toBe("time,price,volume\n");
});

test("JSON is a list of objects; integers that JSON cannot hold are text", async () => {
  expect(JSON.parse(await text("json", shownOf(["A"])))).toEqual([
    { time: "2026-01-01T00:00:00Z", price: 1, volume: 10 },
    { time: "2026-01-31T23:30:00Z", price: null, volume: 20 },
    { time: "2026-02-01T00:00:00Z", price: 3, volume: 30 },
    { time: "2026-03-01T00:00:00Z", price: 4, volume: String(2n ** 60n) },
  ]);
  expect(JSON.parse(await text("json", shownOf(["A"], { where: "volume < 0" })))).toEqual([]);
});

test("Parquet and Arrow hold the same rows, also of several series", async () => {
  const parquet = await readParquet(
    new Blob([Uint8Array.from(await exported("parquet", shownOf(["A", "B"])))]),
    { sort: true },
  );
  let [rows, series] = [0, ""];
  for await (const frame of parquet.frames()) {
    rows += frame.length;
    series += [...new Set(frame.get("series"))].sort().join("");
  }
  expect([rows, series]).toEqual([6, "AB"]);
  const arrow = tableFromIPC(await exported("arrow", shownOf(["A", "B"])));
  expect([arrow.numRows, arrow.schema.fields.map(({ name }) => name)]).toEqual([
    6,
    ["series", "time", "price", "volume"],
  ]);
  expect(arrow.get(3)?.volume).toBe(2n ** 60n);
});

test("groups are exported as they are shown", async () => {
  const resample = { step: "month", aggregate: "count" } as const;
  const rows = JSON.parse(await text("json", shownOf(["A"], { resample, zone: "Europe/Brussels" })));
  expect(rows).toEqual([
    { time: "2025-12-31T23:00:00Z", price: 1, volume: 1 },
    { time: "2026-01-31T23:00:00Z", price: 1, volume: 2 },
    { time: "2026-02-28T23:00:00Z", price: 1, volume: 1 },
  ]);
});

test("names of files have series, groups and range", () => {
  const time = { chart: undefined, resample: undefined, range: undefined };
  expect(fileName({ ...shownOf(["A/b: c", "B"]), ...time }, "csv")).toBe("A_b_c_and_1_more.csv");
  const resample = { step: "month", aggregate: "mean" } as const;
  expect(fileName({ ...shownOf(["A"], { resample, range: [0, 10.5] }), chart: undefined }, "svg")).toBe(
    "A_mean_by_month_0_10.5.svg",
  );
});
