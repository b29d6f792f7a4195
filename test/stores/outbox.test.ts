import { describe, expect, test } from "vitest";
import { LakotaError } from "../../src/model/errors.ts";
import { CacheStore } from "../../src/stores/cache/cache-store.ts";
import { type Pin, pinFiles, pinsOf } from "../../src/stores/cache/pins.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { PutOptions, Store } from "../../src/stores/store.ts";
import { plugged } from "./plugged.ts";
import { spy, text } from "./tools.ts";

function open(local: Store = new MemoryStore(), store: Store = new MemoryStore(), quota = 1_000_000) {
  const { remote, plug } = plugged(store);
  const cache = new CacheStore(local, remote, { writeOffline: true, quota });
  const sent: string[][] = [];
  cache.onSent = (paths) => void sent.push([...paths]);
  const trouble: string[] = [];
  cache.onWarning = (message) => trouble.push(message);
  return { local, store, plug, cache, sent, trouble };
}

describe("writing while the remote store cannot be reached", () => {
  test("is listed after offline reloads, with the files listed before", async () => {
    const { local, store, cache } = open();
    await cache.put("f/a", text("a"));
    await cache.list("f/");
    await cache.flush();
    const second = open(local, store);
    second.plug.out = true;
    await second.cache.put("f/b", text("b"));
    const third = open(local, store);
    third.plug.out = true;
    for (const { cache } of [second, third])
      expect((await cache.list("f/")).map(({ path }) => path)).toEqual(["f/a", "f/b"]);
  });

  test("is kept even if the local store failed when the page opened", async () => {
    const memory = new MemoryStore();
    let isBlocked = true;
    const list = async (prefix: string) => {
      if (isBlocked) throw new LakotaError("unsupported", "does not open");
      return memory.list(prefix);
    };
    const { cache, plug } = open(spy(memory, { list }));
    plug.out = true;
    await expect(cache.put("f/a", text("a"))).rejects.toMatchObject({ code: "unsupported" });
    isBlocked = false;
    expect(await cache.put("f/a", text("a"))).toBe(true);
    expect(await cache.pending()).toEqual(["f/a"]);
    cache.close();
  });

  test("is pending, can be read and listed, and is sent in order before later writes", async () => {
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

  test("is reported as sent again, if the first report failed, with one warning", async () => {
    const { plug, cache, trouble } = open();
    await cache.list("f/");
    plug.out = true;
    await cache.put("f/a", text("a"));
    plug.out = false;
    const reports: (readonly string[])[] = [];
    cache.onSent = async (paths) => {
      reports.push(paths);
      if (reports.length < 3) throw new LakotaError("offline", "Code that this call needs cannot be loaded.");
    };
    for (let i = 0; i < 5; i++) await cache.send();
    expect(reports).toEqual([["f/a"], ["f/a"], ["f/a"]]);
    expect(trouble).toEqual([
      expect.stringMatching(/sent, but not merged yet: Code that .* cannot be loaded/),
    ]);
    cache.close();
  });

  test("survives a reload, and a send that is interrupted", async () => {
    const local = new MemoryStore();
    const store = new MemoryStore();
    const first = open(local, store);
    await first.cache.list("f/");
    first.plug.out = true;
    for (const name of ["a", "b", "c"]) await first.cache.put(`f/${name}`, text(name));
    await first.cache.flush();
    const second = open(local, store);
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
    // Another cache fills the same local store.
    const reader = new CacheStore(cache.localStore, other, { quota: 1_000 });
    for (let i = 0; i < 10; i++) await reader.get(`g/${i}`);
    await reader.flush();
    expect(await cache.localStore.get("f/mine")).toEqual(new Uint8Array(600));
    cache.close();
  });

  test("is refused without the option, for overwriting, and for other errors", async () => {
    const { plug, cache, store } = open();
    const { remote, plug: other } = plugged(store);
    const plain = new CacheStore(new MemoryStore(), remote);
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

describe("a pending file", () => {
  /** Two files that were written offline, with the network available again. */
  async function twoPending(local = new MemoryStore()) {
    const opened = open(local);
    await opened.cache.list("f/");
    opened.plug.out = true;
    for (const name of ["a", "b"]) await opened.cache.put(`f/${name}`, text(name));
    opened.plug.out = false;
    return opened;
  }

  test("may have a local copy already: the remote store may have lost it", async () => {
    const { cache, plug, store } = open();
    await cache.put("f/a", text("a"));
    await store.delete("f/a");
    plug.out = true;
    expect(await cache.put("f/a", text("a"))).toBe(true);
    expect(await cache.get("f/a", { reload: true })).toEqual(text("a")); // no other store has it
    plug.out = false;
    await cache.send();
    expect(await store.get("f/a")).toEqual(text("a"));
    cache.close();
  });

  test("is kept if it was added while a send ended", async () => {
    const { cache, plug, store, local, sent } = await twoPending();
    const list = local.list.bind(local);
    let looks = 0;
    local.list = async (prefix) => {
      const found = await list(prefix);
      if (!prefix.includes("outbox") || ++looks !== 2) return found;
      plug.out = true; // after the listing at the end of the send
      await cache.put("f/c", text("c"));
      plug.out = false;
      return found;
    };
    await cache.put("f/d", text("d"));
    expect((await store.list("")).map(({ path }) => path)).toEqual(["f/a", "f/b", "f/c", "f/d"]);
    expect([cache.stats().pending, sent.flat()]).toEqual([0, ["f/a", "f/b", "f/c"]]);
    cache.close();
  });

  test("is sent in the order of writing, even if the clock was set back", async () => {
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

  test("is listed if the remote store refuses it; that is reported once and does not prevent reading", async () => {
    const { cache, store, trouble } = await twoPending();
    await store.put("f/theirs", text("theirs"));
    store.put = () => Promise.reject(new LakotaError("forbidden", "the keys may not write"));
    for (let i = 0; i < 2; i++)
      expect((await cache.list("f/")).map(({ path }) => path)).toEqual(["f/a", "f/b", "f/theirs"]);
    await expect(cache.send()).rejects.toMatchObject({ code: "forbidden" });
    expect(trouble).toEqual([expect.stringMatching(/cannot be sent.*the keys may not write/)]);
    expect(cache.stats().pending).toBe(2);
    cache.close();
  });

  test("that was cleared with the site's data is reported", async () => {
    const { cache, local, store, trouble, sent } = await twoPending();
    for (const { path } of await local.list("")) await local.delete(path);
    await cache.put("f/c", text("c"));
    expect(trouble).toEqual([expect.stringMatching(/gone from this device.*f\/a, f\/b$/)]);
    expect((await store.list("")).map(({ path }) => path)).toEqual(["f/c"]);
    expect([cache.stats().pending, sent]).toEqual([0, []]);
    cache.close();
  });

  test("that another tab has sent is not reported", async () => {
    const local = new MemoryStore();
    const { cache, store, trouble } = await twoPending(local);
    const other = open(local, store);
    await other.cache.send();
    await local.delete("f/a"); // evicted since
    await cache.send();
    expect([cache.stats().pending, trouble, other.trouble]).toEqual([0, [], []]);
    expect(other.sent).toEqual([["f/a", "f/b"]]);
    cache.close();
    other.cache.close();
  });

  test("that is gone is reported, and the others are sent", async () => {
    const { cache, local, store, trouble } = await twoPending();
    await local.delete("f/a");
    await cache.send();
    expect((await store.list("")).map(({ path }) => path)).toEqual(["f/b"]);
    expect(trouble).toEqual([expect.stringMatching(/gone from this device.*f\/a$/)]);
    cache.close();
  });

  test("is not evicted by another tab while it is being added", async () => {
    const local = new MemoryStore();
    const store = new MemoryStore();
    for (let i = 0; i < 10; i++) await store.put(`g/${i}`, new Uint8Array(300));
    const { cache, plug } = open(local, store, 1_000);
    await cache.list("f/");
    plug.out = true;
    const other = new CacheStore(local, store, { quota: 1_000, memory: 0 });
    const put = local.put.bind(local);
    local.put = async (path, ...rest) => {
      const made = await put(path, ...rest);
      if (path !== "f/mine") return made;
      for (let i = 0; i < 10; i++) await other.get(`g/${i}`);
      await other.flush();
      return made;
    };
    await cache.put("f/mine", new Uint8Array(600));
    local.put = put;
    expect(await local.get("f/mine")).toEqual(new Uint8Array(600));
    cache.close();
  });

  test("that cannot be read now is neither taken for sent nor evicted", async () => {
    const { cache, local, store, sent } = await twoPending();
    const [get, list] = [local.get.bind(local), local.list.bind(local)];
    local.list = (prefix) =>
      prefix.includes("outbox") ? Promise.reject(new LakotaError("internal", "no")) : list(prefix);
    await expect(cache.send()).rejects.toMatchObject({ code: "internal" });
    await store.put("g", new Uint8Array(500));
    const other = new CacheStore(local, store, { quota: 400, memory: 0 });
    await other.get("g");
    await other.flush();
    [local.get, local.list] = [get, list];
    expect([cache.stats().pending, sent]).toEqual([2, []]);
    await cache.send();
    expect((await store.list("f/")).map(({ path }) => path)).toEqual(["f/a", "f/b"]);
    cache.close();
  });

  test("gets room by evicting files that can be fetched again", async () => {
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
  test("exclude files from eviction until they are released", async () => {
    const remote = new MemoryStore();
    for (let i = 0; i < 20; i++) await remote.put(`f/${i}`, new Uint8Array(100).fill(i));
    const local = new MemoryStore();
    const cache = new CacheStore(local, remote, { quota: 1_000, memory: 0 });
    const pins: Pin[] = [
      { since: 1, revisions: ["f/0"], series: { a: ["f/1"] } },
      { since: 2, revisions: ["f/0"], series: { b: ["f/1", "f/2"] } },
    ];
    await pinFiles(cache, "p", pins);
    expect(cache.stats().pinnedBytes).toBe(300);
    for (let i = 3; i < 20; i++) await cache.get(`f/${i}`);
    await cache.flush();
    for (let i = 0; i < 3; i++) expect(await local.get(`f/${i}`)).toEqual(new Uint8Array(100).fill(i));
    expect(await pinsOf(cache, "p")).toEqual(pins);
    // Another tab respects the pins.
    const other = new CacheStore(local, remote, { quota: 500, memory: 0 });
    for (let i = 3; i < 20; i++) await other.get(`f/${i}`);
    await other.flush();
    for (let i = 0; i < 3; i++) expect(await local.get(`f/${i}`)).toBeDefined();
    await pinFiles(cache, "p", []);
    for (let i = 3; i < 20; i++) await cache.get(`f/${i}`);
    await cache.flush();
    expect(await local.get("f/0")).toBeUndefined();
  });

  test("report a lack of room", async () => {
    const remote = new MemoryStore();
    await remote.put("f", new Uint8Array(100));
    const local = new MemoryStore();
    local.put = () => Promise.reject(new LakotaError("quota", "full"));
    const cache = new CacheStore(local, remote, { quota: 1_000 });
    await expect(
      pinFiles(cache, "p", [{ since: 1, revisions: [], series: { a: ["f"] } }]),
    ).rejects.toMatchObject({ code: "quota" });
  });
});

test("derived data survives a reload of the page, and counts", async () => {
  const local = new MemoryStore();
  const cache = new CacheStore(local, new MemoryStore());
  cache.derived!.set("summary", text("short"));
  await cache.flush();
  const again = new CacheStore(local, new MemoryStore());
  await again.list("");
  await again.get("nothing");
  expect(await again.derived!.get("summary")).toEqual(text("short"));
  await again.flush();
  expect(again.stats().localBytes).toBe(5);
  expect(
    new CacheStore(local, new MemoryStore(), { quota: Number.POSITIVE_INFINITY }).derived,
  ).toBeUndefined();
});
