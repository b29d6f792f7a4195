// Checked by `tsc`, never run: what compiles, and what does not, where the type checker knows the columns.
import { type Change, type Collection, type Frame, type Points, type Repo, Schema } from "lakota";
import { expectTypeOf } from "vitest";

declare const repo: Repo;

const schema = new Schema({
  timestamp: "timestamp*",
  station: "str *",
  celsius: "float | zstd",
  count: "u2",
  total: "<i8",
  ok: "bool",
  more: "O | json2 | zstd",
});

async function reads() {
  const collection = await repo.createCollection(schema, "temperature");
  const series = collection.series("Brussels");

  const exact = await series.read();
  expectTypeOf(exact.get("timestamp")).toEqualTypeOf<BigInt64Array<ArrayBuffer>>();
  expectTypeOf(exact.get("station")).toEqualTypeOf<string[]>();
  expectTypeOf(exact.get("celsius")).toEqualTypeOf<Float64Array<ArrayBuffer>>();
  expectTypeOf(exact.get("count")).toEqualTypeOf<Uint16Array<ArrayBuffer>>();
  expectTypeOf(exact.get("total")).toEqualTypeOf<BigInt64Array<ArrayBuffer>>();
  expectTypeOf(exact.get("ok")).toEqualTypeOf<Uint8Array<ArrayBuffer>>();
  expectTypeOf(exact.get("more")).toEqualTypeOf<unknown[]>();
  // @ts-expect-error: no such column
  exact.get("celcius");
  for (const name of exact.columns) exact.get(name);

  const numbers = await series.read({ numbers: true, columns: ["timestamp", "celsius"] });
  expectTypeOf(numbers.get("timestamp")).toEqualTypeOf<Float64Array<ArrayBuffer>>();
  // @ts-expect-error: was not read
  numbers.get("count");
  // @ts-expect-error: no such column
  await series.read({ columns: ["time"] });

  await series.tail(10, { numbers: true, onStale: (known) => known.get("celsius").length });
  for await (const page of series.pages({ columns: ["ok"] }))
    expectTypeOf(page.get("ok")).toEqualTypeOf<Uint8Array<ArrayBuffer>>();

  const row = exact.slice(-10).row(-1);
  expectTypeOf(row?.timestamp).toEqualTypeOf<bigint | undefined>();
  expectTypeOf(row?.station).toEqualTypeOf<string | undefined>();
  expectTypeOf(row?.ok).toEqualTypeOf<number | undefined>();
  // @ts-expect-error: no such column
  row?.celcius;
  for (const { timestamp, celsius } of numbers) expectTypeOf(timestamp - celsius).toEqualTypeOf<number>();
  for (const { celsius } of numbers.toArray()) expectTypeOf(celsius).toEqualTypeOf<number>();
  const untyped = (await repo.collection("temperature")).series("Ghent");
  for (const { celsius } of await untyped.read()) expectTypeOf(celsius).toEqualTypeOf<unknown>();

  const { columns } = await series.downsample({ points: 2_000 });
  expectTypeOf(columns.celsius).toEqualTypeOf<Points>();
  // @ts-expect-error: text is not drawn
  columns.station;
  // @ts-expect-error: text cannot be drawn
  await series.downsample({ columns: ["station"] });

  const aligned = await collection.downsample({ series: ["Brussels"], columns: ["celsius"], align: true });
  expectTypeOf(aligned.series.get("Brussels")?.columns.celsius.y).toEqualTypeOf<Float64Array | undefined>();
  // @ts-expect-error: was not asked for
  aligned.series.get("Brussels")?.columns.count;
  const apart = await collection.downsample({ series: ["Brussels"] });
  expectTypeOf(apart.get("Brussels")?.columns.count).toEqualTypeOf<Points | undefined>();
  // @ts-expect-error: text cannot be drawn
  await collection.downsample({ series: ["Brussels"], columns: ["station"] });

  const stop = series.watch(() => {});
  expectTypeOf(stop).toEqualTypeOf<() => void>();
  for await (const change of series.watch({ numbers: true })) expectTypeOf(change).toEqualTypeOf<Change>();

  const frames = await collection.read(["Brussels"], { tail: 1, numbers: true });
  expectTypeOf(frames.get("Brussels")?.get("total")).toEqualTypeOf<Float64Array<ArrayBuffer> | undefined>();
}

async function writes() {
  const { series, batch } = await repo.createCollection(schema, "temperature");
  const rows = {
    timestamp: ["2026-03-01", new Date(), 0],
    station: ["Uccle", "Uccle", "Uccle"],
    celsius: Float64Array.of(1, 2, 3),
    count: [1, 2, 3],
    total: [1n, 2n, 3n],
    ok: [true, false, 1],
    more: [{ any: "thing" }, null, "text"],
  };
  await series("Brussels").write(rows);
  // @ts-expect-error: text in a column of numbers
  await series("Brussels").write({ ...rows, celsius: ["warm"] });
  // @ts-expect-error: columns are missing
  await series("Brussels").write({ timestamp: [0], celsius: [1] });
  await series("Brussels").update({ timestamp: [0], station: ["Uccle"], celsius: [1] });
  // @ts-expect-error: a part of the index is missing
  await series("Brussels").update({ timestamp: [0], celsius: [1] });
  // @ts-expect-error: no such column
  await series("Brussels").update({ timestamp: [0], station: ["Uccle"], kelvin: [1] });
  await batch(async (each) => {
    await each.series("Ghent").write(rows);
    // @ts-expect-error: text in a column of numbers
    await each.series("Ghent").write({ ...rows, count: ["1"] });
  });
}

async function kinds() {
  const types = {
    t: "<M8[s]*",
    i: "i4",
    u: "<u8",
    f: "f4",
    h: "float16",
    d: "m8[s]",
    c: "c16",
    b: "?",
  } as const;
  const { series } = await repo.createCollection(new Schema(types), "kinds");
  const one = series("one");
  const keys = { t: [0] };
  await one.update({ ...keys, i: [1n], u: [1], f: [null], h: [true], d: [undefined], c: [1, 2], b: [0] });
  await one.update({ ...keys, i: Int32Array.of(1), f: Float32Array.of(1), d: [5n], b: Uint8Array.of(1) });
  // @ts-expect-error: integers cannot be null
  await one.update({ ...keys, i: [null] });
  // @ts-expect-error: integers cannot be missing
  await one.update({ ...keys, u: [undefined] });
  // @ts-expect-error: integers are no booleans
  await one.update({ ...keys, i: [true] });
  // @ts-expect-error: durations are no booleans
  await one.update({ ...keys, d: [true] });
  // @ts-expect-error: booleans cannot be null
  await one.update({ ...keys, b: [null] });

  for (const { c, i, u } of await one.read()) {
    expectTypeOf(c).toEqualTypeOf<[real: number, imaginary: number]>();
    expectTypeOf([i, u] as const).toEqualTypeOf<readonly [number, bigint]>();
  }

  const { columns } = await one.downsample({ columns: ["i", "f", "d", "b"] });
  expectTypeOf(columns.d).toEqualTypeOf<Points>();
  // @ts-expect-error: complex numbers are not drawn
  columns.c;
  // @ts-expect-error: complex numbers cannot be drawn
  await one.downsample({ columns: ["c"] });
}

function schemas() {
  // @ts-expect-error: no such type
  new Schema({ timestamp: "timestmap*" });
  // @ts-expect-error: no such codec
  new Schema({ timestamp: "timestamp*", value: "float | zsdt" });
  // @ts-expect-error: no such codec
  new Schema({ timestamp: "timestamp*", value: "|b1 | zsdt" });
  // @ts-expect-error: no such type
  Schema.kv({ key: "string*" });
  for (const type of [
    "float",
    "f4",
    "<f8",
    "M8[ms]",
    "datetime64[ns]",
    "m8[s]",
    "U5",
    "|S3",
    "|O",
    "c16",
    "?",
    "|b1 | zstd",
  ] as const)
    new Schema({ key: "U8*", type });
  const unit: string = "ms";
  new Schema({ timestamp: `M8[${unit}]*` });
  new Schema({ timestamp: "timestamp*" } as Record<string, string>);
}

async function otherwise() {
  const known = await repo.collection<typeof schema>("temperature");
  expectTypeOf((await known.series("Brussels").read()).get("celsius")).toEqualTypeOf<
    Float64Array<ArrayBuffer>
  >();
  // Typed collections and frames are collections and frames.
  expectTypeOf(known).toExtend<Collection>();
  expectTypeOf(await known.series("Brussels").read()).toExtend<Frame>();
  expectTypeOf(schema).toExtend<Schema>();
  // What is not known is as before.
  expectTypeOf(await repo.collection("temperature")).toEqualTypeOf<Collection>();
  const types: Record<string, string> = { timestamp: "timestamp*" };
  expectTypeOf(await repo.createCollection(new Schema(types), "any")).toEqualTypeOf<Collection>();
}

export { descriptions, kinds, otherwise, reads, schemas, writes };

async function descriptions() {
  const collection = await repo.createCollection(schema, "temperature");
  await collection.describe({ title: "Temperatures", columns: { celsius: { unit: "°C" }, total: null } });
  // @ts-expect-error: no such column
  await collection.describe({ columns: { celcius: { unit: "°C" } } });
  // @ts-expect-error: a column has no tags
  await collection.describe({ columns: { celsius: { tags: ["a"] } } });
  // @ts-expect-error: no such field
  await collection.describe({ titel: "Temperatures" });
  const { title, columns, series } = await collection.info({ series: "all" });
  expectTypeOf(title).toEqualTypeOf<string | undefined>();
  expectTypeOf(columns?.celsius?.unit).toEqualTypeOf<string | undefined>();
  // @ts-expect-error: no such column
  columns?.celcius;
  expectTypeOf(series?.Brussels?.tags).toEqualTypeOf<readonly string[] | undefined>();
  await collection.describe(await collection.info({ series: "all" })); // in and out
  const any: Collection = collection;
  await any.describe({ columns: { whatever: { unit: "K" } } });
  await collection.series("Brussels").describe({ unit: "°C", tags: ["synoptic"], title: null });
  // @ts-expect-error: a series has no licence
  await collection.series("Brussels").describe({ licence: "CC0" });
}
