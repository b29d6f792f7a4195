import { describe, expect, test } from "vitest";
import { LakotaError } from "../../src/model/errors.ts";
import { type CacheOptions, CacheStore } from "../../src/stores/cache/cache-store.ts";
import { FileStore } from "../../src/stores/file/file-store.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { GetOptions, Store } from "../../src/stores/store.ts";
import { conforms } from "./suite.ts";
import { folders, spy, text } from "./tools.ts";

const folder = folders();

conforms("CacheStore of memory on memory", () => new CacheStore(new MemoryStore(), new MemoryStore()));
conforms(
  "CacheStore without room",
  () => new CacheStore(new MemoryStore(), new MemoryStore(), { memory: 0, quota: 0 }),
);
conforms(
  "CacheStore of files on files",
  async () => new CacheStore(new FileStore(await folder(), { sync: false }), new FileStore(await folder())),
);
conforms("CacheStore on CacheStore", () => {
  return new CacheStore(
    new MemoryStore(),
    new CacheStore(new MemoryStore(), new MemoryStore(), { memory: 10 }),
  );
});
conforms(
  "CacheStore of nothing",
  () => new CacheStore(new MemoryStore(), new MemoryStore(), { immutable: () => false }),
);

interface Pair {
  local: Store & { calls: string[] };
  remote: Store & { calls: string[] };
  cache: CacheStore;
}

async function pair(
  options: CacheOptions = {},
  remote: Partial<Store> = {},
  local: Partial<Store> = {},
): Promise<Pair> {
  const memory = new MemoryStore();
  for (let i = 0; i < 10; i++) await memory.put(`f/${i}`, new Uint8Array(100).fill(i));
  const spies = { local: spy(new MemoryStore(), local), remote: spy(memory, remote) };
  return { ...spies, cache: new CacheStore(spies.local, spies.remote, options) };
}

/** A remote store whose reads are pending until `open` is called. */
function gate(): { get: Store["get"]; open: (bytes?: Uint8Array<ArrayBuffer>) => void; seen: GetOptions[] } {
  const seen: GetOptions[] = [];
  const waiting: ((bytes?: Uint8Array<ArrayBuffer>) => void)[] = [];
  return {
    seen,
    open: (bytes) => {
      for (const resolve of waiting.splice(0)) resolve(bytes);
    },
    get: (_path, options = {}) => {
      seen.push(options);
      return new Promise((resolve, reject) => {
        waiting.push(resolve);
        options.signal?.addEventListener("abort", () => reject(new LakotaError("aborted", "cancelled")));
      });
    },
  };
}

/** Resolves after all pending microtasks. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const failing = (code: "quota" | "network" | "offline" | "internal") => async (): Promise<never> => {
  throw new LakotaError(code, code);
};

describe("a local store that cannot be read", () => {
  test("makes one warning, and is used again once it can", async () => {
    let isBlocked = true;
    const memory = new MemoryStore();
    const guarded = <T>(work: () => Promise<T>) => (isBlocked ? failing("internal")() : work());
    const { cache } = await pair(
      { memory: 0 },
      {},
      {
        get: (path) => guarded(() => memory.get(path)),
        list: (prefix) => guarded(() => memory.list(prefix)),
        put: (path, bytes, options) => guarded(() => memory.put(path, bytes, options)),
      },
    );
    const warnings: string[] = [];
    cache.onWarning = (message) => warnings.push(message);
    for (let i = 0; i < 3; i++) expect(await cache.get(`f/${i}`)).toEqual(new Uint8Array(100).fill(i));
    await cache.flush();
    expect(warnings).toEqual([expect.stringMatching(/^Nothing is read from the cache memory:.* internal$/)]);
    isBlocked = false;
    for (let i = 0; i < 2; i++) {
      await cache.get("f/1");
      await cache.flush();
    }
    expect(cache.stats()).toMatchObject({ hits: 1, localBytes: 100 });
    expect(warnings).toHaveLength(1);
  });
});

describe("a read", () => {
  test("comes from the remote store once, then from memory, then, after a reload, from the local store", async () => {
    const { cache, local, remote } = await pair();
    const seen: [number, boolean][] = [];
    const onBytes = (bytes: number, cached: boolean) => seen.push([bytes, cached]);
    await cache.get("f/1", { onBytes });
    await cache.get("f/1", { onBytes });
    await cache.flush();
    const reader = new CacheStore(local, remote);
    expect(await reader.get("f/1", { onBytes })).toEqual(new Uint8Array(100).fill(1));
    expect(seen).toEqual([
      [100, false],
      [100, true],
      [100, true],
    ]);
    expect(remote.calls.filter((call) => call === "get f/1")).toHaveLength(1);
    expect(cache.stats()).toMatchObject({
      hits: 1,
      misses: 1,
      fetchedBytes: 100,
      cachedBytes: 100,
      memoryBytes: 100,
    });
    expect(cache.stats()).toMatchObject({ localBytes: 100, requests: 1, dropped: 0 });
    expect(reader.stats()).toMatchObject({ hits: 1, misses: 0, cachedBytes: 100, requests: 0 });
  });

  test("shares a fetch in progress, and is notified of the bytes received before it joined", async () => {
    const { open, get, seen } = gate();
    const { cache } = await pair({}, { get });
    const counts = [0, 0];
    const first = cache.get("x", { onBytes: (n) => (counts[0]! += n) });
    await turn();
    seen[0]!.onBytes?.(7, false);
    const second = cache.get("x", { onBytes: (n) => (counts[1]! += n) });
    seen[0]!.onBytes?.(3, false);
    open(text("0123456789"));
    const [a, b] = await Promise.all([first, second]);
    expect(counts).toEqual([10, 10]);
    expect(seen).toHaveLength(1);
    a!.fill(0);
    expect(b).toEqual(text("0123456789"));
  });

  test("is cancelled for one caller alone; the fetch is cancelled once all callers have aborted", async () => {
    const { open, get, seen } = gate();
    const { cache } = await pair({}, { get });
    const controllers = [new AbortController(), new AbortController(), new AbortController()];
    const [a, b, c] = controllers.map(({ signal }) => cache.get("x", { signal }));
    await turn();
    controllers[0]!.abort();
    await expect(a).rejects.toMatchObject({ code: "aborted" });
    expect(seen[0]!.signal!.aborted).toBe(false);
    open(text("x"));
    expect(await b).toEqual(text("x"));
    expect(await c).toEqual(text("x"));

    const again = [new AbortController(), new AbortController()];
    const gone = again.map(({ signal }) => cache.get("y", { signal }));
    await turn();
    for (const controller of again) controller.abort();
    for (const read of gone) await expect(read).rejects.toMatchObject({ code: "aborted" });
    expect(seen[1]!.signal!.aborted).toBe(true);
    const next = cache.get("y"); // must not join what is being cancelled
    await turn();
    open(text("y"));
    expect(await next).toEqual(text("y"));
  });

  test("that fails is not cached", async () => {
    let fail = true;
    const { cache } = await pair({}, { get: async () => (fail ? failing("network")() : text("x").slice()) });
    await expect(cache.get("x")).rejects.toMatchObject({ code: "network" });
    fail = false;
    expect(await cache.get("x")).toEqual(text("x"));
  });

  test("of a missing file is not cached", async () => {
    const { cache, remote } = await pair();
    expect(await cache.get("new")).toBeUndefined();
    await remote.put("new", text("x"));
    expect(await cache.get("new")).toEqual(text("x"));
  });

  test("with `reload` fetches, replaces both copies, and removes them if the file was deleted", async () => {
    const { cache, local, remote } = await pair();
    await cache.get("f/1");
    await cache.flush();
    await remote.put("f/1", text("mended"), { overwrite: true });
    expect(await cache.get("f/1")).toEqual(new Uint8Array(100).fill(1));
    expect(await cache.get("f/1", { reload: true })).toEqual(text("mended"));
    expect(await cache.get("f/1")).toEqual(text("mended"));
    await cache.flush();
    expect(await local.get("f/1")).toEqual(text("mended"));
    await remote.delete("f/1");
    expect(await cache.get("f/1", { reload: true })).toBeUndefined();
    expect(await cache.get("f/1")).toBeUndefined();
    expect(await local.get("f/1")).toBeUndefined();
  });

  test("of a mutable file always comes from the remote store", async () => {
    const { cache, local, remote } = await pair({ immutable: (path) => !path.endsWith("1") });
    await cache.get("f/1");
    await cache.get("f/1");
    await cache.get("f/2");
    await cache.flush();
    expect(remote.calls).toEqual(["get f/1", "get f/1", "get f/2"]);
    expect(local.calls.filter((call) => call.startsWith("put f"))).toEqual(["put f/2"]);
  });

  test("that is read only gets the bytes of the cache, others a copy", async () => {
    const { cache } = await pair();
    const [mine, shared] = await Promise.all([cache.get("f/1"), cache.get("f/1", { readOnly: true })]);
    expect(mine).toEqual(shared);
    expect(mine!.buffer).not.toBe(shared!.buffer);
    expect((await cache.get("f/1", { readOnly: true }))!.buffer).toBe(shared!.buffer);
    expect((await cache.get("f/1"))!.buffer).not.toBe(shared!.buffer);
  });

  test("never fails because of the local store", async () => {
    const broken = {
      get: failing("internal"),
      put: failing("internal"),
      list: failing("internal"),
      delete: failing("internal"),
    };
    const { cache } = await pair({}, {}, broken);
    expect(await cache.get("f/1")).toEqual(new Uint8Array(100).fill(1));
    expect(await cache.list("f/")).toHaveLength(10);
    await cache.flush();
    await cache.delete("f/1");
    expect(await cache.get("f/1")).toBeUndefined();
    await cache.flush();
    expect(cache.stats().dropped).toBe(1);
  });
});

describe("a change", () => {
  test("during a read leaves no outdated copy", async () => {
    const { open, get } = gate();
    const { cache, local } = await pair({}, { get });
    const read = cache.get("f/1");
    await turn();
    await cache.delete("f/1");
    open(text("old"));
    expect(await read).toEqual(text("old"));
    await cache.flush();
    expect(await local.get("f/1")).toBeUndefined();
    const again = cache.get("f/1");
    await turn();
    open(undefined);
    expect(await again).toBeUndefined();
  });

  test("that the remote store refuses changes nothing in the local store", async () => {
    const { cache, local } = await pair({}, { put: failing("network") });
    await expect(cache.put("a", text("x"))).rejects.toMatchObject({ code: "network" });
    await cache.flush();
    expect(await local.get("a")).toBeUndefined();
  });

  test("caches what was written, but not a file that another writer created before", async () => {
    const { cache, local, remote } = await pair();
    await remote.put("taken", text("theirs"));
    expect(await cache.put("mine", text("mine"))).toBe(true);
    expect(await cache.put("taken", text("ours"))).toBe(false);
    await cache.flush();
    expect(await local.get("mine")).toEqual(text("mine"));
    expect(await local.get("taken")).toBeUndefined();
    expect(await cache.get("taken")).toEqual(text("theirs"));
  });
});

describe("memory", () => {
  test("holds the most recently used files up to its limit", async () => {
    const { cache, remote } = await pair({ memory: 250, quota: 0 });
    for (const i of [1, 2, 1, 3, 1, 2]) await cache.get(`f/${i}`);
    expect(remote.calls).toEqual(["get f/1", "get f/2", "get f/3", "get f/2"]);
    expect(cache.stats().memoryBytes).toBe(200);
  });
});

describe("the local store", () => {
  const kept = async (local: Store) => (await local.list("f/")).map(({ path }) => path);

  test("holds the most recently used files up to its quota", async () => {
    let time = 1000;
    const { cache, local } = await pair({ quota: 500, memory: 0, now: () => time });
    for (let i = 0; i < 5; i++) {
      time += 1000;
      await cache.get(`f/${i}`);
      await cache.flush();
    }
    time += 1000;
    await cache.get("f/0");
    await cache.get("f/5");
    await cache.flush();
    expect(await kept(local)).toEqual(["f/0", "f/3", "f/4", "f/5"]);
    expect(cache.stats()).toMatchObject({ localBytes: 400, dropped: 0 });
  });

  test("saves nothing while a caller waits, until someone waits for what is saved", async () => {
    const { cache, local } = await pair();
    const saved = () => local.calls.filter((call) => call.startsWith("put f"));
    let finish: () => void = () => {};
    const waiting = cache.whileQuiet(async () => {
      await cache.get("f/1");
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    await expect.poll(() => cache.stats().misses).toBe(1);
    expect(await cache.get("f/1")).toHaveLength(100);
    expect(saved()).toEqual([]);
    await cache.flush();
    expect(saved()).toEqual(["put f/1"]);
    await cache.get("f/2");
    finish();
    await waiting;
    await expect.poll(saved).toEqual(["put f/1", "put f/2"]);
  });

  test("keeps its times of use across reloads, even with a damaged record", async () => {
    let time = 1000;
    const options = { quota: 500, memory: 0, now: () => time };
    const { cache, local, remote } = await pair(options);
    for (let i = 0; i < 5; i++) await cache.get(`f/${i}`);
    await cache.flush();
    time = 2000;
    await cache.get("f/0");
    await cache.flush();
    time = 3000;
    const next = new CacheStore(local, remote, options);
    await next.get("f/9");
    await next.flush();
    expect(await kept(local)).toContain("f/0");
    expect(next.stats().localBytes).toBeLessThanOrEqual(500);

    for (const damage of ["{", "null", '{"time":1,"used":{"f/0":"x"}}']) {
      await local.put(".lakota/cache/state/used", text(damage), { overwrite: true });
      const third = new CacheStore(local, remote, options);
      for (const i of [6, 7, 8]) await third.get(`f/${i}`);
      await third.flush();
      const bytes = (await local.list("f/")).reduce((sum, { size }) => sum + size, 0);
      expect(bytes).toBeLessThanOrEqual(500);
      expect(third.stats().localBytes).toBe(bytes);
    }
  });

  test("shared by two tabs stays under its quota and serves both", async () => {
    const options = { quota: 500, memory: 0 };
    const { cache, local, remote } = await pair(options);
    const tabs = [cache, new CacheStore(local, remote, options)];
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 10; i++) {
        const reads = await Promise.all(tabs.map((tab, t) => tab.get(`f/${(i * (t + 1)) % 10}`)));
        reads.forEach((bytes, t) => {
          expect(bytes).toEqual(new Uint8Array(100).fill((i * (t + 1)) % 10));
        });
        for (const tab of tabs) await tab.flush();
        const bytes = (await local.list("f/")).reduce((sum, { size }) => sum + size, 0);
        expect(bytes).toBeLessThanOrEqual(500);
      }
    }
  });

  test("that has less room than the quota evicts once, then drops files and counts them", async () => {
    const real = new MemoryStore();
    let room = 350;
    const put: Store["put"] = async (path, bytes, options) => {
      const used = (await real.list("f/")).reduce((sum, { size }) => sum + size, 0);
      if (path.startsWith("f/") && used + bytes.length > room) throw new LakotaError("quota", "full");
      return real.put(path, bytes, options);
    };
    const local = {
      put,
      get: real.get.bind(real),
      list: real.list.bind(real),
      delete: real.delete.bind(real),
    };
    const { cache } = await pair({ memory: 0 }, {}, local);
    for (let i = 0; i < 5; i++) {
      await cache.get(`f/${i}`);
      await cache.flush();
    }
    expect(cache.stats().dropped).toBe(0);
    expect((await real.list("f/")).at(-1)?.path).toBe("f/4");
    room = 0;
    expect(await cache.get("f/5")).toEqual(new Uint8Array(100).fill(5));
    await cache.flush();
    expect(cache.stats().dropped).toBe(1);
  });

  test("without a quota is never evicted from, even when it is full", async () => {
    const put = failing("quota");
    const { cache, local } = await pair({ quota: Number.POSITIVE_INFINITY }, {}, { put });
    await cache.get("f/1");
    await cache.flush();
    expect(local.calls.filter((call) => call.startsWith("delete") || call.startsWith("list"))).toEqual([]);
    expect(cache.stats().dropped).toBe(1);
  });

  test("that is cleared is not used any more, with one warning", async () => {
    const local = new MemoryStore();
    const { remote } = await pair();
    const cache = new CacheStore(local, remote, { memory: 0 });
    const warnings: string[] = [];
    cache.onWarning = (message) => warnings.push(message);
    await cache.get("f/1");
    await cache.flush();
    expect(cache.stats().localBytes).toBe(100);
    await local.clear();
    for (const i of [1, 2, 3]) expect(await cache.get(`f/${i}`)).toEqual(new Uint8Array(100).fill(i));
    await cache.list("f/");
    await cache.flush();
    expect(await local.list("")).toEqual([]);
    expect(cache.stats().localBytes).toBe(0);
    expect(warnings).toEqual([
      expect.stringMatching(/memory:.* was emptied by forget\(\).*Open the repo again/),
    ]);
  });
});

describe("a listing", () => {
  const names = (entries: { path: string }[]) => entries.map(({ path }) => path);

  /** A cache whose remote store can be made to fail. */
  async function switchable() {
    let code: "network" | "offline" | "forbidden" | undefined;
    let time = Date.UTC(2024, 0, 1);
    const memory = new MemoryStore();
    for (const path of ["a/1", "a/2", "a/3"]) await memory.put(path, text("x"));
    const list: Store["list"] = async (prefix, options) => {
      if (code) throw new LakotaError(code, code);
      return memory.list(prefix, options);
    };
    const local = new MemoryStore();
    const make = () => new CacheStore(local, spy(memory, { list }), { now: () => time });
    return {
      memory,
      make,
      cache: make(),
      fail: (next: typeof code) => {
        code = next;
      },
      setTime: (next: number) => {
        time = next;
      },
    };
  }

  test("comes from the remote store while it can be reached", async () => {
    const { cache, memory } = await switchable();
    await cache.list("a/");
    await memory.put("a/4", text("x"));
    expect(names(await cache.list("a/"))).toEqual(["a/1", "a/2", "a/3", "a/4"]);
    expect(cache.stale).toBeUndefined();
  });

  test("is reused while the remote store cannot be reached, also after a reload, and its time is reported", async () => {
    const { cache, make, fail, setTime } = await switchable();
    await cache.list("a/");
    await cache.flush();
    for (const code of ["network", "offline"] as const) {
      fail(code);
      setTime(Date.UTC(2024, 0, 2));
      for (const reader of [cache, make()]) {
        expect(names(await reader.list("a/"))).toEqual(["a/1", "a/2", "a/3"]);
        expect(names(await reader.list("a/", { startAfter: "a/2" }))).toEqual(["a/3"]);
        expect(reader.stale).toEqual(new Date(Date.UTC(2024, 0, 1)));
      }
    }
    fail(undefined);
    await cache.list("a/");
    expect(cache.stale).toBeUndefined();
  });

  test("is not reused for a refusal, nor for a prefix never listed", async () => {
    const { cache, fail } = await switchable();
    await cache.list("a/");
    fail("forbidden");
    await expect(cache.list("a/")).rejects.toMatchObject({ code: "forbidden" });
    fail("offline");
    await expect(cache.list("a")).rejects.toMatchObject({ code: "offline" });
  });

  test("after a path extends the one before, or is reused alone", async () => {
    const { cache, memory, fail } = await switchable();
    await cache.list("a/", { startAfter: "a/2" });
    fail("network");
    expect(names(await cache.list("a/", { startAfter: "a/2" }))).toEqual(["a/3"]);
    await expect(cache.list("a/")).rejects.toMatchObject({ code: "network" });
    fail(undefined);
    await cache.list("a/");
    await memory.put("a/4", text("x"));
    await memory.delete("a/3");
    await cache.list("a/", { startAfter: "a/2" });
    fail("network");
    expect(names(await cache.list("a/"))).toEqual(["a/1", "a/2", "a/4"]);
  });

  test("includes later changes through this cache", async () => {
    const { cache, make, fail } = await switchable();
    await cache.list("a/");
    await cache.put("a/0", text("xyz"));
    await cache.put("b/0", text("x"));
    await cache.delete("a/1");
    await cache.move("a/2", "a/9");
    await cache.flush();
    fail("offline");
    for (const reader of [cache, make()]) {
      expect(await reader.list("a/")).toEqual([
        { path: "a/0", size: 3 },
        { path: "a/3", size: 1 },
        { path: "a/9", size: 1 },
      ]);
    }
  });

  test("belongs to the caller", async () => {
    const { cache, fail } = await switchable();
    const entries = await cache.list("a/");
    entries[0]!.path = "changed";
    fail("offline");
    const stood = await cache.list("a/");
    expect(names(stood)).toEqual(["a/1", "a/2", "a/3"]);
    stood[0]!.path = "changed";
    expect(names(await cache.list("a/"))).toEqual(["a/1", "a/2", "a/3"]);
  });
});
