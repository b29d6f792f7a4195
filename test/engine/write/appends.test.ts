import { expect, test } from "vitest";
import { loadAll } from "../../../src/changelog/segment-table.ts";
import { decodeChunk } from "../../../src/codecs/chunk.ts";
import { EngineRepo } from "../../../src/engine/repo/repo.ts";
import { Schema } from "../../../src/model/schema.ts";
import { MemoryStore } from "../../../src/stores/memory/memory-store.ts";

const schema = new Schema({ t: "int*", v: "float" });

/** Appends so many rows each time. Returns the lengths of the segments after each write. */
async function append(...appended: number[]): Promise<number[][]> {
  const repo = new EngineRepo(new MemoryStore(), decodeChunk, { maxAge: 0 });
  const collection = await repo.createCollection(schema, "c");
  const lengths: number[][] = [];
  let next = 0;
  for (const rows of appended) {
    const t = Array.from({ length: rows }, (_, row) => next + row);
    await collection.series("s").write({ t, v: t });
    next += rows;
    const { segments } = await loadAll((await collection.state()).commit.table);
    lengths.push(segments.map(({ length }) => length));
  }
  expect((await collection.series("s").read()).numbers("v")).toEqual(Float64Array.from(Array(next).keys()));
  return lengths;
}

test("short segments are joined up to 16,384 rows, and stay as they are from then on", async () => {
  expect(await append(16_384, 16_384)).toEqual([[16_384], [16_384, 16_384]]);
  expect(await append(8_192, 8_192, 8_192, 8_192)).toEqual([
    [8_192],
    [16_384],
    [16_384, 8_192],
    [16_384, 16_384],
  ]);
});
