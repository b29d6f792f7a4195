import { Schema } from "lakota/engine";
import { afterEach, describe, expect, it } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import type { EngineCollection } from "../../src/engine/collection/collection.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { LakotaError } from "../../src/model/errors.ts";
import { CacheStore } from "../../src/stores/cache/cache-store.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import { plugged } from "../stores/plugged.ts";

const schema = new Schema({ t: "int*", v: "float" });
/** Rows that all have the same keys, and whose chunks are files. */
const long = (seed: number) => ({
  t: Array.from({ length: 1_000 }, (_, row) => row * 100_000 + ((row * 7_919_113) % 99_991)),
  v: Array.from({ length: 1_000 }, (_, row) => Math.sin(row + seed)),
});

/** A device with a local store, a remote store, and a plug between. */
class Device {
  readonly local = new MemoryStore();
  readonly plug: { out: boolean };
  readonly warnings: string[] = [];
  readonly #remote: ReturnType<typeof plugged>["remote"];
  readonly #open: { repo: EngineRepo; store: CacheStore }[] = [];

  constructor(store: MemoryStore) {
    ({ remote: this.#remote, plug: this.plug } = plugged(store));
  }

  /** Opens the repo as a page that was just loaded. */
  open(): EngineRepo {
    const store = new CacheStore(this.local, this.#remote, { writeOffline: true });
    const repo = new EngineRepo(store, decodeChunk, {
      maxAge: 0,
      onWarning: (text) => this.warnings.push(text),
    });
    this.#open.push({ repo, store });
    return repo;
  }

  async reload(): Promise<EngineRepo> {
    const last = this.#open.at(-1);
    await last?.store.flush();
    last?.repo.close();
    return this.open();
  }

  close(): void {
    for (const { repo } of this.#open) repo.close();
  }
}

const devices: Device[] = [];
function device(store = new MemoryStore()): Device {
  devices.push(new Device(store));
  return devices.at(-1)!;
}
afterEach(() => {
  for (const one of devices.splice(0)) one.close();
});

const at = (store: MemoryStore) => new EngineRepo(store, decodeChunk, { maxAge: 0 });

describe("without a network", () => {
  it("a series can be written whose keys equal those of another one, so that their chunk is cached", async () => {
    const store = new MemoryStore();
    const one = device(store);
    const first = one.open();
    await (await first.createCollection(schema, "c")).series("a").write(long(1));
    const again = await one.reload();
    await (await again.collection("c")).ls();
    one.plug.out = true;
    const collection = await again.collection("c");
    await collection.series("b").write(long(2));
    await collection.series("c").write(long(3));
    expect((await collection.series("b").read()).numbers("v")[9]).toBe(Math.sin(11));
    one.plug.out = false;
    await again.send();
    const seen = await at(store).collection("c");
    for (const label of ["a", "b", "c"]) expect((await seen.series(label).read()).length).toBe(1_000);
  });

  it("a collection can be created and written, and exists after a reload", async () => {
    const store = new MemoryStore();
    const one = device(store);
    const first = one.open();
    await first.ls();
    one.plug.out = true;
    await (await first.createCollection(schema, "c")).series("a").write(long(1));
    const again = await one.reload();
    const collection = await again.collection("c");
    await collection.series("b").write({ t: [1], v: [1] });
    expect(await collection.ls()).toEqual(["a", "b"]);
    one.plug.out = false;
    const report = await again.send();
    expect([report.sent > 3, report.waiting, report.conflicts]).toEqual([true, 0, []]);
    expect(await (await at(store).collection("c")).ls()).toEqual(["a", "b"]);
    expect(one.warnings).toEqual([]);
  });

  it("a collection that was never listed is not treated as empty", async () => {
    const store = new MemoryStore();
    await (await at(store).createCollection(schema, "c")).series("a").write({ t: [1], v: [1] });
    const one = device(store);
    const repo = one.open();
    await repo.ls();
    one.plug.out = true;
    await expect((await repo.collection("c")).ls()).rejects.toMatchObject({ code: "offline" });
  });

  it("creating a collection that others create too leads to a warning that names it", async () => {
    const store = new MemoryStore();
    const one = device(store);
    const repo = one.open();
    await repo.ls();
    one.plug.out = true;
    await (await repo.createCollection(schema, "c")).series("a").write({ t: [1], v: [1] });
    await at(store).createCollection(schema, "c");
    one.plug.out = false;
    await repo.send();
    expect(one.warnings).toEqual([expect.stringMatching(/were also changed by others: c\./)]);
  });
});

/** Returns the values of a series, for comparison. */
const values = async (collection: EngineCollection, label: string) =>
  Array.from((await collection.series(label).read()).numbers("v"));
const long1 = long(1).v;

/** Lists new revisions without fetching them, as a watch does whose network goes. */
async function listOnly(collection: EngineCollection): Promise<void> {
  await collection.refresh();
}

/** Creates a collection with a series "a", which a device pins. */
async function pinnedDevice() {
  const store = new MemoryStore();
  const before = new Date();
  const elsewhere = at(store);
  const theirs = await elsewhere.createCollection(schema, "c");
  await theirs.series("a").write(long(1));
  const one = device(store);
  const repo = one.open();
  const mine = await repo.collection("c");
  await mine.pin({ series: "a" });
  const after = new Date();
  return { store, elsewhere, theirs, one, repo, mine, before, after };
}

describe("a pinned series", () => {
  it("is read if newer revisions were listed but not fetched", async () => {
    const { theirs, one, mine, before, after } = await pinnedDevice();
    await theirs.series("a").write(long(2));
    await listOnly(mine);
    one.plug.out = true;
    const repo = await one.reload();
    const collection = await repo.collection("c");
    expect(await values(collection, "a")).toEqual(long1);
    const { staleSince, online } = await repo.status();
    expect(online).toBe(false);
    expect(staleSince! >= before && staleSince! <= after).toBe(true);
    expect(await collection.ls()).toEqual(["a"]);
    expect(await collection.series("a").length()).toBe(1_000);
    expect((await collection.series("a").tail(1)).numbers("v")[0]).toBe(long1[999]);
    const pages: number[] = [];
    for await (const page of collection.series("a").pages({ pageLength: 600 })) pages.push(page.length);
    for await (const page of collection.series("a").pages({ pageLength: 600, where: "(> self.v -2)" }))
      pages.push(page.length);
    expect(pages).toEqual([600, 400, 600, 400]);
    expect((await collection.series("a").downsample({ points: 10 })).rows).toBe(1_000);
    const max = await collection.series("a").reduce({ columns: { most: "(max self.v)" } });
    expect(max.numbers("most")[0]).toBe(Math.max(...long1));
    // A later fallback to a cached listing does not make it less stale.
    await repo.ls();
    expect((await repo.status()).staleSince! <= staleSince!).toBe(true);
    one.plug.out = false;
    expect(await values(collection, "a")).toEqual(long(2).v);
    expect(await repo.status()).toMatchObject({ online: true, staleSince: undefined });
  });

  it("is read if a newer revision is available but its chunks are not", async () => {
    const { theirs, one, repo, mine, after } = await pinnedDevice();
    await theirs.series("a").write(long(2));
    await mine.ls();
    one.plug.out = true;
    expect(await mine.ls()).toEqual(["a"]);
    expect(await values(mine, "a")).toEqual(long1);
    expect((await repo.status()).staleSince! <= after).toBe(true);
    const pages: number[] = [];
    for await (const page of mine.series("a").pages({ pageLength: 600 })) pages.push(page.length);
    expect(pages).toEqual([600, 400]);
  });

  it("is not used if a newer state is available", async () => {
    const { theirs, one, mine } = await pinnedDevice();
    await theirs.series("a").write(long(2));
    expect(await values(mine, "a")).toEqual(long(2).v);
    await theirs.series("a").write(long(3));
    await listOnly(mine);
    one.plug.out = true;
    expect(await values(await (await one.reload()).collection("c"), "a")).toEqual(long(2).v);
  });

  it("is read as of the time at which it was pinned, each series by itself", async () => {
    const { theirs, one, mine } = await pinnedDevice();
    await theirs.series("a").write(long(2));
    await theirs.series("b").write(long(3));
    await mine.pin({ series: "b" });
    expect(await mine.pinned()).toEqual(["a", "b"]);
    await theirs.series("b").write(long(4));
    await listOnly(mine);
    one.plug.out = true;
    const collection = await (await one.reload()).collection("c");
    expect(await values(collection, "b")).toEqual(long(3).v);
    expect(await values(collection, "a")).toEqual(long1);
  });

  it("of several heads is read, also if others have merged these", async () => {
    const { store, theirs, one, mine } = await pinnedDevice();
    // Two writers on the same parent: the second writes to a copy, which is then copied back.
    const copy = new MemoryStore();
    for (const { path } of await store.list("")) await copy.put(path, (await store.get(path))!);
    await theirs.series("a").write({ t: [-5], v: [5] });
    await (await at(copy).collection("c")).series("a").write({ t: [-9], v: [9] });
    for (const { path } of await copy.list("")) await store.put(path, (await copy.get(path))!);
    await mine.pin({ series: "a" });
    const then = await values(mine, "a");
    expect(then.length).toBe(1_002);
    expect((await mine.log()).filter((revision) => revision.head).length).toBe(2);
    await theirs.refresh();
    await theirs.series("a").write(long(2));
    await listOnly(mine);
    one.plug.out = true;
    expect(await values(await (await one.reload()).collection("c"), "a")).toEqual(then);
  });

  it("is found if another collection was created but not fetched", async () => {
    const { elsewhere, one, repo } = await pinnedDevice();
    await elsewhere.createCollection(schema, "d");
    await repo.registry.collection.refresh();
    one.plug.out = true;
    const again = await one.reload();
    expect(await again.ls()).toEqual(["c"]);
    expect(await values(await again.collection("c"), "a")).toEqual(long1);
    expect((await again.status()).staleSince).toBeDefined();
  });

  it("is read if others have trimmed its revision", async () => {
    const { theirs, one, mine } = await pinnedDevice();
    await theirs.series("a").write(long(2));
    await theirs.trim({ before: new Date(Date.now() + 60_000) });
    expect((await theirs.log()).length).toBe(1);
    await listOnly(mine);
    one.plug.out = true;
    expect(await values(await (await one.reload()).collection("c"), "a")).toEqual(long1);
  });

  it("can be written: pending changes are visible, and are later merged with what was not available", async () => {
    const { store, theirs, one, mine } = await pinnedDevice();
    await theirs.series("b").write(long(2));
    await listOnly(mine);
    one.plug.out = true;
    const repo = await one.reload();
    const collection = await repo.collection("c");
    await collection.series("a").write({ t: [-1], v: [7] });
    expect((await values(collection, "a"))[0]).toBe(7);
    const again = await one.reload();
    expect(await values(await again.collection("c"), "a")).toEqual([7, ...long1]);
    one.plug.out = false;
    await again.send();
    const seen = await at(store).collection("c");
    expect(await values(seen, "a")).toEqual([7, ...long1]);
    expect(await values(seen, "b")).toEqual(long(2).v);
    // What was sent also stays when the next revision was only listed.
    const back = await again.collection("c");
    await back.ls();
    await seen.series("b").write(long(3));
    await listOnly(back);
    one.plug.out = true;
    expect(await values(await (await one.reload()).collection("c"), "a")).toEqual([7, ...long1]);
  });

  it("is read below pending changes that were built on a revision whose chunks are not available", async () => {
    const { store, theirs, one, mine } = await pinnedDevice();
    const later = { t: long(2).t.map((t) => t + 1e9), v: long(2).v };
    await theirs.series("a").write(later);
    await theirs.series("b").write(long(3));
    await mine.ls();
    one.plug.out = true;
    const repo = await one.reload();
    const collection = await repo.collection("c");
    await collection.series("n").write({ t: [1], v: [1] });
    await collection.series("a").write({ t: [-1], v: [7] });
    await collection.batch(async (batch) => {
      for (const value of [6, 8]) await batch.series("a").write({ t: [-2], v: [value] }); // touched twice
    });
    expect(await values(collection, "a")).toEqual([8, 7, ...long1]);
    expect(await values(collection, "n")).toEqual([1]);
    one.plug.out = false;
    await repo.send();
    const seen = await at(store).collection("c");
    expect(await values(seen, "a")).toEqual([8, 7, ...long1, ...later.v]);
    expect(await values(seen, "b")).toEqual(long(3).v);
  });

  it("is complete after the cache has evicted everything else", async () => {
    const { store, elsewhere, one, mine } = await pinnedDevice();
    // So many that the names of collections no longer fit into the commit.
    for (let i = 0; i < 40; i++)
      await elsewhere.createCollection(new Schema({ [`t${Math.sin(i)}`]: "int*" }), `${Math.cos(i)}`);
    await mine.pin();
    await (await one.reload()).ls();
    const full = new CacheStore(one.local, store, { quota: 1 });
    await full.list("");
    await full.flush();
    one.plug.out = true;
    expect(await values(await (await one.reload()).collection("c"), "a")).toEqual(long1);
  });

  it("is not used for reads of a given time, nor after it was unpinned", async () => {
    const { theirs, one, mine } = await pinnedDevice();
    await theirs.series("a").write(long(2));
    await listOnly(mine);
    one.plug.out = true;
    const offline = { code: "offline" };
    await expect(mine.series("a").read({ before: new Date(Date.now() + 1_000) })).rejects.toMatchObject(
      offline,
    );
    await mine.unpin();
    await expect(mine.series("a").read()).rejects.toMatchObject(offline);
    expect(await mine.pinned()).toEqual([]);
  });

  it("is not used if the store can be listed but fails to return a file", async () => {
    const { store, theirs, mine } = await pinnedDevice();
    await theirs.series("a").write(long(2));
    await listOnly(mine);
    const get = store.get.bind(store);
    store.get = () => Promise.reject(new LakotaError("network", "down"));
    await expect(mine.series("a").read()).rejects.toMatchObject({ code: "network" });
    store.get = get;
    expect(await values(mine, "a")).toEqual(long(2).v);
  });

  it("is where a watch without a network begins: everything newer is reported as a change", async () => {
    const { theirs, one, mine } = await pinnedDevice();
    await theirs.series("a").write(long(2));
    await listOnly(mine);
    one.plug.out = true;
    const collection = await (await one.reload()).collection("c");
    const first = await collection.nextChange(undefined, { every: 1 });
    one.plug.out = false;
    const { change } = await collection.nextChange(first.heads, { every: 1 });
    expect(change?.ranges.map(({ label }) => label)).toEqual(["a"]);
  });

  it("stays pinned if several tabs pin at once", async () => {
    const store = new MemoryStore();
    const theirs = await at(store).createCollection(schema, "c");
    const labels = ["a", "b", "c", "d"];
    for (const [i, label] of labels.entries()) await theirs.series(label).write(long(i));
    const one = device(store);
    const tabs = await Promise.all(labels.map(() => one.open().collection("c")));
    await Promise.all(tabs.map((tab, i) => tab.pin({ series: labels[i]! })));
    expect(await tabs[0]!.pinned()).toEqual(labels);
    await Promise.all(tabs.slice(1).map((tab, i) => tab.unpin(labels[i]!)));
    expect(await tabs[0]!.pinned()).toEqual(["d"]);
  });
});
