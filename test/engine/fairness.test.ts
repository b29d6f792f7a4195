import { expect, test } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { Schema } from "../../src/model/schema.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import { settle } from "../async/controlled-work.ts";

/** A store whose reads of some files are blocked until they are released. */
class BlockingStore extends MemoryStore {
  readonly blocked = new Set<string>();
  release: () => void = () => undefined;
  readonly #released = new Promise<void>((resolve) => {
    this.release = resolve;
  });

  override async get(path: string) {
    if (this.blocked.has(path)) await this.#released;
    return super.get(path);
  }
}

test("a large read does not block a small one", async () => {
  const store = new BlockingStore();
  const repo = new EngineRepo(store, decodeChunk);
  const collection = await repo.createCollection(new Schema({ t: "int*", x: "float" }), "c");
  const [large, small] = [collection.series("large"), collection.series("small")];
  for (let from = 0; from < 40_000; from += 2_000) await large.write(rows(from, 2_000));
  for (const { path } of await store.list("")) {
    if (!path.startsWith(collection.path)) store.blocked.add(path);
  }
  await small.write(rows(1e6, 2_000));
  const reading = large.read();
  await settle();
  expect((await small.read()).length).toBe(2_000);
  store.release();
  expect((await reading).length).toBe(40_000);
});

test("a read that waits behind others ends when its signal fires", async () => {
  const store = new BlockingStore();
  const repo = new EngineRepo(store, decodeChunk, { concurrency: 1 });
  const collection = await repo.createCollection(new Schema({ t: "int*", x: "float" }), "c");
  const series = collection.series("s");
  await series.write(rows(0, 20_000));
  for (const { path } of await store.list("")) {
    if (!path.startsWith(collection.path)) store.blocked.add(path);
  }
  const running = series.read();
  await settle();
  const calls: ((signal: AbortSignal) => Promise<unknown>)[] = [
    (signal) => series.read({ signal }),
    (signal) => series.length({ signal }),
    (signal) => series.downsample({ points: 100, signal }),
    (signal) => series.reduce({ columns: { x: "(max self.x)" }, signal }),
    (signal) => collection.pin({ signal }),
  ];
  for (const call of calls) {
    const caller = new AbortController();
    const queued = call(caller.signal);
    await settle();
    caller.abort();
    await expect(queued).rejects.toMatchObject({ code: "aborted" });
  }
  store.release();
  expect((await running).length).toBe(20_000);
});

const rows = (from: number, length: number) => ({
  t: Array.from({ length }, (_, row) => (from + row) * 1000 + Math.round(400 * Math.sin(from + row))),
  x: Array.from({ length }, (_, row) => Math.sin(from + row)),
});
