import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { groupsOf, MIN_ROWS } from "../../src/engine/overviews/groups.ts";
import { currentOverviews, listOverviews } from "../../src/engine/overviews/upkeep/upkeep.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import type { Collection } from "../../src/model/api/collection.ts";
import type { Downsampled, DownsampleMethod, DownsampleOptions } from "../../src/model/api/read.ts";
import type { Bytes } from "../../src/model/bytes.ts";
import { INDEX_PATH } from "../../src/model/layout.ts";
import { OVERVIEWS_FOLDER } from "../../src/model/overview-path.ts";
import { Schema } from "../../src/model/schema.ts";
import { slicesFor } from "../../src/query/downsample/points.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { GetOptions } from "../../src/stores/store.ts";

const METHODS: readonly DownsampleMethod[] = ["minmax", "m4", "mean", "lttb"];
const schema = new Schema({ t: "M8[ms]*", v: "float", n: "int32" });

/** Records what is read, and hides the index on request. */
class WatchedStore extends MemoryStore {
  reads: { path: string; bytes: number }[] = [];
  hidesIndex = false;

  override async get(path: string, options?: GetOptions): Promise<Bytes | undefined> {
    if (this.hidesIndex && path === INDEX_PATH) return undefined;
    const bytes = await super.get(path, options);
    this.reads.push({ path, bytes: bytes?.length ?? 0 });
    return bytes;
  }

  get readOverviews() {
    return this.reads.filter(({ path }) => path.startsWith(OVERVIEWS_FOLDER));
  }

  get readChunks() {
    return this.reads.filter(({ path }) => /^..\/..\/[0-9a-f]{36}$/.test(path));
  }
}

const warnings: string[] = [];
const open = (store: MemoryStore) =>
  new EngineRepo(store, decodeChunk, { maxAge: 0, onWarning: (text) => warnings.push(text) });
const collectionIn = (store: MemoryStore, label = "c") => open(store).collection(label);

/** A generator of random numbers from 0 to 1. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Rows from `first` ms on: regular, irregular or with equal times; with gaps, NaN and infinities. */
function rows(count: number, first: number, seed: number) {
  const random = randomFrom(seed);
  const kind = Math.floor(random() * 3);
  let [t, v] = [first, 100];
  const step = () => {
    if (kind === 0) return 10;
    if (random() < 1e-4) return 200_000;
    return Math.floor(random() * (kind === 1 ? 20 : 3));
  };
  const times = new BigInt64Array(count);
  const values = new Float64Array(count);
  let missing = 0;
  for (let i = 0; i < count; i++) {
    t += step();
    times[i] = BigInt(t);
    v += random() - 0.5;
    if (random() < 1e-4) missing = Math.floor(random() * 3_000);
    values[i] = missing-- > 0 ? Number.NaN : v;
    if (random() < 1e-5) values[i] = random() < 0.5 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }
  return { t: times, v: values, n: Int32Array.from(values, (_, i) => (i * 7_919 + seed) % 1_000) };
}

const time = (ms: number) => new Date(Math.round(ms));

/** Draws a chart as a new reader, who finds overviews or does not. */
async function draw(store: WatchedStore, hidesIndex: boolean, charts: readonly DownsampleOptions[]) {
  store.hidesIndex = hidesIndex;
  const series = (await collectionIn(store)).series("s");
  const drawn: Downsampled[] = [];
  for (const chart of charts) drawn.push(await series.downsample(chart));
  store.hidesIndex = false;
  return drawn;
}

async function expectSamePictures(store: WatchedStore, charts: readonly DownsampleOptions[]) {
  const without = await draw(store, true, charts);
  expect(await draw(store, false, charts)).toEqual(without);
  // Zoomed in first, so that some blocks come from chunks.
  expect((await draw(store, false, charts.toReversed())).toReversed()).toEqual(without);
}

/** Asserts that all overviews of the current state are there. */
async function expectAllMade(store: MemoryStore): Promise<void> {
  const signal = new AbortController().signal;
  const present = await listOverviews({ store }, signal);
  const needed = await currentOverviews(await collectionIn(store), signal);
  expect(
    needed.filter(({ name }) => !present.has(name)).map(({ group, y }) => [group.rowsPerBlock, y.name]),
  ).toEqual([]);
}

type Step =
  | { kind: "append"; count: number }
  | { kind: "edit"; at: number; count: number; length: number }
  | { kind: "delete"; at: number; length: number }
  | { kind: "fork"; at: number; count: number }
  | { kind: "defrag" | "drop" };

const fraction = fc.integer({ min: 0, max: 1_000 }).map((n) => n / 1_000);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("append" as const), count: fc.integer({ min: 1, max: 60_000 }) }),
  fc.record({
    kind: fc.constant("edit" as const),
    at: fraction,
    count: fc.integer({ min: 1, max: 40_000 }),
    length: fraction,
  }),
  fc.record({ kind: fc.constant("delete" as const), at: fraction, length: fraction.map((n) => n / 4) }),
  fc.record({ kind: fc.constant("fork" as const), at: fraction, count: fc.integer({ min: 1, max: 20_000 }) }),
  fc.record({ kind: fc.constant("defrag" as const) }),
);

async function apply(store: MemoryStore, collection: Collection, one: Step, seed: number): Promise<void> {
  const series = collection.series("s");
  const ends = await Promise.all([
    series.read({ limit: 1, columns: ["t"] }),
    series.tail(1, { columns: ["t"] }),
  ]);
  const [first, last] = ends.map((frame) => Number(frame.get("t")[0] ?? 0n));
  const placed = (at: number) => first! + Math.round((last! - first!) * at);
  switch (one.kind) {
    case "append":
      await series.write(rows(one.count, last! + 1, seed));
      break;
    case "edit": {
      const edit = rows(one.count, placed(one.at), seed);
      await series.write(edit);
      break;
    }
    case "delete":
      await series.delete({ start: time(placed(one.at)), stop: time(placed(one.at + one.length)) });
      break;
    case "fork": {
      // Both build on the same state.
      const others = await Promise.all([collectionIn(store), collectionIn(store)]);
      await Promise.all(
        others.map((other, i) => other.series("s").write(rows(one.count, placed(one.at + i / 50), seed + i))),
      );
      break;
    }
    default:
      await collection.defrag();
  }
}

describe("pictures with overviews equal those without", () => {
  test("of random histories, whose writers keep the overviews up", { timeout: 240_000 }, async () => {
    let used = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 70_000, max: 200_000 }),
        fc.array(step, { maxLength: 4 }),
        fc.nat(),
        fc.array(fc.record({ from: fraction, length: fraction, points: fc.integer({ min: 4, max: 120 }) }), {
          minLength: 2,
          maxLength: 3,
        }),
        async (count, steps, seed, zooms) => {
          const store = new WatchedStore();
          const repo = open(store);
          const collection = await repo.createCollection(schema, "c");
          await collection.series("s").write(rows(count, 0, seed));
          await repo.publish({ overviews: true });
          for (const [i, one] of steps.entries()) await apply(store, collection, one, seed + 10 * i);
          await expectAllMade(store);
          const last = Number((await collection.series("s").tail(1)).get("t")[0] ?? 0n);
          const ranges = zooms.map(({ from, length, points }) => ({
            start: time(from * last),
            stop: time((from + length) * last),
            points,
          }));
          const charts = [{ points: 60 }, ...ranges].flatMap((range) =>
            METHODS.map((method) => ({ ...range, method })),
          );
          store.reads = [];
          await expectSamePictures(store, charts);
          used += Math.min(1, store.readOverviews.length);
          repo.close();
        },
      ),
      { numRuns: 12, seed: 7 },
    );
    expect(used).toBeGreaterThan(8);
    expect(warnings.splice(0).filter((text) => !text.startsWith("Two concurrent revisions"))).toEqual([]);
  });

  test("of a series that is long enough for coarse ones", { timeout: 120_000 }, async () => {
    const store = new WatchedStore();
    const repo = open(store);
    const collection = await repo.createCollection(schema, "c");
    const series = collection.series("s");
    await series.write(rows(3_400_000, 0, 5));
    await repo.publish({ overviews: true });
    const last = Number((await series.tail(1)).get("t")[0]);
    await series.write(rows(3_000, Math.floor(last / 3), 6));
    await series.write(rows(100_000, last + 1, 8));
    await expectAllMade(store);
    const charts = METHODS.flatMap((method) => [
      { points: 200, method },
      { points: 800, method },
      { points: 100, method, start: time(last / 5), stop: time(last / 2) },
      { points: 3_000, method, start: time(last / 5), stop: time(last / 2) },
    ]);
    store.reads = [];
    await expectSamePictures(store, charts);
    expect(warnings).toEqual([]);
    repo.close();
  });
});
