import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { PageOptions } from "../../src/model/api/read.ts";
import type { Frame } from "../../src/model/frame.ts";
import { CacheStore } from "../../src/stores/cache/cache-store.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { Store } from "../../src/stores/store.ts";
import {
  between,
  copy,
  expected,
  open,
  type RemoteStore,
  ROWS,
  rows,
  time,
  warnings,
} from "./published-parts.ts";

afterEach(() => {
  expect(warnings.splice(0)).toEqual([]);
});

const all = rows();
const row = fc.integer({ min: -1_000, max: ROWS + 1_000 });
const ranges = fc.tuple(row, row).map(([a, b]) => between(Math.min(a, b), Math.max(a, b)));

/** A store whose files can be read as a whole only. */
async function withoutParts(store: RemoteStore): Promise<Store> {
  const plain = new MemoryStore();
  for (const { path } of await store.list("")) await plain.put(path, (await store.get(path))!);
  store.reset();
  return plain;
}

async function withSeries<T>(
  store: Store,
  work: (series: Awaited<ReturnType<ReturnType<typeof open>["collection"]>>) => Promise<T>,
): Promise<T> {
  const repo = open(store);
  try {
    return await work(await repo.collection("c"));
  } finally {
    repo.close();
  }
}

const plainOf = (frame: Frame) =>
  Object.fromEntries(frame.columns.map((name) => [name, [...frame.get(name)]]));

async function pagesOf(store: Store, options: PageOptions, most = Number.POSITIVE_INFINITY) {
  return withSeries(store, async (collection) => {
    const pages: ReturnType<typeof plainOf>[] = [];
    for await (const page of collection.series("s").pages(options)) {
      pages.push(plainOf(page));
      if (pages.length >= most) break;
    }
    return pages;
  });
}

const cached = (store: RemoteStore) =>
  new CacheStore(new MemoryStore(), store, { quota: 100 << 20, memory: 0 });

describe("pages", () => {
  test("the first one fetches the blocks that have its rows, and no whole chunk of values", async () => {
    const store = await copy();
    const [page] = await pagesOf(store, { pageLength: 1_000, columns: ["v"] }, 1);
    expect(page!.v).toEqual([...all.v.subarray(0, 1_000)]);
    expect(store.parts).toHaveLength(1);
    expect(store.chunks).toHaveLength(1); // the index
  });

  test("the next ones use blocks that are cached, and then whole chunks", async () => {
    const store = await copy();
    const cache = cached(store);
    await withSeries(cache, async (collection) => {
      const pages = collection.series("s").pages({ pageLength: 10_000, columns: ["v"] });
      for (let i = 0; i < 3; i++) await pages.next();
      expect(store.parts).toHaveLength(1);
      expect(store.chunks).toHaveLength(1);
      for (let i = 0; i < 3; i++) await pages.next();
      await pages.return?.(undefined);
    });
    expect(store.parts).toHaveLength(1);
    expect(store.chunks).toHaveLength(2);
    await cache.flush();
  });

  test("are the same as from whole chunks, whatever the range, columns and length", {
    timeout: 120_000,
  }, async () => {
    const store = await copy();
    const plain = await withoutParts(store);
    const options = fc.record({
      bounds: ranges,
      columns: fc.subarray(["t", "v", "n"], { minLength: 1 }),
      pageLength: fc.integer({ min: 5_000, max: ROWS }),
    });
    let parts = 0;
    await fc.assert(
      fc.asyncProperty(options, fc.integer({ min: 1, max: 4 }), async ({ bounds, ...more }, most) => {
        const read = { ...bounds, ...more };
        expect(await pagesOf(cached(store), read, most)).toEqual(await pagesOf(plain, read, most));
        parts += store.parts.length;
        store.reset();
      }),
      { numRuns: 25 },
    );
    expect(parts).toBeGreaterThan(0);
  });
});

describe("a read with a condition", () => {
  const options = { ...between(200_000, 201_000), where: "(> self.v 100)", columns: ["t", "n"] };

  test("fetches the blocks that have the rows of its range, and no whole chunk of values", async () => {
    const store = await copy();
    const found = await withSeries(store, async (collection) =>
      plainOf(await collection.series("s").read(options)),
    );
    const passing = Array.from({ length: 1_000 }, (_, i) => 200_000 + i).filter((i) => all.v[i]! > 100);
    expect(found.n).toEqual(passing.map((i) => all.n[i]));
    expect(store.parts).toHaveLength(2); // one of each column of values
    expect(store.chunks).toHaveLength(1); // the index
  });

  test("reads no values where its range has no rows", async () => {
    const store = await copy();
    const between = { start: new Date(time(5).getTime() + 1), stop: new Date(time(6).getTime() - 1) };
    const frame = await withSeries(store, (collection) =>
      collection.series("s").read({ ...options, ...between }),
    );
    expect(frame.length).toBe(0);
    expect(store.parts).toEqual([]);
    expect(store.chunks).toHaveLength(1); // the index
  });

  test("returns the same as from whole chunks, whatever the range, columns and limits", {
    timeout: 120_000,
  }, async () => {
    const store = await copy();
    const plain = await withoutParts(store);
    const reads = fc.record(
      {
        bounds: ranges,
        columns: fc.subarray(["t", "v", "n"], { minLength: 1 }),
        where: fc.constantFrom("(> self.v 100)", "(< self.n 500000000)", "(= self.text '3')"),
        limit: fc.integer({ min: 0, max: 50_000 }),
        offset: fc.integer({ min: 0, max: 100_000 }),
      },
      { requiredKeys: ["columns", "where"] },
    );
    const rowsOf = (from: Store, read: object) =>
      withSeries(from, async (collection) => plainOf(await collection.series("s").read(read)));
    let parts = 0;
    await fc.assert(
      fc.asyncProperty(reads, async ({ bounds, ...more }) => {
        const read = { ...bounds, ...more };
        expect(await rowsOf(store, read)).toEqual(await rowsOf(plain, read));
        parts += store.parts.length;
        store.reset();
      }),
      { numRuns: 25 },
    );
    expect(parts).toBeGreaterThan(0);
  });

  test("sees later writes that hide some of the rows", async () => {
    const store = await copy();
    const writer = open(store);
    await (await writer.collection("c")).series("s").write(rows(200_100, 50));
    writer.close();
    const right = await expected(store, options);
    const found = await withSeries(store, async (collection) =>
      plainOf(await collection.series("s").read(options)),
    );
    expect(found).toEqual(right);
    expect(store.parts.length).toBeGreaterThan(0);
  });
});

test("a reduction of a range fetches parts, and has the same result as from whole chunks", async () => {
  const store = await copy();
  const plain = await withoutParts(store);
  const reduce = (from: Store) =>
    withSeries(from, async (collection) =>
      plainOf(
        await collection
          .series("s")
          .reduce({ ...between(100_000, 130_000), columns: { sum: "(sum self.v)", n: "(len self.n)" } }),
      ),
    );
  expect(await reduce(store)).toEqual(await reduce(plain));
  expect(store.parts.length).toBeGreaterThan(0);
  expect(store.chunks).toHaveLength(1); // the index
});
