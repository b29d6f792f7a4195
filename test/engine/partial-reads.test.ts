import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { untilAborted } from "../../src/async/abort.ts";
import { encodeBlockIndex } from "../../src/engine/overviews/upkeep/make-block-index.ts";
import type { Bytes } from "../../src/model/bytes.ts";
import { LakotaError } from "../../src/model/errors.ts";
import { OVERVIEWS_FOLDER } from "../../src/model/overview-path.ts";
import { CacheStore } from "../../src/stores/cache/cache-store.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import {
  between,
  copy,
  expected,
  open,
  type RemoteStore,
  ROWS,
  readRows,
  rows,
  warnings,
} from "./published-parts.ts";

afterEach(() => {
  expect(warnings.splice(0)).toEqual([]);
});

describe("a read of few rows of a long chunk", () => {
  test("fetches the blocks that have them, and no whole chunk of values", async () => {
    const store = await copy();
    const options = { ...between(200_000, 201_000), columns: ["t", "v"] };
    const right = await expected(store, options);
    expect(await readRows(store, options)).toEqual(right);
    expect(store.parts).toHaveLength(1);
    expect(store.parts[0]).toBeLessThan(400_000);
    expect(store.chunks).toHaveLength(1); // the index
  });

  test("returns the same as from whole chunks, whatever the range, columns and limits", {
    timeout: 120_000,
  }, async () => {
    const store = await copy();
    const row = fc.integer({ min: -1_000, max: ROWS + 1_000 });
    const options = fc.record(
      {
        bounds: fc.tuple(row, row).map(([a, b]) => between(Math.min(a, b), Math.max(a, b))),
        columns: fc.subarray(["t", "v", "n"], { minLength: 1 }),
        limit: fc.integer({ min: 0, max: 50_000 }),
        offset: fc.integer({ min: 0, max: 300_000 }),
        closed: fc.constantFrom("left" as const, "right" as const, "both" as const, "none" as const),
      },
      { requiredKeys: ["columns"] },
    );
    await fc.assert(
      fc.asyncProperty(options, async ({ bounds, ...more }) => {
        const read = { ...bounds, ...more };
        const right = await expected(store, read);
        expect(await readRows(store, read)).toEqual(right);
      }),
      { numRuns: 40 },
    );
  });

  test("tail, and limits without bounds", async () => {
    const store = await copy();
    const repo = open(store);
    const series = (await repo.collection("c")).series("s");
    const frame = await series.tail(110_000, { columns: ["v"] });
    const all = rows();
    expect([...frame.get("v")]).toEqual([...all.v.subarray(ROWS - 110_000)]);
    const some = await series.read({ offset: 60_000, limit: 5, columns: ["n"] });
    expect([...some.get("n")]).toEqual([...all.n.subarray(60_000, 60_005)]);
    expect(store.parts).toHaveLength(1);
    repo.close();
  });

  test("sees later writes that hide some of them", async () => {
    const store = await copy();
    const writer = open(store);
    const patch = rows(200_100, 50);
    await (await writer.collection("c")).series("s").write(patch);
    writer.close();
    const options = { ...between(200_000, 200_300), columns: ["t", "v"] };
    const right = await expected(store, options);
    expect(await readRows(store, options)).toEqual(right);
    expect(right.v!.slice(100, 150)).toEqual([...patch.v]);
    expect(store.parts.length).toBeGreaterThan(0);
  });

  test("reports progress", async () => {
    const store = await copy();
    const repo = open(store);
    const reports: { chunks: number; totalChunks: number; fetched: number }[] = [];
    const onProgress = (progress: (typeof reports)[number]) => reports.push(progress);
    await (await repo.collection("c")).series("s").read({ ...between(5, 9), columns: ["v"], onProgress });
    repo.close();
    const last = reports.at(-1)!;
    expect(last.chunks).toBe(last.totalChunks);
    expect(last.fetched).toBeGreaterThanOrEqual(store.parts[0]!);
  });

  test("can be aborted while a part is under way", async () => {
    const store = await copy();
    const repo = open(store);
    const series = (await repo.collection("c")).series("s");
    const aborting = new AbortController();
    store.getRange = async (_path, _from, _to, options?: { signal?: AbortSignal }) => {
      aborting.abort();
      return untilAborted(new Promise(() => {}), options?.signal);
    };
    const reading = series.read({ ...between(5, 9), columns: ["v"], signal: aborting.signal });
    await expect(reading).rejects.toMatchObject({ code: "aborted" });
    repo.close();
  });
});

describe("whole chunks are read", () => {
  const options = { ...between(200_000, 201_000), columns: ["t", "v"] };

  async function expectWhole(store: RemoteStore, parts: number) {
    const right = await expected(store, options);
    expect(await readRows(store, options)).toEqual(right);
    expect(store.parts).toHaveLength(parts);
    expect(store.chunks).toHaveLength(2);
  }

  test("where most of their rows are wanted", async () => {
    const store = await copy();
    await readRows(store, { ...between(10, ROWS), columns: ["v"] });
    await readRows(store, { columns: ["v"] });
    expect(store.parts).toEqual([]);
  });

  test.each([
    ["damaged", (part: Bytes) => part.with(part.length >> 1, part[part.length >> 1]! ^ 1)],
    ["short", (part: Bytes) => part.slice(1)],
    ["not sent", () => undefined],
  ])("where a part is %s, and later reads ask for none", async (_, change) => {
    const store = await copy();
    store.change = change as RemoteStore["change"];
    await expectWhole(store, 1);
    store.reset();
    await expectWhole(store, 0);
  });

  test("where the request for a part fails", async () => {
    const store = await copy();
    store.change = () => {
      throw new LakotaError("network", "no range for this origin");
    };
    await expectWhole(store, 1);
  });

  test("where the store sends no parts", async () => {
    const store = await copy();
    Object.assign(store, { getRange: undefined });
    await expectWhole(store, 0);
  });

  test("where there is no block index, and where it is damaged or of other chunks", async () => {
    const store = await copy();
    const indexes: string[] = [];
    for (const { path } of await store.list(OVERVIEWS_FOLDER)) {
      const bytes = (await store.get(path))!;
      await store.delete(path);
      const before = [...store.parts];
      await readRows(store, options);
      if (store.parts.length === before.length) indexes.push(path);
      await store.put(path, bytes);
    }
    expect(indexes).toHaveLength(1);
    const [path] = indexes as [string];
    const good = (await store.get(path))!;
    for (const bytes of [good.with(50, good[50]! ^ 1), good.slice(0, 40), new Uint8Array(0)]) {
      await store.put(path, bytes, { overwrite: true });
      await expectWhole(store, 0);
    }
    const name = path.slice(OVERVIEWS_FOLDER.length);
    const foreign = await encodeBlockIndex([], name, { rowsPerBlock: 512, segments: [] });
    await store.put(path, foreign, { overwrite: true });
    await expectWhole(store, 0);
  });

  test("in an earlier state, whose block index may be deleted", async () => {
    const store = await copy();
    await readRows(store, { ...options, before: new Date(Date.now() + 60_000) });
    expect(store.parts).toEqual([]);
  });
});

describe("with a cache", () => {
  const options = { ...between(200_000, 201_000), columns: ["t", "v"] };

  test("blocks are fetched once, also by another session; offline too", async () => {
    const remote = await copy();
    const local = new MemoryStore();
    const right = await expected(remote, options);
    const cached = () => new CacheStore(local, remote, { quota: 100 << 20, memory: 0 });
    for (const parts of [1, 1]) {
      const store = cached();
      expect(await readRows(store, options)).toEqual(right);
      await store.flush();
      expect(remote.parts).toHaveLength(parts);
    }
  });

  test("a chunk that is cached is not fetched in parts", async () => {
    const remote = await copy();
    const store = new CacheStore(new MemoryStore(), remote, { quota: 100 << 20, memory: 0 });
    await readRows(store, { columns: ["t", "v"] });
    await store.flush();
    remote.reset();
    await readRows(store, options);
    expect([...remote.parts, ...remote.chunks]).toEqual([]);
  });
});
