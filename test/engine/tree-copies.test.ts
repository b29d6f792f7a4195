import { afterEach, describe, expect, test, vi } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import type { EngineCollection } from "../../src/engine/collection/collection.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { LakotaError } from "../../src/model/errors.ts";
import { hashedPath } from "../../src/model/layout.ts";
import { Schema } from "../../src/model/schema.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { Store } from "../../src/stores/store.ts";
import { check } from "../checker/check.ts";
import { filesOf } from "../checker/files.ts";

/** Copies of trees beside garbage collections, and what takes longer than their grace. */

const schema = new Schema({ t: "int*", v: "float" });
const MINUTE = 60_000;
const FUTURE = Date.UTC(2100, 0);
const isChunk = (path: string) => /^..\/..\/[0-9a-f]{36}$/.test(path);
const isRevision = (path: string) => /^..\/..\/[0-9a-f]{36}\//.test(path);
const noise = (seed: number, row: number) => ((seed * 7_919 + row) * 7_919_113) % 99_991;
const rowsOf = (seed: number, rows: number) => ({
  t: Array.from({ length: rows }, (_, row) => row * 100_000 + noise(seed, row)),
  v: Array.from({ length: rows }, (_, row) => Math.sin(seed + row)),
});

const open = (store: Store, source?: Store) =>
  new EngineRepo(store, decodeChunk, { maxAge: 0, onWarning: () => {}, openStore: () => source! });

/** Writes series of 60 rows, whose chunks are in the pages, and some of 400, whose chunks are files. */
const fill = (collection: EngineCollection, from: number, to: number, seed = 0) =>
  collection.batch(async (batch) => {
    for (let i = from; i < to; i++)
      await batch.series(`s${String(i).padStart(3, "0")}`).write(rowsOf(seed + i, i % 20 === 0 ? 400 : 60));
  });

async function filled(count = 120) {
  const store = new MemoryStore();
  const repo = open(store);
  const collection = await repo.createCollection(schema, "c", { table: "tree" });
  await fill(collection, 0, count);
  return { store, repo, collection };
}

async function copyOf(store: MemoryStore): Promise<MemoryStore> {
  const copy = new MemoryStore();
  for (const { path } of await store.list("")) await copy.put(path, (await store.get(path))!);
  return copy;
}

/** Calls `before` with the number of each call of a store, and its method and path. */
function observed(
  store: Store,
  before: (call: number, method: string, path: string) => Promise<void> | void,
) {
  let calls = 0;
  return new Proxy(store, {
    get(target, name: keyof Store) {
      const value = target[name];
      if (typeof value !== "function") return value;
      return async (...args: never[]) => {
        if (name !== "close") await before(calls++, name, String(args[0]));
        return Reflect.apply(value, target, args);
      };
    },
  });
}

/** Calls `act` after a chunk or page was stored. */
function afterPut(store: Store, act: () => Promise<void>): Store {
  return new Proxy(store, {
    get(target, name: keyof Store) {
      const value = target[name];
      if (typeof value !== "function") return value;
      return async (...args: never[]) => {
        const result = await Reflect.apply(value, target, args);
        if (name === "put" && isChunk(String(args[0]))) await act();
        return result;
      };
    },
  });
}

/** The store of a process that ends at its n-th call. */
const killed = (store: Store, n: number) =>
  observed(store, (call) => {
    if (call >= n) throw new LakotaError("network", "killed");
  });

const succeeds = (work: Promise<unknown>) =>
  work.then(
    () => true,
    () => false,
  );

/** Everything that revisions refer to is there. */
async function expectWhole(store: MemoryStore) {
  expect((await open(store).verify()).problems).toEqual([]);
  expect(await check(await filesOf(store))).toEqual([]);
}

/** Collects twice, as if the grace had passed in between: then nothing is left that can only be read by chance. */
async function collectAll(store: MemoryStore) {
  for (let i = 0; i < 2; i++) await open(store).gc({ grace: -1 });
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a repo that has files of an earlier copy, to which no revision refers,", () => {
  /** Returns such a store, and one to pull from. */
  async function setUp() {
    const { store } = await filled();
    const target = await copyOf(store);
    await open(target).delete("c");
    return { source: store, target };
  }

  const pull = (target: Store, source: Store) => open(target, source).pull("source");

  test("gets what a garbage collection removes meanwhile, wherever an earlier one was killed", {
    timeout: 240_000,
  }, async () => {
    const { source, target } = await setUp();
    let collections = 0;
    for (let n = 0, ended = false; !ended; n += 3) {
      const partly = await copyOf(target);
      ended = await succeeds(open(killed(partly, n)).gc({ grace: -1 }));
      for (let m = 0, reached = true; reached; m += 3) {
        const store = await copyOf(partly);
        reached = false;
        const busy = observed(store, async (call) => {
          if (call !== m) return;
          reached = true;
          collections++;
          // What was set aside before has expired, and what is set aside now has not.
          await open(store).gc({ grace: -1 });
        });
        await pull(busy, source);
        await collectAll(store);
        await expectWhole(store);
      }
    }
    expect(collections).toBeGreaterThan(50);
  });

  test("gets what is missing after a pull that was killed, and collections after it", {
    timeout: 240_000,
  }, async () => {
    const { source, target } = await setUp();
    for (const start of [target, new MemoryStore()]) {
      for (let n = 0, ended = false; !ended; n += 3) {
        const store = await copyOf(start);
        ended = await succeeds(pull(killed(store, n), source));
        for (const collections of [0, 1, 2]) {
          const copy = await copyOf(store);
          for (let i = 0; i < collections; i++) await open(copy).gc({ grace: -1 });
          await pull(copy, source);
          await collectAll(copy);
          await expectWhole(copy);
        }
      }
    }
  });
});

describe("a pull that goes on top of what the target has", () => {
  test("is whole, although the target trims and collects at whichever request", {
    timeout: 240_000,
  }, async () => {
    const { store: source, collection } = await filled();
    const target = await copyOf(source);
    await fill(collection, 50, 55, 1_000);
    await fill(collection, 100, 130, 2_000);
    for (let m = 0, reached = true; reached; m++) {
      const store = await copyOf(target);
      reached = false;
      let offset = 0;
      const now = Date.now;
      vi.spyOn(Date, "now").mockImplementation(() => now() + offset);
      const busy = observed(store, async (call) => {
        if (call !== m) return;
        reached = true;
        // Another writer replaces everything, and trims what the pull counts on.
        const other = await open(store).collection("c");
        await other.drop(await other.ls());
        await other.trim({ before: FUTURE });
        await open(store).gc({ grace: -1 });
        offset = 6 * MINUTE;
      });
      await open(busy, source).pull("source");
      vi.restoreAllMocks();
      await collectAll(store);
      await expectWhole(store);
    }
  });

  test("reads few pages of both", async () => {
    const { store: source, collection } = await filled(600);
    const target = await copyOf(source);
    await fill(collection, 300, 301, 5_000);
    let reads = 0;
    const counted = (store: Store) =>
      observed(store, (_, method, path) => {
        if (method === "get" && isChunk(path)) reads++;
      });
    await open(counted(target), counted(source)).pull("source");
    expect(reads).toBeLessThan(16);
    await expectWhole(target);
  });
});

describe("clones of a tree", () => {
  test("stop a garbage collection if the head of one lacks a page that the others do not need any more", async () => {
    const { store, repo } = await filled(400);
    await repo.clone("c", "changed");
    const clone = await repo.clone("c", "same");
    const [page] = await (await clone.state()).commit.table.files(["s399"]);
    for (const label of ["c", "changed"]) await fill(await repo.collection(label), 399, 400, 1_000);
    await store.delete(hashedPath(page!));
    await expect(open(store).gc({ grace: -1 })).rejects.toMatchObject({ code: "corrupt" });
  });
});

describe("a shallow copy of a tree", () => {
  /** Two heads over a history that the copy does not have. */
  async function shallowCopy() {
    const { store, collection } = await filled(400);
    const copy = new MemoryStore();
    await open(copy, store).pull("source", { shallow: true });
    await fill(collection, 0, 400, 1_000); // touches more ranges than a commit has itself
    await fill(collection, 5, 6, 2_000);
    return { source: store, collection, copy };
  }

  test("can be collected after a second pull, which lacks the pages of what lies between", async () => {
    const { source, copy } = await shallowCopy();
    await open(copy, source).pull("source", { shallow: true });
    expect(await (await open(copy).collection("c")).log()).toHaveLength(3);
    await collectAll(copy);
    expect((await (await open(copy).collection("c")).read(["s005", "s399"])).size).toBe(2);
    const { table } = (await (await open(copy).collection("c")).state()).commit;
    const [page] = await table.files(["s399"]);
    await copy.delete(hashedPath(page!));
    await expect(open(copy).gc({ grace: -1 })).rejects.toMatchObject({ code: "corrupt" });
  });

  test("merges its own writes with those that it pulls", async () => {
    const { source, copy } = await shallowCopy();
    const own = await open(copy, source).collection("c");
    await own.series("s007").write({ t: [-1], v: [1] });
    const rows = (await (await open(source).collection("c")).series("s007").read()).length;
    await open(copy, source).pull("source", { shallow: true });
    await own.refresh();
    expect((await own.merge()).heads).toHaveLength(2);
    expect((await own.series("s007").read()).length).toBe(rows + 1);
    await collectAll(copy);
    expect((await own.series("s007").read()).length).toBe(rows + 1);
  });
});

describe("what takes longer than the grace of a collection", () => {
  const operations: [string, (collection: EngineCollection, repo: EngineRepo) => Promise<unknown>][] = [
    ["a clone", (_, repo) => repo.clone("flat", "clone", { table: "tree" })],
    ["a batch", (collection) => fill(collection, 0, 60, 3_000)],
    ["a defrag", (collection) => collection.defrag()],
  ];

  /** A repo with a flat and a tree collection, both with series to defragment. */
  async function setUp() {
    const { store, repo, collection } = await filled(60);
    const flat = await repo.createCollection(schema, "flat", { table: "flat" });
    await flat.batch(async (batch) => {
      // Enough for pages that no commit has itself.
      for (let i = 0; i < 900; i++) await batch.series(`s${i}`).write({ t: [i], v: [Math.sin(i)] });
    });
    for (let i = 1; i < 4; i++)
      await collection.series("s020").write({
        ...rowsOf(i, 300),
        t: Array.from({ length: 300 }, (_, row) => 1e9 * i + row * 1_000 + (noise(i, row) % 1_000)),
      });
    return store;
  }

  test.each(operations)(
    "%s fails, or has all that it refers to",
    { timeout: 120_000 },
    async (_, operation) => {
      const start = await setUp();
      const outcomes = new Set<string>();
      for (let n = 0, reached = true; reached; n++) {
        const store = await copyOf(start);
        reached = false;
        let [puts, offset] = [0, 0];
        const now = Date.now;
        vi.spyOn(Date, "now").mockImplementation(() => now() + offset);
        const slow = afterPut(store, async () => {
          if (puts++ !== n) return;
          reached = true;
          await collectAll(store);
          await collectAll(store);
          offset = 11 * MINUTE;
        });
        const repo = open(slow);
        const before = (await store.list("")).filter(({ path }) => isRevision(path)).length;
        const outcome = await operation(await repo.collection("c"), repo).then(
          () => "done",
          ({ code }) => code,
        );
        outcomes.add(outcome);
        vi.restoreAllMocks();
        const after = (await store.list("")).filter(({ path }) => isRevision(path)).length;
        if (outcome !== "done") expect(after).toBe(before);
        await collectAll(store);
        await expectWhole(store);
      }
      expect([...outcomes].sort()).toEqual(["conflict", "done"]);
    },
  );

  test("a defrag fails if the revision that it builds on was trimmed meanwhile", async () => {
    const store = await setUp();
    let [isDone, offset] = [false, 0];
    const now = Date.now;
    vi.spyOn(Date, "now").mockImplementation(() => now() + offset);
    const slow = afterPut(store, async () => {
      if (isDone) return;
      isDone = true;
      const other = await open(store).collection("c");
      await other.drop(["s000"]);
      await other.trim({ before: FUTURE });
      offset = 6 * MINUTE;
    });
    const collection = await open(slow).collection("c");
    await expect(collection.defrag()).rejects.toMatchObject({ code: "conflict" });
    vi.restoreAllMocks();
    await expectWhole(store);
  });
});
