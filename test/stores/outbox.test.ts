import { describe, expect, test } from "vitest";
import { LakotaError } from "../../src/model/errors.ts";
import { CacheStore } from "../../src/stores/cache.ts";
import { MemoryStore } from "../../src/stores/memory.ts";
import type { Store } from "../../src/stores/store.ts";
import { text } from "./tools.ts";

/** A far store with a plug. */
function plugged(store: Store): { far: Store; plug: { out: boolean } } {
  const plug = { out: false };
  const far = new Proxy(store, {
    get(target, name: keyof Store) {
      const value = target[name];
      if (typeof value !== "function") return value;
      return async (...args: never[]) => {
        if (plug.out) throw new LakotaError("offline", "no network");
        return Reflect.apply(value, target, args);
      };
    },
  });
  return { far, plug };
}

function open(near: Store = new MemoryStore(), store: Store = new MemoryStore(), quota = 1_000_000) {
  const { far, plug } = plugged(store);
  const cache = new CacheStore(near, far, { writeOffline: true, quota });
  const sent: string[][] = [];
  cache.onSent = (paths) => sent.push([...paths]);
  return { near, store, plug, cache, sent };
}

describe("writing while the far store cannot be reached", () => {
  test("waits, is read and listed meanwhile, and is sent in order before what follows", async () => {
    const { store, plug, cache, sent } = open();
    await cache.put("f/a", text("a"));
    expect((await cache.list("f/")).map(({ path }) => path)).toEqual(["f/a"]);
    plug.out = true;
    expect(await cache.put("f/b", text("b"))).toBe(true);
    expect(await cache.put("f/c", text("c"))).toBe(true);
    expect(await cache.put("f/c", text("c"))).toBe(false);
    expect(await cache.put("f/a", text("a"))).toBe(false);
    expect(cache.stats().waiting).toBe(2);
    expect(await cache.get("f/b")).toEqual(text("b"));
    expect((await cache.list("f/")).map(({ path }) => path)).toEqual(["f/a", "f/b", "f/c"]);
    expect(await store.get("f/b")).toBeUndefined();
    plug.out = false;
    await cache.put("f/d", text("d"));
    expect((await store.list("")).map(({ path }) => path)).toEqual(["f/a", "f/b", "f/c", "f/d"]);
    expect(sent).toEqual([["f/b", "f/c"]]);
    expect(cache.stats().waiting).toBe(0);
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
    expect([second.cache.stats().waiting, second.sent]).toEqual([2, []]);
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
    const reader = new CacheStore(cache.near, other, { quota: 1_000 });
    for (let i = 0; i < 10; i++) await reader.get(`g/${i}`);
    await reader.flush();
    expect(await cache.near.get("f/mine")).toEqual(new Uint8Array(600));
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
    expect(cache.stats().waiting).toBe(0);
    cache.close();
  });
});

describe("pins", () => {
  test("hold files while others go, until they are let go", async () => {
    const far = new MemoryStore();
    for (let i = 0; i < 20; i++) await far.put(`f/${i}`, new Uint8Array(100).fill(i));
    const near = new MemoryStore();
    const cache = new CacheStore(near, far, { quota: 1_000, memory: 0 });
    await cache.pin("p", { a: ["f/0", "f/1"], b: ["f/1", "f/2"] });
    expect(cache.stats().pinnedBytes).toBe(300);
    for (let i = 3; i < 20; i++) await cache.get(`f/${i}`);
    await cache.flush();
    for (let i = 0; i < 3; i++) expect(await near.get(`f/${i}`)).toEqual(new Uint8Array(100).fill(i));
    expect(await cache.pinned("p")).toEqual({ a: ["f/0", "f/1"], b: ["f/1", "f/2"] });
    // Another tab knows of it.
    const other = new CacheStore(near, far, { quota: 500, memory: 0 });
    for (let i = 3; i < 20; i++) await other.get(`f/${i}`);
    await other.flush();
    for (let i = 0; i < 3; i++) expect(await near.get(`f/${i}`)).toBeDefined();
    await cache.pin("p", {});
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
    await expect(cache.pin("p", { a: ["f"] })).rejects.toMatchObject({ code: "quota" });
  });
});

test("keepsakes are there after a reload of the page, and count", async () => {
  const near = new MemoryStore();
  const cache = new CacheStore(near, new MemoryStore());
  cache.keepsakes!.keep("summary", text("short"));
  await cache.flush();
  const again = new CacheStore(near, new MemoryStore());
  await again.list("");
  await again.get("nothing");
  expect(await again.keepsakes!.recall("summary")).toEqual(text("short"));
  expect(again.stats().nearBytes).toBe(5);
  expect(
    new CacheStore(near, new MemoryStore(), { quota: Number.POSITIVE_INFINITY }).keepsakes,
  ).toBeUndefined();
});
