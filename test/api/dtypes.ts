import type { ColumnInput } from "../../src/model/cast.ts";
import type { FrameColumn } from "../../src/model/frame.ts";
import type { Case } from "./conformance.ts";
import { expectError, expectSame } from "./helpers.ts";

/** Every type of column: the values written, and the values read if they differ. */
const KINDS: readonly { type: string; write: ColumnInput; read?: FrameColumn }[] = [
  { type: "float64", write: Float64Array.of(1.5, Number.NaN, -0) },
  { type: "float32", write: Float32Array.of(1.5, -2, 3) },
  { type: "float16", write: Float32Array.of(1.5, -2, 65504) },
  { type: "int64", write: BigInt64Array.of(-(2n ** 63n), 0n, 2n ** 63n - 1n) },
  { type: "int32", write: Int32Array.of(-(2 ** 31), 0, 2 ** 31 - 1) },
  { type: "int16", write: Int16Array.of(-32768, 0, 32767) },
  { type: "int8", write: Int8Array.of(-128, 0, 127) },
  { type: "uint64", write: BigUint64Array.of(0n, 1n, 2n ** 64n - 1n) },
  { type: "uint32", write: Uint32Array.of(0, 1, 2 ** 32 - 1) },
  { type: "uint16", write: Uint16Array.of(0, 1, 65535) },
  { type: "uint8", write: Uint8Array.of(0, 1, 255) },
  { type: "bool", write: [true, false, true], read: Uint8Array.of(1, 0, 1) },
  { type: "complex128", write: Float64Array.of(1, 2, 3, 4, 5, 6) },
  { type: "complex64", write: Float32Array.of(1, 2, 3, 4, 5, 6) },
  { type: "datetime64[ms]", write: BigInt64Array.of(-1n, 0n, 1n) },
  { type: "date", write: ["1969-12-31", "1970-01-01", null], read: BigInt64Array.of(-1n, 0n, -(2n ** 63n)) },
  { type: "timedelta64[s]", write: BigInt64Array.of(-1n, 0n, 1n) },
  { type: "str", write: ["", "naïve", "日本 🗾\0end"] },
  { type: "U5", write: ["", "naïve", "🗾🗾🗾🗾🗾"] },
  { type: "S5", write: ["", "abc", "café"] },
  { type: "O", write: [null, { deep: [1, "two", null] }, "text"] },
  { type: "str | vlen-utf8 | zstd", write: ["", "naïve", "日本"] },
  { type: "float | zstd", write: Float64Array.of(1, 2, 3) },
];

export const cases: readonly Case[] = [
  ...KINDS.map(
    ({ type, write, read }): Case => ({
      name: `a column of ${type} is read as it was written`,
      async run({ open, Schema }) {
        const repo = await open("memory://");
        const collection = await repo.createCollection(new Schema({ t: "int*", x: type }), "c");
        const series = collection.series("s");
        await series.write({ t: [1, 2, 3], x: write });
        expectSame((await series.read()).get("x"), read ?? write, "values");
        expectSame((await series.read({ limit: 0 })).get("x").length, 0, "no rows");
      },
    }),
  ),
  {
    name: "text as an index is sorted by code point",
    async run({ open, Schema }) {
      const repo = await open("memory://");
      const collection = await repo.createCollection(new Schema({ name: "str*", x: "int" }), "c");
      const series = collection.series("s");
      const name = ["a", "z", "é", "\uffee", "🗾"];
      await series.write({ name, x: [1, 2, 3, 4, 5] });
      const frame = await series.read({ start: "z", stop: "🗾", columns: ["name"] });
      expectSame(frame.get("name"), ["z", "é", "\uffee"], "range");
      const [once, again] = [frame.get("name"), frame.get("name")];
      expectSame(once === again, true, "decoded once");
    },
  },
  {
    name: "an index of several columns, with prefixes as bounds",
    async run({ open, Schema }) {
      const repo = await open("memory://");
      const schema = new Schema({ day: "date*", station: "str*", x: "float" });
      const series = (await repo.createCollection(schema, "c")).series("s");
      const day = ["2020-01-01", "2020-01-01", "2020-01-02", "2020-01-02"];
      await series.write({ day, station: ["a", "b", "a", "b"], x: [1, 2, 3, 4] });
      const values = async (start: [string, string?], stop: [string, string?]) => {
        const [from, to] = [
          start.filter((part) => part !== undefined),
          stop.filter((part) => part !== undefined),
        ];
        return [...(await series.read({ start: from, stop: to, closed: "both" })).numbers("x")];
      };
      expectSame(await values(["2020-01-01", "b"], ["2020-01-02", "a"]), [2, 3], "whole keys");
      expectSame(await values(["2020-01-02"], ["2020-01-02"]), [3, 4], "prefixes");
      await expectError(
        series.read({ start: ["2020-01-01", "a", "x"] }),
        "invalid-argument",
        /longer than the index/,
      );
    },
  },
  {
    name: "key-value collections keep one row per key",
    async run({ open, Schema }) {
      const repo = await open("memory://");
      const collection = await repo.createCollection(Schema.kv({ key: "str*", meta: "O" }), "c");
      expectSame(collection.schema.kind, "kv", "kind");
      const series = collection.series("s");
      await series.write({ key: ["b", "a"], meta: [{ n: 1 }, { n: 2 }] });
      await series.write({ key: ["c", "a"], meta: [{ n: 3 }, { n: 4 }] });
      const frame = await series.read();
      expectSame(frame.get("key"), ["a", "b", "c"], "keys");
      expectSame(frame.get("meta"), [{ n: 4 }, { n: 1 }, { n: 3 }], "values");
    },
  },
];
