import { type Collection, Schema } from "lakota/engine";
import { describe, expect, it } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo, type RepoDeps } from "../../src/engine/repo/repo.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { Store } from "../../src/stores/store.ts";
import { staleStore } from "./stale-store.ts";

const schema = new Schema({ t: "int*", v: "float" });
const HOUR = 3_600_000;
const open = (store: Store, deps: RepoDeps = {}) =>
  new EngineRepo(store, decodeChunk, { maxAge: 0, ...deps });
const put = (collection: Collection, key: number, value = key) =>
  collection.series("s").write({ t: [key], v: [value] });
const valuesOf = async (collection: Collection) => [
  ...(await collection.series("s").read({ numbers: true })).numbers("v"),
];

/** Five rows of zeros, and one who has seen them and will see nothing else. */
async function setUp() {
  const store = new MemoryStore();
  const collection = await open(store).createCollection(schema, "c");
  await collection.series("s").write({ t: [1, 2, 3, 4, 5], v: [0, 0, 0, 0, 0] });
  const late = await open(staleStore(store)).collection("c");
  await late.ls();
  return { store, collection, late };
}

const trimAll = (collection: Collection) => collection.trim({ before: Date.now() + HOUR });

describe("who wrote on a revision that was forgotten meanwhile", () => {
  it("and comes last, hides nothing of what others wrote", async () => {
    const { store, collection, late } = await setUp();
    await put(collection, 2);
    await put(collection, 4);
    await trimAll(collection);
    await put(late, 1);
    const merged = await open(store).collection("c");
    expect(await valuesOf(merged)).toEqual([1, 2, 0, 4, 0]);
    expect((await merged.merge()).conflicts.filter(({ start }) => start[0] !== 1n)).toEqual([]);
    expect(await valuesOf(merged)).toEqual([1, 2, 0, 4, 0]);
  });

  it("and came first, is not hidden by what others stored anew", async () => {
    const { store, collection, late } = await setUp();
    await put(late, 1);
    const [base] = await collection.log();
    const early = (await store.list("")).filter(({ path }) => path.includes(`/${base!.id}.`));
    const bytes = await store.get(early[0]!.path);
    await store.delete(early[0]!.path); // it waits somewhere to be sent
    await collection.refresh();
    await put(collection, 2);
    await put(collection, 4);
    await trimAll(collection);
    await store.put(early[0]!.path, bytes!);
    expect(await valuesOf(await open(store).collection("c"))).toEqual([1, 2, 0, 4, 0]);
  });
});

describe("a shallow pull from where history was forgotten", () => {
  it("brings what was built on the revision that is here", async () => {
    const { store, collection } = await setUp();
    const local = open(new MemoryStore(), { openStore: () => store });
    await local.pull("source", { shallow: true });
    const own = await local.collection("c");
    await put(own, 1);
    await put(collection, 2);
    await trimAll(collection);
    await put(collection, 4);
    await local.pull("source", { shallow: true });
    expect(await valuesOf(own)).toEqual([1, 2, 0, 4, 0]);
    expect((await own.merge()).conflicts).toEqual([]);
  });
});
