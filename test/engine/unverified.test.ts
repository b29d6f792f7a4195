import { describe, expect, it } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { encodeColumn } from "../../src/codecs/encode.ts";
import type { EngineCollection } from "../../src/engine/collection/collection.ts";
import { ChunkLoader } from "../../src/engine/read/chunk-loader.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { castColumn } from "../../src/model/cast.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { GetOptions } from "../../src/stores/store.ts";
import { segmentsIn, tableOf } from "../changelog/tables.ts";
import {
  timesSchema,
  UNVERIFIED_DIGEST,
  UNVERIFIED_PATH,
  unverifiedRows,
  writeUnverifiedTimes,
} from "./unverified-times.ts";

class CountingStore extends MemoryStore {
  readonly asked = new Map<string, number>();

  override async get(path: string, options?: GetOptions) {
    this.asked.set(path, (this.asked.get(path) ?? 0) + 1);
    return super.get(path, options);
  }
}

async function setUp({ days = 0, exact = false, allowUnverified = false } = {}) {
  const store = new CountingStore();
  const warnings: string[] = [];
  const open = () =>
    new EngineRepo(store, decodeChunk, {
      maxAge: 0,
      allowUnverified,
      onWarning: (text) => warnings.push(text),
    });
  const first = (await open().createCollection(timesSchema, "c")) as EngineCollection;
  await writeUnverifiedTimes(store, first, days, exact);
  const repo = open();
  const collection = await repo.collection("c");
  return { store, repo, collection, series: collection.series("s"), warnings };
}

/** Cuts the segment in two, so that there is something to defragment. */
async function fragment(collection: EngineCollection): Promise<void> {
  const { heads, commit } = await collection.state();
  const [segment] = await segmentsIn(commit.table);
  const cut = { key: [BigInt(unverifiedRows.t[500]!) / 1000n], side: -1 } as const;
  const table = tableOf([
    { ...segment!, hi: cut },
    { ...segment!, lo: cut },
  ]);
  await collection.changelog.commit({ ...commit, table }, heads);
}

describe("verify", () => {
  it("lists times that reads return with a warning apart from problems", async () => {
    const { repo } = await setUp();
    const { problems, unverified } = await repo.verify();
    expect(problems).toEqual([]);
    expect(unverified).toMatchObject([
      { kind: "unverified", path: UNVERIFIED_PATH, collection: "c", series: "s", column: "t" },
    ]);
  });

  it("counts times that reads refuse as a problem", async () => {
    const { repo, series } = await setUp({ days: 10_000 });
    await expect(series.read()).rejects.toMatchObject({ code: "corrupt" });
    const { problems, unverified } = await repo.verify();
    expect(problems).toMatchObject([{ kind: "unverified", path: UNVERIFIED_PATH }]);
    expect(problems[0]!.message).toContain("allowUnverified");
    expect(unverified).toEqual([]);
    const trusting = await setUp({ days: 10_000, allowUnverified: true });
    expect(await trusting.repo.verify()).toMatchObject({
      problems: [],
      unverified: [{ kind: "unverified" }],
    });
  });

  it("reads a chunk once that is referred to both plainly and as exact", async () => {
    const { repo, store } = await setUp({ exact: true });
    store.asked.clear();
    const { problems, unverified } = await repo.verify();
    expect(store.asked.get(UNVERIFIED_PATH)).toBe(1);
    expect(problems).toMatchObject([{ kind: "corrupt", path: UNVERIFIED_PATH, series: "e" }]);
    expect(unverified).toMatchObject([{ kind: "unverified", series: "s" }]);
  });

  it("reads each chunk once, whoever wrote it", async () => {
    const { repo, store } = await setUp();
    store.asked.clear();
    const { chunks } = await repo.verify();
    const counts = [...store.asked].filter(([path]) => /^..\/..\/[0-9a-f]{36}$/.test(path));
    expect(counts.filter(([, times]) => times > 1)).toEqual([]);
    expect(chunks).toBeGreaterThanOrEqual(counts.length);
  });
});

describe("times that cannot be verified", () => {
  const update = { t: [unverifiedRows.t[10]!], v: [1] };

  it("stop a defrag, which names the series, the chunk and the option", async () => {
    for (const days of [0, 10_000]) {
      const { collection } = await setUp({ days });
      await fragment(collection);
      const log = await collection.log();
      const failure = collection.defrag();
      await expect(failure).rejects.toMatchObject({ code: "corrupt" });
      await expect(failure).rejects.toThrow(/Series "s"/);
      await expect(failure).rejects.toThrow(UNVERIFIED_PATH);
      await expect(failure).rejects.toThrow(/allowUnverified/);
      expect(await collection.log()).toEqual(log);
    }
  });

  it("are defragmented with the option, with a warning", async () => {
    const { collection, warnings } = await setUp({ allowUnverified: true });
    await fragment(collection);
    expect((await collection.defrag()).series).toEqual([{ label: "s", segments: 1, was: 2 }]);
    expect(warnings).toContainEqual(expect.stringContaining("cannot be verified"));
    expect(Array.from((await collection.series("s").read()).numbers("v"))).toEqual(unverifiedRows.v);
  });

  it("stop an update that needs refused ones, which names the series and the option", async () => {
    const { series } = await setUp({ days: 10_000 });
    await expect(series.update(update)).rejects.toMatchObject({
      code: "corrupt",
      message: expect.stringMatching(/series "s".*allowUnverified/),
    });
    const trusting = await setUp({ allowUnverified: true });
    await trusting.series.update(update);
    expect((await trusting.series.read()).numbers("v")[10]).toBe(1);
  });

  it("stay in their chunk when a write compacts its neighbours", async () => {
    for (const allowUnverified of [false, true]) {
      const { collection, series } = await setUp({ allowUnverified });
      const last = unverifiedRows.t.at(-1)!;
      const more = Array.from({ length: 2_000 }, (_, i) => last + 1000 * (i + 1));
      await series.write({ t: more, v: more.map(() => 0) });
      const { table } = (await (collection as EngineCollection).state()).commit;
      expect(
        (await segmentsIn(table)).map(({ digests, exact }) => [
          digests[0] === UNVERIFIED_DIGEST,
          exact ?? false,
        ]),
      ).toEqual([
        [true, false],
        [false, true],
      ]);
    }
  });

  it("are replaced by verified ones when the same rows are written again", async () => {
    const { repo, series } = await setUp();
    await series.write(unverifiedRows);
    const collection = await repo.collection("c");
    const { table } = (await collection.state()).commit;
    expect((await segmentsIn(table)).map(({ exact }) => exact)).toEqual([true]);
  });

  it("are checked for each segment, also where a cached copy of the chunk was accepted before", async () => {
    class NearStore extends MemoryStore {
      override async get(path: string, options?: GetOptions) {
        const bytes = await super.get(path);
        if (bytes) options?.onBytes?.(bytes.length, true);
        return bytes;
      }
    }
    const store = new NearStore();
    const column = timesSchema.column("t");
    await store.put(UNVERIFIED_PATH, await encodeColumn(castColumn(column, unverifiedRows.t), column));
    const chunks = new ChunkLoader(store, decodeChunk, () => {});
    const rows = unverifiedRows.t.length;
    const request = { digest: UNVERIFIED_DIGEST, column, rows, embedded: undefined };
    await chunks.load({ ...request, isPlausible: () => true });
    await expect(chunks.load({ ...request, isPlausible: () => false })).rejects.toThrow(/cannot be verified/);
    const strict = { ...request, isPlausible: () => true, verifiedOnly: true };
    await expect(chunks.load(strict)).rejects.toMatchObject({ code: "corrupt" });
  });
});
