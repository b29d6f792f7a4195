import { readFileSync } from "node:fs";
import { tableFromIPC } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { fromArrow } from "../../src/arrow.ts";
import { readCsv, readParquet, toRows } from "../../src/interchange.ts";
import { Schema } from "../../src/model/schema.ts";
import { errorOf, readAll } from "./helpers.ts";

/** Files written by pandas and pyarrow: see fixtures/make_fixtures.py. */
const bytes = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));

/** The rows of make_fixtures.py, as expected from Parquet and Arrow. */
const ROWS = [
  {
    utc_us: "2026-03-28T12:00:00.000000Z",
    local_ns: "2026-03-28T12:00:00.000000000Z",
    s: "1970-01-01T00:00:01Z",
    ms: "1970-01-01T00:00:00.001Z",
    day: "1970-01-01",
    time: 1n,
    big: 2n ** 53n + 1n,
    unsigned: 2n ** 64n - 1n,
    u4: 2 ** 32 - 1,
    i1: -128,
    gaps: 1,
    float: 0.1,
    f4: Math.fround(0.1),
    f2: 0.5,
    text: "a",
    category: "x",
    flag: true,
  },
  {
    utc_us: "2026-03-29T01:59:59.000000Z",
    local_ns: "2026-03-29T01:59:59.000000000Z",
    s: "1970-01-01T00:00:02Z",
    ms: "1970-01-01T00:00:00.002Z",
    day: "2024-10-04",
    time: null,
    big: -(2n ** 63n),
    unsigned: 0n,
    u4: 0,
    i1: 127,
    gaps: 0,
    float: null,
    f4: Number.POSITIVE_INFINITY,
    f2: 65504,
    text: "",
    category: "y",
    flag: false,
  },
  {
    utc_us: "2026-03-29T03:00:00.000000Z",
    local_ns: "2026-03-29T03:00:00.000000000Z",
    s: null,
    ms: "1970-01-01T00:00:00.003Z",
    day: null,
    time: 3n,
    big: 2n ** 63n - 1n,
    unsigned: 1n,
    u4: 1,
    i1: 0,
    gaps: 3,
    float: null,
    f4: null,
    f2: 1.5,
    text: 'é,\n"',
    category: "x",
    flag: true,
  },
  {
    utc_us: "2026-10-25T01:30:00.000000Z",
    local_ns: "2026-10-25T01:30:00.000000000Z",
    s: "1970-01-01T00:00:04Z",
    ms: null,
    day: "1969-12-31",
    time: 86_399_999n,
    big: 0n,
    unsigned: 2n,
    u4: 2,
    i1: 1,
    gaps: 4,
    float: -0,
    f4: 1.5,
    f2: null,
    text: "\ufeffx",
    category: "",
    flag: false,
  },
];
const COLUMNS = Object.keys(ROWS[0]!);

describe("Parquet by pyarrow", () => {
  test.each(["snappy", "zstd", "gzip", "none"])("%s", async (codec) => {
    const source = await readParquet(bytes(`pyarrow-${codec}.parquet`), {
      columns: COLUMNS,
      fill: { gaps: 0 },
    });
    // Parquet has no seconds: pyarrow stores milliseconds.
    expect(source.types).toEqual({
      utc_us: "M8[us]*",
      local_ns: "M8[ns]",
      s: "M8[ms]",
      ms: "M8[ms]",
      day: "date",
      time: "m8[ms]",
      big: "int",
      unsigned: "uint",
      u4: "uint32",
      i1: "int8",
      gaps: "int32",
      float: "float",
      f4: "float32",
      f2: "float16",
      text: "str",
      category: "str",
      flag: "bool",
    });
    const rows = toRows(await readAll(source));
    expect(rows.map((row) => ({ ...row, s: row.s && String(row.s).replace(".000", "") }))).toEqual(ROWS);
  });

  test("decimals, and INT96 times", async () => {
    const money = await readParquet(bytes("pyarrow-snappy.parquet"), { columns: ["utc_us", "money"] });
    expect((await readAll(money)).get("money")).toEqual(Float64Array.of(1.1, 1.15, -0.01, Number.NaN));
    const old = await readParquet(bytes("pyarrow-int96.parquet"));
    expect(toRows(await readAll(old))).toEqual(ROWS.map(({ local_ns }) => ({ local_ns })));
  });

  test("integers of which some are missing become floats, as from CSV, unless a type is set", async () => {
    const open = (options: object) =>
      readParquet(bytes("pyarrow-snappy.parquet"), {
        columns: ["utc_us", "gaps"],
        name: "a.parquet",
        ...options,
      });
    const float = await open({});
    expect(float.types.gaps).toBe("float");
    expect((await readAll(float)).get("gaps")).toEqual(Float64Array.of(1, Number.NaN, 3, 4));
    const asked = await open({ types: { gaps: "i4" } });
    expect(await errorOf(readAll(asked))).toMatchObject({
      code: "invalid-frame",
      message: expect.stringMatching(
        /^a\.parquet: At row 1, column "gaps": there is no value, and int32 cannot represent .* or choose another type/,
      ),
    });
    const existing = await open({ schema: new Schema({ utc_us: "M8[us]*", gaps: "i4" }) });
    expect(await errorOf(readAll(existing))).toMatchObject({
      message: expect.stringMatching(/Set a default, as in fill: \{ gaps: … \}\.$/),
    });
  });

  test("times without a zone are local in the given zone", async () => {
    const read = async (clock?: "earlier" | "later" | "order") =>
      readAll(
        await readParquet(bytes("pyarrow-snappy.parquet"), {
          columns: ["local_ns"],
          timeZone: "Europe/Brussels",
          ...(clock && { clock }),
        }),
      );
    expect(toRows(await read()).map(({ local_ns }) => local_ns)).toEqual([
      "2026-03-28T11:00:00.000000000Z",
      "2026-03-29T00:59:59.000000000Z",
      "2026-03-29T01:00:00.000000000Z",
      "2026-10-24T23:30:00.000000000Z",
    ]);
  });
});

test("Arrow by pyarrow, in several batches", () => {
  const table = tableFromIPC(bytes("pyarrow.arrow"));
  const { frame, types } = fromArrow(table, { columns: COLUMNS, fill: { gaps: 0 } });
  expect(types.s).toBe("timestamp");
  expect(toRows(frame)).toEqual(ROWS);
  const { frame: all } = fromArrow(table);
  expect(all.get("money")).toEqual(Float64Array.of(1.1, 1.15, -0.01, Number.NaN));
  expect(all.get("gaps")).toEqual(Float64Array.of(1, Number.NaN, 3, 4));
});

describe("CSV by pandas", () => {
  test("an index of times, and missing values", async () => {
    const source = await readCsv([bytes("pandas.csv")]);
    expect(source.types).toEqual({
      time: "timestamp*",
      value: "float",
      count: "float",
      name: "str",
      ok: "bool",
    });
    expect(toRows(await readAll(source))).toEqual([
      { time: "2026-03-28T12:00:00Z", value: 0.1, count: 1, name: "a", ok: true },
      { time: "2026-03-29T01:59:59Z", value: null, count: null, name: "", ok: false },
      { time: "2026-03-29T03:00:00Z", value: 1e-300, count: 3, name: 'é,\n"', ok: true },
      { time: "2026-10-25T01:30:00Z", value: Number.POSITIVE_INFINITY, count: 4, name: "NA", ok: true },
    ]);
  });

  test("semicolons, decimal commas, a byte order mark, CRLF and an index without a name", async () => {
    const source = await readCsv([bytes("pandas-semicolon.csv")], { decimal: "," });
    expect(source.delimiter).toBe(";");
    expect(source.types).toEqual({
      column1: "int*",
      value: "float",
      count: "float",
      name: "str",
      ok: "bool",
    });
    const frame = await readAll(source);
    expect(frame.get("value")).toEqual(Float64Array.of(0.1, Number.NaN, 1e-300, Number.POSITIVE_INFINITY));
    expect(frame.get("name")).toEqual(["a", "", 'é,\n"', "NA"]);
  });
});
