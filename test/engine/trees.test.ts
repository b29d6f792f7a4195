import { describe, expect, test } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import type { EngineCollection } from "../../src/engine/collection/collection.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import type { TableKind } from "../../src/model/api/table-kind.ts";
import { hashedPath } from "../../src/model/layout.ts";
import { Schema } from "../../src/model/schema.ts";
import { CacheStore } from "../../src/stores/cache/cache-store.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import { check } from "../checker/check.ts";
import { filesOf } from "../checker/files.ts";
import { plugged } from "../stores/plugged.ts";
import { WatchedStore } from "./watched-store.ts";

const schema = new Schema({ t: "int*", v: "float" });
const labelOf = (i: number) => `s/${String(i).padStart(5, "0")}`;
const rowsOf = (i: number, from = 0, rows = 40) => ({
  t: Array.from({ length: rows }, (_, row) => from + row),
  v: Array.from({ length: rows }, (_, row) => Math.sin(i * 7 + from + row)),
});
const at = (store: MemoryStore, warnings: string[] = []) =>
  new EngineRepo(store, decodeChunk, { maxAge: 0, onWarning: (text) => warnings.push(text) });

/** Writes many series in one revision. */
const fill = (collection: EngineCollection, count: number, from = 0) =>
  collection.batch(async (batch) => {
    for (let i = 0; i < count; i++) await batch.series(labelOf(i)).write(rowsOf(i, from));
  });

async function filled(store: MemoryStore, count: number, table: TableKind = "tree") {
  const repo = at(store);
  const collection = await repo.createCollection(schema, "c", { table });
  await fill(collection, count);
  return { repo, collection };
}

const bytesOf = async (store: MemoryStore) => {
  const entries = await store.list("");
  return entries.reduce((sum, { size }) => sum + size, 0);
};

describe("a collection of 3,000 series whose tables are trees", () => {
  test("stores and fetches little for a small write, for one series, and for ls", async () => {
    const store = new WatchedStore();
    const { collection } = await filled(store, 3_000);
    const read = async (work: () => Promise<unknown>) => {
      store.reads = [];
      await work();
      return store.reads.reduce((sum, { bytes }) => sum + bytes, 0);
    };
    const whole = await bytesOf(store);
    const reader = await at(store).collection("c");
    expect(await read(() => reader.series(labelOf(1_234)).tail(5))).toBeLessThan(64_000);
    const sizes: number[] = [];
    for (let i = 0; i < 10; i++) {
      const before = await bytesOf(store);
      await collection.series(labelOf(i * 311)).write(rowsOf(1, 40, 5));
      sizes.push((await bytesOf(store)) - before);
      expect(await read(() => reader.series(labelOf(1_234)).tail(5))).toBeLessThan(48_000);
    }
    expect(sizes.reduce((a, b) => a + b) / sizes.length).toBeLessThan(48_000);
    expect(await read(async () => (await at(store).collection("c")).ls())).toBeLessThan(whole / 20);
  });

  test("copies what changed, and not what the target has", async () => {
    const store = new WatchedStore();
    const { collection } = await filled(store, 3_000);
    const copy = new MemoryStore();
    const target = new EngineRepo(copy, decodeChunk, { maxAge: 0, openStore: () => store });
    await target.pull("memory://source");
    const whole = await bytesOf(copy);
    for (let i = 0; i < 3; i++) await collection.series(labelOf(i * 900)).write(rowsOf(1, 40, 5));
    store.reads = [];
    await target.pull("memory://source");
    expect(store.reads.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(whole / 5);
    const rows = await (await at(copy).collection("c")).read([labelOf(900), labelOf(5)]);
    expect([...rows.values()].map(({ length }) => length)).toEqual([45, 40]);
    expect((await at(copy).verify()).problems).toEqual([]);
    expect(await check(await filesOf(copy))).toEqual([]);
  });

  test("is read offline if it is pinned, though only the pages of the pinned series are there", async () => {
    const store = new MemoryStore();
    const { collection } = await filled(store, 3_000);
    await collection.series(labelOf(9)).write(rowsOf(1, 40, 5)); // so that the commit has other pages
    const { remote, plug } = plugged(store);
    const local = new MemoryStore();
    const open = () => {
      const cache = new CacheStore(local, remote, {});
      return { cache, repo: new EngineRepo(cache, decodeChunk, { maxAge: 0, onWarning: () => {} }) };
    };
    const first = open();
    const report = await (await first.repo.collection("c")).pin({ series: [labelOf(7), labelOf(2_000)] });
    expect(report).toMatchObject({ series: 2 });
    expect(report.files).toBeGreaterThan(1);
    await first.cache.flush();
    first.repo.close();
    plug.out = true;
    const { repo } = open();
    const offline = await repo.collection("c");
    const frames = await offline.read([labelOf(7), labelOf(2_000)]);
    expect([...frames.values()].map(({ length }) => length)).toEqual([40, 40]);
    await expect(offline.series(labelOf(1_000)).read()).rejects.toMatchObject({ code: "offline" });
    repo.close();
  });
});

describe("a batch that touches many series of a tree", () => {
  test("keeps their ranges in a file, which merges, copies, verify and gc know", async () => {
    const store = new MemoryStore();
    const { collection } = await filled(store, 600);
    const fork = new MemoryStore();
    const forked = new EngineRepo(fork, decodeChunk, { maxAge: 0, openStore: () => store });
    await forked.pull("memory://source");
    await fill(collection, 600, 40);
    await (await forked.collection("c")).series(labelOf(3)).write(rowsOf(3, 100));
    await new EngineRepo(store, decodeChunk, { maxAge: 0, openStore: () => fork }).pull("memory://fork");
    expect((await collection.merge()).heads).toHaveLength(2);
    expect((await collection.series(labelOf(3)).read()).length).toBe(120);
    expect((await collection.series(labelOf(4)).read()).length).toBe(80);

    const files = (await store.list("")).map(({ path }) => path);
    const lists: string[] = [];
    for (const { id } of await collection.log()) {
      const log = await collection.changelog.log();
      const { touched } = await collection.changelog.commitOf(log, id);
      if (touched?.file === undefined) continue;
      lists.push(hashedPath(touched.file));
      expect(await touched.load()).toHaveLength(600);
    }
    expect(lists).toHaveLength(2);
    expect(files).toEqual(expect.arrayContaining(lists));

    const copy = new MemoryStore();
    const target = new EngineRepo(copy, decodeChunk, { maxAge: 0, openStore: () => store });
    await target.pull("memory://source");
    for (const repo of [at(store), target]) expect((await repo.verify()).problems).toEqual([]);
    expect((await copy.list("")).map(({ path }) => path)).toEqual(expect.arrayContaining(lists));
    expect(await at(store).gc({ grace: 0 })).toMatchObject({ setAside: { files: 0 } });

    await store.delete(lists[0]!);
    expect((await at(store).verify()).problems).toMatchObject([{ kind: "corrupt", path: lists[0] }]);
  });

  test("can be trimmed and collected: what is left is intact", async () => {
    const store = new MemoryStore();
    const { repo, collection } = await filled(store, 600);
    await fill(collection, 600, 40);
    const before = (await store.list("")).length;
    await collection.trim({ before: Date.now() + 1 });
    await repo.gc({ grace: 0 });
    await repo.gc({ grace: 0 });
    expect((await store.list("")).length).toBeLessThan(before / 1.5);
    expect((await repo.verify()).problems).toEqual([]);
    expect((await collection.series(labelOf(599)).read()).length).toBe(80);
  });

  test("a missing page stops a garbage collection before it deletes anything", async () => {
    const store = new MemoryStore();
    const { repo, collection } = await filled(store, 600);
    const { table } = (await collection.state()).commit;
    const [page] = await table.files([labelOf(5)]);
    await store.delete(hashedPath(page!));
    const before = (await store.list("")).map(({ path }) => path);
    await expect(repo.gc({ grace: 0 })).rejects.toMatchObject({ code: "corrupt" });
    expect((await store.list("")).map(({ path }) => path)).toEqual(before);
    expect((await repo.verify()).problems).toMatchObject([{ path: hashedPath(page!) }]);
  });
});

test("a flat collection that passes 5,000 series says what a tree would save, once", async () => {
  const warnings: string[] = [];
  const repo = at(new MemoryStore(), warnings);
  const one = (i: number) => ({ t: [i], v: [i] });
  for (const table of ["flat", "tree"] as const) {
    const collection = await repo.createCollection(schema, table, { table });
    for (const [from, to] of [
      [0, 4_990],
      [4_990, 5_001],
      [5_001, 5_010],
    ] as const)
      await collection.batch(async (batch) => {
        for (let i = from; i < to; i++) await batch.series(labelOf(i)).write(one(i));
      });
  }
  expect(warnings).toEqual([expect.stringMatching(/"flat" has 5001 series now.*repo\.clone\("flat"/s)]);
});
