import { describe, expect, test } from "vitest";
import { unpackMap } from "../../src/changelog/decode-table.ts";
import { loadAll } from "../../src/changelog/segment-table.ts";
import { BranchPage, decodePage } from "../../src/changelog/tree/page.ts";
import { TreeTable } from "../../src/changelog/tree/tree-table.ts";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import type { EngineCollection } from "../../src/engine/collection/collection.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import type { TableKind } from "../../src/model/api/table-kind.ts";
import type { Bytes } from "../../src/model/bytes.ts";
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

describe("verify reads the file", () => {
  const damage = async (store: MemoryStore, path: string) => {
    const bytes = (await store.get(path))!;
    bytes[bytes.length >> 1]! ^= 1;
    await store.put(path, bytes, { overwrite: true });
  };

  test("of a page that an earlier commit has itself", async () => {
    const store = new MemoryStore();
    const { repo, collection } = await filled(store, 600);
    for (let i = 0; i < 3; i++) await collection.series(labelOf(i * 200)).write(rowsOf(1, 40, 5));
    const files = new Set((await store.list("")).map(({ path }) => path));
    const log = await collection.changelog.log();
    const shared: string[] = [];
    for (const id of log.ids) {
      const { table } = await collection.changelog.commitOf(log, id);
      if (table instanceof TreeTable) shared.push(...[...table.pages.keys()].map(hashedPath));
    }
    const both = shared.filter((path) => files.has(path));
    expect(both.length).toBeGreaterThan(1);
    for (const path of both) {
      const good = (await store.get(path))!;
      await damage(store, path);
      expect((await at(store).verify()).problems).toMatchObject([{ kind: "corrupt", path }]);
      await store.put(path, good, { overwrite: true });
    }
    expect((await repo.verify()).problems).toEqual([]);
  });

  test("of a chunk that a page of another collection has itself", async () => {
    const store = new MemoryStore();
    const { repo } = await filled(store, 100);
    const chunksBefore = new Set((await store.list("")).map(({ path }) => path));
    await fill(await repo.createCollection(schema, "flat", { table: "flat" }), 100);
    const { table } = (await (await repo.collection("c")).state()).commit;
    const { embedded } = await loadAll(table);
    const spilled = (await store.list("")).filter(
      ({ path }) => !chunksBefore.has(path) && embedded.has(path.replaceAll("/", "")),
    );
    expect(spilled.length).toBeGreaterThan(10);
    const { path } = spilled[3]!;
    await damage(store, path);
    const { problems } = await at(store).verify();
    expect(problems).toMatchObject([{ kind: "corrupt", path, collection: "flat" }]);
  });

  test("of a list of touched ranges", async () => {
    const store = new MemoryStore();
    const { collection } = await filled(store, 300);
    const log = await collection.changelog.log();
    const { touched } = await collection.changelog.commitOf(log, log.ids[0]!);
    const path = hashedPath(touched!.file!);
    const { remote } = plugged(store);
    const local = new MemoryStore();
    const cached = new EngineRepo(new CacheStore(local, remote, {}), decodeChunk, { maxAge: 0 });
    await (await cached.collection("c")).log({ details: true });
    await damage(store, path);
    expect((await cached.verify()).problems).toMatchObject([{ kind: "corrupt", path }]);
    cached.close();
  });
});

/** Returns the map in a file; an empty one if it is a chunk. */
function mapIn(bytes: Uint8Array) {
  try {
    return unpackMap(bytes.slice(), "file");
  } catch {
    return {};
  }
}

test("the revision of a write is stored after all its pages, and these after those below them", async () => {
  const store = new WatchedStore();
  const stored = new Set<string>();
  const put = store.put.bind(store);
  store.put = async (path, bytes, options) => {
    const payload = mapIn(bytes);
    const page = "root" in payload ? (payload.root as Bytes) : "child" in payload ? bytes.slice() : undefined;
    if (page) {
      const embedded = (payload.pages ?? {}) as Record<string, Bytes>;
      const root = await decodePage(page.slice(), schema);
      if (root instanceof BranchPage)
        for (const { digest } of root.children) if (!(digest in embedded)) expect(stored).toContain(digest);
      for (const below of Object.values(embedded)) {
        const branch = await decodePage(below.slice(), schema);
        if (branch instanceof BranchPage)
          for (const { digest } of branch.children)
            if (!(digest in embedded)) expect(stored).toContain(digest);
      }
    }
    const result = await put(path, bytes, options);
    stored.add(path.replaceAll("/", ""));
    return result;
  };
  const repo = new EngineRepo(store, decodeChunk, { maxAge: 0 });
  const collection = await repo.createCollection(schema, "c", { table: "tree" });
  await fill(collection, 2_000);
  await fill(collection, 700, 40);
  for (let i = 0; i < 3; i++) await collection.series(labelOf(i * 500)).write(rowsOf(1, 80, 5));
  await (await repo.clone("c", "d")).series(labelOf(3)).write(rowsOf(1, 80, 5));
  expect(stored.size).toBeGreaterThan(50);
});

describe("offline", () => {
  /** A device that has pinned two series of 3,000. */
  async function pinned(store: MemoryStore) {
    const { remote, plug } = plugged(store);
    const local = new MemoryStore();
    const cache = new CacheStore(local, remote, { writeOffline: true });
    const repo = new EngineRepo(cache, decodeChunk, { maxAge: 0, onWarning: () => {} });
    const collection = await repo.collection("c");
    await collection.pin({ series: [labelOf(7), labelOf(2_000)] });
    await cache.flush();
    return { repo, collection, plug, local };
  }

  test("several heads of a pinned collection show what they show together", async () => {
    const store = new MemoryStore();
    const { collection } = await filled(store, 600);
    const fork = new MemoryStore();
    const forked = new EngineRepo(fork, decodeChunk, { maxAge: 0, openStore: () => store });
    await forked.pull("memory://source");
    await collection.series(labelOf(7)).write(rowsOf(7, 40, 10));
    await fill(await forked.collection("c"), 300, 60); // its ranges are in a file
    await forked.push("memory://source");
    await collection.refresh();
    expect((await collection.log()).filter(({ head }) => head)).toHaveLength(2);

    const { remote, plug } = plugged(store);
    const local = new MemoryStore();
    for (const isOut of [false, true]) {
      plug.out = isOut;
      const cache = new CacheStore(local, remote, {});
      const repo = new EngineRepo(cache, decodeChunk, { maxAge: 0, onWarning: () => {} });
      const own = await repo.collection("c");
      if (!isOut) await own.pin({ series: [labelOf(7), labelOf(599)] });
      const frames = await own.read([labelOf(7), labelOf(599)]);
      expect([...frames.values()].map(({ length }) => length)).toEqual([90, 40]);
      await cache.flush();
      repo.close();
    }
  });

  test("a write to a pinned series needs no page that is not cached, and is whole once it is sent", async () => {
    const store = new MemoryStore();
    await filled(store, 3_000);
    const { repo, collection, plug } = await pinned(store);
    plug.out = true;
    await collection.series(labelOf(7)).write(rowsOf(7, 40, 200));
    await collection.series(labelOf(2_000)).write(rowsOf(7, 40, 5));
    await collection.drop(labelOf(7));
    await collection.series(labelOf(7)).write(rowsOf(7, 0, 3));
    plug.out = false;
    expect(await repo.send()).toMatchObject({ waiting: 0, conflicts: [] });
    repo.close();
    const seen = await at(store).collection("c");
    const frames = await seen.read([labelOf(6), labelOf(7), labelOf(8), labelOf(2_000)]);
    expect([...frames.values()].map(({ length }) => length)).toEqual([40, 3, 40, 45]);
    expect(await seen.ls()).toHaveLength(3_000);
    expect((await at(store).verify()).problems).toEqual([]);
  });

  test("a write that needs a page that is not cached fails, and stores nothing", async () => {
    const store = new MemoryStore();
    await filled(store, 3_000);
    const { repo, collection, plug, local } = await pinned(store);
    const files = async () => (await local.list("")).map(({ path }) => path);
    const before = await files();
    plug.out = true;
    const offline = { code: "offline" };
    await expect(collection.series(labelOf(1_000)).write(rowsOf(1, 40, 5))).rejects.toMatchObject(offline);
    await expect(collection.series(`${labelOf(1_000)}/new`).write(rowsOf(1, 40, 5))).rejects.toMatchObject(
      offline,
    );
    const both = collection.batch(async (batch) => {
      await batch.series(labelOf(7)).write(rowsOf(7, 40, 5));
      await batch.series(labelOf(1_000)).write(rowsOf(7, 40, 5));
    });
    await expect(both).rejects.toMatchObject(offline);
    expect(await files()).toEqual(before);
    plug.out = false;
    await repo.send();
    await collection.series(labelOf(1_000)).write(rowsOf(1, 40, 5));
    repo.close();
    expect((await (await at(store).collection("c")).series(labelOf(1_000)).read()).length).toBe(45);
    expect((await at(store).verify()).problems).toEqual([]);
  });
});

test("defrag of a tree counts chunks as replaced that no leaf refers to", async () => {
  const store = new MemoryStore();
  const { repo, collection } = await filled(store, 600);
  const t = Array.from({ length: 20_000 }, (_, row) => row * 1_000 + ((row * 7_919) % 991));
  const rows = (from: number) => ({ t: t.map((key) => key + from), v: t.map(Math.sin) });
  for (let i = 0; i < 4; i++) await collection.series("a").write(rows(i * 1e9));
  await collection.series("z").write(rows(0)); // in another leaf
  const { replaced } = await collection.defrag({ labels: ["a"] });
  // Of four index chunks and the values that all share, the other series needs one, and the values.
  expect([replaced.segments, replaced.chunks]).toEqual([4, 3]);
  await collection.trim({ before: Date.now() + 3_600_000 });
  await repo.gc({ grace: -1 });
  await repo.gc({ grace: -1 });
  expect((await at(store).verify()).problems).toEqual([]);
  expect((await collection.series("z").read()).length).toBe(20_000);
});

test("a collection that exists is returned whatever its table is, unless another one is asked for", async () => {
  const repo = at(new MemoryStore());
  await repo.createCollection(schema, "tree", { table: "tree" });
  await repo.createCollection(schema, "flat", { table: "flat" });
  for (const [label, other] of [
    ["tree", "flat"],
    ["flat", "tree"],
  ] as const) {
    await expect(repo.createCollection(schema, label, { table: other })).rejects.toMatchObject({
      code: "exists",
      message: expect.stringMatching(new RegExp(`"${label}".*table is ${label}.*[Cc]lone.*table`, "s")),
    });
    expect((await repo.createCollection(schema, label, { table: label })).label).toBe(label);
    await expect(
      repo.createCollection(new Schema({ t: "int*" }), label, { table: label }),
    ).rejects.toMatchObject({ code: "exists", message: expect.stringContaining("another schema") });
  }
});
