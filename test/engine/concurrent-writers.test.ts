import { type BatchSeries, type Collection, type Frame, LakotaError, openRepo, Schema } from "lakota/engine";
import { describe, expect, it } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { PutOptions, Store } from "../../src/stores/store.ts";
import { staleStore } from "./stale-store.ts";

const schema = new Schema({ t: "int*", v: "float" });
const rows = (frame: Frame) =>
  Array.from(frame.get("t") as BigInt64Array, (t, i) => [Number(t), frame.numbers("v")[i]]);
const write = (collection: Collection, label: string, keys: number[], value: number) =>
  collection.series(label).write({ t: keys, v: keys.map(() => value) });

/** A store that delays revision files until `gate` resolves, so that two writers build on the same parent. */
class SlowStore extends MemoryStore {
  gate: Promise<void> = Promise.resolve();

  override async put(path: string, bytes: Uint8Array<ArrayBuffer>, options?: PutOptions) {
    if (path.includes(".")) await this.gate;
    return super.put(path, bytes, options);
  }
}

/** Lets two repos on one store, as on two machines, each write without having seen the other's commit. */
async function fork(first: (c: Collection) => Promise<unknown>, second: (c: Collection) => Promise<unknown>) {
  const store = new SlowStore();
  const open = async () => new EngineRepo(store, decodeChunk, { maxAge: 0 });
  const base = await (await open()).createCollection(schema, "c");
  await write(base, "s", [1, 2, 3, 4, 5, 6, 7, 8], 0);
  const [one, two] = await Promise.all([(await open()).collection("c"), (await open()).collection("c")]);
  let release = () => {};
  store.gate = new Promise((resolve) => {
    release = resolve;
  });
  const listed = waitForLists(store, 2);
  const both = [first(one), second(two)];
  await listed; // both have seen only the base
  release();
  await Promise.all(both);
  return (await open()).collection("c");
}

/** Resolves once the changelog was listed `n` more times. */
function waitForLists(store: MemoryStore, n: number): Promise<void> {
  const list = store.list.bind(store);
  return new Promise((resolve) => {
    store.list = async (...args) => {
      const entries = await list(...args);
      if (--n <= 0) resolve();
      return entries;
    };
  });
}

const heads = async (collection: Collection) => (await collection.log()).filter(({ head }) => head).length;

describe("two writers that build on the same parent", () => {
  it("make two heads, and a reader sees the rows of both", async () => {
    const collection = await fork(
      (c) => write(c, "s", [2, 3], 1),
      (c) => write(c, "s", [6, 7], 2),
    );
    expect(await heads(collection)).toBe(2);
    const seen = rows(await collection.series("s").read());
    expect(seen).toEqual([
      [1, 0],
      [2, 1],
      [3, 1],
      [4, 0],
      [5, 0],
      [6, 2],
      [7, 2],
      [8, 0],
    ]);
  });

  it("are merged by the next write", async () => {
    const collection = await fork(
      (c) => write(c, "a", [1], 1),
      (c) => write(c, "b", [1], 2),
    );
    expect(await collection.ls()).toEqual(["a", "b", "s"]);
    await write(collection, "s", [9], 3);
    expect(await heads(collection)).toBe(1);
    expect(await collection.ls()).toEqual(["a", "b", "s"]);
    const merge = (await collection.log()).at(-1)!;
    expect(merge.parents).toHaveLength(2);
    expect(await collection.series("s").length()).toBe(9);
  });

  it("lose nothing if their ranges overlap in part; the later commit wins in the overlap", async () => {
    const collection = await fork(
      (c) => write(c, "s", [2, 3, 4, 5], 1),
      (c) => write(c, "s", [4, 5, 6], 2),
    );
    const seen = rows(await collection.series("s").read()).map(([, v]) => v);
    expect([
      [0, 1, 1, 1, 1, 2, 0, 0],
      [0, 1, 1, 2, 2, 2, 0, 0],
    ]).toContainEqual(seen);
  });

  it("that write the same rows make one head, or two with the same rows", async () => {
    const collection = await fork(
      (c) => write(c, "s", [2, 3], 1),
      (c) => write(c, "s", [2, 3], 1),
    );
    expect(await collection.series("s").length()).toBe(8);
  });
});

describe("writers of one process", () => {
  it("are serialised: 50 concurrent writes make 50 revisions and one head", async () => {
    const collection = await (await openRepo("memory://")).createCollection(schema, "c");
    await Promise.all(Array.from({ length: 50 }, (_, i) => write(collection, "s", [i], i)));
    expect(await heads(collection)).toBe(1);
    expect(await collection.log()).toHaveLength(50);
    expect(await collection.series("s").length()).toBe(50);
  });
});

describe("a batch", () => {
  it("is one revision, and invisible until it ends", async () => {
    const collection = await (await openRepo("memory://")).createCollection(schema, "c");
    await collection.batch(async (batch) => {
      for (const label of ["a", "b", "c"]) await batch.series(label).write({ t: [1, 2], v: [3, 4] });
      expect(await collection.ls()).toEqual([]);
    });
    expect(await collection.ls()).toEqual(["a", "b", "c"]);
    expect(await collection.log()).toHaveLength(1);
  });

  it("that throws writes nothing, and the next write works", async () => {
    const collection = await (await openRepo("memory://")).createCollection(schema, "c");
    const failed = collection.batch(async (batch) => {
      await batch.series("a").write({ t: [1], v: [1] });
      throw new Error("changed my mind");
    });
    await expect(failed).rejects.toThrow("changed my mind");
    expect(await collection.log()).toEqual([]);
    await write(collection, "b", [1], 1);
    expect(await collection.ls()).toEqual(["b"]);
  });

  it("with one invalid frame writes nothing, even if the caller ignores the error", async () => {
    const collection = await (await openRepo("memory://")).createCollection(schema, "c");
    const failed = collection.batch(async (batch) => {
      await batch.series("a").write({ t: [1], v: [1] });
      await batch
        .series("b")
        .write({ t: [2, 1], v: [1, 1] })
        .catch(() => undefined);
    });
    await expect(failed).rejects.toMatchObject({ code: "unsorted" });
    expect(await collection.log()).toEqual([]);
  });

  it("without changes makes no revision", async () => {
    const collection = await (await openRepo("memory://")).createCollection(schema, "c");
    expect(await collection.batch(async () => 42)).toBeUndefined();
    expect(await collection.log()).toEqual([]);
  });

  it("rejects writes after its end", async () => {
    const collection = await (await openRepo("memory://")).createCollection(schema, "c");
    let escaped!: BatchSeries;
    await collection.batch(async (batch) => {
      escaped = batch.series("a");
    });
    const error = await escaped.write({ t: [1], v: [1] }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(LakotaError);
    expect(error).toMatchObject({ code: "closed" });
  });

  it("that append interleaved keys to the same tail, which both compact, lose none of them", async () => {
    const each = (keys: number[], value: number) => (c: Collection) =>
      c.batch(async (batch) => {
        for (const t of keys) await batch.series("s").write({ t: [t], v: [value] });
      });
    const collection = await fork(each([10, 12, 14], 1), each([9, 11, 13, 15], 2));
    const all = [
      ...[1, 2, 3, 4, 5, 6, 7, 8].map((t) => [t, 0]),
      ...[9, 10, 11, 12, 13, 14, 15].map((t) => [t, t % 2 === 0 ? 1 : 2]),
    ];
    expect(await heads(collection)).toBe(2);
    expect(rows(await collection.series("s").read())).toEqual(all);
    const report = await collection.merge();
    expect([report.heads.length, report.conflicts]).toEqual([2, []]);
    expect(rows(await collection.series("s").read())).toEqual(all);
    expect(await heads(collection)).toBe(1);
    await collection.defrag();
    expect(rows(await collection.series("s").read())).toEqual(all);
  });

  it("that touched the same range: the later one wins, and merge reports the conflict", async () => {
    const collection = await fork(
      (c) => write(c, "s", [2, 3, 4], 1),
      (c) => write(c, "s", [4, 5], 2),
    );
    const [, one, two] = await collection.log();
    const { conflicts, revision } = await collection.merge();
    expect(conflicts).toEqual([
      { label: "s", start: [4n], stop: [4n], closed: "both", kept: two!.id, lost: one!.id },
    ]);
    expect(rows(await collection.series("s").read({ start: 4, stop: 4, closed: "both" })).length).toBe(1);
    expect((await collection.log()).at(-1)?.id).toBe(revision);
    expect((await collection.merge()).heads).toEqual([revision]);
  });

  it("a write that merges them warns once of overridden rows", async () => {
    const store = new MemoryStore();
    const warnings: string[] = [];
    const open = (of: Store) =>
      new EngineRepo(of, decodeChunk, { maxAge: 0, onWarning: (message) => warnings.push(message) });
    const times = new Schema({ t: "timestamp*", v: "float" });
    const day = (value: number, ...days: number[]) => ({
      t: days.map((one) => `2026-03-0${one}`),
      v: days.map(() => value),
    });
    const base = await open(store).createCollection(times, "c");
    await base.series("s").write(day(0, 1));
    const others = [open(staleStore(store)), open(staleStore(store))];
    const fork = await Promise.all(others.map((repo) => repo.collection("c")));
    await Promise.all(fork.map((collection) => collection.ls()));
    const own: string[][] = [];
    for (const [i, collection] of fork.entries()) {
      await collection.series("s").write(day(i, 2, 3, 4 + i));
      await collection.series("u").write(day(i, 7));
      own.push((await collection.log()).slice(-2).map(({ id }) => id));
    }
    await base.refresh(); // a listing of the same millisecond counts as fresh
    expect(await heads(base)).toBe(2);
    expect(warnings).toEqual([]);
    await base.series("s").write(day(9, 9));
    expect(await heads(base)).toBe(1);
    // Two pairs: the writes to "s", and those to "u".
    expect(warnings).toEqual([
      expect.stringMatching(/"c".*"s" from \(2026-03-02T00:00:00.000Z\) to \(2026-03-04T00:00:00.000Z\)/),
      expect.stringMatching(/"c".*"u" at \(2026-03-07T00:00:00.000Z\)/),
    ]);
    // Both may have the same millisecond: then either may be the later one.
    for (const [i, warning] of warnings.entries()) {
      const [, kept, lost] = /later revision (\S+) replace those of (\S+) the/.exec(warning)!;
      expect([lost, kept].sort()).toEqual(own.map((ids) => ids[i]).sort());
    }
    await base.series("s").write(day(9, 8));
    await base.series("s").write(day(8, 9));
    expect(warnings).toHaveLength(2);
  });

  it("a write that replaces the conflicting range itself does not warn", async () => {
    const store = new MemoryStore();
    const warnings: string[] = [];
    const open = (of: Store) =>
      new EngineRepo(of, decodeChunk, { maxAge: 0, onWarning: (message) => warnings.push(message) });
    const base = await open(store).createCollection(schema, "c");
    await write(base, "s", [1], 0);
    const other = await open(staleStore(store)).collection("c");
    await other.ls();
    await write(base, "s", [2, 3], 1);
    await write(other, "s", [2, 3], 2);
    await base.refresh(); // a listing of the same millisecond counts as fresh
    expect(await heads(base)).toBe(2);
    await write(base, "s", [1, 2, 3, 4], 3);
    expect(await heads(base)).toBe(1);
    expect(warnings).toEqual([]);
  });

  it("of three writers that touched one range, merge reports each that was overridden", async () => {
    const store = new MemoryStore();
    const open = (of: Store) => new EngineRepo(of, decodeChunk, { maxAge: 0 });
    await write(await open(store).createCollection(schema, "c"), "s", [0], 0);
    const writers = await Promise.all(
      [1, 2, 3].map(async () => {
        const collection = await open(staleStore(store)).collection("c");
        await collection.ls();
        return collection;
      }),
    );
    for (const [i, collection] of writers.entries()) {
      await write(collection, "s", [5], i);
      await write(collection, "s", [5], i + 10); // of each writer only the last revision is reported
    }
    const collection = await open(store).collection("c");
    const last = (await collection.log()).filter(({ head }) => head).map(({ id }) => id);
    const { conflicts } = await collection.merge();
    const kept = last.at(-1);
    expect(conflicts.map((one) => [one.kept, one.lost]).sort()).toEqual(
      last.slice(0, 2).map((lost) => [kept, lost]),
    );
  });

  it("one of which deleted rows that the other did not touch: they stay deleted", async () => {
    const collection = await fork(
      (c) => c.series("s").delete({ start: 1, stop: 3, closed: "both" }),
      (c) => write(c, "s", [7], 2),
    );
    await collection.merge();
    const seen = rows(await collection.series("s").read());
    expect(seen).toEqual([
      [4, 0],
      [5, 0],
      [6, 0],
      [7, 2],
      [8, 0],
    ]);
  });

  it("one of which dropped a series to which the other appends: the new rows stay", async () => {
    const collection = await fork(
      (c) => c.drop("s"),
      (c) => write(c, "s", [9], 2),
    );
    expect(rows(await collection.series("s").read())).toEqual([[9, 2]]);
  });
});
