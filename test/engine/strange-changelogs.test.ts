import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { Schema } from "../../src/model/schema.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { Store } from "../../src/stores/store.ts";

const REGISTRY = "00/00/";
const REVISION = /\/([0-9a-f]{11})-([0-9a-f]{40})\.([0-9a-f]{11})-([0-9a-f]{40})$/;
const schema = new Schema({ t: "int*", v: "float" });

let store: MemoryStore;
let folder: string;

/** The store as another process opens it, which does not know what this one has written. */
const reopened = (): Store => ({
  uri: store.uri,
  get: (path, options) => store.get(path, options),
  put: (path, bytes, options) => store.put(path, bytes, options),
  list: (prefix, options) => store.list(prefix, options),
  delete: (path, options) => store.delete(path, options),
  move: (from, to, options) => store.move(from, to, options),
});
const open = () => new EngineRepo(reopened(), decodeChunk, { maxAge: 0, onWarning: () => {} });
const revisionsOf = async (prefix: string) =>
  (await store.list(prefix)).map(({ path }) => path).filter((path) => REVISION.test(path));
const idOf = (path: string) => path.slice(path.lastIndexOf(".") + 1);

beforeEach(async () => {
  store = new MemoryStore();
  const collection = await open().createCollection(schema, "c");
  folder = collection.path;
  for (let t = 0; t < 3; t++) await collection.series("a").write({ t: [t], v: [t] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("a revision from the far future", () => {
  /** Makes a file of the newest revision that has the last time of the format. Returns its path. */
  async function lastOfAllTimes(prefix: string): Promise<string> {
    const newest = (await revisionsOf(prefix)).sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1)).at(-1)!;
    const path = newest.replace(idOf(newest), `fffffffffff-${idOf(newest).slice(12)}`);
    await store.move(newest, path);
    return path;
  }

  it("is read, and refuses writes before anything is acknowledged that no reader would see", async () => {
    const path = await lastOfAllTimes(folder);
    const before = await revisionsOf("");
    const collection = await open().collection("c");
    expect(await collection.series("a").length()).toBe(3);
    const changes = [
      collection.series("b").write({ t: [1], v: [1] }),
      collection.series("a").delete({ keys: [1] }),
      collection.batch((batch) => batch.drop("a")),
    ];
    for (const result of await Promise.allSettled(changes))
      expect(result).toMatchObject({
        reason: { code: "conflict", message: expect.stringContaining(idOf(path)) },
      });
    expect(await revisionsOf("")).toEqual(before);
    expect(await collection.series("a").length()).toBe(3);
  });

  it("is a problem that verify reports", async () => {
    const path = await lastOfAllTimes(folder);
    const { problems } = await open().verify();
    expect(problems).toEqual([expect.objectContaining({ path, collection: "c", revision: idOf(path) })]);
  });

  it("in the registry refuses new collections", async () => {
    const path = await lastOfAllTimes(REGISTRY);
    const repo = open();
    const creation = repo.createCollection(schema, "d");
    await expect(creation).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining(idOf(path)),
    });
    expect(await repo.ls()).toEqual(["c"]);
  });

  it("can be left behind by a clone", async () => {
    await lastOfAllTimes(folder);
    const repo = open();
    const copy = await repo.clone("c", "d");
    await (copy as Awaited<ReturnType<typeof repo.collection>>).series("a").write({ t: [9], v: [9] });
    expect(await (await open().collection("d")).series("a").length()).toBe(4);
  });

  it("is what a clock after 2527 would make: it is refused", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: 2 ** 44 });
    const collection = await open().collection("c");
    await expect(collection.series("a").write({ t: [9], v: [9] })).rejects.toMatchObject({
      code: "invalid-argument",
      message: expect.stringContaining("clock"),
    });
    expect(await revisionsOf(folder)).toHaveLength(3);
  });
});

describe("a circle of revisions", () => {
  /** Makes the first revision a child of the last. Returns the path of the file. */
  async function close(): Promise<string> {
    const files = await revisionsOf(folder);
    const first = files.find((path) => path.includes("/00000000000-"))!;
    const last = files.find((path) => !files.some((other) => other.includes(`/${idOf(path)}.`)))!;
    const path = `${folder}/${idOf(last)}.${idOf(first)}`;
    await store.put(path, (await store.get(first))!);
    return path;
  }

  it("is corrupt for reads, writes and the history alike, and the file is named", async () => {
    const path = await close();
    const before = await revisionsOf("");
    const repo = open();
    const collection = await repo.collection("c");
    const calls = [
      () => collection.series("a").read(),
      () => collection.ls(),
      () => collection.log(),
      () => collection.series("b").write({ t: [1], v: [1] }),
      () => collection.merge(),
      () => collection.defrag(),
      () => collection.trim(),
      () => repo.clone("c", "d"),
    ];
    for (const call of calls)
      await expect(call()).rejects.toMatchObject({ code: "corrupt", message: expect.stringContaining(path) });
    expect(await revisionsOf("")).toEqual(before);
  });

  it("is a problem that verify reports", async () => {
    const path = await close();
    const { problems } = await open().verify();
    expect(problems).toEqual([
      expect.objectContaining({ kind: "corrupt", collection: "c", message: expect.stringContaining(path) }),
    ]);
  });

  it("is mended by the deletion of the file that the message names", async () => {
    await store.delete(await close());
    const repo = open();
    expect(await (await repo.collection("c")).series("a").length()).toBe(3);
    expect((await repo.verify()).problems).toEqual([]);
  });

  it("is not copied, leaves other collections and the published index as they are, and can be deleted", async () => {
    const repo = open();
    await repo.publish();
    await (await repo.createCollection(schema, "d")).series("a").write({ t: [1], v: [1] });
    await close();
    const warnings: string[] = [];
    const other = new EngineRepo(store, decodeChunk, { maxAge: 0, onWarning: (text) => warnings.push(text) });
    await (await other.collection("d")).series("a").write({ t: [2], v: [2] });
    expect(warnings).toEqual([]);
    await other.delete("c");
    expect(await other.ls()).toEqual(["d"]);
  });
});

it("20,000 names of one digest, a millisecond apart, are read as one revision", async () => {
  const [first] = (await revisionsOf(folder)).filter((path) => path.includes("/00000000000-"));
  const bytes = (await store.get(first!))!;
  const [, parent, , time, digest] = REVISION.exec(first!)!;
  const start = Number.parseInt(time!, 16) - 20_000;
  for (let i = 0; i < 20_000; i++)
    await store.put(
      `${folder}/${parent}-${"0".repeat(40)}.${(start + i).toString(16).padStart(11, "0")}-${digest}`,
      bytes,
    );
  const series = (await open().collection("c")).series("a");
  expect(await series.length()).toBe(3);
  await series.write({ t: [5], v: [5] });
  expect(await series.length()).toBe(4);
});
