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

/** Creates five rows of zeros, and a stale writer that sees nothing written later. */
async function setUp() {
  const store = new MemoryStore();
  const collection = await open(store).createCollection(schema, "c");
  await collection.series("s").write({ t: [1, 2, 3, 4, 5], v: [0, 0, 0, 0, 0] });
  const stale = await open(staleStore(store)).collection("c");
  await stale.ls();
  return { store, collection, stale };
}

const trimAll = (collection: Collection) => collection.trim({ before: Date.now() + HOUR });

describe("a write on a revision that was trimmed meanwhile", () => {
  it("hides nothing that others wrote, if it is the last one", async () => {
    const { store, collection, stale } = await setUp();
    await put(collection, 2);
    await put(collection, 4);
    await trimAll(collection);
    await put(stale, 1);
    const merged = await open(store).collection("c");
    expect(await valuesOf(merged)).toEqual([1, 2, 0, 4, 0]);
    expect((await merged.merge()).conflicts.filter(({ start }) => start[0] !== 1n)).toEqual([]);
    expect(await valuesOf(merged)).toEqual([1, 2, 0, 4, 0]);
  });

  it("is not hidden by rows that compaction rewrote, if it was the first one", async () => {
    const { store, collection, stale } = await setUp();
    await put(stale, 1);
    const [base] = await collection.log();
    const early = (await store.list("")).filter(({ path }) => path.includes(`/${base!.id}.`));
    const bytes = await store.get(early[0]!.path);
    await store.delete(early[0]!.path); // it is still in an outbox
    await collection.refresh();
    await put(collection, 2);
    await put(collection, 4);
    await trimAll(collection);
    await store.put(early[0]!.path, bytes!);
    expect(await valuesOf(await open(store).collection("c"))).toEqual([1, 2, 0, 4, 0]);
  });
});

describe("a shallow pull from a repo with a trimmed history", () => {
  it("copies the revisions since the local one", async () => {
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
