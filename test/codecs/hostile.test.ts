import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeColumn } from "../../src/codecs/decode.ts";
import { encodeColumn } from "../../src/codecs/encode.ts";
import { checkBounds } from "../../src/codecs/msgpack-bounds.ts";
import type { ColumnData } from "../../src/model/column.ts";
import { zeros } from "../../src/model/column-rows.ts";
import { type DType, parseDType } from "../../src/model/dtype.ts";
import { encodeStrings } from "../../src/model/encode-strings.ts";
import { LakotaError } from "../../src/model/errors.ts";
import { sample } from "./columns.ts";
import { type Bytes, fromHex, vectors } from "./vectors.ts";

/** Decodes damaged bytes: a column of the right kind, or one of our errors. */
async function decodeDamaged(bytes: Bytes, dtype: DType, codecs: readonly string[]): Promise<void> {
  let column: ColumnData;
  try {
    ({ column } = await decodeColumn(bytes, { name: "c", dtype, codecs }));
  } catch (error) {
    if (!(error instanceof LakotaError)) throw error;
    // A flipped bit can also make a header of another version or compressor, which is no less damage.
    expect(["corrupt", "unsupported-codec"]).toContain(error.code);
    expect(error.message).toContain('Column "c"');
    return;
  }
  expect(column.constructor).toBe(zeros(dtype, 0).constructor);
}

/** A few vectors of each kind of column. */
const samples = vectors
  .filter(({ name }) => /^(int16|float64|bool|<U5|\|S5|<U0|object|datetime64\[ns\])( lists)?$/.test(name))
  .flatMap(({ name, dtype, encodings }) => encodings.map((encoding) => ({ name, dtype, ...encoding })));

describe.each(samples)("$name through $pipeline", ({ dtype, codecs, encoded }) => {
  test("cut anywhere", async () => {
    for (let end = 0; end < encoded.length; end++) await decodeDamaged(encoded.slice(0, end), dtype, codecs);
  });

  test("with a flipped bit", async () => {
    const step = Math.ceil(encoded.length / 64); // all bits of 64 bytes or so
    for (let at = 0; at < encoded.length; at += step) {
      for (let bit = 0; bit < 8; bit++) {
        const damaged = encoded.slice();
        damaged[at]! ^= 1 << bit;
        await decodeDamaged(damaged, dtype, codecs);
      }
    }
  });
});

test("damage anywhere", async () => {
  const damage = fc.array(fc.record({ at: fc.nat(), to: fc.nat(255) }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(sample, damage, async ({ dtype, codecs, column }, places) => {
      const encoded = await encodeColumn(column, { name: "c", dtype, codecs });
      if (encoded.length > 0) for (const { at, to } of places) encoded[at % encoded.length] = to;
      await decodeDamaged(encoded, dtype, codecs);
    }),
    { numRuns: 600 },
  );
});

test("bytes of no codec at all", async () => {
  await fc.assert(
    fc.asyncProperty(sample, fc.uint8Array({ minLength: 1, maxLength: 200 }), ({ dtype, codecs }, bytes) =>
      decodeDamaged(Uint8Array.from(bytes), dtype, codecs),
    ),
    { numRuns: 600 },
  );
});

describe("claims that the bytes cannot hold", () => {
  const decode = (type: string, codecs: string[], bytes: Bytes) =>
    decodeColumn(bytes, { name: "c", dtype: parseDType(type), codecs });

  test.each([
    [
      "blosc of 2 GB",
      "float",
      ["blosc"],
      "02019408 efffff7f efffff7f 20000000 14000000 08000000 0000000000000000",
    ],
    ["zstd of 1 GB", "float", ["zstd"], "28b52ffd a0 00000040 010000"],
    ["zstd of 2^60 bytes", "float", ["zstd"], "28b52ffd e0 0000000000000010 010000"],
    ["zstd without a size", "float", ["zstd"], "28b52ffd 00 50 010000"],
    ["lz4 of 4 GB", "float", ["lz4"], "ffffffff 00"],
    ["vlen-utf8 of 4 G rows", "str", ["vlen-utf8"], "ffffffff 00000000"],
    ["vlen-utf8 with a string of 4 GB", "str", ["vlen-utf8"], "01000000 ffffffff 61"],
    ["msgpack of 4 G items", "O", ["msgpack2"], "ddffffffff c0c0"],
    ["msgpack of 4 G strings", "str", ["msgpack2"], "ddffffffff a161a161"],
    ["msgpack of 2 G pairs", "O", ["msgpack2"], "93 dfffffffff a27c4f 9101"],
    ["msgpack with a string of 4 GB", "str", ["msgpack2"], "93 dbffffffff 61 a27c4f 9101"],
    ["msgpack of 20 rows where there is one", "O", ["msgpack2"], "93 c0 a27c4f 9114"],
    ["msgpack of one and a half rows", "O", ["msgpack2"], "94 c0 c0 a27c4f 91cb3ff8000000000000"],
    ["msgpack of -1 rows", "str", ["msgpack2"], "93 a161 a27c4f 91ff"],
    ["a string where a number belongs", "float", ["msgpack2"], "93 a161 a33c6638 9101"],
    ["half an integer", "int", ["msgpack2"], "93 cb3fe0000000000000 a33c6938 9101"],
    ["null where text belongs", "str", ["msgpack2"], "93 c0 a33c5531 9101"],
    ["a map with a forbidden key", "O", ["msgpack2"], "93 81 a95f5f70726f746f5f5f 01 a27c4f 9101"],
    ["a character beyond Unicode", "U1", ["lz4"], "04000000 40 00001100"],
    ["7 bytes of float64", "float", ["lz4"], "07000000 70 01020304050607"],
    ["5 bytes shuffled", "float", ["shuffle", "lz4"], "05000000 50 0102030405"],
  ])("%s", async (_, type, codecs, hex) => {
    await expect(decode(type, codecs, fromHex(hex))).rejects.toMatchObject({ code: "corrupt" });
  });

  test("arrays in arrays, each as long as all the bytes", async () => {
    const nested = fromHex("dd000fffff".repeat(200_000)); // at once: 1.6 TB
    expect(() => checkBounds(nested)).toThrow("too few");
    await expect(decode("O", ["msgpack2"], nested)).rejects.toMatchObject({ code: "corrupt" });
  });

  test.each([
    ["msgpack2", "91".repeat(500_000)],
    ["msgpack2", `93${"91".repeat(500_000)}c0a27c4f9101`],
    ["json2", "5b".repeat(500_000)],
  ])("%s nested without end", async (codec, hex) => {
    await expect(decode("O", [codec], fromHex(hex))).rejects.toMatchObject({ code: "corrupt" });
  });

  test.each([
    ["an open string", `["${'\\"'.repeat(2_000_000)}`],
    ["an open string that ends in a backslash", `["${'\\"'.repeat(2_000_000)}\\`],
    ["a number without end", `[${"1".repeat(2_000_000)}.`],
    ["a number that is none", `[${"1e".repeat(2_000_000)}]`],
    ["another number that is none", '[-NaN,"<f8",[1]]'],
    ["not a list", "{}"],
    ["no shape", '["<f8"]'],
  ])("JSON: %s", async (_, text) => {
    const bytes = new TextEncoder().encode(text);
    await expect(decode("float", ["json2"], bytes)).rejects.toMatchObject({ code: "corrupt" });
  });
});

test("text that is no Unicode comes out with replacement characters", async () => {
  const loneSurrogate = fromHex("04000000 40 00d80000");
  const fixed = await decodeColumn(loneSurrogate, { name: "c", dtype: parseDType("U1"), codecs: ["lz4"] });
  expect(fixed.column).toEqual(encodeStrings(["\ufffd"]));
  const json = new TextEncoder().encode(String.raw`["\ud800","<U1",[1]]`);
  const text = await decodeColumn(json, { name: "c", dtype: parseDType("str"), codecs: ["json2"] });
  expect(text.column).toEqual(encodeStrings(["\ufffd"]));
});
