import { afterEach, expect, test, vi } from "vitest";
import { ChunkWriter } from "../../../src/engine/write/chunk-writer.ts";
import { MemoryStore } from "../../../src/stores/memory/memory-store.ts";

/** The check of files that were stored long before the revision that refers to them. */

afterEach(() => vi.restoreAllMocks());

const digestOf = (i: number) => (i * 7_919).toString(16).padStart(6, "0").padEnd(40, "0");
const { signal } = new AbortController();

/** Stores so many files, and lets them get old. */
async function storedLongAgo(files: number) {
  const store = new MemoryStore();
  const writer = new ChunkWriter({ store, concurrency: 16 });
  for (let i = 0; i < files; i++) await writer.putFile(digestOf(i), new Uint8Array([i]), signal);
  let now = Date.now() + 400_000;
  vi.spyOn(Date, "now").mockImplementation(() => now);
  const list = vi.spyOn(store, "list");
  return { store, writer, list, pass: (ms: number) => (now += ms) };
}

test("few are looked for one by one, many by folder", async () => {
  const few = await storedLongAgo(10);
  await few.writer.checkStored(signal);
  expect(few.list).toHaveBeenCalledTimes(10);
  await few.writer.checkStored(signal); // now it is known
  expect(few.list).toHaveBeenCalledTimes(10);
  const many = await storedLongAgo(3_000);
  await many.writer.checkStored(signal);
  expect(many.list.mock.calls.length).toBeLessThanOrEqual(256);
});

test.each([10, 3_000])("one of %d that is gone is a conflict", async (files) => {
  const { store, writer } = await storedLongAgo(files);
  const [first] = await store.list("");
  await store.delete(first!.path);
  await expect(writer.checkStored(signal)).rejects.toMatchObject({ code: "conflict" });
});

test("is repeated if it takes so long that files may be gone at its end", async () => {
  const { store, writer, list, pass } = await storedLongAgo(10);
  list.mockImplementation(async (prefix) => {
    const found = await MemoryStore.prototype.list.call(store, prefix);
    if (list.mock.calls.length <= 10) pass(100_000);
    return found;
  });
  await writer.checkStored(signal);
  expect(list.mock.calls.length).toBeGreaterThan(10);
});
