import { afterEach, describe, expect, test, vi } from "vitest";
import { decodeChunk } from "../../../src/codecs/chunk.ts";
import { EngineRepo } from "../../../src/engine/repo/repo.ts";
import type { Batch } from "../../../src/model/api/collection.ts";
import { LakotaError } from "../../../src/model/errors.ts";
import { Schema } from "../../../src/model/schema.ts";
import { CacheStore } from "../../../src/stores/cache/cache-store.ts";
import { MemoryStore } from "../../../src/stores/memory/memory-store.ts";
import type { Store } from "../../../src/stores/store.ts";
import { plugged } from "../../stores/plugged.ts";

/** Batches that take longer than a garbage collection leaves files alone to which no revision refers. */

const schema = new Schema({ t: "int*", v: "float" });
/** Rows whose chunks are stored as soon as they are written. */
const rows = (seed = 0) => {
  const t = Array.from({ length: 20_000 }, (_, row) => row * 1_000 + ((row * 7_919 + seed) % 991));
  return { t, v: t.map((key) => Math.sin(key + seed)) };
};

/** Lets so much time pass that the files stored so far may be gone. */
function wait(): void {
  const later = Date.now() + 400_000;
  vi.spyOn(Date, "now").mockReturnValue(later);
}
const open = (store: Store) => new EngineRepo(store, decodeChunk, { maxAge: 0, onWarning: () => {} });

const opened: EngineRepo[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const repo of opened.splice(0)) repo.close();
});

describe("a slow batch of a device that writes offline", () => {
  async function device(code: "offline" | "network" = "offline") {
    const store = new MemoryStore();
    const { remote, plug } = plugged(store);
    const failing = new Proxy(remote, {
      get(target, name: keyof Store) {
        const value = target[name];
        if (typeof value !== "function") return value;
        return (...args: never[]) =>
          Promise.resolve(Reflect.apply(value, target, args)).catch((error) => {
            throw error.code === "offline" ? new LakotaError(code, error.message) : error;
          });
      },
    });
    const cache = new CacheStore(new MemoryStore(), failing, { writeOffline: true });
    const repo = open(cache);
    opened.push(repo);
    return { store, plug, repo, cache, collection: await repo.createCollection(schema, "c") };
  }

  test("fails if what it has stored may be gone, and nobody can be asked", async () => {
    const { store, plug, cache, collection } = await device();
    const writing = collection.batch(async (batch) => {
      await batch.series("a").write(rows());
      plug.out = true;
      await batch.series("b").write(rows(1));
      wait();
    });
    await expect(writing).rejects.toMatchObject({ code: "offline" });
    expect((await cache.pending()).length).toBeGreaterThan(0);
    plug.out = false;
    await cache.send();
    const seen = await open(store).collection("c");
    expect(await seen.log()).toEqual([]);
  });

  test.each(["offline", "network"] as const)("succeeds if all of it waits to be sent: %s", async (code) => {
    const { store, plug, repo, collection } = await device(code);
    plug.out = true;
    await collection.batch(async (batch) => {
      await batch.series("a").write(rows());
      wait();
    });
    plug.out = false;
    await repo.send();
    const seen = await open(store).collection("c");
    expect((await seen.series("a").read()).length).toBe(20_000);
  });
});

describe("a slow batch beside garbage collections", () => {
  async function opened() {
    const store = new MemoryStore();
    const repo = open(store);
    return { repo, store, collection: await repo.createCollection(schema, "c") };
  }

  test("need not have what it has overwritten", async () => {
    const { repo, store, collection } = await opened();
    await collection.batch(async (batch) => {
      await batch.series("a").write(rows(1));
      await batch.series("b").write(rows(2));
      await repo.gc();
      await repo.gc({ grace: -1 });
      wait();
      await batch.drop("a");
      await batch.series("b").write(rows(3), { start: 0, stop: 1e9 });
    });
    expect(await collection.ls()).toEqual(["b"]);
    const seen = await open(store).collection("c");
    expect((await seen.series("b").read()).numbers("v")).toEqual(Float64Array.from(rows(3).v));
  });

  test.each([
    ["its rows", async (batch: Batch) => batch.series("a").delete({ start: 0 })],
    ["its keys", async (batch: Batch) => batch.series("a").update({ t: [5], v: [5] })],
  ])("fails with a conflict if it reads %s, and they are gone", async (_, change) => {
    const { repo, collection } = await opened();
    const writing = collection.batch(async (batch) => {
      await batch.series("a").write(rows());
      await repo.gc();
      await repo.gc({ grace: -1 });
      wait();
      await change(batch);
    });
    await expect(writing).rejects.toMatchObject({ code: "conflict" });
    expect(await collection.log()).toEqual([]);
  });
});
