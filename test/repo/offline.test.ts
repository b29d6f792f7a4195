import { Schema } from "lakota/engine";
import { afterEach, describe, expect, it } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/repo/repo.ts";
import { CacheStore } from "../../src/stores/cache.ts";
import { MemoryStore } from "../../src/stores/memory.ts";
import { plugged } from "../stores/plugged.ts";

const schema = new Schema({ t: "int*", v: "float" });
/** Rows whose chunks are files: all with the same keys. */
const long = (seed: number) => ({
  t: Array.from({ length: 1_000 }, (_, row) => row * 100_000 + ((row * 7_919_113) % 99_991)),
  v: Array.from({ length: 1_000 }, (_, row) => Math.sin(row + seed)),
});

/** A device with a store of its own, a store far away, and a plug between. */
class Device {
  readonly near = new MemoryStore();
  readonly plug: { out: boolean };
  readonly warnings: string[] = [];
  readonly #far: ReturnType<typeof plugged>["far"];
  readonly #open: { repo: EngineRepo; store: CacheStore }[] = [];

  constructor(store: MemoryStore) {
    ({ far: this.#far, plug: this.plug } = plugged(store));
  }

  /** As a page that was just loaded. */
  open(): EngineRepo {
    const store = new CacheStore(this.near, this.#far, { writeOffline: true });
    const repo = new EngineRepo(store, decodeChunk, {
      maxAge: 0,
      onWarning: (text) => this.warnings.push(text),
    });
    this.#open.push({ repo, store });
    return repo;
  }

  async reload(): Promise<EngineRepo> {
    const last = this.#open.at(-1);
    await last?.store.flush();
    last?.repo.close();
    return this.open();
  }

  close(): void {
    for (const { repo } of this.#open) repo.close();
  }
}

const devices: Device[] = [];
function device(store = new MemoryStore()): Device {
  devices.push(new Device(store));
  return devices.at(-1)!;
}
afterEach(() => {
  for (const one of devices.splice(0)) one.close();
});

const at = (store: MemoryStore) => new EngineRepo(store, decodeChunk, { maxAge: 0 });

describe("without a network", () => {
  it("a series is written whose keys another one has: its chunk is near already", async () => {
    const store = new MemoryStore();
    const one = device(store);
    const first = one.open();
    await (await first.createCollection(schema, "c")).series("a").write(long(1));
    const again = await one.reload();
    await (await again.collection("c")).ls();
    one.plug.out = true;
    const collection = await again.collection("c");
    await collection.series("b").write(long(2));
    await collection.series("c").write(long(3));
    expect((await collection.series("b").read()).numbers("v")[9]).toBe(Math.sin(11));
    one.plug.out = false;
    await again.send();
    const seen = await at(store).collection("c");
    for (const label of ["a", "b", "c"]) expect((await seen.series(label).read()).length).toBe(1_000);
  });

  it("a collection is made, written to, and there after a reload", async () => {
    const store = new MemoryStore();
    const one = device(store);
    const first = one.open();
    await first.ls();
    one.plug.out = true;
    await (await first.createCollection(schema, "c")).series("a").write(long(1));
    const again = await one.reload();
    const collection = await again.collection("c");
    await collection.series("b").write({ t: [1], v: [1] });
    expect(await collection.ls()).toEqual(["a", "b"]);
    one.plug.out = false;
    const report = await again.send();
    expect([report.sent > 3, report.waiting, report.conflicts]).toEqual([true, 0, []]);
    expect(await (await at(store).collection("c")).ls()).toEqual(["a", "b"]);
    expect(one.warnings).toEqual([]);
  });

  it("a collection that was never listed is not taken for an empty one", async () => {
    const store = new MemoryStore();
    await (await at(store).createCollection(schema, "c")).series("a").write({ t: [1], v: [1] });
    const one = device(store);
    const repo = one.open();
    await repo.ls();
    one.plug.out = true;
    await expect((await repo.collection("c")).ls()).rejects.toMatchObject({ code: "offline" });
  });

  it("a collection is made that others make too: it is told which one is named", async () => {
    const store = new MemoryStore();
    const one = device(store);
    const repo = one.open();
    await repo.ls();
    one.plug.out = true;
    await (await repo.createCollection(schema, "c")).series("a").write({ t: [1], v: [1] });
    await at(store).createCollection(schema, "c");
    one.plug.out = false;
    await repo.send();
    expect(one.warnings).toEqual([expect.stringMatching(/others have made or changed too.* c\./)]);
  });
});
