import { expect, it } from "vitest";
import { ListingCache } from "../../src/stores/cache/listing-cache.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { Entry } from "../../src/stores/store.ts";

/** Records how many bytes are stored. */
class MeasuredStore extends MemoryStore {
  bytes = 0;

  override async put(...args: Parameters<MemoryStore["put"]>): Promise<boolean> {
    this.bytes += args[1].length;
    return super.put(...args);
  }
}

const path = (i: number) => `f/${String(i).padStart(6, "0")}`;
const entries = (from: number, to: number): Entry[] =>
  Array.from({ length: to - from }, (_, i) => ({ path: path(from + i), size: 1 }));
const copy = (listing: readonly Entry[]) => listing.map((entry) => ({ ...entry }));

/** Lists, adds and deletes files. After each step a new cache must recall what the old one does. */
async function run(count: number): Promise<number> {
  const local = new MeasuredStore();
  let now = 1_000;
  const cache = new ListingCache(local, () => now++);
  let all = entries(0, count);
  const check = async () => {
    await cache.settle();
    for (const known of [cache, new ListingCache(local, () => now)]) {
      expect((await known.recall("f/", ""))?.entries).toEqual(all);
      expect((await known.recall("f/", path(count - 3)))?.entries).toEqual(
        all.filter((entry) => entry.path > path(count - 3)),
      );
    }
  };
  cache.remember("f/", "", copy(all));
  await check();
  local.bytes = 0;
  for (let i = 0; i < 20; i++) {
    all = [...all, ...entries(count + i, count + i + 1)];
    if (i % 2 === 0) cache.remember("f/", path(count - 5), copy(all.slice(count - 4)));
    else cache.update(path(count + i), 1);
    await check();
  }
  const { bytes } = local;
  cache.update(path(count + 3));
  all = all.filter((entry) => entry.path !== path(count + 3));
  await check();
  // An early one is gone, and the end is recorded again after that.
  all = all.slice(1);
  cache.remember("f/", "", copy(all));
  await check();
  cache.update(path(1_000_000 - 1), 1);
  all = [...all, { path: path(1_000_000 - 1), size: 1 }];
  await check();
  now += 100_000;
  cache.remember("f/", path(count - 5), copy(all.filter((entry) => entry.path > path(count - 5))));
  await check();
  return bytes;
}

it("what is recorded of a long listing is what has changed", async () => {
  const [short, long] = [await run(200), await run(5_000)];
  expect(long).toBeLessThan(short * 1.2);
});

it("short listings are recorded as a whole", async () => {
  await run(50);
});
