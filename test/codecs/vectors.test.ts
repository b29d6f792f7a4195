import { gunzipSync, inflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { decodeColumn } from "../../src/codecs/decode.ts";
import { verify } from "../../src/codecs/digest.ts";
import { digestOf, encodeColumn } from "../../src/codecs/encode.ts";
import { castColumn } from "../../src/model/cast.ts";
import { parseDType } from "../../src/model/dtype.ts";
import { toHalf } from "../../src/model/half.ts";
import { fromHex, halfVectors, vectors } from "./vectors.ts";

/**
 * Where our bytes differ from numcodecs 0.11's and mean the same: every zlib has its own way of matching, numcodecs
 * carries another version of zstd, and numpy gives nested lists of equal length a shape of rank 2.
 */
const DIFFERENT = [
  /gzip|zlib/,
  /^(datetime|timedelta)64\[\w+\] × 24 through zstd$/,
  /^complex128 through shuffle\|zstd$/,
  /^object lists through /,
];

describe.each(vectors)("$title", ({ dtype, column, encodings, name }) => {
  test.each(encodings)("$pipeline: Python's bytes decode", async ({ codecs, encoded, digest }) => {
    const decoded = await decodeColumn(encoded, { name: "c", dtype, codecs });
    expect(decoded.column).toEqual(column);
    expect(await verify(digest, encoded, decoded, dtype)).toBe("good");
  });

  test.each(encodings)("$pipeline: ours are the same bytes", async ({ pipeline, codecs, encoded }) => {
    const encoding = { name: "c", dtype, codecs };
    const ours = await encodeColumn(column, encoding);
    if (DIFFERENT.some((known) => known.test(`${name} through ${pipeline}`))) {
      expect((await decodeColumn(ours, encoding)).column).toEqual(column);
    } else expect(ours).toEqual(encoded);
  });

  test.each(encodings.filter(({ pipeline }) => /(gzip|zlib)$/.test(pipeline)))(
    "$pipeline: zlib reads our stream",
    async ({ codecs }) => {
      const ours = await encodeColumn(column, { name: "c", dtype, codecs });
      const content = await encodeColumn(column, { name: "c", dtype, codecs: codecs.slice(0, -1) });
      const inflate = codecs.at(-1) === "gzip" ? gunzipSync : inflateSync;
      expect(Uint8Array.from(inflate(ours))).toEqual(content);
    },
  );
});

test("a digest of numbers in the default codec is Python's", async () => {
  for (const { dtype, column, encodings } of vectors) {
    const codecs = ["blosc"];
    const { encoded, digest } = encodings.find(({ pipeline }) => pipeline === "blosc") ?? {};
    if (encoded) expect(await digestOf(column, encoded, { name: "c", dtype, codecs })).toBe(digest);
  }
});

describe("the worked examples of the format", () => {
  test.each([
    ["<U0", ["é", "abc"], ["msgpack2"], "94a2c3a9a3616263a33c55339102"],
    ["<U0", ["é", "abc"], ["msgpack2", "zstd"], "28b52ffd200e71000094a2c3a9a3616263a33c55339102"],
    ["object", [{ a: 1 }, null], ["msgpack2"], "9481a16101c0a27c4f9102"],
  ])("%s %j through %j", async (type, items, codecs, hex) => {
    const encoding = { name: "c", dtype: parseDType(type), codecs };
    const column = castColumn({ ...encoding, index: false }, items);
    expect(Buffer.from(await encodeColumn(column, encoding)).toString("hex")).toBe(hex);
    expect((await decodeColumn(fromHex(hex), encoding)).column).toEqual(column);
  });

  test("JSON text", async () => {
    const encoding = { name: "c", dtype: parseDType("str"), codecs: ["json2"] };
    const encoded = await encodeColumn(castColumn({ ...encoding, index: false }, ["é", "abc"]), encoding);
    expect(Buffer.from(encoded).toString()).toBe(String.raw`["\u00e9","abc","<U3",[2]]`);
  });

  test("nested lists of equal length have a shape of rank 2", async () => {
    const encoding = { name: "c", dtype: parseDType("O"), codecs: ["msgpack2"] };
    const { column } = await decodeColumn(fromHex("94 920104 920203 a27c4f 920202"), encoding);
    expect(column).toEqual([
      [1, 4],
      [2, 3],
    ]);
  });

  test("arange(32) in Blosc", async () => {
    const encoding = { name: "c", dtype: parseDType("int"), codecs: ["blosc"] };
    const column = BigInt64Array.from({ length: 32 }, (_, i) => BigInt(i));
    const encoded = await encodeColumn(column, encoding);
    const expected = fromHex(`02019408 00010000 00010000 3e000000 14000000 26000000
      28b52ffd600000e50000a8aaaaaaaacccccccc f0f0f0f0 00ff00ff 0000ffff 000100d1146002`);
    expect(encoded).toEqual(expected);
    expect((await decodeColumn(expected, encoding)).column).toEqual(column);
    expect(await digestOf(column, encoded, encoding)).toBe("7f0e488a31f535d32cd42270b778b0f686ee0b67");
  });
});

test("float16 rounds as numpy does", () => {
  const { float64, float16 } = halfVectors();
  expect(Uint16Array.from(float64, toHalf)).toEqual(float16);
});
