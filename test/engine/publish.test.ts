import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Repo, Schema } from "lakota/engine";
import { openRepo } from "lakota/node";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EngineCollection } from "../../src/engine/collection/collection.ts";
import { FileStore } from "../../src/stores/file/file-store.ts";
import { PublishedFiles } from "../../src/stores/http/published-files.ts";
import { check } from "../checker/check.ts";
import { filesIn } from "../checker/files.ts";
import { type StaticServer, serveFolder } from "../packaging/static-server.ts";

const INDEX = "lakota/index/v2/index.json";
const schema = new Schema({ t: "int*", v: "float" });
const long = (seed: number) => ({
  t: Array.from({ length: 1_000 }, (_, row) => row * 100_000 + ((row * 7_919_113 + seed) % 99_991)),
  v: Array.from({ length: 1_000 }, (_, row) => Math.sin(row + seed)),
});

let folder: string;
let host: StaticServer;
let repo: Repo;
const warnings: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lakota-publish-"));
  host = await serveFolder(folder);
  warnings.length = 0;
  repo = await openRepo(folder, { onWarning: (text) => warnings.push(text) });
  const collection = await repo.createCollection(schema, "c");
  await collection.series("s").write(long(1));
});

afterEach(async () => {
  repo.close();
  await host.close();
  await rm(folder, { recursive: true });
  expect(warnings).toEqual([]);
});

/** Opens the host as a new reader, without a cache. */
const reader = () => openRepo(host.url, { maxAge: 0 });
const rowsOf = async (reading: Repo, label = "c") =>
  (await (await reading.collection(label)).series("s").read()).length;

describe("a repo on a host that cannot list", () => {
  it("takes one request to open, and one for each chunk", async () => {
    const report = await repo.publish();
    expect(report).toMatchObject({ path: INDEX, collections: 1, revisions: 2 });
    const reading = await reader();
    expect(await reading.ls()).toEqual(["c"]);
    expect(await rowsOf(reading)).toBe(1_000);
    expect(host.answers[0]).toBe(`200 /${INDEX}`);
    // The index again, because the registry was listed a second time; then two chunks.
    expect(host.answers.filter((answer) => !answer.endsWith(INDEX))).toHaveLength(2);
    host.answers.length = 0;
    expect(await rowsOf(await reader())).toBe(1_000);
    expect(host.answers.map((answer) => answer.endsWith(INDEX))).toEqual([true, false, false]);
    reading.close();
  });

  it("reports what to do if there is no index", async () => {
    const reading = await reader();
    await expect(reading.ls()).rejects.toMatchObject({ code: "not-found" });
    await expect(reading.ls()).rejects.toThrow(/has no index .*repo\.publish\(\)/);
    await expect(reading.createCollection(schema, "d")).rejects.toMatchObject({ code: "not-found" });
    await repo.publish();
    expect(await reading.ls()).toEqual(["c"]); // the same handle: the failure was not cached
    await expect(reading.createCollection(schema, "d")).rejects.toMatchObject({ code: "unsupported" });
    reading.close();
  });

  it("shows every kind of change as soon as it is made", async () => {
    await repo.publish();
    const reading = await reader();
    const collection = await repo.collection("c");
    await collection.series("s").write({ t: [-1], v: [0] });
    expect(await rowsOf(reading)).toBe(1_001);
    await collection.batch(async (batch) => batch.series("s").delete({ keys: [-1] }));
    expect(await rowsOf(reading)).toBe(1_000);
    await repo.rename("c", "d");
    expect(await reading.ls()).toEqual(["d"]);
    await repo.clone("d", "e");
    expect(await rowsOf(reading, "e")).toBe(1_000);
    await collection.trim({ before: Date.now() + 1 });
    expect(await (await reading.collection("d")).log()).toHaveLength(1);
    await repo.delete("d");
    expect(await reading.ls()).toEqual(["e"]);
    const other = await openRepo("memory://");
    await (await other.createCollection(schema, "pushed")).series("s").write(long(2));
    await other.push(folder);
    expect(await rowsOf(reading, "pushed")).toBe(1_000);
    expect(await check(filesIn(folder))).toEqual([]);
    reading.close();
  });

  it("contains all of many concurrent writes", async () => {
    await repo.publish();
    const collection = await repo.collection("c");
    const others = await Promise.all(Array.from({ length: 4 }, () => openRepo(folder)));
    await Promise.all(
      others.map(async (other, i) => (await other.collection("c")).series("s").write({ t: [-i], v: [i] })),
    );
    await collection.refresh();
    const log = await collection.log();
    const reading = await reader();
    expect(await (await reading.collection("c")).log()).toEqual(log);
    await collection.merge();
    expect(await rowsOf(reading)).toBe(1_004);
    expect((await repo.verify()).problems).toEqual([]);
    for (const one of [...others, reading]) one.close();
  });

  it("keeps the sizes of all files, and gc deletes the pages that it no longer needs", async () => {
    await repo.publish();
    const collection = await repo.collection("c");
    for (let i = 0; i < 150; i++) await collection.series("s").write({ t: [-i], v: [i] });
    const store = new FileStore(folder);
    const pages = async () => (await store.list("lakota/index/v2/")).length - 1;
    expect(await pages()).toBeGreaterThan(1);
    const listed = await store.list(`${(collection as EngineCollection).path}/`);
    const index = async () => {
      const bytes = await store.get(INDEX);
      return new PublishedFiles(bytes, folder, (path) => store.get(path));
    };
    expect(await (await index()).list((collection as EngineCollection).path)).toEqual(listed);
    await repo.gc();
    expect(await pages()).toBeGreaterThan(1); // none is known to be old
    await repo.gc({ grace: -1 });
    expect(await pages()).toBe(1);
    expect(await (await index()).list((collection as EngineCollection).path)).toEqual(listed);
  });

  it("is renewed by a writer that opened the repo before it was published", async () => {
    const collection = await repo.collection("c"); // it has written, and found no index
    const other = await openRepo(folder);
    await other.publish();
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000);
    await collection.series("s").write({ t: [-1], v: [0] });
    vi.restoreAllMocks();
    const reading = await reader();
    expect(await rowsOf(reading)).toBe(1_001);
    for (const one of [other, reading]) one.close();
  });

  it("is renewed for a write whose caller has left, in the background or with the next write", async () => {
    await repo.publish();
    const collection = await repo.collection("c");
    const get = vi.spyOn(FileStore.prototype, "get");
    for (const isStuck of [false, true]) {
      const caller = new AbortController();
      get.mockImplementationOnce(function (this: FileStore, path, options) {
        expect(path).toBe(INDEX);
        caller.abort();
        if (!isStuck) return this.get(path, options);
        return new Promise((_, reject) => {
          options?.signal?.addEventListener("abort", () => reject(options.signal?.reason));
        });
      });
      const label = `left ${isStuck}`;
      const writing = collection.series(label).write(long(2), { signal: caller.signal });
      await expect(writing).rejects.toMatchObject({ code: "aborted" });
      if (isStuck) await (await repo.createCollection(schema, "d")).series("s").write(long(3));
      await vi.waitFor(async () => {
        const reading = await reader();
        expect(await (await reading.collection("c")).ls()).toContain(label);
        reading.close();
      });
    }
    get.mockRestore();
  });

  it("can be copied from", async () => {
    await repo.publish();
    const copy = await openRepo("memory://");
    const { collections } = await copy.pull(host.url);
    expect(collections).toMatchObject([{ label: "c", revisions: 1, chunks: 2 }]);
    expect(await rowsOf(copy)).toBe(1_000);
    copy.close();
  });

  it("reports a damaged index", async () => {
    await new FileStore(folder).put(INDEX, new TextEncoder().encode('{"lakota": 3}'), { overwrite: true });
    const reading = await reader();
    await expect(reading.ls()).rejects.toMatchObject({ code: "corrupt" });
    await expect(reading.ls()).rejects.toThrow(/version is 3/);
    reading.close();
  });
});
