import { expect, test } from "vitest";
import type { Segment } from "../../../src/changelog/segment-table.ts";
import { decodeChunk } from "../../../src/codecs/chunk.ts";
import { writeContext } from "../../../src/engine/collection/write-context.ts";
import { EngineRepo } from "../../../src/engine/repo/repo.ts";
import { SeriesDraft } from "../../../src/engine/write/series-draft.ts";
import { Schema } from "../../../src/model/schema.ts";
import { MemoryStore } from "../../../src/stores/memory/memory-store.ts";

const schema = new Schema({ t: "int*", v: "float" });

test("an append to a series does not look at what was appended before it", async () => {
  const collection = await new EngineRepo(new MemoryStore(), decodeChunk).createCollection(schema, "c");
  const { source } = writeContext(collection);
  const { signal } = new AbortController();
  const draft = new SeriesDraft("s", [], { schema, source, embedded: new Map(), signal });
  let looks = 0;
  for (let i = 0; i < 1_000; i++) {
    const range = { lo: { key: [i], side: -1 }, hi: { key: [i], side: 1 } } as const;
    const piece: Segment = {
      ...range,
      get hi() {
        looks++;
        return range.hi;
      },
      label: "s",
      length: 1,
      digests: [],
    };
    expect(draft.maxRows(range)).toBe(0);
    draft.replace(range, [piece]);
  }
  expect(looks).toBeLessThan(10_000);
  const everything = { lo: { key: [0], side: -1 }, hi: { key: [1_000], side: 1 } } as const;
  expect(draft.maxRows(everything)).toBe(1_000);
  draft.replace({ ...everything, lo: { key: [10], side: -1 } }, []);
  expect(draft.maxRows(everything)).toBe(10);
});
