import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeColumn } from "../../src/codecs/decode.ts";
import { verify } from "../../src/codecs/digest.ts";
import { digestOf, encodeColumn } from "../../src/codecs/encode.ts";
import { toRaw } from "../../src/codecs/values.ts";
import { castColumn } from "../../src/model/cast.ts";
import { type ColumnData, rowsOf } from "../../src/model/column.ts";
import { isFixed, parseDType } from "../../src/model/dtype.ts";
import { encodeStrings } from "../../src/model/encode-strings.ts";
import { type Column, Schema } from "../../src/model/schema.ts";
import { Strings } from "../../src/model/strings.ts";
import { pipelines, sample } from "./columns.ts";

const there = (column: ColumnData, encoding: Column) => encodeColumn(column, encoding);
const columnOf = (type: string): Column =>
  new Schema({ key: "int*", c: type }).columns.find(({ name }) => name === "c")!;

async function thereAndBack(type: string, items: ArrayLike<unknown>): Promise<ColumnData> {
  const column = columnOf(type);
  return (await decodeColumn(await there(castColumn(column, items), column), column)).column;
}

/** All strings as one, which is quicker to compare. */
const textOf = (column: ColumnData): string =>
  (column instanceof Strings ? column.toArray() : Array.from(column, String)).join("\n");

test("every column comes back from every pipeline, and its digest is good", async () => {
  await fc.assert(
    fc.asyncProperty(sample, async ({ dtype, codecs, column }) => {
      const encoding = { name: "c", dtype, codecs };
      const encoded = await encodeColumn(column, encoding);
      const decoded = await decodeColumn(encoded, encoding);
      expect(decoded.column).toEqual(column);
      expect(encoded.length === 0).toBe(rowsOf(column, dtype) === 0);
      expect(await verify(await digestOf(column, encoded, encoding), encoded, decoded, dtype)).toBe("good");
      const exact = !["msgpack2", "json2"].includes(codecs[0]!); // those keep values; of NaNs there are many
      if (exact && isFixed(dtype) && dtype.name !== "float16" && encoded.length > 0)
        expect(decoded.raw).toEqual(toRaw(column, dtype));
    }),
    { numRuns: 600 },
  );
});

test("the schema accepts what is tested here", () => {
  for (const type of ["f2", "f8", "c16", "M8[s]", "M8[ns]", "U7", "S5", "str", "O"]) {
    for (const codecs of pipelines(parseDType(type))) {
      expect(columnOf([type, ...codecs].join("|")).codecs).toEqual(codecs);
    }
  }
});

describe("edges", () => {
  test.each(["float", "str", "O", "timestamp", "U5", "S5", "bool", "c16"])(
    "%s without rows",
    async (type) => {
      const column = columnOf(type);
      const empty = castColumn(column, []);
      expect(await there(empty, column)).toEqual(new Uint8Array(0));
      expect(await thereAndBack(type, [])).toEqual(empty);
    },
  );

  test("a NaN keeps its payload and zero its sign", async () => {
    const bits = BigUint64Array.of(0x7ff8dead_beef0001n, 0xfff80000_00000000n, 0x80000000_00000000n);
    for (const codecs of ["blosc", "zstd", "lz4", "gzip", "shuffle | zlib"]) {
      const back = (await thereAndBack(`float | ${codecs}`, new Float64Array(bits.buffer))) as Float64Array;
      expect(new BigUint64Array(back.slice().buffer)).toEqual(bits);
    }
    for (const codec of ["msgpack2", "json2"]) {
      expect(await thereAndBack(`float | ${codec}`, [-0, Number.NaN])).toEqual(
        Float64Array.of(-0, Number.NaN),
      );
    }
  });

  test.each(["blosc", "zstd", "msgpack2", "json2"])("NaT and the ends of int64 through %s", async (codec) => {
    const ends = BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n, 0n, -1n);
    expect(await thereAndBack(`M8[ns] | ${codec}`, ends)).toEqual(ends);
    expect(await thereAndBack(`int | ${codec}`, ends)).toEqual(ends);
    expect(await thereAndBack(`u8 | ${codec}`, [2n ** 64n - 1n])).toEqual(BigUint64Array.of(2n ** 64n - 1n));
  });

  test.each(["msgpack2 | zstd", "json2", "vlen-utf8 | lz4"])(
    "long strings and emoji through %s",
    async (codecs) => {
      const items = [
        "x".repeat(300_000),
        "",
        "👩‍👩‍👧‍👦".repeat(5000),
        "\ufeff",
        "é".repeat(40),
        '\\"'.repeat(70_000),
      ];
      expect(textOf(await thereAndBack(`str | ${codecs}`, items))).toBe(items.join("\n"));
    },
  );

  test.each(["msgpack2", "json2", "vlen-utf8"])("70,000 rows through %s", async (codec) => {
    const words = Array.from({ length: 70_000 }, (_, i) => `w${i % 977}`);
    expect(textOf(await thereAndBack(`str | ${codec}`, words))).toBe(words.join("\n"));
    expect(textOf(await thereAndBack(`O | ${codec}`, words))).toBe(words.join("\n"));
  });

  test.each(["msgpack2", "json2"])(
    "large integers and special floats in objects through %s",
    async (codec) => {
      const items = [
        { id: 2n ** 63n, list: [-(2n ** 53n) - 1n, 2n ** 53n, 9007199254740991] },
        [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e20, 0.30000000000000004],
        ["NaN", "Infinity", "12345678901234567890", "\u0000lakota:5", '"', "\\"],
        { "12345678901234567890": "NaN", NaN: 1 },
      ];
      expect(await thereAndBack(`O | ${codec}`, items)).toEqual(items);
    },
  );

  test("nested lists and bytes", async () => {
    const items = [[[1, [2, []]], []], Uint8Array.of(0, 255)];
    expect(await thereAndBack("O", items)).toEqual(items);
  });
});

describe("refused on encoding, naming column and row", () => {
  test.each([
    ["O", new Date(0)],
    ["O", new Map()],
    ["O", new Float64Array(1)],
    ["O", "\ud800"],
    ["O", { "\ud800": 1 }],
    ["O", JSON.parse('{"__proto__":1}')],
    ["O", 2n ** 64n],
    ["O", () => 1],
    ["O | json2", new Map()],
    ["O | json2", Symbol("s")],
    ["O | vlen-utf8", 5],
  ])("%s: %o", async (type, item) => {
    await expect(thereAndBack(type, ["fine", item])).rejects.toMatchObject({
      name: "LakotaError",
      code: "invalid-frame",
      message: expect.stringContaining('Column "c"'),
    });
  });

  test.each(["O", "O | json2"])("%s: a list that holds itself", async (type) => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    await expect(thereAndBack(type, [cycle])).rejects.toMatchObject({ code: "invalid-frame" });
  });

  test.each(["bz2", "lzma", "base64", "pickle"])("%s in a schema that Python made", async (codec) => {
    const encoding = { name: "c", dtype: parseDType("float"), codecs: [codec] };
    const refusal = { code: "unsupported-codec", message: expect.stringContaining(`the codec ${codec}`) };
    await expect(encodeColumn(Float64Array.of(1), encoding)).rejects.toMatchObject(refusal);
    await expect(decodeColumn(Uint8Array.of(1), encoding)).rejects.toMatchObject(refusal);
  });

  test("text without a codec for values", async () => {
    const encoding = { name: "c", dtype: parseDType("str"), codecs: ["zstd"] };
    await expect(encodeColumn(encodeStrings(["a"]), encoding)).rejects.toMatchObject({
      code: "unsupported-codec",
    });
  });
});
