import fc from "fast-check";
import { count, first, floor, last, max, mean, min, sum } from "lakota/query";
import { afterEach, describe, expect, test } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import type { ReduceOptions } from "../../src/model/api/read.ts";
import type { Bytes } from "../../src/model/bytes.ts";
import type { GroupExpression, RowExpression } from "../../src/model/expression.ts";
import { Schema } from "../../src/model/schema.ts";
import { col } from "../../src/query.ts";
import { WatchedStore } from "./watched-store.ts";

const START = Date.UTC(2020, 9, 20);
const HOUR = 3_600_000;
const schema = (time = "M8[ms]*") =>
  new Schema({ t: time, v: "float", f: "f4", n: "int32", big: "int64", flag: "bool" });

/** A store that is reached over the network: it can send parts of files. */
class RemoteStore extends WatchedStore {
  async getRange(path: string, from: number, to: number): Promise<Bytes | undefined> {
    const part = (await super.get(path))?.slice(from, to);
    this.reads.at(-1)!.bytes = to - from;
    return part;
  }
}

const warnings: string[] = [];

afterEach(() => {
  expect(warnings.splice(0)).toEqual([]);
});

const open = (store: WatchedStore) =>
  new EngineRepo(store, decodeChunk, { maxAge: 0, onWarning: (text) => warnings.push(text) });

function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Rows from `start` milliseconds on, about `step` apart. @param perMs units of time per millisecond */
function rows(length: number, start: number, step: number, seed = 1, perMs = 1n) {
  const random = randomFrom(seed);
  const t = new BigInt64Array(length);
  const v = new Float64Array(length);
  let [time, value, missing] = [start, 0, 0];
  for (let row = 0; row < length; row++) {
    t[row] = BigInt(time) * perMs;
    time += seed % 2 === 0 ? step : Math.floor(random() * 2 * step);
    value += random() - 0.5;
    if (random() < 1e-4) missing = Math.floor(random() * 4_000);
    v[row] = missing-- > 0 ? Number.NaN : random() < 1e-3 ? -0 : random() < 1e-3 ? 0 : value;
    if (random() < 1e-5) v[row] = random() < 0.5 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }
  return {
    t,
    v,
    f: Float32Array.from(v),
    n: Int32Array.from(v, () => Math.floor(random() * 2 ** 32) - 2 ** 31),
    // Some beyond float64, and blocks whose sums are.
    big: BigInt64Array.from(
      v,
      (_, row) => BigInt(row) * (row % 50_000 < 20_000 ? 2n ** 30n : 2n ** 40n) + 1n,
    ),
    flag: Uint8Array.from(v, () => Number(random() < 0.01)),
  };
}

/** Reduces as a new reader, who finds overviews or does not. */
async function reduce(store: WatchedStore, options: ReduceOptions, hidesIndex = false) {
  store.hidesIndex = hidesIndex;
  const repo = open(store);
  store.reads = [];
  const frame = await (await repo.collection("c")).series("s").reduce(options);
  repo.close();
  store.hidesIndex = false;
  return Object.fromEntries(frame.columns.map((name) => [name, [...frame.get(name)]]));
}

async function expectSame(store: WatchedStore, options: ReduceOptions): Promise<void> {
  const right = await reduce(store, options, true);
  expect(await reduce(store, options)).toEqual(right);
}

async function published(time: string, write: ReturnType<typeof rows>): Promise<RemoteStore> {
  const store = new RemoteStore();
  const repo = open(store);
  const collection = await repo.createCollection(schema(time), "c");
  await collection.series("s").write(write);
  await repo.publish({ overviews: true });
  repo.close();
  return store;
}

const VALUES: Readonly<Record<string, (of: RowExpression) => GroupExpression>> = {
  min,
  max,
  first,
  last,
  sum,
  mean,
};
const EXACT = ["min", "max", "first", "last"];

const aggregate: fc.Arbitrary<GroupExpression> = fc.oneof(
  fc.constant(count()),
  fc
    .tuple(fc.constantFrom(...EXACT), fc.constantFrom("v", "f", "n", "big", "flag"))
    .map(([name, of]) => VALUES[name]!(col(of))),
  fc
    .tuple(fc.constantFrom("sum", "mean"), fc.constantFrom("n", "flag", "v"))
    .map(([name, of]) => VALUES[name]!(col(of))),
);
const key: fc.Arbitrary<RowExpression> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom("Y", "M", "W", "D", "h"),
      fc.constantFrom(undefined, "Europe/Brussels", "Asia/Kolkata"),
    )
    .map(([unit, zone]) => floor(col("t"), unit as "D", zone)),
  fc
    .constantFrom("year", "month", "weekday")
    .map((name): RowExpression => ({ op: "call", name, args: [col("t")] })),
);
const fraction = fc.integer({ min: 0, max: 1_000 }).map((n) => n / 1_000);

describe("a reduction with overviews equals that of the rows", () => {
  test("of random histories, whatever the aggregates, the groups and the range", {
    timeout: 240_000,
  }, async () => {
    let used = 0;
    const query = fc.record({
      keys: fc.array(key, { maxLength: 2 }),
      aggregates: fc.array(aggregate, { minLength: 1, maxLength: 3 }),
      range: fc.option(fc.tuple(fraction, fraction), { freq: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          length: fc.integer({ min: 40_000, max: 250_000 }),
          step: fc.constantFrom(1_000, 60_000, HOUR / 4),
          unit: fc.constantFrom("ms", "us", "ns"),
          seed: fc.nat(),
        }),
        fc.array(fc.record({ at: fraction, length: fc.integer({ min: 1, max: 40_000 }) }), { maxLength: 2 }),
        fc.array(query, { minLength: 3, maxLength: 5 }),
        async ({ length, step, unit, seed }, edits, queries) => {
          const perMs = { ms: 1n, us: 1_000n, ns: 1_000_000n }[unit]!;
          const store = await published(`M8[${unit}]*`, rows(length, START, step, seed, perMs));
          const placed = (at: number) => START + Math.round(at * length * step);
          const writer = open(store);
          const series = (await writer.collection("c")).series("s");
          for (const [i, edit] of edits.entries())
            await series.write(rows(edit.length, placed(edit.at), step, seed + i, perMs));
          writer.close();
          for (const { keys, aggregates, range } of queries) {
            const columns = {
              ...Object.fromEntries(keys.map((key, i) => [`key ${i}`, key])),
              ...Object.fromEntries(aggregates.map((one, i) => [`value ${i}`, one])),
            };
            const [a, b] = range ?? [];
            const bounds =
              a === undefined || b === undefined
                ? {}
                : { start: new Date(placed(Math.min(a, b))), stop: new Date(placed(Math.max(a, b))) };
            await expectSame(store, { columns, ...bounds });
            used += store.readOverviews.length;
          }
        },
      ),
      { numRuns: 25 },
    );
    expect(used).toBeGreaterThan(25);
  });

  test("of nanoseconds, whose positions in overviews are rounded", async () => {
    const day = 24n * 3_600_000_000_000n;
    const midnight = BigInt(START) * 1_000_000n + day;
    const rounded = rows(40_000, START, 1_000);
    // A block of 512 rows begins right before midnight, at a time that float64 rounds to midnight.
    const t = BigInt64Array.from(
      { length: 40_000 },
      (_, row) => midnight + BigInt(row - 1_024) * 1_000_000_000n,
    );
    t[1_024] = midnight - 1n;
    const store = await published("M8[ns]*", { ...rounded, t });
    const columns = { day: floor(col("t"), "D"), rows: count() };
    await expectSame(store, { columns });
    expect(await reduce(store, { columns })).toMatchObject({ rows: [1_025n, 38_975n] });
    expect(store.readOverviews).not.toEqual([]);
  });

  test("of a text index beside times, and of a series without numbers", async () => {
    const store = new WatchedStore();
    const repo = open(store);
    const collection = await repo.createCollection(new Schema({ t: "M8[s]*", place: "str*", n: "int" }), "c");
    const length = 40_000;
    await collection.series("s").write({
      t: BigInt64Array.from({ length }, (_, row) => BigInt(row >> 1)),
      place: Array.from({ length }, (_, row) => (row % 2 === 0 ? "a" : "b")),
      n: BigInt64Array.from({ length }, (_, row) => BigInt(row)),
    });
    await repo.publish({ overviews: true });
    repo.close();
    const columns = { hour: floor(col("t"), "h"), top: max(col("n")), rows: count() };
    await expectSame(store, { columns });
    expect(store.readOverviews.length).toBeGreaterThan(0);
    await expectSame(store, { columns: { place: col("place"), rows: count() } });
  });
});

describe("a reduction with overviews reads few bytes", () => {
  const length = 1_200_000;
  const shared = published("M8[ms]*", rows(length, START, 1_000, 2));
  const bytesOf = (reads: readonly { bytes: number }[]) =>
    reads.reduce((total, { bytes }) => total + bytes, 0);

  test("of a whole series: no chunk", async () => {
    const store = await shared;
    const columns = { low: min(col("v")), high: max(col("v")), n: sum(col("n")), rows: count() };
    await expectSame(store, { columns });
    expect(store.readChunks).toEqual([]);
    expect(bytesOf(store.readOverviews)).toBeLessThan(150_000);
  });

  test("of weeks: few rows beside their borders", async () => {
    const store = await shared;
    const columns = { week: floor(col("t"), "W"), high: max(col("v")) };
    await reduce(store, { columns }, true);
    const [ofRows, chunks] = [bytesOf(store.reads), store.readChunks.length];
    await expectSame(store, { columns });
    expect(bytesOf(store.reads)).toBeLessThan(ofRows / 10);
    expect(store.readOverviews.length + store.readChunks.length).toBeLessThan(chunks);
  });

  test("of groups that are shorter than blocks: one file more than the rows take", async () => {
    const store = await shared;
    const columns = { minute: floor(col("t"), "m"), high: max(col("v")) };
    await reduce(store, { columns }, true);
    const chunks = store.readChunks.length;
    await expectSame(store, { columns });
    expect(store.readOverviews.length).toBeLessThanOrEqual(2);
    expect(store.readChunks.length).toBe(chunks);
  });

  test("of floats that are summed: all rows, as sums depend on their order", async () => {
    const store = await shared;
    await reduce(store, { columns: { sum: sum(col("v")) } });
    expect(store.readOverviews).toEqual([]);
  });

  test("of few rows: the block index, and blocks instead of whole chunks of values", async () => {
    const store = await shared;
    const options = { columns: { high: max(col("v")) }, stop: new Date(START + 1_000 * 1_000) };
    await reduce(store, options, true);
    const whole = bytesOf(store.readChunks);
    await expectSame(store, options);
    expect(store.readOverviews).toHaveLength(1);
    expect(bytesOf(store.readChunks)).toBeLessThan(whole / 2);
  });
});
