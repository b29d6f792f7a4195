import { expect, test } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { Schema } from "../../src/model/schema.ts";
import { WatchedStore } from "./watched-store.ts";

test("a long read asks for the values of two segments, then for all index columns, then for the other values", async () => {
  const store = new WatchedStore();
  const repo = new EngineRepo(store, decodeChunk, { maxAge: 0 });
  const collection = await repo.createCollection(new Schema({ t: "int*", v: "int" }), "c");
  const rows = 1_200_000;
  const t = BigInt64Array.from({ length: rows }, (_, i) => BigInt(i));
  const v = t.map((value) => value * value);
  await collection.series("s").write({ t, v });
  const chunksOf = async (columns: string[]) => {
    store.reads = [];
    await collection.series("s").read({ columns });
    return store.readChunks.map(({ path }) => path);
  };
  const index = await chunksOf(["t"]);
  const all = await chunksOf(["t", "v"]);
  repo.close();
  expect(index.length).toBeGreaterThan(2);
  expect(all.map((path) => index.indexOf(path))).toEqual([
    ...[-1, -1],
    ...index.keys(),
    ...all.slice(2 + index.length).map(() => -1),
  ]);
  expect(all.length).toBeGreaterThan(2 + index.length);
});
