/** Arbitrary columns, for property tests. */
import fc from "fast-check";
import { fromRaw } from "../../src/codecs/values.ts";
import type { ColumnData } from "../../src/model/column.ts";
import { type DType, parseDType } from "../../src/model/dtype.ts";
import { encodeStrings } from "../../src/model/encode-strings.ts";

const FIXED = [
  ...["f2", "f4", "f8", "c8", "c16", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "bool"],
  ...["Y", "M", "D", "s", "ms", "us", "ns"].map((unit) => `M8[${unit}]`),
  ...["m8[s]", "m8[ns]", "U1", "U7", "S1", "S5", "S300"],
].map(parseDType);

const BYTE_PIPELINES = [
  ...["blosc", "zstd", "lz4", "gzip", "zlib", "blosc|gzip", "gzip|blosc", "lz4|zstd", "zlib|lz4"],
  ...["zstd|zstd", "blosc|blosc|blosc"],
].map((pipeline) => pipeline.split("|"));

/** Pipelines that a schema accepts for a column of `dtype`. */
export function pipelines(dtype: DType): string[][] {
  const values: string[] = [];
  if (dtype.kind === "str") values.push("msgpack2", "json2", "vlen-utf8");
  else if (dtype.kind === "object" || dtype.kind === "fixed-str") values.push("msgpack2", "json2");
  else if (dtype.kind === "bytes") values.push("msgpack2");
  else if (dtype.unit ? dtype.unit === "ns" : dtype.kind !== "complex") values.push("msgpack2", "json2");
  const valuePipelines = values.flatMap((codec) => [
    [codec],
    ...BYTE_PIPELINES.map((rest) => [codec, ...rest]),
  ]);
  if (dtype.size === 0) return valuePipelines;
  const shuffled = dtype.size % 4 === 0 ? BYTE_PIPELINES.map((rest) => ["shuffle", ...rest]) : [];
  return [...BYTE_PIPELINES, ...shuffled, ...valuePipelines];
}

export interface Sample {
  dtype: DType;
  codecs: string[];
  column: ColumnData;
}

const text = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 127 }), fc.integer({ min: 0, max: 0x10ffff })), { maxLength: 40 })
  .map((points) => String.fromCodePoint(...points).toWellFormed());

/** Text without NUL, of which fixed columns lose those at the end. */
const fixedText = (width: number, max: number) =>
  fc
    .array(fc.integer({ min: 1, max }), { maxLength: width })
    .map((points) => String.fromCodePoint(...points).toWellFormed());

function columnOf(dtype: DType): fc.Arbitrary<ColumnData> {
  if (dtype.kind === "str") return fc.array(text, { maxLength: 60 }).map(encodeStrings);
  if (dtype.kind === "object") return fc.array(object, { maxLength: 20 });
  if (dtype.kind === "bytes" || dtype.kind === "fixed-str") {
    const [width, max] = dtype.kind === "bytes" ? [dtype.size, 255] : [dtype.size / 4, 0x10ffff];
    return fc.array(fixedText(Math.min(width, 12), max), { maxLength: 30 }).map(encodeStrings);
  }
  const repeat = fc.integer({ min: 1, max: 30 });
  return fc.tuple(fc.uint8Array({ maxLength: 12 * dtype.size }), repeat).map(([bytes, times]) => {
    const part = bytes.subarray(0, bytes.length - (bytes.length % dtype.size));
    const raw = new Uint8Array(part.length * times);
    for (let i = 0; i < times; i++) raw.set(part, i * part.length);
    if (dtype.kind === "bool") for (let i = 0; i < raw.length; i++) raw[i]! &= 1;
    return fromRaw(raw, dtype);
  });
}

/** What an object column can hold and gives back as it was; key order, of which JSON has none, apart. */
export const object: fc.Arbitrary<unknown> = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(null, true, false),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
    fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }),
    fc.double({ noNaN: false }).map((value) => (value === 0 ? 0 : value)),
    text,
    fc.array(tie("any"), { maxLength: 4 }),
    fc.dictionary(
      text.filter((key) => key !== "__proto__"),
      tie("any"),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
})).any;

/** A column, with a pipeline that can hold it. */
export const sample: fc.Arbitrary<Sample> = fc
  .constantFrom(...FIXED, parseDType("str"), parseDType("str"), parseDType("O"), parseDType("O"))
  .chain((dtype) =>
    fc.record({
      dtype: fc.constant(dtype),
      codecs: fc.constantFrom(...pipelines(dtype)),
      column: columnOf(dtype),
    }),
  );
