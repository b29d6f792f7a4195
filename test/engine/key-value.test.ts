import { type Collection, openRepo, Schema } from "lakota/engine";
import { describe, expect, it } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { Store } from "../../src/stores/store.ts";
import { staleStore } from "./stale-store.ts";

const schema = Schema.kv({ key: "str*", n: "int*", value: "float" });
const open = async () => (await openRepo("memory://", { maxAge: 0 })).createCollection(schema, "c");

const rows = async (collection: Collection) => {
  const frame = await collection.series("s").read();
  return Array.from(
    frame.numbers("value"),
    (value, row) => `${frame.get("key")[row]}${frame.get("n")[row]}=${value}`,
  );
};

describe("a key-value series", () => {
  it("accepts unsorted rows, and keeps the newest row of each key", async () => {
    const collection = await open();
    const series = collection.series("s");
    await series.write({ key: ["b", "a", "a"], n: [1, 2, 1], value: [1, 2, 3] });
    expect(await rows(collection)).toEqual(["a1=3", "a2=2", "b1=1"]);
    await series.write({ key: ["c", "a"], n: [1, 2], value: [4, 5] });
    expect(await rows(collection)).toEqual(["a1=3", "a2=5", "b1=1", "c1=4"]);
  });

  it("resolves duplicates within one write too: the last row of a key wins", async () => {
    const collection = await open();
    await collection.series("s").write({ key: ["a", "b", "a"], n: [1, 1, 1], value: [1, 3, 2] });
    expect(await rows(collection)).toEqual(["a1=2", "b1=3"]);
  });

  it("is merged by key in a batch as well, in the order of its writes", async () => {
    const collection = await open();
    await collection.series("s").write({ key: ["a", "b"], n: [1, 1], value: [1, 1] });
    await collection.batch(async (batch) => {
      await batch.series("s").write({ key: ["a", "c"], n: [1, 1], value: [2, 2] });
      await batch.series("s").write({ key: ["d", "a"], n: [1, 1], value: [3, 3] });
    });
    expect(await rows(collection)).toEqual(["a1=3", "b1=1", "c1=2", "d1=3"]);
    expect(await collection.log()).toHaveLength(2);
  });

  it("makes no revision if nothing changes", async () => {
    const collection = await open();
    const frame = { key: ["a", "b"], n: [1, 1], value: [1, 2] };
    await collection.series("s").write(frame);
    await collection.series("s").write(frame);
    await collection.series("s").write({ key: [], n: [], value: [] });
    expect(await collection.log()).toHaveLength(1);
  });

  it("keeps the rows of many concurrent writers", async () => {
    const collection = await open();
    const write = (i: number) => collection.series("s").write({ key: ["k"], n: [i], value: [i] });
    await Promise.all(Array.from({ length: 20 }, (_, i) => write(i)));
    expect(await collection.series("s").length()).toBe(20);
  });

  it("loses no key that another writer adds between the keys of a write", async () => {
    const store = new MemoryStore();
    const at = (of: Store) => new EngineRepo(of, decodeChunk, { maxAge: 0 });
    const collection = await at(store).createCollection(Schema.kv({ key: "int*", value: "float" }), "c");
    await collection.series("s").write({ key: [-1], value: [0] });
    const other = await at(staleStore(store)).collection("c");
    await other.ls();
    await collection.series("s").write({ key: [5_001], value: [1] });
    const even = Array.from({ length: 5_000 }, (_, i) => 2 * i);
    await other.series("s").write({ key: even, value: even });
    await other.series("s").delete({ keys: even.slice(1) });
    const report = await (await at(store).collection("c")).merge();
    expect(report.conflicts).toEqual([]);
    await collection.refresh();
    const frame = await collection.series("s").read({ numbers: true });
    expect([...frame.numbers("key")]).toEqual([-1, 0, 5_001]);
  });
});
