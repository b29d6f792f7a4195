import { openRepo, Schema } from "lakota/engine";
import { describe, expect, it } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { encodeColumn } from "../../src/codecs/encode.ts";
import type { EngineCollection } from "../../src/engine/collection/collection.ts";
import { ChunkLoader } from "../../src/engine/read/chunk-loader.ts";
import type { ChunkRequest } from "../../src/engine/read/chunk-request.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { castColumn } from "../../src/model/cast.ts";
import { LakotaError } from "../../src/model/errors.ts";
import { hashedPath } from "../../src/model/layout.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { GetOptions } from "../../src/stores/store.ts";
import { segmentsIn } from "../changelog/tables.ts";

/** A store whose reads can be tampered with. */
class FaultyStore extends MemoryStore {
  /** Gets a path and the number of its reads so far. May change the bytes in place, or return others. */
  spoil:
    | ((path: string, times: number, bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | undefined)
    | undefined;
  readonly asked = new Map<string, number>();

  override async get(path: string, options?: GetOptions) {
    const bytes = await super.get(path, options);
    const times = (this.asked.get(path) ?? 0) + 1;
    this.asked.set(path, times);
    return bytes && this.spoil ? this.spoil(path, times, bytes) : bytes;
  }
}

const isChunk = (path: string) => /^..\/..\/[0-9a-f]{36}$/.test(path);
const flip = (bytes: Uint8Array<ArrayBuffer>) => {
  bytes[bytes.length >> 1]! ^= 16;
  return bytes;
};
const rows = 2_000;
const frame = {
  t: Array.from({ length: rows }, (_, i) => 1000 * (i * 86_400 + Math.round(4e4 * Math.sin(i)))),
  v: Array.from({ length: rows }, (_, i) => Math.sin(i) * 1e6),
};

/** Creates a repo with a series "s" whose chunks are files. */
async function setUp(schema: Schema = new Schema({ t: "timestamp*", v: "float" })) {
  const store = new FaultyStore();
  const warnings: string[] = [];
  const open = () =>
    new EngineRepo(store, decodeChunk, { maxAge: 0, onWarning: (text) => warnings.push(text) });
  const collection = await open().createCollection(schema, "c");
  await collection.series("s").write(frame);
  const chunks = (await store.list("")).map(({ path }) => path).filter(isChunk);
  expect(chunks).toHaveLength(2);
  const series = async () => (await open().collection("c")).series("s");
  return { store, series, chunks, warnings, collection };
}

describe("a chunk that does not match its digest", () => {
  it("is fetched again, and read if it is intact then", async () => {
    const { store, series, chunks } = await setUp();
    store.spoil = (path, times, bytes) => (isChunk(path) && times === 1 ? flip(bytes) : bytes);
    const read = await (await series()).read();
    expect(Array.from(read.numbers("v"))).toEqual(frame.v);
    for (const path of chunks) expect(store.asked.get(path)).toBe(2);
  });

  it("twice throws `corrupt`, naming chunk and column", async () => {
    const { store, series } = await setUp(new Schema({ t: "int*", v: "float" }));
    store.spoil = (path, _, bytes) => (isChunk(path) ? flip(bytes) : bytes);
    await expect((await series()).read()).rejects.toMatchObject({
      code: "corrupt",
      message: expect.stringMatching(/Chunk ..\/..\/[0-9a-f]{36} \(column "[tv]" of series "s"\)/),
    });
  });

  it("because it is truncated throws `corrupt` too", async () => {
    const { store, series } = await setUp();
    store.spoil = (path, _, bytes) => (isChunk(path) ? bytes.slice(0, -10) : bytes);
    await expect((await series()).read()).rejects.toMatchObject({ code: "corrupt" });
  });

  it("because it is missing throws `not-found`, naming it", async () => {
    const { store, series, chunks } = await setUp();
    for (const path of chunks) await store.delete(path);
    await expect((await series()).read()).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringMatching(/Chunk .* is missing/),
    });
  });

  it("because a garbage collection has set it aside is found", async () => {
    const { store, series, chunks } = await setUp();
    for (const path of chunks) await store.move(path, `${path}.1a20acad92f`);
    expect((await (await series()).read()).length).toBe(rows);
  });

  it("is repaired by writing the same rows again", async () => {
    const { store, collection, series, chunks } = await setUp();
    for (const path of chunks) {
      const bytes = await store.get(path);
      await store.put(path, bytes!.slice(0, 100), { overwrite: true });
    }
    const other = new EngineRepo(store, decodeChunk, { maxAge: 0 });
    await (await other.collection("c")).series("s").write(frame);
    expect(Array.from((await (await series()).read()).numbers("v"))).toEqual(frame.v);
    expect(await collection.log()).toHaveLength(1); // the same content makes no revision
  });
});

describe("an error page in place of a chunk", () => {
  it.each([
    ["float", "float"],
    ["float | zstd", "zstd"],
    ["str", "text"],
  ])("is corrupt after it was fetched again: %s", async (type) => {
    const store = new FaultyStore();
    const repo = new EngineRepo(store, decodeChunk);
    const collection = await repo.createCollection(new Schema({ t: "int*", v: type }), "c");
    const v = frame.v.map((value) => (type === "str" ? `${value}` : value));
    await collection.series("s").write({ t: frame.v.map((_, i) => i), v: v as number[] });
    const page = new TextEncoder().encode(`<!DOCTYPE html><title>Sign in</title>${" ".repeat(200)}`);
    store.spoil = (path, _, bytes) => (isChunk(path) ? page.slice() : bytes);
    store.asked.clear();
    const reader = new EngineRepo(store, decodeChunk);
    const series = (await reader.collection("c")).series("s");
    await expect(series.read()).rejects.toMatchObject({ code: "corrupt" });
    expect(Math.max(...[...store.asked].filter(([path]) => isChunk(path)).map(([, times]) => times))).toBe(2);
  });
});

describe("times whose digest matches in no unit", () => {
  const column = new Schema({ t: "timestamp*" }).column("t");
  const digest = "ab".repeat(20);
  const times = castColumn(column, frame.t);

  async function load(request: Partial<ChunkRequest>, allowUnverified = false) {
    const store = new FaultyStore();
    await store.put(hashedPath(digest), await encodeColumn(times, column));
    const warnings: string[] = [];
    const chunks = new ChunkLoader(store, decodeChunk, (text) => warnings.push(text), allowUnverified);
    const data = await chunks.load({ digest, column, rows: times.length, embedded: undefined, ...request });
    return { data, warnings, fetches: store.asked.get(hashedPath(digest)) };
  }

  it("are read with a warning that names the chunk, if they are plausible after a second fetch", async () => {
    const { data, warnings, fetches } = await load({ isPlausible: (found) => found.length === times.length });
    expect(data).toEqual(times);
    expect(warnings).toEqual([expect.stringContaining(hashedPath(digest))]);
    expect(fetches).toBe(2);
  });

  it("are corrupt if they are not plausible, unless the caller accepts them", async () => {
    await expect(load({})).rejects.toMatchObject({
      code: "corrupt",
      message: expect.stringContaining("allowUnverified"),
    });
    expect((await load({}, true)).data).toEqual(times);
  });

  it("are corrupt if this library wrote them", async () => {
    const exact = { exact: true, isPlausible: () => true };
    await expect(load(exact)).rejects.toMatchObject({ code: "corrupt" });
    await expect(load(exact, true)).rejects.toMatchObject({ code: "corrupt" });
  });
});

describe("a damaged or swapped chunk of times that this library wrote", () => {
  const schema = new Schema({ t: "timestamp*", v: "float" });
  const rows = 2_000;
  const start = Date.UTC(2026, 0, 1);
  const irregular = (day: number) => ({
    t: Array.from(
      { length: rows },
      (_, i) => start + day * 86_400_000 + ((i * 7_919) % 97) * 1000 + i * 100_000,
    ),
    v: Array.from({ length: rows }, (_, i) => Math.sin(i + day)),
  });

  async function written() {
    const store = new MemoryStore();
    const repo = new EngineRepo(store, decodeChunk, { onWarning: () => {}, maxAge: 0 });
    const collection = (await repo.createCollection(schema, "c")) as EngineCollection;
    for (const [i, label] of ["a", "b"].entries()) await collection.series(label).write(irregular(40 * i));
    const table = await segmentsIn((await collection.state()).commit.table);
    const pathOf = (label: string) =>
      hashedPath(table.find((segment) => segment.label === label)!.digests[0]!);
    return { store, repo, pathOf };
  }
  const reader = async (store: MemoryStore) => {
    const warnings: string[] = [];
    const repo = new EngineRepo(store, decodeChunk, { onWarning: (text) => warnings.push(text) });
    return { series: (await repo.collection("c")).series("a"), warnings };
  };

  it("is corrupt whichever bit flips, and verify finds it", async () => {
    const { store, repo, pathOf } = await written();
    const path = pathOf("a");
    const good = (await store.get(path))!;
    const before = await (await reader(store)).series.read();
    for (let at = 16; at < good.length; at += Math.ceil(good.length / 40)) {
      const bytes = good.slice();
      bytes[at]! ^= 1 << (at % 8);
      await store.put(path, bytes, { overwrite: true });
      const { series, warnings } = await reader(store);
      const result = await series.read().catch((error: LakotaError) => error);
      // A bit that the decoder does not look at changes nothing.
      if (result instanceof LakotaError) expect(result.code).toBe("corrupt");
      else expect(result).toEqual(before);
      expect(warnings).toEqual([]);
    }
    await store.put(path, flip(good), { overwrite: true });
    expect((await repo.verify()).problems).toMatchObject([{ kind: "corrupt", path }]);
  });

  it("is corrupt if it belongs to another series", async () => {
    const { store, repo, pathOf } = await written();
    const [a, b] = [pathOf("a"), pathOf("b")];
    const [first, second] = [(await store.get(a))!, (await store.get(b))!];
    await store.put(a, second, { overwrite: true });
    await store.put(b, first, { overwrite: true });
    await expect((await reader(store)).series.read()).rejects.toMatchObject({ code: "corrupt" });
    expect((await repo.verify()).problems.map(({ path }) => path).sort()).toEqual([a, b].sort());
  });

  it("stays so through merges, clones, defragmentation and copies", async () => {
    const { store, repo } = await written();
    const collection = (await repo.collection("c")) as EngineCollection;
    const isExact = async (one: EngineCollection) =>
      (await segmentsIn((await one.state()).commit.table)).every(({ exact }) => exact === true);
    const other = new EngineRepo(store, decodeChunk, { maxAge: 1e9, onWarning: () => {} });
    const late = await other.collection("c");
    await late.ls();
    await collection.series("a").write({ t: [start - 5_000], v: [1] });
    await late.series("b").write({ t: [start - 5_000], v: [2] });
    await collection.refresh();
    await collection.merge();
    expect(await isExact(collection)).toBe(true);
    await collection.defrag();
    const clone = (await repo.clone("c", "d")) as EngineCollection;
    const copy = new MemoryStore();
    const target = new EngineRepo(copy, decodeChunk, { openStore: () => store });
    await target.pull("source");
    expect(await isExact(collection)).toBe(true);
    expect(await isExact(clone)).toBe(true);
    expect(await isExact((await target.collection("c")) as EngineCollection)).toBe(true);
  });
});

describe("a revision that does not match its name", () => {
  it("is fetched again, and then throws `corrupt`", async () => {
    const { store, series } = await setUp();
    const isRevision = (path: string) => path.includes(".") && !path.startsWith("00/00/");
    store.spoil = (path, times, bytes) => (isRevision(path) && times === 1 ? flip(bytes) : bytes);
    expect((await (await series()).read()).length).toBe(rows);
    store.spoil = (path, _, bytes) => (isRevision(path) ? flip(bytes) : bytes);
    await expect((await series()).read()).rejects.toMatchObject({
      code: "corrupt",
      message: expect.stringMatching(/Revision/),
    });
  });
});

describe("columns with the same values in other codecs", () => {
  it("do not share a chunk (B3)", async () => {
    const repo = await openRepo("memory://");
    const schema = new Schema({
      t: "int*",
      a: "float",
      b: "float | zstd",
      c: "float | lz4",
      d: "float | gzip",
    });
    const series = (await repo.createCollection(schema, "c")).series("s");
    const same = frame.v;
    await series.write({ t: frame.v.map((_, i) => i), a: same, b: same, c: same, d: same });
    const read = await series.read();
    for (const name of ["a", "b", "c", "d"] as const) expect(Array.from(read.numbers(name))).toEqual(same);
  });
});
