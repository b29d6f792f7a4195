import { Schema } from "lakota/engine";
import { describe, expect, it } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { aborted } from "../../src/model/errors.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { GetOptions } from "../../src/stores/store.ts";

/** A store whose requests for chunks never end, unless their signal fires. */
class HangingStore extends MemoryStore {
  hanging = false;
  #onRequest: () => void = () => {};
  readonly requested = new Promise<void>((resolve) => {
    this.#onRequest = resolve;
  });

  override async get(path: string, options?: GetOptions) {
    if (!this.hanging || path.includes(".")) return super.get(path, options);
    this.#onRequest();
    return new Promise<never>((_, reject) => {
      options?.signal?.addEventListener("abort", () => reject(aborted(options.signal)));
    });
  }
}

async function setUp() {
  const store = new HangingStore();
  const repo = new EngineRepo(store, decodeChunk, { maxAge: 0 });
  const collection = await repo.createCollection(new Schema({ t: "int*", v: "float" }), "c");
  const series = collection.series("s");
  const keys = Array.from({ length: 2_000 }, (_, i) => i * 7919 + (i % 13));
  await series.write({ t: keys, v: keys.map(Math.sin) });
  store.hanging = true;
  return { store, repo, series };
}

describe("a read in progress", () => {
  it("rejects with `closed` when the repo is closed, as does every later call", async () => {
    const { store, repo, series } = await setUp();
    const reading = series.read();
    await store.requested;
    repo.close();
    await expect(reading).rejects.toMatchObject({ code: "closed" });
    await expect(series.read()).rejects.toMatchObject({ code: "closed" });
    await expect(series.write({ t: [1], v: [1] })).rejects.toMatchObject({ code: "closed" });
    await expect(repo.ls()).rejects.toMatchObject({ code: "closed" });
  });

  it("rejects with `aborted` when its signal fires, and others continue", async () => {
    const { store, series } = await setUp();
    const abort = new AbortController();
    const reading = series.read({ signal: abort.signal });
    await store.requested;
    abort.abort();
    await expect(reading).rejects.toMatchObject({ code: "aborted" });
    store.hanging = false;
    expect((await series.read()).length).toBe(2_000);
  });
});
