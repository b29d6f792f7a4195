import { describe, expect, test } from "vitest";
import { type CsvOptions, type CsvWriteOptions, readCsv, writeCsv } from "../../src/interchange.ts";
import type { Frame } from "../../src/model/frame.ts";
import { failure } from "./tools.ts";

async function framesOf(text: string, options?: CsvOptions): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of (await readCsv(text, options)).frames()) frames.push(frame);
  return frames;
}

async function read(text: string, options?: CsvOptions): Promise<Frame> {
  const frames = await framesOf(text, options);
  expect(frames).toHaveLength(1);
  return frames[0]!;
}

async function written(frame: Frame, options?: CsvWriteOptions): Promise<string> {
  let text = "";
  for await (const piece of writeCsv(frame, options)) text += piece;
  return text;
}

const typesOf = async (text: string, options?: CsvOptions) => {
  const source = await readCsv(text, options);
  await source.close();
  return source.types;
};

describe("types are inferred", () => {
  test.each([
    ["date", "2020-01-31", "2020-02-29"],
    ["timestamp", "2020-01-31T10:00:00Z", "2020-01-31 10:00"],
    ["M8[ms]", "2020-01-31T10:00:00.5", "2020-01-31T10:00:00"],
    ["M8[us]", "2020-01-31 10:00:00.000001+01:00", ""],
    ["M8[ns]", "2020-01-31 10:00:00.000000001", "NaT"],
    ["int", "1", "-9223372036854775808"],
    ["uint", "1", "18446744073709551615"],
    ["str", "1", "18446744073709551616"],
    ["float", "1", ""],
    ["int", "9007199254740993", ""],
    ["float", "1.5", "NA"],
    ["float", "1e3", "-inf"],
    ["float", "", "nan"],
    ["bool", "true", "FALSE"],
    ["str", "007", "1"],
    ["str", "2020-02-30", "2020-01-01"],
    ["str", "NA", "BE"],
    ["str", "1,000", "2"],
  ])("%s: %s, %s", async (type, ...cells) => {
    const text = `k,v\n${cells.map((cell, i) => `${i},"${cell}"`).join("\n")}`;
    expect((await typesOf(text, { index: ["k"] })).v).toBe(type);
  });

  test("the index is the first column of times, else the first column", async () => {
    expect(await typesOf("a,t\n1,2020-01-01")).toEqual({ a: "int", t: "date*" });
    expect(await typesOf("a,b\n1,x")).toEqual({ a: "int*", b: "str" });
    expect(await typesOf("a,t\n1,2020-01-01", { index: ["a", "t"] })).toEqual({ a: "int*", t: "date*" });
    expect(await typesOf("a,t\n1,2020-01-01", { types: { a: "f4*" } })).toEqual({ a: "float32*", t: "date" });
  });
});

test("rows come back as they were written", async () => {
  const text = 'time,price,n,name\n2026-03-01T10:00:00.500Z,1.5,9007199254740993,"b ""q"", x"\n';
  expect(await written(await read(text))).toBe(text);
});

test("rows of one key stay in one frame", async () => {
  const frames = await framesOf("t,v\n1,1\n2,1\n2,2\n2,3\n3,1\n", { pageLength: 2 });
  expect(frames.map((frame) => frame.get("t"))).toEqual([
    BigInt64Array.of(1n),
    BigInt64Array.of(2n, 2n, 2n, 3n),
  ]);
});

test("a value that does not fit says where, what and what to do", async () => {
  const text = `t,v\n${Array.from({ length: 20 }, (_, i) => `${i},${i < 15 ? i : "x"}`).join("\n")}`;
  expect(await failure(framesOf(text, { sample: 10, name: "a.csv" }))).toMatchObject({
    code: "invalid-frame",
    message:
      'a.csv: Line 17, column "v": "x" is not a whole number from -9223372036854775808 to 9223372036854775807 (int64). ' +
      'Mend the file, or give the column a type that fits, as in types: { v: "str" }.',
  });
});
