import { describe, expect, test } from "vitest";
import { describeOnEachStorage, ROLES } from "./fixtures.ts";
import { expectFrame, frameOf } from "./frames.ts";
import type { Columns } from "./library.ts";
import { column, SAMPLES, type Sample } from "./samples.ts";

/** Enough rows for chunks to be files rather than embedded, and for Blosc to compress them. */
const LONG = 3_000;

const BYTE_PIPELINES = ["zstd", "lz4", "gzip", "zlib", "blosc | gzip", "zstd | zlib"];
const ITEM_PIPELINES = ["msgpack2", "msgpack2 | lz4", "json2", "json2 | gzip", "msgpack2 | blosc"];

interface Case extends Sample {
  pipeline: string;
}

const sample = (type: string) => SAMPLES.find((candidate) => candidate.type === type)!;
const withPipelines = (type: string, pipelines: readonly string[]): Case[] =>
  pipelines.map((pipeline) => ({ ...sample(type), pipeline }));

/** JSON cannot represent bytes. */
const jsonObject = {
  ...sample("O"),
  edgeCases: sample("O").edgeCases.filter((item) => (item as { t: string }).t !== "bytes"),
};

const CASES: readonly Case[] = [
  ...SAMPLES.map((sample) => ({ ...sample, pipeline: "" })),
  ...["timestamp", "float", "i2", "c16", "bool", "U5", "S5"].flatMap((type) =>
    withPipelines(type, BYTE_PIPELINES),
  ),
  ...["float", "i4", "U5", "timestamp"].flatMap((type) =>
    withPipelines(type, ["shuffle | zstd", "shuffle | blosc"]),
  ),
  ...["str", "int", "float", "bool", "U5"].flatMap((type) => withPipelines(type, ITEM_PIPELINES)),
  ...withPipelines("str", ["vlen-utf8", "vlen-utf8 | zstd", "msgpack2 | zstd"]),
  ...ITEM_PIPELINES.map((pipeline) => ({
    ...(pipeline.startsWith("json2") ? jsonObject : sample("O")),
    pipeline,
  })),
];

const typeOf = ({ type, pipeline }: Case) => (pipeline ? `${type} | ${pipeline}` : type);

/** Rows of an int index and the column. */
function rows(testCase: Case, length: number, seed: number, from = 0): Columns {
  return {
    t: Array.from({ length }, (_, row) => String(from + row)),
    v: column(testCase, length, seed),
  };
}

describeOnEachStorage((newRepo, storage) => {
  // The storage does not affect the contents of chunks, so S3 runs each type only once.
  const cases = storage === "on disk" ? CASES : CASES.filter(({ pipeline }) => pipeline === "");
  describe.each(ROLES)("written by $writer, read and extended by $reader", (roles) => {
    test.each(cases.map((testCase) => [typeOf(testCase), testCase] as const))(
      "%s",
      async (type, testCase) => {
        const shared = newRepo();
        const [writer, reader] = [shared[roles.writer], shared[roles.reader]];
        const types = { t: "int*", v: type };
        await writer.create("c", types);
        const series = {
          short: rows(testCase, testCase.edgeCases.length + 3, 1),
          long: rows(testCase, LONG, 2),
        };
        for (const [label, frame] of Object.entries(series)) {
          await writer.write("c", label, frame);
          expectFrame(await reader.read("c", label), frameOf(types, frame), reader.name, label);
        }
        expect(await reader.series("c")).toEqual(["long", "short"]);
        expect(await reader.schema("c")).toEqual(await writer.schema("c"));

        // A short and a long append, which JavaScript compacts, and a replacement in the middle.
        await reader.write("c", "long", rows(testCase, 5, 3, LONG));
        await reader.write("c", "short", rows(testCase, LONG, 4, 100));
        await writer.write("c", "long", rows(testCase, 10, 5, 50));
        const long = { ...series.long, ...splice(series.long, rows(testCase, 10, 5, 50), 50) };
        const whole = {
          long: join(long, rows(testCase, 5, 3, LONG)),
          short: join(series.short, rows(testCase, LONG, 4, 100)),
        };
        for (const [label, frame] of Object.entries(whole))
          for (const library of [reader, writer])
            expectFrame(await library.read("c", label), frameOf(types, frame), library.name, label);
      },
    );
  });

  describe.each(ROLES)("an index written by $writer, read by $reader", (roles) => {
    const keys = {
      "int*": ["-5", "0", "7", String(2n ** 60n)],
      "i4*": ["-5", "0", "7", "2000000000"],
      "u8*": ["0", "7", String(2n ** 63n), String(2n ** 64n - 1n)],
      "float*": ["-Infinity", "-1.5", "0.0", "1e+300"],
      "timestamp*": ["-86400", "0", "1700000000", "4102444800"],
      "M8[ms]*": ["-1", "0", "1700000000123", "4102444800000"],
      "date*": ["-1", "0", "19000", "40000"],
      "str*": ["", "a", "\uffff", "😀"], // ordered by code point, unlike UTF-16
      "U5*": ["", "a", "\uffff", "😀"],
      "S5*": ["", "a", "é", "ÿ"],
    };
    test.each(Object.entries(keys))("%s", async (type, values) => {
      const shared = newRepo();
      const [writer, reader] = [shared[roles.writer], shared[roles.reader]];
      const types = { k: type, v: "float" };
      await writer.create("c", types);
      const frame = { k: values, v: ["1.0", "2.0", "3.0", "4.0"] };
      await writer.write("c", "s", frame);
      const expected = (from: number, to: number) =>
        frameOf(types, { k: values.slice(from, to), v: frame.v.slice(from, to) });
      expectFrame(await reader.read("c", "s"), expected(0, 4), reader.name);
      const [, start, stop] = values.map((value) => [value]);
      const range = { start: start!, stop: stop! };
      for (const [closed, from, to] of [
        ["left", 1, 2],
        ["both", 1, 3],
        ["right", 2, 3],
        ["none", 2, 2],
      ] as const) {
        const read = await reader.read("c", "s", { ...range, closed });
        expectFrame(read, expected(from, to), reader.name, closed);
      }
      expectFrame(await reader.tail("c", "s", 2), expected(2, 4), reader.name);
    });
  });
});

const join = (a: Columns, b: Columns): Columns =>
  Object.fromEntries(Object.entries(a).map(([name, values]) => [name, [...values, ...b[name]!]]));

/** Returns `a` with its rows from row `at` on replaced by those of `b`. */
const splice = (a: Columns, b: Columns, at: number): Columns =>
  Object.fromEntries(
    Object.entries(a).map(([name, values]) => [
      name,
      [...values.slice(0, at), ...b[name]!, ...values.slice(at + b[name]!.length)],
    ]),
  );
