import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Collection, LakotaError, Schema, type SyncProgress } from "lakota/engine";
import { openRepo } from "lakota/node";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { claimNumber } from "../../src/model/claim-path.ts";
import { INDEX_PATH } from "../../src/model/layout.ts";
import { FileStore } from "../../src/stores/file/file-store.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { Store } from "../../src/stores/store.ts";
import { startS3 } from "../s3-server/index.ts";

const schema = new Schema({ t: "int*", v: "float" });
const long = (seed: number) => ({
  t: Array.from({ length: 1_000 }, (_, row) => row * 100_000 + ((row * 7_919_113 + seed) % 99_991)),
  v: Array.from({ length: 1_000 }, (_, row) => Math.sin(row + seed)),
});
const values = async (collection: Collection, label = "s", before?: string) => [
  ...(await collection.series(label).read(before ? { before } : {})).numbers("v"),
];
const heads = async (collection: Collection) => (await collection.log()).filter(({ head }) => head).length;

/** Stores by the addresses that these tests use. */
const stores = new Map<string, Store>();
const repoOn = (store: Store) =>
  new EngineRepo(store, decodeChunk, { maxAge: 0, openStore: (address) => stores.get(String(address))! });

/** Two repos that can open each other by address. */
function pair(source: Store = new MemoryStore(), target: Store = new MemoryStore()) {
  stores.set("source", source).set("target", target);
  return { source: repoOn(source), target: repoOn(target) };
}

/** The files of a store that copies have, too. */
const dump = async (store: Store) =>
  (await store.list(""))
    .filter(({ path }) => claimNumber(path) === undefined)
    .map(({ path, size }) => `${path} ${size}`);

async function filled(store?: Store) {
  const { source, target } = pair(store);
  const collection = await source.createCollection(schema, "c");
  await collection.series("s").write(long(1));
  await collection.series("small").write({ t: [1], v: [2] });
  await collection.series("s").write({ t: [5], v: [-1] });
  const other = await source.createCollection(schema, "d");
  await other.series("s").write(long(2));
  return { source, target, collection };
}

/** A store that fails from its n-th call on. */
function failing(store: Store, from: number): Store {
  let calls = 0;
  return new Proxy(store, {
    get(target, name: keyof Store) {
      const value = target[name];
      if (typeof value !== "function") return value;
      return async (...args: never[]) => {
        if (name !== "close" && calls++ >= from) throw new LakotaError("network", "on purpose");
        return Reflect.apply(value, target, args);
      };
    },
  });
}

describe("pull and push", () => {
  it("show the new state at once, whatever the maximum age of listings", async () => {
    const { source } = await filled();
    const store = new MemoryStore();
    const openStore = () => stores.get("source")!;
    const target = new EngineRepo(store, decodeChunk, { maxAge: Number.POSITIVE_INFINITY, openStore });
    await target.pull("source");
    const held = await target.collection("c");
    const before = (await held.series("small").read()).length;
    await (await source.collection("c")).series("small").write({ t: [2], v: [3] });
    await source.createCollection(schema, "new");
    await target.pull("source");
    expect((await held.series("small").read()).length).toBe(before + 1);
    expect(await target.ls()).toContain("new");
  });

  it("copy everything once: the files are equal, and so are earlier states", async () => {
    const { source, target, collection } = await filled();
    const seen: SyncProgress[] = [];
    const report = await target.pull("source", { onProgress: (now) => seen.push(now) });
    expect(await dump(stores.get("target")!)).toEqual(await dump(stores.get("source")!));
    expect(report.collections.map(({ label, revisions }) => [label, revisions])).toEqual([
      ["c", 3],
      ["d", 1],
    ]);
    expect(seen.filter(({ label }) => label === "c").at(-1)).toMatchObject({ files: 7, totalFiles: 7 });
    const copy = await target.collection("c");
    expect(await values(copy)).toEqual(await values(collection));
    const [, second] = await collection.log();
    expect(await values(copy, "s", second!.id)).toEqual(await values(collection, "s", second!.id));
    const again = await target.pull("source");
    expect(again.collections.every(({ revisions, chunks, bytes }) => revisions + chunks + bytes === 0)).toBe(
      true,
    );
    const third = pair(stores.get("target"));
    await third.source.push("target");
    expect(await dump(stores.get("target")!)).toEqual(await dump(stores.get("source")!));
    source.close();
  });

  it("combine both histories if both repos have new revisions", async () => {
    const { source, target, collection } = await filled();
    await target.pull("source");
    const copy = await target.collection("c");
    await copy.series("s").write({ t: [-1], v: [10] }); // offline
    await target.createCollection(schema, "mine");
    await collection.series("s").write({ t: [-2], v: [20] });
    await source.createCollection(schema, "theirs");
    await target.pull("source");
    expect([await heads(copy), (await values(copy)).slice(0, 2)]).toEqual([2, [20, 10]]);
    expect(await target.ls()).toEqual(["c", "d", "mine", "theirs"]);
    await copy.merge();
    await target.push("source");
    await collection.refresh();
    expect([await heads(collection), await values(collection)]).toEqual([1, await values(copy)]);
    expect(await source.ls()).toEqual(["c", "d", "mine", "theirs"]);
  });

  it("can be interrupted anywhere and resumed: the target is always consistent", async () => {
    const { collection } = await filled();
    const whole = stores.get("source")!;
    const wanted = await dump(whole);
    for (let n = 0, failed = true; failed; n++) {
      const store = new MemoryStore();
      const target = repoOn(store);
      stores.set("source", failing(whole, n));
      failed = await target.pull("source").then(
        () => false,
        () => true,
      );
      const reader = repoOn(store);
      for (const label of await reader.ls()) {
        const partial = await reader.collection(label);
        for (const series of await partial.ls()) await partial.series(series).read();
      }
      stores.set("source", whole);
      await target.pull("source");
      expect(await dump(store)).toEqual(wanted);
    }
    expect((await values(collection)).length).toBe(1_001);
  });

  it("register no collection that is created after the first listing and not copied", async () => {
    const { target } = await filled();
    const store = stores.get("source")!;
    const list = store.list.bind(store);
    let isCreated = false;
    store.list = async (...args) => {
      const found = await list(...args);
      if (!isCreated) {
        isCreated = true;
        await (await repoOn(store).createCollection(schema, "late")).series("s").write(long(3));
      }
      return found;
    };
    await target.pull("source");
    expect(await target.ls()).toEqual(["c", "d"]);
    await target.pull("source");
    expect(await values(await target.collection("late"))).toEqual(long(3).v);
  });

  it("copy only some collections", async () => {
    const { target, collection } = await filled();
    const { collections } = await target.pull("source", { labels: ["c"] });
    expect([collections.length, await target.ls()]).toEqual([1, ["c"]]);
    expect(await values(await target.collection("c"))).toEqual(await values(collection));
    await target.pull("source", { labels: ["c"] });
    await target.pull("source");
    expect(await target.ls()).toEqual(["c", "d"]);
    await expect(target.pull("source", { labels: ["no"] })).rejects.toMatchObject({ code: "not-found" });
  });

  it("copy only the heads, and later the revisions since then", async () => {
    const { source, target, collection } = await filled();
    await collection.drop("s"); // its chunks belong to the history
    await target.pull("source", { shallow: true });
    const copy = await target.collection("c");
    expect([(await copy.log()).length, await values(copy, "small")]).toEqual([1, [2]]);
    expect((await dump(stores.get("target")!)).length).toBeLessThan(
      (await dump(stores.get("source")!)).length,
    );
    await collection.series("s").write({ t: [1], v: [1] });
    await collection.series("s").write({ t: [2], v: [2] });
    await target.pull("source", { shallow: true });
    expect([await heads(copy), await values(copy)]).toEqual([1, [1, 2]]);
    await copy.series("s").write({ t: [3], v: [3] });
    await target.push("source");
    await collection.refresh();
    expect([await heads(collection), await values(collection)]).toEqual([1, [1, 2, 3]]);
    source.close();
  });

  it("reject two collections of the same name before anything is copied", async () => {
    const { target } = await filled();
    await target.createCollection(schema, "d");
    const before = await dump(stores.get("target")!);
    await expect(target.pull("source")).rejects.toThrow(/each have a different collection "d"/);
    expect(await dump(stores.get("target")!)).toEqual(before);
  });

  it("continue a copy whose registry shows what a label was before", async () => {
    const { source, target } = pair();
    const first = await source.createCollection(schema, "c");
    await first.series("s").write({ t: [1], v: [1] });
    await target.pull("source"); // the registry as it is after its first revision
    await source.delete("c");
    const second = await source.createCollection(schema, "c");
    await second.series("s").write({ t: [1], v: [2] });
    await expect(target.pull("source", { labels: ["c"] })).rejects.toMatchObject({ code: "conflict" });
    await target.pull("source");
    expect(await values(await target.collection("c"))).toEqual([2]);
    expect((await target.verify()).problems).toEqual([]);
  });

  it("copy no damaged file", async () => {
    const { target } = await filled();
    const store = stores.get("source")!;
    const [chunk] = (await store.list("")).filter(({ path }) => /^..\/..\/[0-9a-f]{36}$/.test(path));
    const bytes = (await store.get(chunk!.path))!;
    bytes[bytes.length >> 1]! ^= 1;
    await store.put(chunk!.path, bytes, { overwrite: true });
    await expect(target.pull("source")).rejects.toMatchObject({ code: "corrupt" });
    expect(await target.ls()).toEqual([]);
  });

  it("report the warnings of the other repo", async () => {
    const { source, target } = await filled();
    await target.publish();
    const store = new MemoryStore();
    for (const { path } of await stores.get("target")!.list(""))
      await store.put(path, (await stores.get("target")!.get(path))!);
    const put = store.put.bind(store);
    store.put = async (path, bytes, options) => {
      if (path === INDEX_PATH) throw new LakotaError("forbidden", "The index is read-only.");
      return put(path, bytes, options);
    };
    const warnings: string[] = [];
    const repo = new EngineRepo(stores.get("source")!, decodeChunk, {
      openStore: () => store,
      onWarning: (message) => warnings.push(message),
    });
    await repo.push("other");
    expect(warnings).toEqual([expect.stringContaining("The index is read-only.")]);
    for (const each of [source, target, repo]) each.close();
  });

  it("find chunks that gc has set aside", async () => {
    const { target, collection } = await filled();
    const store = stores.get("source")!;
    for (const { path } of await store.list("")) {
      if (/^..\/..\/[0-9a-f]{36}$/.test(path)) await store.move(path, `${path}.1a20acad92f`);
    }
    await target.pull("source");
    expect(await values(await target.collection("c"))).toEqual(await values(collection));
  });

  it("stop when their signal fires", async () => {
    const { target } = await filled();
    await expect(target.pull("source", { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "aborted",
    });
  });

  it("need a way to open the other repo", async () => {
    const repo = new EngineRepo(new MemoryStore(), decodeChunk);
    await expect(repo.pull("memory://")).rejects.toMatchObject({ code: "unsupported" });
  });
});

describe("a copy that takes long", () => {
  it("loses no chunk to a garbage collection of the target, whether it copied that chunk or not", async () => {
    const store = new MemoryStore();
    const { source, target } = await filled();
    stores.set("target", store);
    const aim = repoOn(store);
    // An earlier copy was interrupted: the target has a chunk that nothing refers to.
    await aim.pull("source");
    for (const { path } of await store.list("")) if (path.includes(".")) await store.delete(path);
    const [left, ...others] = (await store.list("")).map(({ path }) => path);
    for (const path of others) await store.delete(path);
    expect(left).toBeDefined();

    const put = store.put.bind(store);
    let chunks = 0;
    store.put = async (path, ...rest) => {
      const made = await put(path, ...rest);
      if (!path.includes(".") && ++chunks === 2) {
        await aim.gc();
        await aim.gc({ grace: -1 });
        vi.spyOn(Date, "now").mockReturnValue(Date.now() + 600_000);
      }
      return made;
    };
    const fresh = repoOn(store);
    await fresh.pull("source");
    vi.restoreAllMocks();
    const c = await fresh.collection("c");
    expect(await values(c)).toEqual(await values(await source.collection("c")));
    expect((await (await fresh.collection("d")).series("s").read()).length).toBe(1_000);
    target.close();
  });
});

describe("pull and push, between stores of several kinds", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "lakota-sync-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("give the same files in memory and in a folder", async () => {
    const { target } = await filled(new FileStore(join(folder, "a")));
    await target.pull("source");
    expect(await dump(stores.get("target")!)).toEqual(await dump(stores.get("source")!));
  });

  it("give the same files on S3, and can be copied back", async () => {
    const s3 = await startS3({ keys: { id: "secret" } });
    s3.objects.createBucket("data");
    const credentials = { accessKeyId: "id", secretAccessKey: "secret" };
    const address = { uri: "s3://data/repo", endpoint: s3.url, credentials };
    const local = await openRepo(join(folder, "b"));
    const collection = await local.createCollection(schema, "c");
    await collection.series("s").write(long(1));
    await local.push(address);
    const other = await openRepo(join(folder, "c"));
    await other.pull(address);
    expect(await dump(new FileStore(join(folder, "c")))).toEqual(
      await dump(new FileStore(join(folder, "b"))),
    );
    await expect(
      local.push({ ...address, credentials: { ...credentials, secretAccessKey: "x" } }),
    ).rejects.toMatchObject({
      code: "forbidden",
    });
    for (const repo of [local, other]) repo.close();
    await s3.close();
  });
});
