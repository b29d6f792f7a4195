import { Schema } from "lakota/engine";
import { describe, expect, it } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";

async function setUp() {
  const repo = new EngineRepo(new MemoryStore(), decodeChunk);
  const collection = await repo.createCollection(new Schema({ t: "int*", v: "float" }), "c");
  const series = collection.series("s");
  await series.write({ t: [1, 2, 3], v: [1, 2, 3] });
  return { collection, series };
}

/** Values of types that the declarations exclude. */
const wrong = (...values: unknown[]) => values as never[];

/** Collects the pages of a series. */
async function all(pages: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of pages);
}

describe("an option of the wrong type is `invalid-argument`, which names it", () => {
  it.each(wrong(null, true, {}, [], 5n, Symbol("x"), Number.NaN, new Date(Number.NaN), () => 1))(
    "before: %s",
    async (before) => {
      const { collection, series } = await setUp();
      const expected = { code: "invalid-argument", message: expect.stringMatching(/^before: /) };
      await expect(series.read({ before })).rejects.toMatchObject(expected);
      await expect(series.tail(1, { before })).rejects.toMatchObject(expected);
      await expect(series.length({ before })).rejects.toMatchObject(expected);
      await expect(series.downsample({ before })).rejects.toMatchObject(expected);
      await expect(all(series.pages({ before }))).rejects.toMatchObject(expected);
      await expect(collection.trim({ before })).rejects.toMatchObject(expected);
    },
  );

  it.each(wrong("emtpy", null, true, {}, 1, Symbol("x")))("missing: %s", async (missing) => {
    const { collection, series } = await setUp();
    const message = expect.stringMatching(/^missing must be "error" or "empty", not /);
    const expected = { code: "invalid-argument", message };
    await expect(series.read({ missing })).rejects.toMatchObject(expected);
    await expect(series.tail(1, { missing })).rejects.toMatchObject(expected);
    await expect(collection.read(["s"], { missing })).rejects.toMatchObject(expected);
    await expect(collection.downsample({ series: ["s"], missing })).rejects.toMatchObject(expected);
    expect(await series.length({ missing: "error" })).toBe(3);
  });

  it("a revision that does not exist is told with its collection", async () => {
    const { collection } = await setUp();
    const message =
      'There is no revision "head~1" in the collection "c". Pass one that log() returns, its id, or its epoch.';
    const expected = { code: "not-found", message };
    await expect(collection.revert("head~1")).rejects.toMatchObject(expected);
    await expect(collection.diff("head~1", "head")).rejects.toMatchObject(expected);
  });

  it.each(wrong(null, undefined, true, {}, [], 1, Symbol("x")))("a revision: %s", async (revision) => {
    const { collection } = await setUp();
    const expected = { code: "invalid-argument", message: expect.stringMatching(/ is no revision/) };
    const [known] = await collection.log();
    await expect(collection.diff(revision, known!)).rejects.toMatchObject(expected);
    await expect(collection.diff(known!, revision)).rejects.toMatchObject(expected);
    await expect(collection.revert(revision)).rejects.toMatchObject(expected);
  });

  it.each(wrong(true, {}, 1, "v", new Set(["v"])))("a list of names: %s", async (names) => {
    const { collection, series } = await setUp();
    const expected = (option: string) => ({
      code: "invalid-argument",
      message: expect.stringMatching(`^${option} `),
    });
    const [known] = await collection.log();
    await expect(series.read({ columns: names })).rejects.toMatchObject(expected("columns"));
    await expect(series.downsample({ columns: names })).rejects.toMatchObject(expected("columns"));
    await expect(collection.diff(known!, known!, { labels: names })).rejects.toMatchObject(
      expected("labels"),
    );
    await expect(collection.defrag({ labels: names })).rejects.toMatchObject(expected("labels"));
  });

  it.each(wrong(true, {}, -1, 1.5, "x", 5n, Symbol("x")))("a number of rows: %s", async (rows) => {
    const { collection, series } = await setUp();
    const expected = { code: "invalid-argument" };
    await expect(series.read({ limit: rows })).rejects.toMatchObject(expected);
    await expect(series.tail(rows)).rejects.toMatchObject(expected);
    await expect(collection.log({ limit: rows })).rejects.toMatchObject(expected);
    await expect(series.downsample({ points: rows })).rejects.toMatchObject(expected);
  });

  it("tail without a number of rows", async () => {
    const { series } = await setUp();
    await expect(series.tail(null as never)).rejects.toMatchObject({ code: "invalid-argument" });
  });

  it.each(wrong(null, 0, -1, Number.NaN, "x"))("the interval of a watch: %s", async (every) => {
    const { series, collection } = await setUp();
    for (const watched of [series, collection]) {
      const error = await new Promise((onError) => watched.watch(() => {}, { every, onError }));
      const message = expect.stringMatching(/^every: .* is not a number above 0/);
      expect(error).toMatchObject({ code: "invalid-argument", message });
    }
  });
});
