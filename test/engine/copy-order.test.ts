import { setImmediate } from "node:timers/promises";
import { Schema } from "lakota/engine";
import { openRepo } from "lakota/node";
import { describe, expect, it } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { parseRevisionName } from "../../src/model/layout.ts";
import { FileStore } from "../../src/stores/file/file-store.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { Store } from "../../src/stores/store.ts";

/** How many revision files are stored or deleted at a time: `partial-states.test.ts` tests that the order is safe. */

const schema = new Schema({ t: "int*", v: "int" });
const GOLDEN = new URL("../golden/", import.meta.url).pathname;
const FUTURE = Date.UTC(2100, 0);

const open = (store: Store, others: Record<string, Store> = {}) =>
  new EngineRepo(store, decodeChunk, {
    maxAge: 0,
    onWarning: () => {},
    openStore: (address) => others[String(address)]!,
  });

async function append(store: Store, first: number, count: number): Promise<void> {
  const repo = open(store);
  const isNew = !(await repo.ls()).includes("c");
  const series = (isNew ? await repo.createCollection(schema, "c") : await repo.collection("c")).series("s");
  for (let v = first; v < first + count; v++) await series.write({ t: [v % 3], v: [v] });
}

const valuesIn = async (store: Store) => [
  ...(await (await open(store).collection("c")).series("s").read({ numbers: true })).numbers("v"),
];

async function copyOf(store: Store): Promise<CountingStore> {
  const copy = new CountingStore();
  for (const { path } of await store.list("")) await copy.put(path, (await store.get(path))!);
  copy.counts.length = 0;
  return copy;
}

/** Counts the changes of revision files that are in progress, at each start of one. */
class CountingStore extends MemoryStore {
  readonly counts: number[] = [];
  isLost: (path: string) => boolean = () => false;
  beforePut: (change: number) => Promise<void> = async () => {};
  #running = 0;

  async #count<T>(path: string, change: () => Promise<T>): Promise<T> {
    if (!parseRevisionName(path.slice(path.lastIndexOf("/") + 1))) return change();
    this.counts.push(++this.#running);
    await setImmediate();
    try {
      return await change();
    } finally {
      this.#running--;
    }
  }

  override put(...args: Parameters<MemoryStore["put"]>) {
    return this.#count(args[0], async () => {
      await this.beforePut(this.counts.length);
      return super.put(...args);
    });
  }
  override delete(...args: Parameters<MemoryStore["delete"]>) {
    return this.#count(args[0], async () => {
      if (!this.isLost(args[0])) await super.delete(...args);
    });
  }

  /** The most changes that were in progress. */
  get most(): number {
    return Math.max(...this.counts);
  }
}

/** Returns a store with 5 revisions, and one with 60 more. */
async function setUp() {
  const older = new MemoryStore();
  await append(older, 1, 5);
  const newer = await copyOf(older);
  await append(newer, 6, 60);
  return { newer, target: await copyOf(older) };
}

const pull = (target: Store, source: Store) => open(target, { source }).pull("source", { labels: ["c"] });

describe("revisions are copied", () => {
  it("16 at a time on top of what the target has", async () => {
    const { newer, target } = await setUp();
    await pull(target, newer);
    expect(target.most).toBe(16);
    expect(target.counts.length).toBe(60);
    expect(await valuesIn(target)).toEqual(await valuesIn(newer));
  });

  it("16 at a time below what the target has", async () => {
    const { newer } = await setUp();
    const trimmed = await copyOf(newer);
    await (await open(trimmed).collection("c")).trim({ before: FUTURE });
    trimmed.counts.length = 0;
    await pull(trimmed, newer);
    expect(trimmed.most).toBe(16);
    expect(trimmed.counts.length).toBe(64);
  });

  it("one by one beside a concurrent head", async () => {
    const { newer, target } = await setUp();
    await append(target, 100, 1);
    target.counts.length = 0;
    await pull(target, newer);
    expect(target.most).toBe(1);
    expect(target.counts.length).toBe(60);
  });

  it("one by one once another writer has added a revision", async () => {
    const { newer, target } = await setUp();
    const other = await copyOf(target);
    await append(other, 100, 1);
    target.beforePut = async (change) => {
      if (change !== 1) return;
      for (const { path } of await other.list(""))
        await MemoryStore.prototype.put.call(target, path, (await other.get(path))!);
    };
    await pull(target, newer);
    expect(target.most).toBe(1);
  });

  it("one by one if they record no ancestors", async () => {
    const source = new FileStore(`${GOLDEN}b_overlap`);
    const repo = await openRepo(`${GOLDEN}b_overlap`);
    const [label] = await repo.ls();
    const target = new CountingStore();
    const copy = open(target, { source });
    await copy.pull("source", { labels: [label!], shallow: true });
    target.counts.length = 0;
    await copy.pull("source", { labels: [label!] });
    expect(target.counts.length).toBeGreaterThan(3);
    expect(target.most).toBe(1);
  });
});

describe("a trim deletes", () => {
  it("16 revisions at a time", async () => {
    const { newer } = await setUp();
    const target = await copyOf(newer);
    await (await open(target).collection("c")).trim({ before: FUTURE });
    expect(target.counts.length).toBe(64);
    expect(target.most).toBe(16);
    expect(await valuesIn(target)).toEqual(await valuesIn(newer));
  });

  it("a revision again that the store lists although it confirmed the deletion", async () => {
    const { newer } = await setUp();
    const target = await copyOf(newer);
    const lost = new Set((await pathsOfRevisions(target)).filter((_, i) => i % 7 === 3));
    target.isLost = (path) => lost.delete(path);
    await (await open(target).collection("c")).trim({ before: FUTURE });
    expect((await pathsOfRevisions(target)).length).toBe(1);
  });

  it("nothing later than a revision that the store keeps; what is left is right, and goes with the next trim", async () => {
    const { newer } = await setUp();
    const target = await copyOf(newer);
    const kept = (await pathsOfRevisions(target))[20]!;
    target.isLost = (path) => path === kept;
    const trim = async () => (await open(target).collection("c")).trim({ before: FUTURE });
    await expect(trim()).rejects.toMatchObject({ code: "network" });
    const heads = (await (await open(target).collection("c")).log()).filter(({ head }) => head);
    expect(heads.length).toBe(1);
    expect(await valuesIn(target)).toEqual(await valuesIn(newer));
    target.isLost = () => false;
    await trim();
    expect((await pathsOfRevisions(target)).length).toBe(1);
  });
});

/** Returns the paths of the collection's revisions. */
async function pathsOfRevisions(store: Store): Promise<string[]> {
  const { path } = await open(store).collection("c");
  return (await store.list(`${path}/`)).map((entry) => entry.path);
}
