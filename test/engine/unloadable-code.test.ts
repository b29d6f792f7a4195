import { Schema } from "lakota/engine";
import { expect, it, vi } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { CacheStore } from "../../src/stores/cache/cache-store.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import { plugged } from "../stores/plugged.ts";

let isReachable = true;
vi.mock("../../src/engine/repo/repo-operations.ts", async (original) => {
  const loaded = await original<typeof import("../../src/engine/repo/repo-operations.ts")>();
  return {
    get RepoOperations() {
      if (!isReachable) throw new TypeError("Failed to fetch dynamically imported module");
      return loaded.RepoOperations;
    },
  };
});

it("offline writes are merged later, with a warning, if the code for that cannot be loaded at first", async () => {
  const schema = new Schema({ t: "int*", v: "float" });
  const there = new MemoryStore();
  const others = new EngineRepo(there, decodeChunk, { maxAge: 0 });
  const theirs = await others.createCollection(schema, "c");
  const { remote, plug } = plugged(there);
  const local = new MemoryStore();
  const warnings: string[] = [];
  /** Opens the repo as a page that was just loaded. */
  const open = () => {
    const store = new CacheStore(local, remote, { writeOffline: true });
    const repo = new EngineRepo(store, decodeChunk, { maxAge: 0, onWarning: (text) => warnings.push(text) });
    return { store, repo };
  };
  const first = open();
  const collection = await first.repo.collection("c");
  await collection.ls();
  plug.out = true;
  await collection.series("a").write({ t: [1], v: [1] });
  first.repo.close();
  plug.out = false;
  await theirs.series("b").write({ t: [1], v: [1] });
  const heads = async () => (await theirs.log()).filter(({ head }) => head).length;

  const { store, repo } = open();
  isReachable = false;
  await store.send();
  await expect
    .poll(() => warnings)
    .toEqual([expect.stringMatching(/sent, but not merged yet: .*Failed to fetch/)]);
  expect(await heads()).toBe(2);
  isReachable = true;
  await store.send();
  await expect.poll(heads).toBe(1);
  expect(warnings).toHaveLength(1);
  repo.close();
  others.close();
});

it("a write succeeds, with a warning, if the code that renews the index cannot be loaded", async () => {
  const store = new MemoryStore();
  const first = new EngineRepo(store, decodeChunk, { maxAge: 0 });
  await first.createCollection(new Schema({ t: "int*", v: "float" }), "c");
  const warnings: string[] = [];
  const repo = new EngineRepo(store, decodeChunk, { maxAge: 0, onWarning: (text) => warnings.push(text) });
  isReachable = false;
  await (await repo.collection("c")).series("a").write({ t: [1], v: [1] });
  isReachable = true;
  expect(warnings).toEqual([expect.stringMatching(/index, if any, is not renewed: .*Failed to fetch/)]);
  expect(await (await first.collection("c")).ls()).toEqual(["a"]);
  repo.close();
  first.close();
});
