import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import type { Repo } from "lakota/engine";
import { type OpenOptions, openRepo } from "lakota/node";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Segment } from "../../src/changelog/segment-table.ts";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { packBlocks, packedSize, unpackBlocks } from "../../src/engine/overviews/blocks-format.ts";
import { decodeOverview } from "../../src/engine/overviews/decode.ts";
import { groupsOf, MIN_ROWS } from "../../src/engine/overviews/groups.ts";
import { encodeOverview } from "../../src/engine/overviews/upkeep/encode.ts";
import { isSummary } from "../../src/engine/overviews/upkeep/series-overviews.ts";
import { currentOverviews, listOverviews } from "../../src/engine/overviews/upkeep/upkeep.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { compactionRuns } from "../../src/engine/write/compaction.ts";
import type { Collection } from "../../src/model/api/collection.ts";
import type { Downsampled, DownsampleMethod, DownsampleOptions } from "../../src/model/api/read.ts";
import type { Bytes } from "../../src/model/bytes.ts";
import { LakotaError } from "../../src/model/errors.ts";
import { hashedPath, INDEX_PATH } from "../../src/model/layout.ts";
import { OVERVIEWS_FOLDER } from "../../src/model/overview-path.ts";
import { Schema } from "../../src/model/schema.ts";
import { summarise } from "../../src/query/downsample/summary.ts";
import { CacheStore } from "../../src/stores/cache/cache-store.ts";
import { decodeIndex } from "../../src/stores/http/published-index.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { Store } from "../../src/stores/store.ts";
import { segmentsIn } from "../changelog/tables.ts";
import { serveFolder } from "../packaging/static-server.ts";
import { startS3 } from "../s3-server/index.ts";
import { WatchedStore } from "./watched-store.ts";

const METHODS: readonly DownsampleMethod[] = ["minmax", "m4", "mean", "lttb"];
const schema = new Schema({ t: "M8[ms]*", v: "float", n: "int32" });

const warnings: string[] = [];

afterEach(() => {
  expect(warnings.splice(0)).toEqual([]);
});

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
    needed.filter(({ name }) => !present.has(name)).map(({ group, y }) => [group.rowsPerBlock, y?.name]),
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
    repo.close();
  });
});

/** A repo with one series of regular rows, published with overviews. */
async function published(count: number) {
  const store = new WatchedStore();
  const repo = open(store);
  const collection = await repo.createCollection(new Schema({ t: "M8[s]*", v: "float" }), "c");
  const random = randomFrom(1);
  await collection.series("s").write({
    t: BigInt64Array.from({ length: count }, (_, i) => BigInt(i * 60)),
    v: Float64Array.from({ length: count }, () => random() - 0.5),
  });
  const report = await repo.publish({ overviews: true });
  return { store, repo, collection, report };
}

const namesIn = async (store: MemoryStore) => [
  ...(await listOverviews({ store }, new AbortController().signal)).keys(),
];

describe("the first picture of a long series", () => {
  test("needs a few requests and no chunk", { timeout: 120_000 }, async () => {
    const { store, repo, report } = await published(5_259_457);
    // Six fine groups, each with a block index, and one coarse group.
    expect(report.overviews).toMatchObject({ files: 13, failed: 0 });
    repo.close();
    const chunks = (await store.list("")).filter(({ path }) => /^..\/..\/[0-9a-f]{36}$/.test(path));
    const chunkBytes = chunks.reduce((sum, { size }) => sum + size, 0);
    expect(report.overviews!.bytes / chunkBytes).toBeLessThan(0.02);

    const series = (await collectionIn(store)).series("s");
    store.reads = [];
    const { rows: drawn, columns } = await series.downsample({ points: 1_000 });
    expect(drawn).toBe(5_259_457);
    expect(columns.v!.x.length).toBeGreaterThan(990);
    expect(store.readChunks).toEqual([]);
    expect(store.readOverviews).toHaveLength(2);
    expect(store.readOverviews.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(300_000);

    store.reads = [];
    await series.downsample({ points: 1_000 });
    await series.downsample({ points: 800, method: "m4" });
    expect([...store.readOverviews, ...store.readChunks]).toEqual([]);
    // The same file again, by another handle of the same repo: nothing is fetched twice.
    const other = open(store);
    const again = await Promise.all(
      [1, 2].map(async () => (await other.collection("c")).series("s").downsample({ points: 1_000 })),
    );
    expect(again[0]).toEqual(again[1]);
    other.close();
  });

  test("reads chunks where an overview is damaged, foreign or missing, and verify reports the first two", async () => {
    const { store, repo } = await published(200_000);
    const [name] = await namesIn(store);
    const path = OVERVIEWS_FOLDER + name!;
    const good = (await store.get(path))!;
    const picture = (await draw(store, true, [{ points: 60 }]))[0];
    const draws = async (bytes: Bytes | undefined) => {
      await store.delete(path);
      if (bytes) await store.put(path, bytes);
      store.reads = [];
      expect(await draw(store, false, [{ points: 60 }])).toEqual([picture]);
      return store.readChunks.length;
    };
    expect(await draws(good)).toBe(0);
    expect(await repo.verify()).toMatchObject({ overviews: 1, problems: [] });
    expect(await draws(undefined)).toBeGreaterThan(0);
    expect(await repo.verify()).toMatchObject({ overviews: 0, problems: [] });
    expect(await draws(good.slice(0, 500))).toBeGreaterThan(0);
    expect(await draws(new Uint8Array(0))).toBeGreaterThan(0);
    const flipped = good.slice();
    flipped[400]! ^= 1;
    expect(await draws(flipped)).toBeGreaterThan(0);
    expect((await repo.verify()).problems).toMatchObject([{ kind: "corrupt", path }]);
    const other = await published(200_001);
    const foreign = await other.store.get(OVERVIEWS_FOLDER + (await namesIn(other.store))[0]!);
    expect(await draws(foreign)).toBeGreaterThan(0);
    expect((await repo.verify()).problems).toMatchObject([{ kind: "corrupt", path }]);
    for (const each of [repo, other.repo]) each.close();
  });

  test("verify finds an overview that differs from the rows", async () => {
    const { store, repo, collection } = await published(200_000);
    const files = await currentOverviews(collection, new AbortController().signal);
    const { name, group, y, series } = files.find(isSummary)!;
    const path = OVERVIEWS_FOLDER + name;
    const overview = await decodeOverview((await store.get(path))!, name, group);
    overview.segments[0]!.blocks.high[3]! += 1;
    await store.put(path, await encodeOverview(overview, name, group), { overwrite: true });
    const { problems } = await repo.verify();
    expect(problems).toMatchObject([{ kind: "corrupt", path, collection: "c" }]);
    expect(problems[0]!.message).toContain(
      `differs from the rows of column "${y.name}" of series "${series.label}"`,
    );
    // Deleted and published again, as the message says.
    await store.delete(path);
    expect((await repo.publish({ overviews: true })).overviews).toMatchObject({ files: 1 });
    expect(await repo.verify()).toMatchObject({ overviews: 1, problems: [] });
    repo.close();
  });

  test("publish replaces what is damaged, or of other chunks, and nothing else", async () => {
    const { store, repo } = await published(200_000);
    const paths = (await namesIn(store)).map((name) => OVERVIEWS_FOLDER + name);
    const good = await Promise.all(paths.map((path) => store.get(path)));
    await store.put(paths[0]!, good[0]!.with(300, good[0]![300]! ^ 1), { overwrite: true });
    expect((await repo.publish({ overviews: true })).overviews).toMatchObject({ files: 1, failed: 0 });
    const other = await published(200_001);
    const foreign = await other.store.get(OVERVIEWS_FOLDER + (await namesIn(other.store))[0]!);
    await store.put(paths[0]!, foreign!, { overwrite: true });
    expect((await repo.publish({ overviews: true })).overviews).toMatchObject({ files: 1, failed: 0 });
    expect(await Promise.all(paths.map((path) => store.get(path)))).toEqual(good);
    expect((await repo.publish({ overviews: true })).overviews).toMatchObject({ files: 0 });
    for (const each of [repo, other.repo]) each.close();
  });

  test("of earlier states asks for no overview", async () => {
    const { store, repo, collection } = await published(200_000);
    await collection.series("s").write({ t: [1n], v: [0] });
    store.reads = [];
    await collection.series("s").downsample({ points: 60, before: Date.now() + 1_000 });
    expect(store.readOverviews).toEqual([]);
    repo.close();
  });
});

describe("over a network", () => {
  const columns = new Schema({ t: "M8[s]*", v: "float" });

  async function fill(repo: Repo): Promise<void> {
    const random = randomFrom(2);
    await (await repo.createCollection(columns, "c")).series("s").write({
      t: BigInt64Array.from({ length: 200_000 }, (_, i) => BigInt(i * 60)),
      v: Float64Array.from({ length: 200_000 }, () => random() - 0.5),
    });
  }
  const drawIn = async (repo: Repo) => (await repo.collection("c")).series("s").downsample({ points: 80 });

  test("a web host answers one request for the index and one for the overview", async () => {
    const folder = await mkdtemp(join(tmpdir(), "lakota-overviews-"));
    const host = await serveFolder(folder);
    const repo = await openRepo(folder);
    await fill(repo);
    await repo.publish({ overviews: true });
    const reader = await openRepo(host.url);
    expect(await drawIn(reader)).toEqual(await drawIn(repo));
    expect(host.answers.filter((answer) => answer !== `200 /${INDEX_PATH}`)).toEqual([
      expect.stringMatching(/^200 \/lakota\/overviews\/v1\/[0-9a-f]{40}$/),
    ]);
    expect(host.answers.length).toBeLessThanOrEqual(3); // the registry is listed twice
    expect(host.bytes).toBeLessThan(40_000);
    for (const one of [reader, repo]) one.close();
    await host.close();
    await rm(folder, { recursive: true });
  });

  test("S3 answers two listings, the index and the overview; without an index, nothing more than before", async () => {
    const keys = { accessKeyId: "key", secretAccessKey: "secret" };
    const s3 = await startS3({ keys: { [keys.accessKeyId]: keys.secretAccessKey } });
    s3.objects.createBucket("bucket");
    const asked: string[] = [];
    const openS3 = () =>
      openRepo("s3://bucket/repo", {
        endpoint: s3.url,
        credentials: keys,
        cache: false,
        fetch: (request: Request) => {
          const { pathname, searchParams } = new URL(request.url);
          asked.push(searchParams.get("prefix") ?? pathname.replace("/bucket/repo/", ""));
          return fetch(request);
        },
      } as OpenOptions);
    const writer = await openS3();
    await fill(writer);
    const before = await openS3();
    asked.length = 0;
    const picture = await drawIn(before);
    expect(asked.filter((path) => path.startsWith("lakota/"))).toEqual([INDEX_PATH]);
    await writer.publish({ overviews: true });
    const after = await openS3();
    asked.length = 0;
    expect(await drawIn(after)).toEqual(picture);
    expect(asked.filter((path) => path === INDEX_PATH)).toHaveLength(1);
    expect(asked.filter((path) => path.startsWith(OVERVIEWS_FOLDER))).toHaveLength(1);
    expect(asked.filter((path) => /^..\/..\/[0-9a-f]{36}$/.test(path))).toEqual([]);
    expect(asked.length).toBeLessThanOrEqual(5);
    for (const one of [writer, before, after]) one.close();
    await s3.close();
  });
});

test("a picture that was drawn from overviews is drawn again offline", async () => {
  const { store, repo } = await published(200_000);
  const local = new MemoryStore();
  const draws = async (remote: Store) => {
    const cache = new CacheStore(local, remote);
    const reader = new EngineRepo(cache, decodeChunk, { onWarning: (text) => warnings.push(text) });
    const picture = await (await reader.collection("c")).series("s").downsample({ points: 60 });
    await cache.flush();
    reader.close();
    return picture;
  };
  store.reads = [];
  const online = await draws(store);
  expect(store.readChunks).toEqual([]);
  const offline = new WatchedStore();
  for (const method of ["get", "list"] as const)
    vi.spyOn(offline, method).mockRejectedValue(new LakotaError("offline", "No network."));
  expect(await draws(offline)).toEqual(online);
  repo.close();
});

describe("overviews over time", () => {
  test("an append of a few rows makes and lists none, one of many rows makes the last ones", async () => {
    const { store, repo: publisher } = await published(200_000);
    publisher.close();
    const before = await namesIn(store);
    const repo = open(store);
    const collection = await repo.collection("c");
    const list = vi.spyOn(store, "list");
    const isListed = () => list.mock.calls.some(([prefix]) => prefix === OVERVIEWS_FOLDER);
    for (let i = 0; i < 5; i++)
      await collection.series("s").write({ t: [BigInt(200_000 + i) * 60n], v: [i] });
    await (await repo.createCollection(schema, "d")).series("s").write({ t: [1n], v: [0], n: [0] });
    expect(isListed()).toBe(false);
    expect(await namesIn(store)).toEqual(before);
    store.reads = [];
    list.mockClear();
    const t = BigInt64Array.from({ length: 40_000 }, (_, i) => BigInt(300_000 + i) * 60n);
    await collection.series("s").write({ t, v: new Float64Array(40_000) });
    expect(isListed()).toBe(true);
    await expectAllMade(store);
    // Made from the one before, and from the chunks of the new rows alone.
    expect(await namesIn(store)).toHaveLength(before.length + 1);
    expect(store.readOverviews).toHaveLength(1);
    expect(store.readChunks.length).toBeLessThanOrEqual(4);
    repo.close();
  });

  test("a failure to make one is a warning", async () => {
    const { store, repo, collection } = await published(100_000);
    const put = vi.spyOn(store, "put");
    put.mockImplementation(async (path, bytes, options) => {
      if (path.startsWith(OVERVIEWS_FOLDER)) throw new LakotaError("network", "No answer.");
      return MemoryStore.prototype.put.call(store, path, bytes, options);
    });
    const t = BigInt64Array.from({ length: 40_000 }, (_, i) => BigInt(300_000 + i) * 60n);
    await collection.series("s").write({ t, v: new Float64Array(40_000) });
    expect(warnings.splice(0)).toEqual([
      expect.stringMatching(/The change was stored, but not all .*No answer/),
    ]);
    repo.close();
  });

  test("gc deletes those of earlier states after the grace period", async () => {
    const { store, repo, collection } = await published(200_000);
    await collection.series("s").delete({ start: new Date(0), stop: new Date(60_000 * 190_000) });
    await collection.defrag();
    expect((await namesIn(store)).length).toBeGreaterThan(1);
    await collection.series("s").write({ t: [1n], v: [0] });
    const needed = (await currentOverviews(collection, new AbortController().signal)).map(({ name }) => name);
    expect((await repo.gc({ dryRun: true, grace: 0 })).overviews.files).toBeGreaterThan(0);
    expect((await repo.gc()).overviews).toEqual({ files: 0, bytes: 0 }); // none is known to be old
    expect((await repo.gc({ grace: 0 })).overviews.files).toBeGreaterThan(0);
    expect((await namesIn(store)).sort()).toEqual(needed.sort());
    repo.close();
  });

  test("pull and push take them along", async () => {
    const { store, repo } = await published(200_000);
    const copies = [new WatchedStore(), new WatchedStore()];
    const [plain, published2] = copies.map(
      (copy) => new EngineRepo(copy, decodeChunk, { openStore: () => store }),
    );
    await published2!.publish({ overviews: true });
    const names = await namesIn(store);
    const sizes = await Promise.all(
      names.map(async (name) => (await store.get(OVERVIEWS_FOLDER + name))!.length),
    );
    const overviews = { files: names.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
    for (const copy of [plain!, published2!])
      expect(await copy.pull("memory://")).toMatchObject({ overviews });
    expect(await plain!.pull("memory://")).toMatchObject({ overviews: { files: 0, bytes: 0 } });
    for (const copy of copies) expect(await namesIn(copy)).toEqual(await namesIn(store));
    expect(await published2!.verify()).toMatchObject({ overviews: 1, problems: [] });
    await expectAllMade(copies[1]!);
    // A source without them: the target makes its own.
    const bare = new MemoryStore();
    await plain!.publish({ overviews: false });
    const target = new EngineRepo(bare, decodeChunk, { openStore: () => copies[0]! });
    await target.publish({ overviews: true });
    expect(await target.pull("memory://")).not.toHaveProperty("overviews");
    expect(await namesIn(bare)).toEqual(await namesIn(store));
    for (const each of [repo, plain!, published2!, target]) each.close();
  });

  test("publish keeps the setting, and overviews: false ends it", async () => {
    const { store, repo, collection } = await published(100_000);
    const expected = async () => decodeIndex((await store.get(INDEX_PATH))!, "").overviews;
    await repo.publish();
    expect(await expected()).toBe(true);
    await collection.series("s").write({ t: [-60n], v: [1] });
    expect(await expected()).toBe(true);
    await repo.publish({ overviews: false });
    expect(await expected()).toBe(false);
    store.reads = [];
    await (await collectionIn(store)).series("s").downsample({ points: 60 });
    expect(store.readOverviews).toEqual([]);
    repo.close();
  });

  test("a damaged chunk leaves one overview out", async () => {
    const store = new WatchedStore();
    const repo = open(store);
    const collection = await repo.createCollection(schema, "c");
    await collection.series("s").write(rows(200_000, 0, 3));
    const { commit } = await collection.state();
    const damaged = hashedPath((await segmentsIn(commit.table))[0]!.digests[1]!);
    await store.put(damaged, new Uint8Array(100), { overwrite: true });
    const report = await repo.publish({ overviews: true });
    expect(report.overviews).toMatchObject({ files: 1, failed: 1 }); // that of the other column
    expect(warnings.splice(0)).toEqual([expect.stringMatching(/1 overviews? of "c" .* not made/)]);
    repo.close();
  });
});

describe("the bytes of blocks", () => {
  const number = fc.oneof(
    fc.double({ noNaN: true }),
    fc.integer({ min: -1_000, max: 1_000 }),
    fc.constant(-0),
  );

  test("hold every number, also where x is negative, infinite or irregular", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(number, fc.oneof(number, fc.constant(Number.NaN))), { maxLength: 1_500 }),
        (pairs) => {
          const sorted = pairs.sort(([a], [b]) => a - b);
          const blocks = summarise(
            sorted.map(([x]) => x),
            sorted.map(([, y]) => y),
          );
          const packed = packBlocks(blocks);
          expect(packed).toHaveLength(packedSize(blocks.length));
          expect(unpackBlocks(packed, blocks.length).data).toEqual(blocks.data);
        },
      ),
    );
  });
});

describe("groups of segments", () => {
  const segment = (length: number, id: number): Segment => ({
    label: "s",
    lo: { key: [id], side: -1 },
    hi: { key: [id + 1], side: -1 },
    length,
    digests: [`a${id}`, `b${id}`],
  });
  const lengths = fc.array(
    fc.oneof(fc.constantFrom(524_288, 262_144, 32_768), fc.integer({ min: 1, max: 900_000 })),
    { minLength: 1, maxLength: 900 },
  );

  test("have all long segments once, in few blocks, and an append changes few of them", () => {
    fc.assert(
      fc.property(lengths, (all) => {
        const segments = all.map(segment);
        const { fine, coarse } = groupsOf(segments);
        const long = segments.filter(({ length }) => length >= MIN_ROWS);
        expect(fine.flatMap((group) => group.segments)).toEqual(long);
        const inCoarse = coarse.flatMap((group) => group.segments);
        expect(inCoarse).toEqual(long.slice(0, inCoarse.length));
        for (const group of coarse) {
          const blocks = group.segments.reduce(
            (sum, { length }) => sum + Math.ceil(length / group.rowsPerBlock),
            0,
          );
          expect(blocks).toBeLessThanOrEqual(8_192);
        }
        // All but a small part of a long series is in coarse groups.
        expect(
          fine.length - fine.filter(({ segments: [first] }) => inCoarse.includes(first!)).length,
        ).toBeLessThanOrEqual(5);
        const next = groupsOf([...segments, segment(40_000, all.length)]);
        expect(next.fine.slice(0, fine.length - 1)).toEqual(fine.slice(0, -1));
        expect(next.coarse.slice(0, coarse.length - 1)).toEqual(coarse.slice(0, -1));
      }),
      { numRuns: 60 },
    );
  });

  test("do not change when a write cuts a segment in two", () => {
    const [a, b, c] = [segment(100_000, 0), segment(70_000, 1), segment(50_000, 2)] as const;
    const cut = [a, { ...b, hi: b.lo }, segment(10, 5), { ...b, lo: b.hi }, c];
    expect(groupsOf(cut).fine.map((group) => group.segments.map(({ length }) => length))).toEqual(
      groupsOf([a, b, c]).fine.map((group) => group.segments.map(({ length }) => length)),
    );
  });

  test("leave out what compaction may join with appended rows", () => {
    const fresh = (length: number, at: number) => ({
      ...segment(length, at),
      rows: { length, columns: [] },
    });
    for (const appended of [MIN_ROWS - 1, MIN_ROWS, 32_768, 500_000]) {
      const runs = compactionRuns([segment(MIN_ROWS, 0), fresh(appended, 1)]);
      expect(runs.map((run) => run.length)).toEqual([1, 1]);
    }
    expect(compactionRuns([segment(MIN_ROWS / 2, 0), fresh(MIN_ROWS / 2, 1)])).toHaveLength(1);
  });
});
