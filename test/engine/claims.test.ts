import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Schema } from "lakota/engine";
import { afterEach, describe, expect, it, vi } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { LakotaError } from "../../src/model/errors.ts";
import { CacheStore } from "../../src/stores/cache/cache-store.ts";
import { FileStore } from "../../src/stores/file/file-store.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { Store } from "../../src/stores/store.ts";
import { plugged } from "../stores/plugged.ts";

const schema: Schema = new Schema({ t: "int*", v: "float" });
const other: Schema = new Schema({ t: "int*", w: "float" });
const REGISTRY = "00/00/";
const CLAIMS = "lakota/claims/v1/";

const open = (store: Store) => new EngineRepo(store, decodeChunk, { maxAge: 0, onWarning: () => {} });
const claimsIn = async (store: Store) => (await store.list(CLAIMS)).map(({ path }) => path);
const seriesIn = async (store: Store) => (await open(store).collection("c")).ls();

/** A store that runs `before` ahead of each call on a path. */
function intercepted(store: Store, before: (name: string, path: string) => Promise<unknown> | undefined) {
  return new Proxy(store, {
    get(target, name: keyof Store) {
      const value = target[name];
      if (typeof value !== "function") return value;
      return async (...args: [string, ...never[]]) => {
        await before(name, args[0]);
        return Reflect.apply(value, target, args);
      };
    },
  });
}

/** Creates the collection and writes a series of its own to it. */
async function createAndWrite(store: Store, series: string) {
  const collection = await open(store).createCollection(schema, "c");
  await collection.series(series).write({ t: [1], v: [1] });
}

/** The store as seen with keys that do not allow claims. */
const withoutClaims = (store: Store) =>
  intercepted(store, (_, path) =>
    path.startsWith(CLAIMS) ? Promise.reject(new LakotaError("forbidden", "not this path")) : undefined,
  );

/** Claims the label, and ends before the collection is registered. */
async function claimOnly(store: Store, claimed = schema): Promise<void> {
  const dying = intercepted(store, (name, path) =>
    name === "put" && path.startsWith(REGISTRY)
      ? Promise.reject(new LakotaError("network", "the power is gone"))
      : undefined,
  );
  await expect(open(dying).createCollection(claimed, "c")).rejects.toMatchObject({ code: "network" });
}

/** The store as seen by a creator that is held, once it has claimed the label, before the collection is registered. */
function heldBeforeRegistry(store: Store) {
  let [release, reach] = [() => {}, () => {}];
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const held = intercepted(store, (name, path) => {
    if (name !== "put" || !path.startsWith(REGISTRY)) return undefined;
    reach();
    return released;
  });
  return { held, reached, release };
}

/** All revisions have the same time, so that their digests decide on the order of the log. */
function stopClock(): void {
  const now = Date.now();
  vi.spyOn(Date, "now").mockReturnValue(now);
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("creators of one label at the same time", () => {
  it("keep the rows of the first to write, though another has an earlier revision", async () => {
    const store = new MemoryStore();
    // Its revision has its name, with its time, before the other creator starts.
    const { held, reached, release } = heldBeforeRegistry(store);
    const slow = createAndWrite(held, "slow");
    await reached;
    await createAndWrite(store, "fast");
    release();
    await slow;
    expect(await seriesIn(store)).toEqual(["fast", "slow"]);
  });

  it("all write to the same collection, in whatever order their requests arrive", async () => {
    stopClock();
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const store = new MemoryStore();
        const creating = ["a", "b", "d"].map((series) => {
          const delayed = intercepted(store, (name, path) =>
            scheduler.schedule(Promise.resolve(), `${series}: ${name} ${path}`),
          );
          return createAndWrite(delayed, series);
        });
        await scheduler.waitFor(Promise.all(creating));
        expect(await seriesIn(store)).toEqual(["a", "b", "d"]);
      }),
      { numRuns: 20 },
    );
  });

  it("do so when the label was free again just before", async () => {
    stopClock();
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.boolean(), async (scheduler, isDeleting) => {
        const store = new MemoryStore();
        await open(store).createCollection(other, "c");
        // Either the claim does not say that it is spent, or it is being replaced by one that does.
        if (!isDeleting) await open(withoutClaims(store)).delete("c");
        const delayed = (who: string) =>
          intercepted(store, (name, path) =>
            scheduler.schedule(Promise.resolve(), `${who}: ${name} ${path}`),
          );
        const createOnceFree = async (series: string) => {
          for (;;) {
            const error = await createAndWrite(delayed(series), series).catch((error: unknown) => error);
            if (error === undefined) return;
            if (!(error instanceof LakotaError && error.code === "exists")) throw error;
          }
        };
        const work: Promise<unknown>[] = ["a", "b"].map(createOnceFree);
        if (isDeleting) work.push(open(delayed("deleter")).delete("c"));
        await scheduler.waitFor(Promise.all(work));
        expect(await seriesIn(store)).toEqual(["a", "b"]);
      }),
      { numRuns: 25 },
    );
  });

  it.each([1, 2, 3, 4])(
    "do so if one registers it before listing %i of another, which has seen its claim",
    async (turn) => {
      const store = new MemoryStore();
      const { held, reached, release } = heldBeforeRegistry(store);
      const first = createAndWrite(held, "first");
      await reached;
      let hasSeen = false;
      let listings = 0;
      const late = intercepted(store, (name, path) => {
        if (name === "get" && path.startsWith(CLAIMS)) hasSeen = true;
        if (!hasSeen || name !== "list" || !path.startsWith(REGISTRY) || ++listings !== turn)
          return undefined;
        release();
        return first;
      });
      await createAndWrite(late, "late");
      release(); // if there were fewer listings
      await first;
      expect(await seriesIn(store)).toEqual(["first", "late"]);
    },
  );

  it("do so in a folder", async () => {
    const root = await mkdtemp(join(tmpdir(), "lakota-claims-"));
    try {
      for (let i = 0; i < 8; i++) {
        const folder = join(root, String(i));
        await Promise.all(["a", "b", "d"].map((series) => createAndWrite(new FileStore(folder), series)));
        expect(await seriesIn(new FileStore(folder))).toEqual(["a", "b", "d"]);
      }
    } finally {
      await rm(root, { recursive: true });
    }
  });

  it("with different schemas: one creates it, the others get an error", async () => {
    const store = new MemoryStore();
    const results = await Promise.allSettled(
      [schema, other, schema].map((each) => open(store).createCollection(each, "c")),
    );
    const created = (await open(store).collection("c")).schema;
    const codes = results.map((result) => (result.status === "fulfilled" ? "made" : result.reason.code));
    const expected = [schema, other, schema].map((each) => (each.equals(created) ? "made" : "exists"));
    expect(codes).toEqual(expected);
  });
});

describe("a claim", () => {
  it("of a creator that ended before it registered the collection is used by the next one", async () => {
    const store = new MemoryStore();
    await claimOnly(store);
    const [path] = await claimsIn(store);
    const claim = JSON.parse(new TextDecoder().decode(await store.get(path!)));
    expect(await open(store).ls()).toEqual([]);
    expect((await open(store).createCollection(schema, "c")).path).toBe(claim.path);
  });

  it.each([
    ["no JSON", () => "{"],
    ["no entry", () => "null"],
    ["a column without a type", (path: string) => JSON.stringify({ path, schema: { columns: { t: {} } } })],
    ["a folder outside", () => JSON.stringify({ path: "../x", schema: schema.dump() })],
    ["the folder of another collection", (path: string) => JSON.stringify({ path, schema: schema.dump() })],
  ])("that has %s is passed over", async (_, content) => {
    const store = new MemoryStore();
    const taken = await open(store).createCollection(schema, "taken");
    const before = await claimsIn(store);
    await claimOnly(store);
    const [path] = (await claimsIn(store)).filter((each) => !before.includes(each));
    await store.put(path!, new TextEncoder().encode(content(taken.path)), { overwrite: true });
    const made = await open(store).createCollection(other, "c");
    expect(made.path).not.toBe(taken.path);
    expect(await open(store).ls()).toEqual(["c", "taken"]);
  });

  it("is spent once the collection is deleted or renamed, and one file is left", async () => {
    const store = new MemoryStore();
    const repo = open(store);
    const paths = new Set<string>();
    for (let i = 0; i < 3; i++) {
      for (const each of [schema, other]) {
        const collection = await repo.createCollection(each, "c");
        paths.add(collection.path);
        if (each === schema) await repo.delete("c");
        else await repo.rename("c", `c${i}`);
        // Also one for each label that the collection was renamed to.
        expect(await claimsIn(store)).toHaveLength(each === schema ? 1 + i : 2 + i);
      }
    }
    expect(paths.size).toBe(6);
  });

  it.each(["delete", "rename"] as const)(
    "is spent after a %s by a writer that knows no claims",
    async (how) => {
      const store = new MemoryStore();
      const { path } = await open(store).createCollection(schema, "c");
      const unaware = open(withoutClaims(store));
      await (how === "delete" ? unaware.delete("c") : unaware.rename("c", "d"));
      expect(await claimsIn(store)).toHaveLength(1);
      const again = await open(store).createCollection(other, "c");
      expect(again.path).not.toBe(path);
    },
  );

  it("is left alone by a dry run", async () => {
    const store = new MemoryStore();
    await open(store).createCollection(schema, "c");
    const before = await claimsIn(store);
    await open(store).delete("c", { dryRun: true });
    await open(store).rename("c", "d", { dryRun: true });
    expect(await claimsIn(store)).toEqual(before);
  });

  it("is neither garbage nor damage", async () => {
    const store = new MemoryStore();
    const repo = open(store);
    await createAndWrite(store, "a");
    const before = await claimsIn(store);
    await repo.gc({ grace: 0 });
    expect(await claimsIn(store)).toEqual(before);
    expect((await repo.verify()).problems).toEqual([]);
  });

  it("is not needed: with keys that do not allow it, collections are created without", async () => {
    const store = new MemoryStore();
    await createAndWrite(withoutClaims(store), "a");
    await createAndWrite(store, "b");
    expect(await seriesIn(store)).toEqual(["a", "b"]);
    await open(withoutClaims(store)).delete("c");
    expect(await open(store).ls()).toEqual([]);
  });

  it("made offline is sent later, also if others have claimed the label meanwhile", async () => {
    const store = new MemoryStore();
    const { remote, plug } = plugged(store);
    const cache = new CacheStore(new MemoryStore(), remote, { writeOffline: true });
    const repo = open(cache);
    await repo.ls();
    plug.out = true;
    const offline = await repo.createCollection(schema, "c");
    await offline.series("a").write({ t: [1], v: [1] });
    expect(await cache.pending()).toContainEqual(expect.stringContaining(CLAIMS));
    const elsewhere = await open(store).createCollection(schema, "c");
    plug.out = false;
    expect(await repo.send()).toMatchObject({ waiting: 0 });
    const [path] = await claimsIn(store);
    const claim = JSON.parse(new TextDecoder().decode(await store.get(path!)));
    expect(claim.path).toBe(elsewhere.path);
    repo.close();
  });
});

describe("a collection that gets the label of one that is created at the same time", () => {
  const series = async (store: Store, label: string) => (await open(store).collection(label)).ls();

  /** A store with a collection "old", and the same as seen by a writer before whose first PUT to the registry "c" is created. */
  async function overtaken() {
    const store = new MemoryStore();
    const old = await open(store).createCollection(schema, "old");
    await old.series("o").write({ t: [1], v: [1] });
    let isHeld = true;
    const held = intercepted(store, (name, path) => {
      if (name !== "put" || !path.startsWith(REGISTRY) || !isHeld) return undefined;
      isHeld = false;
      return createAndWrite(store, "new");
    });
    return { store, held };
  }

  it.each([1, 2, 3])("keeps its own when it is renamed (run %i)", async () => {
    const { store, held } = await overtaken();
    await expect(open(held).rename("old", "c")).rejects.toMatchObject({ code: "exists" });
    expect(await open(store).ls()).toEqual(["c", "old"]);
    expect([await series(store, "c"), await series(store, "old")]).toEqual([["new"], ["o"]]);
  });

  it.each([1, 2, 3])("is not cloned (run %i)", async () => {
    const { store, held } = await overtaken();
    await expect(open(held).clone("old", "c")).rejects.toMatchObject({ code: "exists" });
    expect([await series(store, "c"), await series(store, "old")]).toEqual([["new"], ["o"]]);
  });

  it("loses no rows, nor do the creators, in whatever order the requests arrive", async () => {
    stopClock();
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.constantFrom("rename", "clone"), async (scheduler, how) => {
        const store = new MemoryStore();
        const old = await open(store).createCollection(schema, "old");
        await old.series("o").write({ t: [1], v: [1] });
        const delayed = (who: string) =>
          intercepted(store, (name, path) =>
            scheduler.schedule(Promise.resolve(), `${who}: ${name} ${path}`),
          );
        const repo = open(delayed("other"));
        const moving = (how === "rename" ? repo.rename("old", "c") : repo.clone("old", "c")).then(
          () => true,
          (error: unknown) => {
            if (error instanceof LakotaError && error.code === "exists") return false;
            throw error;
          },
        );
        const creating = ["a", "b"].map((name) => createAndWrite(delayed(name), name));
        const [isMoved] = await scheduler.waitFor(Promise.all([moving, ...creating]));
        const labels = how === "rename" && isMoved ? ["c"] : ["c", "old"];
        expect(await open(store).ls()).toEqual(labels);
        const found = await Promise.all(labels.map((label) => series(store, label)));
        expect([...new Set(found.flat())].sort()).toEqual(["a", "b", "o"]);
      }),
      { numRuns: 25 },
    );
  });
});

it("of two renames of one collection at the same time, one gets an error", async () => {
  const store = new MemoryStore();
  await createAndWrite(store, "a");
  let isHeld = true;
  const held = intercepted(store, (name, path) => {
    if (name !== "put" || !path.startsWith(REGISTRY) || !isHeld) return undefined;
    isHeld = false;
    vi.spyOn(Date, "now").mockReturnValue(Date.now() - 3_600_000); // earlier in the log than the other
    return open(store).rename("c", "y");
  });
  const first = await Promise.allSettled([open(held).rename("c", "x")]);
  expect(first).toMatchObject([{ status: "rejected", reason: { code: "conflict" } }]);
  expect(await open(store).ls()).toEqual(["y"]);
  expect(await (await open(store).collection("y")).ls()).toEqual(["a"]);
});

describe("two labels with one folder", () => {
  /** Registers the folder of "c" as "d" too, as renames and creations at the same time have done. */
  async function shared() {
    const store = new MemoryStore();
    await createAndWrite(store, "a");
    const repo = open(store);
    const collection = await repo.collection("c");
    await collection.describe({ title: "Kept" });
    const entry = (await repo.registry.rows({})).get("c");
    await repo.registry.collection.series("collection").write({ label: ["d"], meta: [entry] });
    return open(store);
  }

  it.each(["claim", "registry"])(
    "are not what a creator leaves that goes on after its %s, when another has renamed the collection",
    async (held) => {
      const store = new MemoryStore();
      let isHeld = true;
      // The other creator works between two requests of the slow one.
      const slow = intercepted(store, (name, path) => {
        const isNext = held === "claim" ? name === "list" && path.startsWith(REGISTRY) : name === "put";
        const isReached = held === "claim" ? isClaimed : path.startsWith(REGISTRY);
        if (name === "put" && path.startsWith(CLAIMS)) isClaimed = true;
        if (!isNext || !isReached || !isHeld) return undefined;
        isHeld = false;
        return createAndWrite(store, "fast").then(() => open(store).rename("c", "d"));
      });
      let isClaimed = false;
      await createAndWrite(slow, "slow");
      expect(isHeld).toBe(false);
      const repo = open(store);
      expect(await repo.ls()).toEqual(["c", "d"]);
      expect(await seriesIn(store)).toEqual(["slow"]);
      await repo.delete("c");
      expect(await (await repo.collection("d")).ls()).toEqual(["fast"]);
    },
  );

  it("lose nothing when one of them is deleted", async () => {
    const repo = await shared();
    expect(await repo.delete("c", { dryRun: true })).toEqual({ revisions: 0, bytes: 0 });
    expect(await repo.delete("c")).toEqual({ revisions: 0, bytes: 0 });
    expect(await repo.ls()).toEqual(["d"]);
    const left = await repo.collection("d");
    expect(await left.ls()).toEqual(["a"]);
    expect(await left.info()).toEqual({ title: "Kept" });
    expect(await repo.delete("d")).toMatchObject({ revisions: 1 });
  });
});
