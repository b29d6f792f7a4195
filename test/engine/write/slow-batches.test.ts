import { afterEach, describe, expect, test, vi } from "vitest";
import { decodeChunk } from "../../../src/codecs/chunk.ts";
import { EngineRepo } from "../../../src/engine/repo/repo.ts";
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
  const t = Array.from({ length: 40_000 }, (_, row) => row * 1_000 + ((row * 7_919 + seed) % 991));
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
    expect((await seen.series("a").read()).length).toBe(40_000);
  });
});
