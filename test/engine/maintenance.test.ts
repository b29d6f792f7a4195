import { openRepo, Schema } from "lakota/engine";
import { describe, expect, it, vi } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import { staleStore } from "./stale-store.ts";

const schema = new Schema({ t: "int*", v: "float" });
/** Rows that are long and irregular enough for their chunks to be files. */
const long = (seed: number) => ({
  t: Array.from({ length: 1_000 }, (_, row) => row * 100_000 + ((row * 7_919_113 + seed) % 99_991)),
  v: Array.from({ length: 1_000 }, (_, row) => Math.sin(row + seed)),
});
const HOUR = 3_600_000;

async function open(store = new MemoryStore()) {
  const repo = new EngineRepo(store, decodeChunk, { maxAge: 0 });
  return { store, repo, collection: await repo.createCollection(schema, "c") };
}

const chunks = async (store: MemoryStore) =>
  (await store.list("")).map(({ path }) => path).filter((path) => /^..\/..\/[0-9a-f]{36}(\.|$)/.test(path));

describe("gc", () => {
  it("sets unreferenced chunks aside, and deletes them the next time", async () => {
    const { store, repo, collection } = await open();
    await collection.series("s").write(long(1));
    await collection.series("t").write(long(2));
    await collection.drop("s");
    expect((await repo.gc()).setAside.files).toBe(0); // history refers to it
    await collection.trim({ before: Date.now() + HOUR });
    const all = await chunks(store);
    const dry = await repo.gc({ dryRun: true });
    expect(await chunks(store)).toEqual(all);
    const first = await repo.gc();
    expect(first).toEqual(dry);
    expect([first.setAside.files, first.deleted.files]).toEqual([2, 0]);
    expect(first.setAside.bytes).toBeGreaterThan(2_000);
    const second = await repo.gc();
    expect([second.setAside.files, second.deleted.files]).toEqual([0, 0]); // too young
    const third = await repo.gc({ grace: -1 });
    expect([third.deleted.files, third.kept]).toEqual([2, 2]);
    expect((await collection.series("t").read()).length).toBe(1_000);
  });

  it("deletes nothing if a revision that is listed is missing", async () => {
    const store = new MemoryStore();
    const repo = new EngineRepo(store, decodeChunk, { maxAge: 0 });
    await (await repo.createCollection(schema, "c")).series("s").write(long(1));
    const revision = (await store.list("")).find(
      ({ path }) => path.includes(".") && !path.startsWith("00/00"),
    )!;
    const chunks = async () =>
      (await store.list("")).filter(({ path }) => /^..\/..\/[0-9a-f]{36}$/.test(path));
    const before = await chunks();
    const get = store.get.bind(store);
    store.get = async (path, options) => (path === revision.path ? undefined : get(path, options));
    await expect(repo.gc({ grace: 0 })).rejects.toMatchObject({
      code: "corrupt",
      message: expect.stringContaining(`${revision.path} in memory:// is listed, but missing`),
    });
    expect(await chunks()).toEqual(before);
  });

  it("restores chunks that are referenced again", async () => {
    const { repo, collection } = await open();
    await collection.series("s").write(long(1));
    await collection.drop("s");
    await collection.trim({ before: Date.now() + HOUR });
    expect((await repo.gc()).setAside.files).toBe(2);
    const { repo: other, collection: theirs } = await open(); // chunks of another store do not matter
    await theirs.series("s").write(long(1));
    other.close();
    await collection.series("s").write(long(1));
    const report = await repo.gc({ grace: -1 });
    expect(report.restored.files + report.kept).toBeGreaterThanOrEqual(2);
    expect((await collection.series("s").read()).length).toBe(1_000);
  });

  it("loses nothing of a concurrent write, at whichever call that happens", async () => {
    for (let n = 0; ; n++) {
      const store = new MemoryStore();
      const { collection } = await open(store);
      await collection.series("s").write(long(1));
      await collection.drop("s");
      await collection.trim({ before: Date.now() + HOUR });
      await new EngineRepo(store, decodeChunk, { maxAge: 0 }).gc(); // the chunks are set aside now
      let calls = 0;
      let written = false;
      const write = async () => {
        written = true;
        const other = new EngineRepo(store, decodeChunk, { maxAge: 0 });
        await (await other.collection("c")).series("again").write(long(1));
      };
      const busy = new Proxy(store, {
        get: (target, name: keyof MemoryStore) => {
          const value = target[name];
          if (typeof value !== "function") return value;
          return async (...args: never[]) => {
            if (calls++ === n) await write();
            return Reflect.apply(value, target, args);
          };
        },
      });
      await new EngineRepo(busy, decodeChunk, { maxAge: 0 }).gc({ grace: -1 });
      if (!written) break;
      const reader = new EngineRepo(store, decodeChunk, { maxAge: 0 });
      expect((await (await reader.collection("c")).series("again").read()).length).toBe(1_000);
      await reader.gc({ grace: -1 });
      expect((await (await reader.collection("c")).series("again").read()).length).toBe(1_000);
    }
  });

  it("makes a batch that took too long fail, instead of committing a revision without chunks", async () => {
    const { store, repo, collection } = await open();
    const keys = Array.from({ length: 40_000 }, (_, row) => row * 1_000 + ((row * 7_919) % 991));
    const rows = { t: keys, v: keys.map((key) => Math.sin(key)) };
    const took = (collect: () => Promise<unknown>) =>
      collection.batch(async (batch) => {
        await batch.series("s").write(rows);
        await collect();
        vi.spyOn(Date, "now").mockReturnValue(Date.now() + 400_000);
      });
    try {
      const late = took(async () => {
        await repo.gc();
        await repo.gc({ grace: -1 });
      });
      await expect(late).rejects.toMatchObject({ code: "conflict", message: expect.stringMatching(/again/) });
    } finally {
      vi.restoreAllMocks();
    }
    expect([await collection.log(), await chunks(store)]).toEqual([[], []]);
    try {
      await took(async () => {});
    } finally {
      vi.restoreAllMocks();
    }
    expect((await collection.series("s").read()).length).toBe(40_000);
  });

  it("deletes nothing if a revision is damaged", async () => {
    const { store, repo, collection } = await open();
    await collection.series("s").write(long(1));
    const [file] = (await store.list("")).filter(({ path }) => path.includes(collection.path));
    await store.put(file!.path, new Uint8Array(10), { overwrite: true });
    await expect(repo.gc()).rejects.toMatchObject({ code: "corrupt" });
  });
});

describe("trim", () => {
  it("removes old revisions, and reports which", async () => {
    const { collection } = await open();
    for (let i = 0; i < 5; i++) await collection.series("s").write({ t: [i], v: [i] });
    const log = await collection.log();
    expect((await collection.trim()).removed).toEqual([]); // all are young
    const dry = await collection.trim({ before: log[3]!, dryRun: true });
    expect((await collection.log()).length).toBe(5);
    const report = await collection.trim({ before: log[3]! });
    expect(report).toEqual(dry);
    expect(report.removed).toEqual(log.slice(0, 3).map(({ id }) => id));
    expect(report.bytes).toBeGreaterThan(500);
    expect((await collection.trim({ before: Date.now() + HOUR })).removed).toEqual([log[3]!.id]);
    expect((await collection.series("s").read()).length).toBe(5); // the head stays
  });

  it("keeps unmerged heads and their common ancestor", async () => {
    const store = new MemoryStore();
    const { collection } = await open(store);
    await collection.series("s").write({ t: [1, 2, 3], v: [0, 0, 0] });
    await collection.series("s").write({ t: [9], v: [0] });
    // Another writer, who does not see the following writes.
    const stale = new EngineRepo(staleStore(store), decodeChunk, { maxAge: Number.POSITIVE_INFINITY });
    const theirs = await stale.collection("c");
    await theirs.ls();
    await collection.series("s").write({ t: [4], v: [1] });
    await theirs.series("s").write({ t: [2], v: [2] });
    await collection.refresh();
    expect((await collection.log()).filter(({ head }) => head).length).toBe(2);
    expect((await collection.trim({ before: Date.now() + HOUR })).removed.length).toBe(1);
    await collection.merge();
    const frame = await collection.series("s").read();
    expect([...frame.numbers("v")]).toEqual([0, 2, 0, 1, 0]);
    expect((await collection.trim({ before: Date.now() + HOUR })).removed.length).toBe(3);
    expect((await collection.series("s").read()).length).toBe(5);
  });
});

describe("defrag", () => {
  it("reports what it wrote, and what trim and gc can then free", async () => {
    const { repo, collection } = await open();
    for (let i = 0; i < 6; i++) {
      const t = Array.from(
        { length: 40_000 },
        (_, row) => (i * 40_000 + row) * 1_000 + ((row * 7_919) % 991),
      );
      await collection.series("s").write({ t, v: t.map((key) => Math.sin(key)) });
    }
    await collection.series("short").write({ t: [1], v: [1] });
    const dry = await collection.defrag({ dryRun: true });
    expect(await collection.log()).toHaveLength(7);
    const report = await collection.defrag();
    expect(dry).toEqual({ ...report, bytes: dry.replaced.bytes, revision: undefined });
    expect(report.replaced.segments).toBeGreaterThan(2);
    const [last] = (await collection.log({ details: true })).slice(-1);
    expect([last!.id, last!.bytes]).toEqual([report.revision, report.bytes]);
    await collection.trim({ before: Date.now() + HOUR });
    const { chunks, bytes } = report.replaced;
    expect((await repo.gc()).setAside).toEqual({ files: chunks, bytes });
  });

  it("does not count chunks that are still in use", async () => {
    const { collection } = await open();
    const t = Array.from({ length: 20_000 }, (_, row) => row * 1_000 + ((row * 7_919) % 991));
    const rows = (from: number) => ({ t: t.map((key) => key + from), v: t.map(Math.sin) });
    for (let i = 0; i < 4; i++) await collection.series("s").write(rows(i * 1e9));
    await collection.series("same").write(rows(0));
    const { replaced } = await collection.defrag({ labels: ["s"] });
    // Of four index chunks and the values that all share, the other series needs one, and the values.
    expect([replaced.segments, replaced.chunks]).toEqual([4, 3]);
  });
});

describe("clone", () => {
  it("checks the new name before it asks the store for the original", async () => {
    const store = new MemoryStore();
    const repo = new EngineRepo(store, decodeChunk, { maxAge: 0 });
    store.list = () => Promise.reject(new Error("was asked"));
    for (const dryRun of [true, false])
      await expect(repo.clone("nowhere", " ", { dryRun })).rejects.toMatchObject({
        code: "invalid-argument",
      });
  });

  it("dry run: counts the chunks that both would refer to, each once", async () => {
    const { store, repo, collection } = await open();
    await collection.series("s").write(long(1));
    await collection.series("same").write(long(1));
    const report = await repo.clone("c", "d", { dryRun: true });
    const files = (await store.list("")).filter(({ path }) => /^..\/..\/[0-9a-f]{36}$/.test(path));
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    expect(report).toEqual({
      label: "c",
      to: "d",
      series: 2,
      segments: 2,
      added: [],
      omitted: [],
      bytes: 0,
      shared: { chunks: files.length, bytes },
    });
    const before = (await store.list("")).length;
    const wide = new Schema({ t: "int*", v: "float", w: "float" });
    const dry = await repo.clone("c", "d", { schema: wide, defaults: { w: 0.1 }, dryRun: true });
    expect((await store.list("")).length).toBe(before);
    expect([dry.added, dry.bytes > 0, dry.shared]).toEqual([["w"], true, report.shared]);
    await expect(repo.clone("c", "d", { dryRun: true, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "aborted",
    });
  });
});

describe("collections", () => {
  it("are renamed", async () => {
    const { repo, collection } = await open();
    await collection.series("s").write({ t: [1], v: [1] });
    await repo.createCollection(schema, "d");
    await repo.rename("c", " e ");
    expect(await repo.ls()).toEqual(["d", "e"]);
    expect((await (await repo.collection("e")).series("s").read()).length).toBe(1);
    expect((await collection.series("s").read()).length).toBe(1); // existing handles stay valid
    await expect(repo.rename("c", "x")).rejects.toMatchObject({ code: "not-found" });
    await expect(repo.rename("e", "d")).rejects.toMatchObject({ code: "exists" });
    await expect(repo.rename("e", " ")).rejects.toMatchObject({ code: "invalid-argument" });
  });

  it("are deleted, with their history; gc then frees their chunks", async () => {
    const { store, repo, collection } = await open();
    await collection.series("s").write(long(1));
    const dry = await repo.delete("c", { dryRun: true });
    expect(await repo.ls()).toEqual(["c"]);
    expect(await repo.delete("c")).toEqual(dry);
    expect([dry.revisions, await repo.ls()]).toEqual([1, []]);
    await expect(repo.delete("c")).rejects.toMatchObject({ code: "not-found" });
    await repo.gc();
    await repo.gc({ grace: -1 });
    expect(await chunks(store)).toEqual([]);
  });

  it("are deleted for open handles too: these neither read nor write any longer", async () => {
    const { store, repo, collection } = await open();
    await collection.series("s").write({ t: [1], v: [1] });
    const theirs = await new EngineRepo(store, decodeChunk, { maxAge: 0 }).collection("c");
    await theirs.ls();
    await repo.delete("c");
    const gone = { code: "not-found", message: expect.stringMatching(/was deleted/) };
    for (const one of [collection, theirs]) {
      await expect(one.series("s").write({ t: [2], v: [2] })).rejects.toMatchObject(gone);
      await expect(one.series("s").read()).rejects.toMatchObject(gone);
    }
    const again = await repo.createCollection(schema, "c");
    expect(await again.ls()).toEqual([]);
  });

  it("are deleted together with concurrent writes", async () => {
    const { store, repo, collection } = await open();
    for (let i = 0; i < 3; i++) await collection.series("s").write({ t: [i], v: [i] });
    const theirs = await new EngineRepo(store, decodeChunk, { maxAge: 0 }).collection("c");
    await theirs.ls();
    const remove = store.delete.bind(store);
    store.delete = async (path) => {
      store.delete = remove;
      await theirs.series("s").write({ t: [9], v: [9] });
      await remove(path);
    };
    await repo.delete("c");
    expect(await store.list(`${collection.path}/`)).toEqual([]);
  });

  it("are cloned: columns renamed, left out, filled", async () => {
    const { store, repo, collection } = await open();
    await collection.series("s").write(long(1));
    await collection.series("t").write({ t: [1], v: [1] });
    const before = (await chunks(store)).length;
    const wider = new Schema({ t: "int*", value: "float", flag: "i2", note: "str" });
    const clone = await repo.clone("c", "d", {
      schema: wider,
      rename: { v: "value" },
      defaults: { flag: 7 },
    });
    expect((await chunks(store)).length).toBe(before);
    const frame = await clone.series("t").read();
    expect([frame.get("t"), frame.get("value"), frame.get("flag"), frame.get("note")]).toEqual([
      new BigInt64Array([1n]),
      new Float64Array([1]),
      new Int16Array([7]),
      [""],
    ]);
    expect((await clone.series("s").read()).length).toBe(1_000);
    await clone.series("s").write({ t: [-1], value: [0], flag: [1], note: ["x"] });
    expect((await collection.series("s").read()).length).toBe(1_000);
    const empty = await repo.createCollection(schema, "empty");
    expect(await (await repo.clone("empty", "empty too")).ls()).toEqual(await empty.ls());
  });

  it("are not cloned into an incompatible schema", async () => {
    const { repo, collection } = await open();
    await collection.series("s").write({ t: [1], v: [1] });
    const clone = (columns: Record<string, string>) => repo.clone("c", "x", { schema: new Schema(columns) });
    await expect(clone({ t: "int*", v: "f4" })).rejects.toMatchObject({ code: "invalid-schema" });
    await expect(clone({ t: "int*", u: "int*", v: "float" })).rejects.toThrow(/"u" is new/);
    await expect(clone({ u: "int*", v: "float" })).rejects.toMatchObject({ code: "invalid-schema" });
    await expect(repo.clone("c", "c")).rejects.toMatchObject({ code: "exists" });
    await expect(repo.clone("no", "x")).rejects.toMatchObject({ code: "not-found" });
    expect(await repo.ls()).toEqual(["c"]);
  });

  it("that two writers create concurrently both exist", async () => {
    const store = new MemoryStore();
    const one = new EngineRepo(store, decodeChunk, { maxAge: 0 });
    await one.createCollection(schema, "a");
    const other = new EngineRepo(staleStore(store), decodeChunk, { maxAge: Number.POSITIVE_INFINITY });
    await other.ls();
    await one.createCollection(schema, "b");
    await other.createCollection(schema, "c");
    expect(await one.ls()).toEqual(["a", "b", "c"]);
    await one.rename("b", "z");
    expect(await one.ls()).toEqual(["a", "c", "z"]);
    expect(await (await openRepo("memory://")).ls()).toEqual([]);
  });
});
