import fc from "fast-check";
import { parquetMetadata } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, test } from "vitest";
import { readParquet, writeParquet } from "../../src/interchange.ts";
import { Frame } from "../../src/model/frame.ts";
import { bytesOf, collect, errorOf, readAll } from "./helpers.ts";

const counts = (rows: number, first = 0) =>
  new Frame([
    { name: "n", type: "int64", data: BigInt64Array.from({ length: rows }, (_, row) => BigInt(first + row)) },
  ]);

test("each frame is a row group, written before the next one is pulled", async () => {
  const pulled: number[] = [];
  function* frames() {
    for (const [i, rows] of [3, 2].entries()) {
      pulled.push(i);
      yield counts(rows, 3 * i);
    }
  }
  const pieces = writeParquet(frames());
  const first = (await pieces.next()).value!;
  expect([new TextDecoder().decode(first.subarray(0, 4)), pulled]).toEqual(["PAR1", [0]]);
  const rest = await collect(pieces);
  const bytes = new Uint8Array(await new Blob([first, ...rest]).arrayBuffer());
  expect(parquetMetadata(bytes.buffer).row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([3, 2]);
  const source = await readParquet(new Blob([bytes]), { pageLength: 2 });
  expect((await collect(source.frames())).map((frame) => frame.length)).toEqual([2, 1, 2]);
});

/** pyarrow cannot read the logical types that hyparquet-writer writes for integers. */
test("integer types are written as converted types", async () => {
  const { schema } = parquetMetadata((await bytesOf(writeParquet(counts(1)))).buffer as ArrayBuffer);
  expect(schema[1]).toMatchObject({ name: "n", type: "INT64", converted_type: "INT_64" });
  expect(schema[1]!.logical_type).toBeUndefined();
});

test("a decimal becomes the nearest float, however it is stored", async () => {
  const decimals = fc.array(fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n }), {
    minLength: 1,
    maxLength: 20,
  });
  await fc.assert(
    fc.asyncProperty(decimals, fc.integer({ min: 0, max: 30 }), async (digits, scale) => {
      const column = {
        converted_type: "DECIMAL",
        repetition_type: "REQUIRED",
        precision: 38,
        scale,
      } as const;
      const small = digits.map((value) => value % 10n ** 18n);
      const bytes = parquetWriteBuffer({
        schema: [
          { name: "root", num_children: 4 },
          { name: "n", type: "INT64", repetition_type: "REQUIRED" },
          { name: "fixed", type: "FIXED_LEN_BYTE_ARRAY", type_length: 16, ...column },
          { name: "bytes", type: "BYTE_ARRAY", ...column },
          { name: "long", type: "INT64", ...column },
        ],
        columnData: [
          { name: "n", data: digits.map((_, i) => BigInt(i)) },
          { name: "fixed", data: digits },
          { name: "bytes", data: digits },
          { name: "long", data: small },
        ],
      });
      const frame = await readAll(await readParquet(new Uint8Array(bytes), { index: ["n"] }));
      const floats = (values: readonly bigint[]) => values.map((value) => Number(`${value}e-${scale}`));
      expect(Array.from(frame.numbers("fixed"))).toEqual(floats(digits));
      expect(Array.from(frame.numbers("bytes"))).toEqual(floats(digits));
      expect(Array.from(frame.numbers("long"))).toEqual(floats(small));
    }),
  );
});

test("a type set by the options is used where it represents the values exactly", async () => {
  const frame = new Frame([
    { name: "t", type: "datetime64[ms]", data: BigInt64Array.of(1000n, 2500n) },
    { name: "v", type: "float64", data: Float64Array.of(1, 2) },
  ]);
  const bytes = await bytesOf(writeParquet(frame));
  const read = async (types: Record<string, string>) =>
    readAll(await readParquet(bytes, { types, name: "a.parquet" }));
  const finer = await read({ t: "M8[ns]*", v: "i2" });
  expect([finer.get("t"), finer.get("v")]).toEqual([
    BigInt64Array.of(10n ** 9n, 25n * 10n ** 8n),
    Int16Array.of(1, 2),
  ]);
  expect(await errorOf(read({ t: "timestamp*" }))).toMatchObject({
    code: "invalid-frame",
    message:
      'a.parquet: At row 1, column "t": 2500 is not a time that datetime64[s] holds exactly. Choose another type.',
  });
});

test("two columns of one name are refused", async () => {
  const data = BigInt64Array.of(1n);
  const bytes = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "n", data },
        { name: "n", data },
      ],
    }),
  );
  expect(await errorOf(readParquet(bytes))).toMatchObject({
    code: "invalid-frame",
    message: expect.stringMatching(/Two columns are named "n"/),
  });
});

test("an unsupported column is named, and can be left out", async () => {
  const bytes = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "n", data: [1, 2], type: "INT32" },
        { name: "raw", data: [Uint8Array.of(255), Uint8Array.of(1)], type: "BYTE_ARRAY" },
      ],
    }),
  );
  expect(await errorOf(readParquet(bytes))).toMatchObject({
    code: "invalid-schema",
    message: 'Column "raw": the type BYTE_ARRAY is not supported. Leave the column out with columns: [...].',
  });
  const source = await readParquet(bytes, { columns: ["n"] });
  expect(source.types).toEqual({ n: "int32*" });
  expect((await readAll(source)).get("n")).toEqual(Int32Array.of(1, 2));
});

test("not a Parquet file; no frame; an abort", async () => {
  expect(await errorOf(readParquet(new Uint8Array(20), { name: "a.parquet" }))).toMatchObject({
    code: "invalid-frame",
    message: expect.stringMatching(/^a\.parquet: This is not a Parquet file/),
  });
  expect(await errorOf(collect(writeParquet([])))).toMatchObject({ code: "invalid-frame" });
  const signal = AbortSignal.abort();
  const source = await readParquet(await bytesOf(writeParquet(counts(1))), { signal });
  expect(await errorOf(readAll(source))).toMatchObject({ code: "aborted" });
});
