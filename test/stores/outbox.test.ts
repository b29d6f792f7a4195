import { describe, expect, test } from "vitest";
import { LakotaError } from "../../src/model/errors.ts";
import { CacheStore } from "../../src/stores/cache/cache-store.ts";
import { type Pin, pinFiles, pinsOf } from "../../src/stores/cache/pins.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { PutOptions, Store } from "../../src/stores/store.ts";
import { plugged } from "./plugged.ts";
import { text } from "./tools.ts";

function open(near: Store = new MemoryStore(), store: Store = new MemoryStore(), quota = 1_000_000) {
  const { far, plug } = plugged(store);
  const cache = new CacheStore(near, far, { writeOffline: true, quota });
  const sent: string[][] = [];
  cache.onSent = (paths) => sent.push([...paths]);
  const trouble: string[] = [];
  cache.onWarning = (message) => trouble.push(message);
  return { near, store, plug, cache, sent, trouble };
}

describe("writing while the far store cannot be reached", () => {
  test("is listed after reloads without a network, by what was listed before", async () => {
    const { near, store, cache } = open();
    await cache.put("f/a", text("a"));
    await cache.list("f/");
    await cache.flush();
    const second = open(near, store);
    second.plug.out = true;
    await second.cache.put("f/b", text("b"));
    const third = open(near, store);
    third.plug.out = true;
    for (const { cache } of [second, third])
      expect((await cache.list("f/")).map(({ path }) => path)).toEqual(["f/a", "f/b"]);
  });

  test("waits, is read and listed meanwhile, and is sent in order before what follows", async () => {
    const { store, plug, cache, sent } = open();
    await cache.put("f/a", text("a"));
    expect((await cache.list("f/")).map(({ path }) => path)).toEqual(["f/a"]);
    plug.out = true;
    expect(await cache.put("f/b", text("b"))).toBe(true);
    expect(await cache.put("f/c", text("c"))).toBe(true);
    expect(await cache.put("f/c", text("c"))).toBe(false);
    expect(cache.stats().pending).toBe(2);
    expect(await cache.get("f/b")).toEqual(text("b"));
    expect((await cache.list("f/")).map(({ path }) => path)).toEqual(["f/a", "f/b", "f/c"]);
    expect(await store.get("f/b")).toBeUndefined();
    plug.out = false;
    await cache.put("f/d", text("d"));
    expect((await store.list("")).map(({ path }) => path)).toEqual(["f/a", "f/b", "f/c", "f/d"]);
    expect(sent).toEqual([["f/b", "f/c"]]);
    expect(cache.stats().pending).toBe(0);
    cache.close();
  });

  test("outlives the page, and a sending that breaks off", async () => {
    const near = new MemoryStore();
    const store = new MemoryStore();
    const first = open(near, store);
    await first.cache.list("f/");
    first.plug.out = true;
    for (const name of ["a", "b", "c"]) await first.cache.put(`f/${name}`, text(name));
    await first.cache.flush();
    const second = open(near, store);
    second.plug.out = true;
    expect(await second.cache.get("f/b")).toEqual(text("b"));
    await expect(second.cache.send()).rejects.toMatchObject({ code: "offline" });
    second.plug.out = false;
    let calls = 0;
    const put = store.put.bind(store);
    store.put = async (path, bytes, options) => {
      if (++calls === 2) throw new LakotaError("network", "broke off");
      return put(path, bytes, options);
    };
    await expect(second.cache.send()).rejects.toMatchObject({ code: "network" });
    expect([second.cache.stats().pending, second.sent]).toEqual([2, []]);
    await second.cache.send();
    expect((await store.list("")).map(({ path }) => path)).toEqual(["f/a", "f/b", "f/c"]);
    expect(second.sent).toEqual([["f/a", "f/b", "f/c"]]);
    first.cache.close();
    second.cache.close();
  });

  test("is never evicted", async () => {
    const { plug, cache } = open(new MemoryStore(), new MemoryStore(), 1_000);
    await cache.list("f/");
    plug.out = true;
    await cache.put("f/mine", new Uint8Array(600));
    plug.out = false;
    const other = new MemoryStore();
    plug.out = true;
    for (let i = 0; i < 10; i++) await other.put(`g/${i}`, new Uint8Array(300));
    // Files of elsewhere pass through the same near store.
    const reader = new CacheStore(cache.localStore, other, { quota: 1_000 });
    for (let i = 0; i < 10; i++) await reader.get(`g/${i}`);
    await reader.flush();
    expect(await cache.localStore.get("f/mine")).toEqual(new Uint8Array(600));
    cache.close();
  });

  test("is refused without the option, for what would overwrite, and for other errors", async () => {
    const { plug, cache, store } = open();
    const { far, plug: other } = plugged(store);
    const plain = new CacheStore(new MemoryStore(), far);
    other.out = true;
    await expect(plain.put("a", text("a"))).rejects.toMatchObject({ code: "offline" });
    plug.out = true;
    await expect(cache.put("a", text("a"), { overwrite: true })).rejects.toMatchObject({ code: "offline" });
    await expect(cache.delete("a")).rejects.toMatchObject({ code: "offline" });
    plug.out = false;
    store.put = () => Promise.reject(new LakotaError("forbidden", "no"));
    await expect(cache.put("a", text("a"))).rejects.toMatchObject({ code: "forbidden" });
    expect(cache.stats().pending).toBe(0);
    cache.close();
  });
});

describe("what waits", () => {
  /** Two files that were written offline, and a network again. */
  async function twoWaiting(near = new MemoryStore()) {
    const opened = open(near);
    await opened.cache.list("f/");
    opened.plug.out = true;
    for (const name of ["a", "b"]) await opened.cache.put(`f/${name}`, text(name));
    opened.plug.out = false;
    return opened;
  }

  test("includes what is near already: the far store may have it no more", async () => {
    const { cache, plug, store } = open();
    await cache.put("f/a", text("a"));
    await store.delete("f/a");
    plug.out = true;
    expect(await cache.put("f/a", text("a"))).toBe(true);
    expect(await cache.get("f/a", { reload: true })).toEqual(text("a")); // it is nowhere else
    plug.out = false;
    await cache.send();
    expect(await store.get("f/a")).toEqual(text("a"));
    cache.close();
  });

  test("is not forgotten where it was added while a sending came to its end", async () => {
    const { cache, plug, store, near, sent } = await twoWaiting();
    const list = near.list.bind(near);
    let looks = 0;
    near.list = async (prefix) => {
      const found = await list(prefix);
      if (!prefix.includes("outbox") || ++looks !== 2) return found;
      plug.out = true; // after the listing with which the sending ends
      await cache.put("f/c", text("c"));
      plug.out = false;
      return found;
    };
    await cache.put("f/d", text("d"));
    expect((await store.list("")).map(({ path }) => path)).toEqual(["f/a", "f/b", "f/c", "f/d"]);
    expect([cache.stats().pending, sent.flat()]).toEqual([0, ["f/a", "f/b", "f/c"]]);
    cache.close();
  });

  test("goes in the order of writing, though the clock was set back meanwhile", async () => {
    const { cache, plug, store } = open();
    const order: string[] = [];
    const put = store.put.bind(store);
    store.put = (path, ...rest) => {
      order.push(path);
      return put(path, ...rest);
    };
    await cache.list("f/");
    plug.out = true;
    await cache.put("f/chunk", text("chunk"));
    const now = Date.now;
    Date.now = () => now() - 60_000;
    try {
      await cache.put("f/revision", text("revision"));
    } finally {
      Date.now = now;
    }
    plug.out = false;
    await cache.send();
    expect(order).toEqual(["f/chunk", "f/revision"]);
    cache.close();
  });

  test("is listed where the far store takes nothing, which is told once and keeps nobody from reading", async () => {
    const { cache, store, trouble } = await twoWaiting();
    await store.put("f/theirs", text("theirs"));
    store.put = () => Promise.reject(new LakotaError("forbidden", "the keys may not write"));
    for (let i = 0; i < 2; i++)
      expect((await cache.list("f/")).map(({ path }) => path)).toEqual(["f/a", "f/b", "f/theirs"]);
    await expect(cache.send()).rejects.toMatchObject({ code: "forbidden" });
    expect(trouble).toEqual([expect.stringMatching(/cannot be sent.*the keys may not write/)]);
    expect(cache.stats().pending).toBe(2);
    cache.close();
  });

  test("and was cleared with the site's data, is told", async () => {
    const { cache, near, store, trouble, sent } = await twoWaiting();
    for (const { path } of await near.list("")) await near.delete(path);
    await cache.put("f/c", text("c"));
    expect(trouble).toEqual([expect.stringMatching(/gone from this device.*f\/a, f\/b$/)]);
    expect((await store.list("")).map(({ path }) => path)).toEqual(["f/c"]);
    expect([cache.stats().pending, sent]).toEqual([0, []]);
    cache.close();
  });

  test("and was sent by another tab, is no trouble", async () => {
    const near = new MemoryStore();
    const { cache, store, trouble } = await twoWaiting(near);
    const other = open(near, store);
    await other.cache.send();
    await near.delete("f/a"); // evicted since
    await cache.send();
    expect([cache.stats().pending, trouble, other.trouble]).toEqual([0, [], []]);
    expect(other.sent).toEqual([["f/a", "f/b"]]);
    cache.close();
    other.cache.close();
  });

  test("one file of which is gone: the others are sent, and it is told", async () => {
    const { cache, near, store, trouble } = await twoWaiting();
    await near.delete("f/a");
    await cache.send();
    expect((await store.list("")).map(({ path }) => path)).toEqual(["f/b"]);
    expect(trouble).toEqual([expect.stringMatching(/gone from this device.*f\/a$/)]);
    cache.close();
  });

  test("is spared by another tab that makes room while it is being kept", async () => {
    const near = new MemoryStore();
    const store = new MemoryStore();
    for (let i = 0; i < 10; i++) await store.put(`g/${i}`, new Uint8Array(300));
    const { cache, plug } = open(near, store, 1_000);
    await cache.list("f/");
    plug.out = true;
    const other = new CacheStore(near, store, { quota: 1_000, memory: 0 });
    const put = near.put.bind(near);
    near.put = async (path, ...rest) => {
      const made = await put(path, ...rest);
      if (path !== "f/mine") return made;
      for (let i = 0; i < 10; i++) await other.get(`g/${i}`);
      await other.flush();
      return made;
    };
    await cache.put("f/mine", new Uint8Array(600));
    near.put = put;
    expect(await near.get("f/mine")).toEqual(new Uint8Array(600));
    cache.close();
  });

  test("and cannot be read now, is neither taken for sent nor evicted", async () => {
    const { cache, near, store, sent } = await twoWaiting();
    const [get, list] = [near.get.bind(near), near.list.bind(near)];
    near.list = (prefix) =>
      prefix.includes("outbox") ? Promise.reject(new LakotaError("internal", "no")) : list(prefix);
    await expect(cache.send()).rejects.toMatchObject({ code: "internal" });
    await store.put("g", new Uint8Array(500));
    const other = new CacheStore(near, store, { quota: 400, memory: 0 });
    await other.get("g");
    await other.flush();
    [near.get, near.list] = [get, list];
    expect([cache.stats().pending, sent]).toEqual([2, []]);
    await cache.send();
    expect((await store.list("f/")).map(({ path }) => path)).toEqual(["f/a", "f/b"]);
    cache.close();
  });

  test("gets room where what can be fetched again takes it", async () => {
    class Small extends MemoryStore {
      override async put(path: string, bytes: Uint8Array, options?: PutOptions) {
        const sizes = (await this.list(""))
          .filter((entry) => !entry.path.startsWith("."))
          .map(({ size }) => size);
        if (sizes.reduce((sum, size) => sum + size, bytes.length) > 1_000)
          throw new LakotaError("quota", "the device is full");
        return super.put(path, bytes, options);
      }
    }
    const { cache, plug, store } = open(new Small());
    for (let i = 0; i < 3; i++) await store.put(`g/${i}`, new Uint8Array(300));
    for (let i = 0; i < 3; i++) await cache.get(`g/${i}`);
    await cache.list("f/");
    await cache.flush();
    plug.out = true;
    await cache.put("f/a", new Uint8Array(400));
    await expect(cache.put("f/b", new Uint8Array(2_000))).rejects.toMatchObject({ code: "quota" });
    expect(cache.stats().pending).toBe(1);
    plug.out = false;
    await cache.send();
    expect(await store.get("f/a")).toBeDefined();
    cache.close();
  });
});

describe("pins", () => {
  test("hold files while others go, until they are let go", async () => {
    const far = new MemoryStore();
    for (let i = 0; i < 20; i++) await far.put(`f/${i}`, new Uint8Array(100).fill(i));
    const near = new MemoryStore();
    const cache = new CacheStore(near, far, { quota: 1_000, memory: 0 });
    const pins: Pin[] = [
      { since: 1, revisions: ["f/0"], series: { a: ["f/1"] } },
      { since: 2, revisions: ["f/0"], series: { b: ["f/1", "f/2"] } },
    ];
    await pinFiles(cache, "p", pins);
    expect(cache.stats().pinnedBytes).toBe(300);
    for (let i = 3; i < 20; i++) await cache.get(`f/${i}`);
    await cache.flush();
    for (let i = 0; i < 3; i++) expect(await near.get(`f/${i}`)).toEqual(new Uint8Array(100).fill(i));
    expect(await pinsOf(cache, "p")).toEqual(pins);
    // Another tab knows of it.
    const other = new CacheStore(near, far, { quota: 500, memory: 0 });
    for (let i = 3; i < 20; i++) await other.get(`f/${i}`);
    await other.flush();
    for (let i = 0; i < 3; i++) expect(await near.get(`f/${i}`)).toBeDefined();
    await pinFiles(cache, "p", []);
    for (let i = 3; i < 20; i++) await cache.get(`f/${i}`);
    await cache.flush();
    expect(await near.get("f/0")).toBeUndefined();
  });

  test("say where there is no room", async () => {
    const far = new MemoryStore();
    await far.put("f", new Uint8Array(100));
    const near = new MemoryStore();
    near.put = () => Promise.reject(new LakotaError("quota", "full"));
    const cache = new CacheStore(near, far, { quota: 1_000 });
    await expect(
      pinFiles(cache, "p", [{ since: 1, revisions: [], series: { a: ["f"] } }]),
    ).rejects.toMatchObject({ code: "quota" });
  });
});

test("derived data is there after a reload of the page, and count", async () => {
  const near = new MemoryStore();
  const cache = new CacheStore(near, new MemoryStore());
  cache.derived!.set("summary", text("short"));
  await cache.flush();
  const again = new CacheStore(near, new MemoryStore());
  await again.list("");
  await again.get("nothing");
  expect(await again.derived!.get("summary")).toEqual(text("short"));
  expect(again.stats().localBytes).toBe(5);
  expect(
    new CacheStore(near, new MemoryStore(), { quota: Number.POSITIVE_INFINITY }).derived,
  ).toBeUndefined();
});
