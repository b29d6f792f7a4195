import { decode, encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { encodeCommit } from "../../src/changelog/commit-encode.ts";
import { decodeCommit } from "../../src/changelog/decode-commit.ts";
import type { Segment } from "../../src/changelog/segment-table.ts";
import { encodeColumn } from "../../src/codecs/encode.ts";
import { parseDType } from "../../src/model/dtype.ts";
import { encodeStrings } from "../../src/model/encode-strings.ts";
import { Schema } from "../../src/model/schema.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import { segmentsIn, tableOf } from "./tables.ts";

const schema = new Schema({ timestamp: "timestamp*", value: "float" });
const store = new MemoryStore(); // no commit here needs files

const segment = (length: number): Segment => ({
  label: "a",
  lo: { key: [0n], side: -1 },
  hi: { key: [9n], side: 1 },
  length,
  digests: ["1".repeat(40), "2".repeat(40)],
});

const commit = (lengths: number[]) => encodeCommit({ table: tableOf(lengths.map(segment)) }, schema);

/** Returns the commit with some of its columns replaced. */
async function changed(payload: Uint8Array, columns: Record<string, unknown>) {
  const [map, ...rest] = decode(payload, { useBigInt64: true }) as [Record<string, unknown>, ...unknown[]];
  return encode([{ ...map, ...columns }, ...rest], { useBigInt64: true }).slice();
}

describe("a commit that declares the length of a segment", () => {
  it.each([-1, 2 ** 31, 2 ** 40, 2 ** 53, -(2 ** 62)])("as %i rows is corrupt", async (length) => {
    await expect(decodeCommit(await commit([5, length]), schema, store)).rejects.toMatchObject({
      code: "corrupt",
      message: expect.stringContaining(`Row 1 of a commit has a length of ${length} rows`),
    });
  });

  it.each([0, 1, 2 ** 31 - 1])("as %i rows is read", async (length) => {
    const { table } = await decodeCommit(await commit([5, length]), schema, store);
    expect((await segmentsIn(table)).map((found) => found.length)).toEqual([5, length]);
  });
});

describe("a commit whose columns do not fit together is corrupt", () => {
  const text = (...items: string[]) =>
    encodeColumn(encodeStrings(items), { name: "t", dtype: parseDType("str"), codecs: ["msgpack2", "zstd"] });

  it.each(["label", "closed"])("%s", async (name) => {
    for (const items of [["b"], ["b", "b", "b"]]) {
      const bytes = await changed(await commit([5, 6]), { [name]: await text(...items) });
      await expect(decodeCommit(bytes, schema, store)).rejects.toMatchObject({
        code: "corrupt",
        message: expect.stringContaining(`has ${items.length} rows, but`),
      });
    }
  });

  it("closed that is no letter, but a property of every object", async () => {
    for (const closed of ["constructor", "toString", "__proto__"]) {
      const bytes = await changed(await commit([5]), { closed: await text(closed) });
      await expect(decodeCommit(bytes, schema, store)).rejects.toMatchObject({ code: "corrupt" });
    }
  });

  it("digests, start and stop", async () => {
    const times = await encodeColumn(BigInt64Array.of(1n), schema.column("timestamp"));
    for (const columns of [
      { digest: { timestamp: await text("1"), value: await text("2") } },
      { start: { timestamp: times } },
      { stop: { timestamp: times } },
    ]) {
      const bytes = await changed(await commit([5, 6]), columns);
      await expect(decodeCommit(bytes, schema, store)).rejects.toMatchObject({ code: "corrupt" });
    }
  });
});

it("a commit of more segments than a commit can have is corrupt", async () => {
  const lengths = await encodeColumn(new BigInt64Array(2 ** 22 + 1), {
    name: "length",
    dtype: parseDType("int"),
    codecs: ["blosc"],
  });
  const bytes = await changed(await commit([5]), { length: lengths });
  await expect(decodeCommit(bytes, schema, store)).rejects.toMatchObject({
    code: "corrupt",
    message: expect.stringContaining('Column "length"'),
  });
});
