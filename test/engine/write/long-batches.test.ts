import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { loadAll } from "../../../src/changelog/segment-table.ts";
import { decodeChunk } from "../../../src/codecs/chunk.ts";
import { collectChanges } from "../../../src/engine/collection/batch.ts";
import type { EngineCollection } from "../../../src/engine/collection/collection.ts";
import { writeContext } from "../../../src/engine/collection/write-context.ts";
import { EngineRepo } from "../../../src/engine/repo/repo.ts";
import { SeriesDraft } from "../../../src/engine/write/series-draft.ts";
import { Transaction } from "../../../src/engine/write/transaction.ts";
import type { Batch } from "../../../src/model/api/collection.ts";
import type { TableKind } from "../../../src/model/api/table-kind.ts";
import { LakotaError, throwIfAborted } from "../../../src/model/errors.ts";
import { Schema } from "../../../src/model/schema.ts";
import { MemoryStore } from "../../../src/stores/memory/memory-store.ts";

afterEach(() => vi.restoreAllMocks());

const schemas = {
  series: new Schema({ t: "int*", v: "float", text: "str" }),
  "key-value": Schema.kv({ t: "int*", v: "float", text: "str" }),
};
const LABELS = ["a", "b", "c"];

interface Change {
  readonly kind: "write" | "write" | "update" | "delete" | "drop" | "rename";
  readonly label: string;
  readonly to: string;
  readonly from: number;
  readonly rows: number;
  readonly value: number;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom("write", "write", "write", "write", "update", "delete", "drop", "rename"),
  label: fc.constantFrom(...LABELS),
  to: fc.constantFrom(...LABELS),
  from: fc.nat(300),
  // Some chunks are short enough to be embedded, and some are files.
  rows: fc.oneof(fc.nat(8), fc.integer({ min: 100, max: 300 })),
  value: fc.nat(3),
});

const frameOf = ({ from, rows, value }: Change) => ({
  t: Array.from({ length: rows }, (_, i) => from + i),
  v: Array.from({ length: rows }, (_, i) => Math.sin(value + i)),
  text: Array.from({ length: rows }, (_, i) => `${value} ${i}`),
});

async function apply(batch: Batch, one: Change): Promise<void> {
  const series = batch.series(one.label);
  const range = { start: one.from, stop: one.from + one.rows };
  if (one.kind === "write") await series.write(frameOf(one), one.rows === 0 ? range : {});
  else if (one.kind === "update") await series.update({ t: frameOf(one).t, v: frameOf(one).v });
  else if (one.kind === "delete") await series.delete(range);
  else if (one.kind === "drop") await batch.drop(one.label);
  else await batch.rename(one.label, one.to);
}

/** Commits changes. @param heldBytes bytes of rows that stay in memory as they are. Default: as usual */
async function commit(
  collection: EngineCollection,
  changes: readonly Change[],
  heldBytes?: number,
): Promise<string> {
  const transaction = new Transaction(writeContext(collection), heldBytes);
  await collectChanges(
    transaction,
    async (batch) => {
      for (const one of changes) await apply(batch, one);
    },
    collection.untilClosed(undefined),
  );
  return collection.commit(transaction, {}).then(
    (revision) => (revision === undefined ? "nothing" : "changed"),
    ({ code }) => code,
  );
}

const create = (schema: Schema, table: TableKind, store = new MemoryStore()) =>
  new EngineRepo(store, decodeChunk, { maxAge: 0 }).createCollection(schema, "c", { table });

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** What a collection shows, and how it is stored. */
async function contentOf(collection: EngineCollection) {
  const { commit } = await collection.state();
  const { segments } = await loadAll(commit.table);
  const rows = await collection.read(await collection.ls());
  return {
    segments: segments.map((segment) => ({ ...segment })),
    rows: [...rows].map(([label, frame]) => [label, frame.get("t"), frame.get("v"), frame.get("text")]),
    about: commit.about,
  };
}

describe.each(["flat", "tree"] as const)("batches with %s tables that are too long for memory", (table) => {
  test.each(Object.entries(schemas))("store what others store: %s", async (_, schema) => {
    const batches = fc.array(fc.array(change, { minLength: 1, maxLength: 6 }), {
      minLength: 1,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(batches, async (all) => {
        const [held, packed] = [await create(schema, table), await create(schema, table)];
        for (const changes of all) {
          expect(await commit(packed, changes, 0)).toBe(await commit(held, changes));
          expect(await contentOf(packed)).toEqual(await contentOf(held));
        }
      }),
      { numRuns: 40 },
    );
  });

  test("store chunks as they go, and show nothing before their end", async () => {
    const store = new MemoryStore();
    const collection = await create(schemas.series, table, store);
    const files = async () => (await store.list("")).length;
    const before = await files();
    const transaction = new Transaction(writeContext(collection), 0);
    const write = { kind: "write", label: "a", to: "a", from: 0, rows: 300, value: 1 } as const;
    await transaction.write("a", frameOf(write), {});
    expect(await files()).toBeGreaterThan(before);
    expect(await collection.ls()).toEqual([]);
    expect(await collection.log()).toEqual([]);
    await collection.commit(transaction, {});
    expect(await collection.ls()).toEqual(["a"]);
  });

  test("have few rows of a series in memory at their end", async () => {
    const collection = await create(schemas.series, table);
    const write = { kind: "write", label: "a", to: "a", value: 1 } as const;
    const rows = (from: number, length: number) => frameOf({ ...write, from, rows: length });
    await collection.series("a").write(rows(0, 40_000));
    let [reading, most] = [0, 0];
    const tryRead = SeriesDraft.prototype.tryRead;
    vi.spyOn(SeriesDraft.prototype, "tryRead").mockImplementation(async function (this: SeriesDraft, range) {
      most = Math.max(most, ++reading);
      return tryRead.call(this, range).finally(() => reading--);
    });
    const transaction = new Transaction(writeContext(collection), 0);
    // Each pair is joined, and leaves its neighbours as they are.
    for (let from = 1_000; from < 20_000; from += 1_000) {
      for (const start of [from, from + 300])
        await transaction.write("a", rows(start, 300), { start, stop: start + 300, closed: "left" });
    }
    await collection.commit(transaction, {});
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });

  test("stop storing all series when one cannot be stored", async () => {
    const store = new MemoryStore();
    let [stored, puts] = [false, 0];
    const put = store.put.bind(store);
    store.put = async (path, bytes, options) => {
      throwIfAborted(options?.signal);
      if (stored && ++puts === 2) throw new LakotaError("quota", "full");
      await turn();
      return put(path, bytes, options);
    };
    const collection = await create(schemas.series, table, store);
    // So long that their columns are encoded one after the other.
    const write = { kind: "write", label: "a", to: "a", from: 0, rows: 5_000, value: 1 } as const;
    stored = true;
    const writing = collection.batch(async (batch) => {
      for (let i = 0; i < 16; i++) await batch.series(`${i}`).write(frameOf({ ...write, value: i * 1_000 }));
    });
    await expect(writing).rejects.toMatchObject({ code: "quota" });
    const before = puts;
    for (let turns = 0; turns < 200; turns++) await turn();
    expect(puts).toBe(before);
    stored = false;
    await collection.series("a").write(frameOf(write));
    expect(await collection.ls()).toEqual(["a"]);
  });

  test("stop storing when they are aborted", async () => {
    const collection = await create(schemas.series, table);
    const transaction = new Transaction(writeContext(collection), 0);
    const write = { kind: "write", label: "a", to: "a", from: 0, rows: 300, value: 1 } as const;
    const signal = AbortSignal.abort();
    await expect(transaction.write("a", frameOf(write), { signal })).rejects.toMatchObject({
      code: "aborted",
    });
    await expect(collection.commit(transaction, {})).rejects.toMatchObject({ code: "aborted" });
    expect(await collection.log()).toEqual([]);
  });
});
