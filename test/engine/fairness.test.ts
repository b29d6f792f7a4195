import { describe, expect, test } from "vitest";
import { FairSemaphore } from "../../src/async/fair-semaphore.ts";
import { MemoryBudget } from "../../src/async/memory-budget.ts";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { Schema } from "../../src/model/schema.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";

/** Work that ends when it is told to, and notes in `log` when it starts. */
function work(log: string[], name: string) {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return {
    end,
    run: () => {
      log.push(name);
      return ended;
    },
  };
}

/** Lets all that can go on go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("Limiter", () => {
  test("runs so many at a time, in order", async () => {
    const log: string[] = [];
    const limiter = new FairSemaphore(2);
    const works = ["a", "b", "c"].map((name) => work(log, name));
    const runs = works.map(({ run }) => limiter.run(run));
    expect(log).toEqual(["a", "b"]);
    works[1]?.end();
    await runs[1];
    await settle();
    expect(log).toEqual(["a", "b", "c"]);
    for (const { end } of works) end();
    await Promise.all(runs);
  });

  test("leaves slots to others, and lets owners take turns", async () => {
    const log: string[] = [];
    const limiter = new FairSemaphore(3, 2);
    const [one, two] = [{}, {}];
    const first = ["1a", "1b", "1c", "1d"].map((name) => work(log, name));
    const second = ["2a", "2b"].map((name) => work(log, name));
    const runs = [
      ...first.map(({ run }) => limiter.run(run, one)),
      ...second.map(({ run }) => limiter.run(run, two)),
    ];
    expect(log).toEqual(["1a", "1b", "2a"]);
    first[0]?.end();
    await settle();
    expect(log.slice(3)).toEqual(["1c"]);
    first[1]?.end();
    await settle();
    expect(log.slice(4)).toEqual(["2b"]);
    for (const { end } of [...first, ...second]) end();
    await Promise.all(runs);
    expect(log).toHaveLength(6);
  });

  test("goes on after work that fails", async () => {
    const limiter = new FairSemaphore(1);
    await expect(limiter.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await limiter.run(async () => 1)).toBe(1);
  });
});

describe("Room", () => {
  test("lets in what fits, in order, and what never fits alone", async () => {
    const log: string[] = [];
    const room = new MemoryBudget(10);
    const works = [6, 3, 99, 1].map((bytes) => ({ bytes, ...work(log, String(bytes)) }));
    const runs = works.map(({ bytes, run }) => room.run(bytes, run));
    await settle();
    expect(log).toEqual(["6", "3"]);
    works[0]?.end();
    works[1]?.end();
    await settle();
    expect(log).toEqual(["6", "3", "99"]);
    works[2]?.end();
    await settle();
    expect(log).toEqual(["6", "3", "99", "1"]);
    works[3]?.end();
    await Promise.all(runs);
  });

  test("who gives up waiting makes way", async () => {
    const log: string[] = [];
    const room = new MemoryBudget(10);
    const [large, huge, small] = [work(log, "large"), work(log, "huge"), work(log, "small")];
    const controller = new AbortController();
    const first = room.run(8, large.run);
    const second = room.run(9, huge.run, controller.signal);
    const third = room.run(1, small.run);
    await settle();
    expect(log).toEqual(["large"]);
    controller.abort();
    await expect(second).rejects.toMatchObject({ code: "aborted" });
    await settle();
    expect(log).toEqual(["large", "small"]);
    large.end();
    small.end();
    await Promise.all([first, third]);
  });
});

/** Some files do not come before they are released. */
class StuckStore extends MemoryStore {
  readonly stuck = new Set<string>();
  release: () => void = () => undefined;
  readonly #released = new Promise<void>((resolve) => {
    this.release = resolve;
  });

  override async get(path: string) {
    if (this.stuck.has(path)) await this.#released;
    return super.get(path);
  }
}

test("a read of much does not keep out a read of little", async () => {
  const store = new StuckStore();
  const repo = new EngineRepo(store, decodeChunk);
  const collection = await repo.createCollection(new Schema({ t: "int*", x: "float" }), "c");
  const [much, little] = [collection.series("much"), collection.series("little")];
  for (let from = 0; from < 40_000; from += 2_000) await much.write(rows(from, 2_000));
  for (const { path } of await store.list("")) {
    if (!path.startsWith(collection.path)) store.stuck.add(path);
  }
  await little.write(rows(1e6, 2_000));
  const reading = much.read();
  await settle();
  expect((await little.read()).length).toBe(2_000);
  store.release();
  expect((await reading).length).toBe(40_000);
});

const rows = (from: number, length: number) => ({
  t: Array.from({ length }, (_, row) => (from + row) * 1000 + Math.round(400 * Math.sin(from + row))),
  x: Array.from({ length }, (_, row) => Math.sin(from + row)),
});
