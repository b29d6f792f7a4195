import { expect, test, vi } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { Schema } from "../../src/model/schema.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";

const loading = vi.hoisted(() => vi.fn());
vi.mock("../../src/engine/read/partial-chunks.ts", () => {
  loading();
  throw new TypeError("Failed to fetch dynamically imported module");
});

/** A store that could send parts of files. */
class RemoteStore extends MemoryStore {
  async getRange(): Promise<undefined> {}
}

test("few rows are read from whole chunks where the code for parts cannot be loaded", async () => {
  const repo = new EngineRepo(new RemoteStore(), decodeChunk);
  const collection = await repo.createCollection(new Schema({ t: "int*", v: "float" }), "c");
  const length = 400_000;
  const series = collection.series("s");
  await series.write({
    t: Float64Array.from({ length }, (_, i) => i),
    v: Float64Array.from({ length }, (_, i) => i / 2),
  });
  const frame = await series.read({ start: 1_000, stop: 1_003 });
  expect([...frame.get("v")]).toEqual([500, 500.5, 501]);
  expect(loading).toHaveBeenCalled();
  repo.close();
});
