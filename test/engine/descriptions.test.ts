import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Schema } from "lakota/engine";
import { openRepo } from "lakota/node";
import { describe, expect, it } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import {
  DESCRIPTIONS,
  descriptionEntry,
  openDescriptions,
} from "../../src/engine/collection/description-store.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { CacheStore } from "../../src/stores/cache/cache-store.ts";
import { pinsOf } from "../../src/stores/cache/pins.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { ListOptions, PutOptions, Store } from "../../src/stores/store.ts";
import { check } from "../checker/check.ts";
import { filesIn, filesOf } from "../checker/files.ts";
import { serveFolder } from "../packaging/static-server.ts";
import { plugged } from "../stores/plugged.ts";
import { WatchedStore } from "./watched-store.ts";

const schema = new Schema({ t: "int*", v: "float" });
const rows = { t: [1, 2], v: [1.5, 2.5] };

/** Stores by the addresses that these tests use. */
const stores = new Map<string, Store>();
const warnings: string[] = [];
const at = (store: Store) =>
  new EngineRepo(store, decodeChunk, {
    maxAge: 0,
    onWarning: (text) => warnings.push(text),
    openStore: (address) => stores.get(String(address))!,
  });

const STATION = {
  title: "Station",
  timeZone: "Europe/Brussels",
  columns: { v: { title: "Temperature", unit: "°C" } },
  series: { s: { title: "Uccle", tags: ["synoptic"] } },
};

async function described(store: Store = new MemoryStore(), label = "c") {
  const repo = at(store);
  const collection = await repo.createCollection(schema, label);
  await collection.series("s").write(rows);
  await collection.describe(STATION);
  return { repo, collection, store };
}

/** A store whose answers can be held back. */
class GatedStore extends MemoryStore {
  #gate = Promise.resolve();

  /** Returns a function that lets the answers through. */
  hold(): () => void {
    let release = () => {};
    this.#gate = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }

  override async list(...args: Parameters<MemoryStore["list"]>) {
    await this.#gate;
    return super.list(...args);
  }

  override async get(...args: Parameters<MemoryStore["get"]>) {
    await this.#gate;
    return super.get(...args);
  }
}

const copies = (count: number) => Array.from({ length: count }, (_, i) => `copy ${i + 1}`);

const infoOf = async (repo: EngineRepo, label = "c") =>
  (await repo.collection(label)).info({ series: "all" });

describe("descriptions are copied", () => {
  it.each([
    ["with all collections", {}],
    ["with a chosen one", { labels: ["c"] }],
    ["with a shallow copy", { shallow: true }],
  ])("%s, and both sides' changes are merged", async (_, options) => {
    const { repo: source, collection, store } = await described();
    await (await source.createCollection(schema, "plain")).series("s").write(rows);
    await collection.describe({ source: "A roof" });
    const copy = new MemoryStore();
    stores.set("source", store).set("target", copy);
    const target = at(copy);
    const report = await target.pull("source", options);
    expect(report.collections.map(({ label }) => label)).toContain("c");
    expect(await infoOf(target)).toEqual({ ...STATION, source: "A roof" });
    expect((await target.verify()).problems).toEqual([]);
    expect(await check(await filesOf(copy))).toEqual([]);
    expect((await target.pull("source", options)).collections.every(({ bytes }) => bytes === 0)).toBe(true);

    await (await target.collection("c")).describe({ title: "Their title", series: { s: { unit: "K" } } });
    await collection.describe({ licence: "CC0", series: { s: { tags: null } } });
    await target.push("source", options);
    expect(await infoOf(source)).toEqual({
      ...STATION,
      title: "Their title",
      source: "A roof",
      licence: "CC0",
      series: { s: { title: "Uccle", unit: "K" } },
    });
    expect(await check(await filesOf(store))).toEqual([]);
  });

  it("only where asked for: a collection that is not copied leaves nothing", async () => {
    const { repo: source, store } = await described();
    await (await source.createCollection(schema, "plain")).series("s").write(rows);
    const copy = new MemoryStore();
    stores.set("source", store);
    const target = at(copy);
    await target.pull("source", { labels: ["plain"] });
    expect(await target.ls()).toEqual(["plain"]);
    const registry = await target.registry.collection.ls();
    expect(registry).toEqual(["collection"]);
  });
});

describe("descriptions are kept", () => {
  it("by garbage collections, however they are stored", async () => {
    const { repo, collection, store } = await described();
    const series = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [`sensor ${i}`, { description: `${i} `.repeat(100 + i) }]),
    );
    await collection.describe({ series });
    const before = [...(await filesOf(store)).keys()];
    for (let i = 0; i < 3; i++) await repo.gc({ grace: 0 });
    expect([...(await filesOf(store)).keys()]).toEqual(before);
    expect(await infoOf(at(store))).toEqual({ ...STATION, series: { ...STATION.series, ...series } });
  });

  it("and verify finds damage in them", async () => {
    const { repo, store } = await described();
    const { path } = await descriptionEntry((await repo.collection("c")).path);
    const [file] = await store.list(`${path}/`);
    await store.put(file!.path, new Uint8Array([1, 2, 3]), { overwrite: true });
    const { problems } = await repo.verify({ labels: ["c"] });
    expect(problems).toMatchObject([{ kind: "corrupt", path: file!.path, collection: "c" }]);
    await expect(infoOf(at(store))).rejects.toMatchObject({ code: "corrupt" });
    expect(await (await at(store).collection("c")).series("s").length()).toBe(2); // the data do not depend on them
  });

  it("until the collection is deleted, with all files", async () => {
    const { repo, store } = await described();
    const { path } = await descriptionEntry((await repo.collection("c")).path);
    await repo.delete("c", { dryRun: true });
    expect(await store.list(`${path}/`)).not.toEqual([]);
    await repo.delete("c");
    expect(await store.list(`${path}/`)).toEqual([]);
    expect(await repo.registry.collection.series(DESCRIPTIONS).length({ missing: "empty" })).toBe(0);
    expect(await check(await filesOf(store))).toEqual([]);
  });
});

describe("readers", () => {
  it("who do not ask for descriptions read none of them, and ask the store for nothing", async () => {
    const store = new WatchedStore();
    const lists: string[] = [];
    store.list = async (prefix: string, options?: ListOptions) => {
      lists.push(prefix);
      return MemoryStore.prototype.list.call(store, prefix, options);
    };
    const { collection } = await described(store);
    const { path } = await descriptionEntry((await at(store).collection("c")).path);
    lists.length = 0;
    store.reads = [];
    const reader = await at(store).collection("c");
    await reader.ls();
    await reader.series("s").read();
    await reader.series("s").write({ t: [3], v: [3] });
    const folders = [...lists, ...store.reads.map((read) => read.path)];
    expect(folders.filter((one) => one.startsWith(path))).toEqual([]);
    expect(collection.path).not.toBe(path);
  });

  it("of a collection without a description make no request", async () => {
    const store = new WatchedStore();
    const repo = new EngineRepo(store, decodeChunk, { maxAge: 60_000 });
    const collection = await repo.createCollection(schema, "c");
    const list = store.list.bind(store);
    let lists = 0;
    store.list = (...args) => {
      lists++;
      return list(...args);
    };
    store.reads = [];
    expect(await collection.info()).toEqual({});
    expect(await collection.series("s").info()).toEqual({});
    expect([lists, store.reads]).toEqual([0, []]);
  });

  it("get what the last visit knew first, and the same object if nothing has changed", async () => {
    const store = new GatedStore();
    await described(store);
    await (await at(store).createCollection(schema, "plain")).series("s").write(rows);
    const local = new MemoryStore();
    /** Reads both descriptions; the store answers nothing before what is known was shown. */
    const visit = async (isHeld: boolean) => {
      const cache = new CacheStore(local, store);
      const repo = at(cache);
      const read = async (label: string) => {
        const release = isHeld ? store.hold() : () => {};
        const collection = await repo.collection(label, { allowStale: true });
        const known: unknown[] = [];
        const onStale = (stale: unknown) => {
          known.push(stale);
          release();
        };
        return { info: await collection.info({ series: "all", onStale }), known };
      };
      const found = [await read("plain"), await read("c")] as const;
      await cache.flush();
      repo.close();
      return found;
    };
    const first = await visit(false);
    expect(first.map(({ info }) => info)).toEqual([{}, STATION]);
    const second = await visit(true);
    expect(second.map(({ known }) => known)).toEqual([[{}], [STATION]]);
    for (const { known, info } of second) expect(known[0]).toBe(info);
    for (const label of ["c", "plain"]) await (await at(store).collection(label)).describe({ title: "New" });
    const third = await visit(true);
    expect(third.map(({ known }) => known)).toEqual([[{}], [STATION]]);
    expect(third.map(({ info }) => info)).toEqual([{ title: "New" }, { ...STATION, title: "New" }]);
  });

  it("of a published copy need only its index and chunks", async () => {
    const folder = await mkdtemp(join(tmpdir(), "lakota-descriptions-"));
    const host = await serveFolder(folder);
    try {
      const repo = await openRepo(folder);
      const collection = await repo.createCollection(schema, "c");
      await collection.describe(STATION);
      expect(await repo.publish()).toMatchObject({ collections: 1 });
      const read = async () => (await (await openRepo(host.url)).collection("c")).info({ series: "all" });
      expect(await read()).toEqual(STATION);
      await collection.describe({ title: "New" }); // renews the index
      expect(await read()).toEqual({ ...STATION, title: "New" });
      const fresh = await repo.createCollection(schema, "d");
      await fresh.describe({ title: "Fresh" });
      const other = await openRepo(host.url);
      expect(await (await other.collection("d")).info()).toEqual({ title: "Fresh" });
      expect((await repo.verify()).problems).toEqual([]);
      expect(await check(filesIn(folder))).toEqual([]);
      repo.close();
    } finally {
      await host.close();
      await rm(folder, { recursive: true });
    }
  });

  it("pass over what others have stored wrongly", async () => {
    const { repo, collection } = await described();
    const own = await openDescriptions(repo.registry, collection.path);
    const write = (kind: string, label: string, field: string, value: unknown) =>
      own.series(kind).write({ label: [label], field: [field], value: [value] });
    await write("collection", "", "title", { not: "text" });
    await write("collection", "", "colour", "red");
    await write("columns", "v", "unit", 5);
    await write("series", "s", "tags", ["right", 5]);
    await write("series", "__proto__", "title", "Prototype");
    await write("strange", "s", "title", "Strange");
    const { title: _, ...rest } = STATION;
    const info = await collection.info({ series: "all" });
    expect(info).toEqual({
      ...rest,
      columns: { v: { title: "Temperature" } },
      series: JSON.parse('{"__proto__": {"title": "Prototype"}, "s": {"title": "Uccle"}}'),
    });
    await repo.registry.collection.series(DESCRIPTIONS).write({ label: ["nonsense"], meta: [5] });
    expect((await repo.verify()).problems).toEqual([]);
  });
});

describe("writers", () => {
  it("that describe a collection at the same time, for the first time, keep each other's fields", async () => {
    const store = new MemoryStore();
    const repo = at(store);
    await repo.createCollection(schema, "c");
    const writers = await Promise.all(Array.from({ length: 6 }, () => at(store).collection("c")));
    await Promise.all(
      writers.map((collection, i) =>
        collection.describe({ series: { shared: { title: `${i}` }, [`own ${i}`]: { unit: `${i}` } } }),
      ),
    );
    const { series } = await infoOf(repo);
    expect(Object.keys(series!)).toEqual([...writers.map((_, i) => `own ${i}`), "shared"]);
    expect(series!.shared!.title).toMatch(/^[0-5]$/);
    warnings.length = 0;
    await (await repo.collection("c")).describe({ title: "Merged" });
    expect(warnings[0]).toMatch(/"descriptions of c" both wrote "series" at \(shared, title\)/);
    const { path } = await descriptionEntry((await repo.collection("c")).path);
    const own = await openDescriptions(repo.registry, (await repo.collection("c")).path);
    expect(own.path).toBe(path);
    expect((await own.log()).filter(({ head }) => head)).toHaveLength(1);
    expect(await check(await filesOf(store))).toEqual([]);
  });

  it("describe without a network, and are merged when it is back", async () => {
    const store = new MemoryStore();
    const first = await at(store).createCollection(schema, "c");
    const second = await at(store).createCollection(schema, "d");
    await second.describe({ title: "D" });
    const { remote, plug } = plugged(store);
    const cache = new CacheStore(new MemoryStore(), remote, { writeOffline: true });
    const repo = at(cache);
    for (const label of ["c", "d"]) {
      const collection = await repo.collection(label);
      await collection.ls();
      await collection.info();
    }
    plug.out = true;
    for (const label of ["c", "d"]) {
      const collection = await repo.collection(label);
      await collection.describe({ description: "Written offline" });
      expect((await collection.info()).description).toBe("Written offline");
    }
    await first.describe({ licence: "CC0" });
    await second.describe({ licence: "CC0" });
    plug.out = false;
    expect((await repo.send()).waiting).toBe(0);
    expect(await infoOf(at(store), "c")).toEqual({ description: "Written offline", licence: "CC0" });
    expect(await infoOf(at(store), "d")).toEqual({
      title: "D",
      description: "Written offline",
      licence: "CC0",
    });
    for (const collection of [first, second]) {
      const own = await openDescriptions(at(store).registry, collection.path);
      expect((await own.log()).filter(({ head }) => head)).toHaveLength(1);
    }
    repo.close();
  });

  it("find the description of pinned series without a network", async () => {
    const { store } = await described();
    const { remote, plug } = plugged(store);
    const local = new MemoryStore();
    const device = () => at(new CacheStore(local, remote));
    const first = device();
    const pinned = await first.collection("c");
    await pinned.pin({ series: "s" });
    const { path } = await descriptionEntry(pinned.path);
    const [pin] = await pinsOf(first.store.local!, pinned.path);
    expect(pin!.revisions.filter((file) => file.startsWith(`${path}/`))).toHaveLength(1);
    await first.store.local?.flush();
    first.close();
    plug.out = true;
    expect(await infoOf(device())).toEqual(STATION);
  });

  describe("with old listings of the registry and the descriptions", () => {
    /** A repo that lists nothing again by itself, and as that of another device does not know what is written here. */
    const old = (store: Store) =>
      new EngineRepo(plugged(store).remote, decodeChunk, {
        maxAge: 600_000,
        onWarning: (text) => warnings.push(text),
      });

    async function undescribed() {
      const store = new MemoryStore();
      const own = await at(store).createCollection(schema, "c");
      await own.series("s").write(rows);
      const repo = old(store);
      const collection = await repo.collection("c");
      expect(await collection.info({ series: "all" })).toEqual({});
      return { store, own, repo, collection };
    }

    it("rename series together with what others have said of them, and the old label keeps it", async () => {
      const { store, own, collection } = await undescribed();
      await own.describe({ series: { s: { title: "First" } } });
      await collection.rename("s", "renamed");
      const first = { s: { title: "First" }, renamed: { title: "First" } };
      expect((await infoOf(at(store))).series).toEqual(first);
      expect((await collection.info({ series: "all" })).series).toEqual(first);
      await own.describe({ series: { renamed: { title: "New", unit: "m" } } });
      const revision = await collection.rename("renamed", "again");
      expect((await infoOf(at(store))).series).toEqual({
        s: { title: "First" },
        renamed: { title: "New", unit: "m" },
        again: { title: "New", unit: "m" },
      });
      const log = await collection.log();
      expect(log.at(-1)!.id).toBe(revision!.revision);
      await collection.revert(log.at(-2)!);
      expect(await collection.ls()).toEqual(["renamed"]);
      expect(await collection.series("renamed").info()).toEqual({ title: "New", unit: "m" });
    });

    it("remove what others have set", async () => {
      const { store, own, collection } = await undescribed();
      await own.describe({ title: "Title", source: "A roof" });
      expect(await collection.describe({ title: null })).toBeDefined();
      expect(await infoOf(at(store))).toEqual({ source: "A roof" });
      await own.describe({ licence: "CC0" });
      expect(await collection.describe({ licence: null })).toBeDefined();
      expect(await infoOf(at(store))).toEqual({ source: "A roof" });
    });

    it("see what others have set after a refresh", async () => {
      const { own, collection } = await undescribed();
      await own.describe({ title: "First" });
      expect(await collection.info()).toEqual({});
      await collection.refresh();
      expect(await collection.info()).toEqual({ title: "First" });
      await own.describe({ title: "Second" });
      expect(await collection.info()).toEqual({ title: "First" });
      await collection.refresh();
      expect(await collection.info()).toEqual({ title: "Second" });
    });

    it("delete a collection with the descriptions that others have made", async () => {
      const { store, own, repo } = await undescribed();
      await own.describe({ title: "Title" });
      const { path } = await descriptionEntry(own.path);
      expect(await store.list(`${path}/`)).not.toEqual([]);
      await repo.delete("c");
      expect(await store.list(`${path}/`)).toEqual([]);
      expect(await at(store).registry.collection.series(DESCRIPTIONS).length({ missing: "empty" })).toBe(0);
    });
  });

  it("clone a collection with its descriptions, or not at all", async () => {
    const { store, repo } = await described();
    const path = (await descriptionEntry((await repo.collection("c")).path)).path;
    const put = store.put.bind(store);
    const folders: string[] = [];
    let failing: number | undefined;
    store.put = async (...args) => {
      const folder = /^(..\/..\/[0-9a-f]{36})\/./.exec(args[0])?.[1];
      if (folder) folders.push(folder);
      if (folder && folders.length === failing) throw new Error("The disk is full.");
      return put(...args);
    };
    await repo.clone("c", "whole");
    expect(await infoOf(at(store), "whole")).toEqual(STATION);
    expect(folders).not.toContain(path);
    // Fails at each revision that a clone writes.
    const count = folders.length;
    expect(count).toBeGreaterThanOrEqual(4);
    for (let i = 1; i <= count; i++) {
      folders.length = 0;
      failing = i;
      await expect(repo.clone("c", `copy ${i}`)).rejects.toThrow();
      expect(await at(store).ls()).toEqual(["c", ...copies(i - 1), "whole"]);
      failing = undefined;
      await repo.clone("c", `copy ${i}`);
      expect(await infoOf(at(store), `copy ${i}`)).toEqual(STATION);
      await repo.gc({ grace: 0 });
    }
    expect((await repo.verify()).problems).toEqual([]);
    expect(await check(await filesOf(store))).toEqual([]);
    stores.set("source", store);
    const target = at(new MemoryStore());
    await target.pull("source");
    expect((await target.verify()).problems).toEqual([]);
  });

  it("refuse to describe a collection that was deleted", async () => {
    const { repo, collection, store } = await described();
    await at(store).delete("c");
    await expect(collection.describe({ title: "x" })).rejects.toMatchObject({ code: "not-found" });
    expect(await repo.registry.collection.ls()).not.toContain("c");
  });
});

describe("100,000 described series", () => {
  /** Counts what is written. */
  class CountingStore extends WatchedStore {
    written = 0;
    override async put(path: string, bytes: Uint8Array<ArrayBuffer>, options?: PutOptions): Promise<boolean> {
      this.written += bytes.length;
      return super.put(path, bytes, options);
    }
  }
  const SERIES = 100_000;
  const label = (i: number) => `plant-${i % 97}/sensor-${i}`;

  it("cost little to change and to read one by one", { timeout: 120_000 }, async () => {
    const store = new CountingStore();
    const repo = at(store);
    const collection = await repo.createCollection(schema, "c");
    const series = Object.fromEntries(
      Array.from({ length: SERIES }, (_, i) => [
        label(i),
        { title: `Sensor ${i}`, unit: i % 2 ? "°C" : "hPa", tags: [`line ${i % 10}`] },
      ]),
    );
    await collection.describe({ series });

    store.written = 0;
    const changes = 60;
    for (let i = 0; i < changes; i++)
      await collection.series(label((i * 7_919) % SERIES)).describe({ description: `Change ${i}` });
    expect(store.written / changes).toBeLessThan(100_000);

    // New ones, between and after those that are there.
    store.written = 0;
    for (let i = 0; i < changes; i++)
      await collection.series(`plant-${i}/sensor-${i % 3 ? "new" : i}-${i}`).describe({ unit: "V" });
    expect(store.written / changes).toBeLessThan(100_000);

    const reader = await at(store).collection("c");
    await reader.ls();
    store.reads = [];
    expect(await reader.series(label(7_919)).info()).toEqual({
      title: "Sensor 7919",
      unit: "°C",
      description: "Change 1",
      tags: ["line 9"],
    });
    expect(store.reads.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(150_000);

    const all = (await collection.info({ series: "all" })).series!;
    expect(Object.keys(all)).toHaveLength(SERIES + changes);
    expect(all[label(50_000)]).toEqual({ title: "Sensor 50000", unit: "hPa", tags: ["line 0"] });
    const own = await openDescriptions(repo.registry, collection.path);
    const { commit } = await own.state();
    const { segments } = await commit.table.load(["series"]);
    expect(segments.length).toBeLessThan(250);
    expect(Math.max(...segments.map(({ length }) => length))).toBeLessThan(3_100);
  });
});
