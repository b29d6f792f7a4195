import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EditedTable } from "../../../src/changelog/edited-table.ts";
import { FlatTable } from "../../../src/changelog/flat-table.ts";
import { flatTable } from "../../../src/changelog/flat-table-edits.ts";
import { bySeries, type Segment } from "../../../src/changelog/segment-table.ts";
import { ChunkWriter } from "../../../src/engine/write/chunk-writer.ts";
import { storeTable } from "../../../src/engine/write/store-table.ts";
import type { Bytes } from "../../../src/model/bytes.ts";
import { hashedPath } from "../../../src/model/layout.ts";
import { Schema } from "../../../src/model/schema.ts";
import { MemoryStore } from "../../../src/stores/memory/memory-store.ts";

/** Bytes of embedded chunks in a commit at most. */
const BUDGET = 8_192;

const schema = new Schema({ t: "int*" });

const digestOf = (name: string) =>
  [...name]
    .map((c) => c.charCodeAt(0).toString(16))
    .join("")
    .padStart(40, "0");
const chunk = (length: number): Bytes => new Uint8Array(length).fill(length % 251);

/** Chunks by name, with their lengths. */
type Lengths = Readonly<Record<string, number>>;
const chunksOf = (lengths: Lengths) =>
  new Map(Object.entries(lengths).map(([name, length]) => [digestOf(name), chunk(length)]));

/** Embeds chunks in a commit that uses those named. Returns the names of the embedded ones and of the files. */
async function embed(used: readonly string[], added: Lengths, old: Lengths = {}) {
  const store = new MemoryStore();
  const segments = used.map(
    (name): Segment => ({
      label: name,
      lo: { key: [0n], side: -1 },
      hi: { key: [1n], side: 1 },
      length: 1,
      digests: [digestOf(name)],
    }),
  );
  const base = flatTable([], schema, chunksOf(old));
  const table = new EditedTable(base, { series: bySeries(segments), embedded: chunksOf(added) });
  const writer = new ChunkWriter({ store, concurrency: 4 });
  const { signal } = new AbortController();
  const stored = await storeTable(table, { store, schema, tableKind: "flat" }, writer, signal);
  if (!(stored instanceof FlatTable)) throw new Error("not a flat table");
  const { embedded } = stored;
  const names = Object.keys({ ...added, ...old });
  const paths = (await store.list("")).map(({ path }) => path);
  for (const [digest, bytes] of embedded)
    expect(bytes).toEqual((chunksOf(added).get(digest) ?? chunksOf(old).get(digest))!);
  return {
    embedded: [...embedded.keys()].map((digest) => names.find((name) => digestOf(name) === digest)),
    files: names.filter((name) => paths.includes(hashedPath(digestOf(name)))),
  };
}

describe("the chunks of a flat table", () => {
  test("embeds new and old chunks that fit", async () => {
    const { embedded, files } = await embed(["a", "b"], { a: 100 }, { b: 100 });
    expect({ embedded, files }).toEqual({ embedded: ["a", "b"], files: [] });
  });

  test("prefers new chunks; old ones that no longer fit become files", async () => {
    const { embedded, files } = await embed(["old", "new"], { new: 5_000 }, { old: 5_000 });
    expect({ embedded, files }).toEqual({ embedded: ["new"], files: ["old"] });
  });

  test("fills the budget exactly, and continues after a chunk that does not fit", async () => {
    const lengths = { a: BUDGET - 10, b: 11, c: 10, d: 1 };
    const { embedded, files } = await embed(Object.keys(lengths), lengths);
    expect({ embedded, files }).toEqual({ embedded: ["a", "c"], files: ["b", "d"] });
  });

  test("forgets chunks that the commit does not refer to", async () => {
    const { embedded, files } = await embed(["a"], { a: 1, b: 1, c: BUDGET }, { d: 1 });
    expect({ embedded, files }).toEqual({ embedded: ["a"], files: [] });
  });

  test("counts a chunk that is both new and old once", async () => {
    const { embedded, files } = await embed(["a", "b"], { a: 5_000 }, { a: 5_000, b: 3_192 });
    expect({ embedded, files }).toEqual({ embedded: ["a", "b"], files: [] });
  });

  test("every chunk in use is embedded or a file, new ones first, within the budget", async () => {
    const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    const length = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: BUDGET + 1 }));
    const lengths = fc.uniqueArray(fc.tuple(fc.constantFrom(...names), length), {
      selector: ([name]) => name,
    });
    await fc.assert(
      fc.asyncProperty(fc.subarray(names), lengths, lengths, async (used, added, others) => {
        const old = others.filter(([name]) => !added.some(([other]) => other === name));
        const { embedded, files } = await embed(used, Object.fromEntries(added), Object.fromEntries(old));
        let budget = BUDGET;
        const expected = [...added, ...old].flatMap(([name, size]) => {
          if (!used.includes(name) || size > budget) return [];
          budget -= size;
          return [name];
        });
        expect(embedded).toEqual(expected);
        const rest = [...added, ...old].map(([name]) => name).filter((name) => used.includes(name));
        expect(files.sort()).toEqual(rest.filter((name) => !expected.includes(name)).sort());
      }),
    );
  });
});
