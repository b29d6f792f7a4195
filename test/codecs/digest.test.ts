import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { decodeColumn } from "../../src/codecs/decode.ts";
import { EMPTY_DIGEST, verify } from "../../src/codecs/digest.ts";
import { digestOf, encodeColumn } from "../../src/codecs/encode.ts";
import { sha1 } from "../../src/codecs/sha1.ts";
import { castColumn } from "../../src/model/cast.ts";
import type { ColumnData } from "../../src/model/column.ts";
import { parseDType } from "../../src/model/dtype.ts";
import type { LakotaError } from "../../src/model/errors.ts";
import { Schema } from "../../src/model/schema.ts";
import { NAT } from "../../src/model/time.ts";

const hash = (bytes: ArrayBufferView): string =>
  createHash("sha1")
    .update(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    .digest("hex");

const encodingOf = (type: string, ...codecs: string[]) => ({ name: "c", dtype: parseDType(type), codecs });

async function verdict(type: string, column: ColumnData, digest: string, ...codecs: string[]) {
  const encoding = encodingOf(type, ...codecs);
  const encoded = await encodeColumn(column, encoding);
  return verify(digest, encoded, await decodeColumn(encoded, encoding), encoding.dtype);
}

test.each([0, 1, 55, 64, 32_767, 32_768, 100_000])("sha1 of %i bytes", async (length) => {
  const bytes = new Uint8Array(length + 3).fill(7).subarray(3);
  expect(await sha1(bytes)).toBe(hash(bytes));
});

describe("numbers", () => {
  const values = Float64Array.of(1, -0, Number.NaN, 1e300);

  test("in the default codec are named by their raw array, as Python does", async () => {
    const encoding = encodingOf("float", "blosc");
    expect(await digestOf(values, await encodeColumn(values, encoding), encoding)).toBe(hash(values));
  });

  test.each([["zstd"], ["lz4"], ["blosc", "gzip"], ["msgpack2"]])(
    "through %s %s by their bytes",
    async (...codecs) => {
      const encoding = encodingOf("float", ...codecs);
      const encoded = await encodeColumn(values, encoding);
      expect(await digestOf(values, encoded, encoding)).toBe(hash(encoded));
    },
  );

  test.each(["blosc", "zstd", "gzip", "msgpack2"])(
    "through %s: both names are good, others bad",
    async (codec) => {
      const encoded = await encodeColumn(values, encodingOf("float", codec));
      expect(await verdict("float", values, hash(values), codec)).toBe("good");
      expect(await verdict("float", values, hash(encoded), codec)).toBe("good");
      expect(await verdict("float", values, hash(Float64Array.of(1)), codec)).toBe("bad");
    },
  );

  test.each([
    ["f2", Float32Array.of(0.5, -2)],
    ["bool", Uint8Array.of(0, 1)],
    ["u8", BigUint64Array.of(5n)],
    ["m8[s]", BigInt64Array.of(5n)],
    ["c16", Float64Array.of(1, 2)],
  ])("%s: a wrong digest is bad", async (type, column) => {
    expect(await verdict(type, column, hash(Uint8Array.of(1)), "blosc")).toBe("bad");
  });
});

describe("times", () => {
  const seconds = BigInt64Array.of(0n, 86_400n, -86_400n, NAT);

  test.each([
    ["ns", 1_000_000_000n],
    ["us", 1_000_000n],
    ["ms", 1000n],
    ["s", 1n],
  ])("Python was given them in %s", async (_, ratio) => {
    const given = seconds.map((time) => (time === NAT ? NAT : time * ratio));
    expect(await verdict("timestamp", seconds, hash(given), "blosc")).toBe("good");
  });

  test("Python was given days", async () => {
    expect(await verdict("timestamp", seconds, hash(BigInt64Array.of(0n, 1n, -1n, NAT)), "blosc")).toBe(
      "good",
    );
    const odd = BigInt64Array.of(1n);
    expect(await verdict("timestamp", odd, hash(BigInt64Array.of(0n)), "blosc")).toBe("unknown");
  });

  test("another digest may be that of finer times, which seconds have lost", async () => {
    expect(await verdict("timestamp", seconds, hash(Uint8Array.of(1)), "blosc")).toBe("unknown");
    expect(await verdict("date", seconds, hash(Uint8Array.of(1)), "blosc")).toBe("unknown");
  });
});

describe("text and objects are named by their bytes", () => {
  test.each(["str", "O"])("%s", async (type) => {
    const encoding = encodingOf(type, "msgpack2", "zstd");
    const column = castColumn({ ...encoding, index: false }, ["a", "é"]);
    const encoded = await encodeColumn(column, encoding);
    expect(await digestOf(column, encoded, encoding)).toBe(hash(encoded));
    expect(await verdict(type, column, hash(encoded), ...encoding.codecs)).toBe("good");
    expect(await verdict(type, column, hash(Uint8Array.of(1)), ...encoding.codecs)).toBe("bad");
  });
});

test("no rows", async () => {
  const none = new Float64Array(0);
  expect(await digestOf(none, new Uint8Array(0), encodingOf("float", "blosc"))).toBe(EMPTY_DIGEST);
  expect(await verdict("float", none, EMPTY_DIGEST, "blosc")).toBe("good");
  expect(await verdict("float", none, hash(Uint8Array.of(1)), "blosc")).toBe("bad");
  expect(hash(new Uint8Array(0))).toBe(EMPTY_DIGEST);
});

describe("columns of equal values share a digest in Python, and so a file, whatever their codecs", () => {
  const values = Float64Array.from({ length: 200 }, (_, i) => i / 8);
  const pairs = ["blosc", "zstd", "gzip"].flatMap((written) =>
    ["blosc", "zstd", "gzip", "lz4", "zlib", "msgpack2", "json2", "blosc|gzip", "lz4|zlib"]
      .filter((read) => read.split("|").at(-1) !== written)
      .map((read): [string, string] => [written, read]),
  );

  test.each(pairs)("a file of %s read as %s", async (written, read) => {
    const bytes = await encodeColumn(values, encodingOf("float", written));
    const task = { bytes, name: "c", type: "float64", codecs: read.split("|"), digest: hash(values) };
    expect(await decodeChunk(task)).toEqual({ column: values, verdict: "good" });
  });
});

test.each([
  ["float", [1.5, 2.5]],
  ["int", [1, 2]],
  ["u1", [1, 2]],
  ["U5", ["a", "b"]],
  ["S5", ["a", "b"]],
  ["float | zstd", [1.5, 2.5]],
  ["float | gzip", [1.5, 2.5]],
  ["str", ["a", "b"]],
  ["O", [1, "x"]],
])("%s: a flipped bit is seen, wherever it changes what is read", async (type, items) => {
  const column = new Schema({ key: "int*", c: type }).column("c");
  const data = castColumn(column, items);
  const bytes = await encodeColumn(data, column);
  const digest = await digestOf(data, bytes, column);
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const damaged = bytes.slice();
    damaged[bit >> 3]! ^= 1 << (bit & 7);
    const task = { bytes: damaged, name: "c", type: column.dtype.name, codecs: column.codecs, digest };
    try {
      const decoded = await decodeChunk(task);
      if (decoded.verdict === "good") expect(decoded.column, `bit ${bit}`).toEqual(data);
    } catch (error) {
      expect(["corrupt", "unsupported-codec"]).toContain((error as LakotaError).code);
    }
  }
});

test("an aborted signal stops before decoding", async () => {
  const task = { bytes: Uint8Array.of(1), name: "c", type: "float64", codecs: ["blosc"] };
  await expect(decodeChunk(task, AbortSignal.abort())).rejects.toMatchObject({ code: "aborted" });
});
