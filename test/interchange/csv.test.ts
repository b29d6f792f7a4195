import { describe, expect, test } from "vitest";
import { type CsvOptions, type CsvWriteOptions, readCsv, toRows, writeCsv } from "../../src/interchange.ts";
import { Frame } from "../../src/model/frame.ts";
import { Schema } from "../../src/model/schema.ts";
import { collect, errorOf, readAll } from "./helpers.ts";

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

test("columns may have the names of properties that every object has", async () => {
  const names = ["constructor", "toString", "valueOf", "hasOwnProperty"];
  const frame = await read(`${names}\n1,2,3,\n2,3,4,\n`, { types: { hasOwnProperty: "float" } });
  expect(toRows(frame).map((row) => Object.values(row))).toEqual([
    [1n, 2n, 3n, null],
    [2n, 3n, 4n, null],
  ]);
  expect(await errorOf(read("__proto__,a\n1,2\n"))).toMatchObject({ code: "invalid-schema" });
});

test("a file may have very many columns", async () => {
  const names = Array.from({ length: 60_000 }, (_, i) => `c${i}`);
  const frame = await read(`${names}\n${names.map((_, i) => i)}\n`);
  expect(frame.columns.length).toBe(names.length);
});

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
    const reversed = await readCsv("v,a,t\n2,1,2020-01-01\n3,0,2020-01-02", { index: ["t", "a"] });
    expect(reversed.schema.index.map(({ name }) => name)).toEqual(["t", "a"]);
    expect((await readAll(reversed)).get("v")).toEqual(BigInt64Array.of(2n, 3n));
    expect(await typesOf("a,t\n1,2020-01-01", { types: { a: "f4*" } })).toEqual({ a: "float32*", t: "date" });
  });
});

test("rows round-trip as text", async () => {
  const text = 'time,price,n,name\n2026-03-01T10:00:00.500Z,1.5,9007199254740993,"b ""q"", x"\n';
  expect(await written(await read(text))).toBe(text);
});

test("rows of one key stay in one frame", async () => {
  const frames = await framesOf("t,v\n1,1\n2,1\n2,2\n2,3\n3,1\n", { pageLength: 2 });
  expect(frames.map((frame) => frame.get("t"))).toEqual([
    BigInt64Array.of(1n),
    BigInt64Array.of(2n, 2n, 2n),
    BigInt64Array.of(3n),
  ]);
});

test("a value that does not fit throws an error that names the location, the value and a remedy", async () => {
  const text = `t,v\n${Array.from({ length: 20 }, (_, i) => `${i},${i < 15 ? i : "x"}`).join("\n")}`;
  expect(await errorOf(framesOf(text, { sample: 10, name: "a.csv" }))).toMatchObject({
    code: "invalid-frame",
    message:
      'a.csv: Line 17, column "v": "x" is not a whole number from -9223372036854775808 to 9223372036854775807 (int64). ' +
      'Correct the file, or give the column a type that fits, as in types: { v: "str" }.',
  });
});

describe("times", () => {
  const times = async (cells: string[], options: CsvOptions = {}) => {
    const frame = await read(`k,t\n${cells.map((cell, i) => `${i},${cell}`).join("\n")}`, {
      index: ["k"],
      ...options,
    });
    return toRows(frame).map(({ t }) => t);
  };

  test("times without a zone are UTC, or local in the given zone", async () => {
    const cells = ["2026-01-01 12:00", "2026-07-01T12:00:00Z", "2026-07-01T12:00:00+05:30"];
    expect(await times(cells)).toEqual([
      "2026-01-01T12:00:00Z",
      "2026-07-01T12:00:00Z",
      "2026-07-01T06:30:00Z",
    ]);
    expect(await times(cells, { timeZone: "America/New_York" })).toEqual([
      "2026-01-01T17:00:00Z",
      "2026-07-01T12:00:00Z",
      "2026-07-01T06:30:00Z",
    ]);
    expect(await times(["2026-07-01"], { timeZone: "America/New_York" })).toEqual(["2026-07-01"]);
  });

  /** Brussels skips 02:00 to 03:00 in spring, and repeats it in autumn. */
  const brussels = { timeZone: "Europe/Brussels" };
  const gap = ["2026-03-29 01:30", "2026-03-29 02:30", "2026-03-29 03:30"];
  const overlap = [
    "2026-10-25 01:30",
    "2026-10-25 02:00",
    "2026-10-25 02:30",
    "2026-10-25 02:00",
    "2026-10-25 02:30",
    "2026-10-25 03:00",
  ];

  test("a skipped local time is rejected, or shifted by the clock rule", async () => {
    expect(await errorOf(times(gap, brussels))).toMatchObject({
      code: "invalid-frame",
      message: expect.stringMatching(
        /^Line 3, column "t": "2026-03-29 02:30" is not a time that the clocks of Europe\/Brussels show exactly once/,
      ),
    });
    expect(await times(gap, { ...brussels, clock: "earlier" })).toEqual([
      "2026-03-29T00:30:00Z",
      "2026-03-29T00:30:00Z",
      "2026-03-29T01:30:00Z",
    ]);
    expect(await times(gap, { ...brussels, clock: "later" })).toEqual([
      "2026-03-29T00:30:00Z",
      "2026-03-29T01:30:00Z",
      "2026-03-29T01:30:00Z",
    ]);
    expect(await errorOf(times(gap, { ...brussels, clock: "order" }))).toMatchObject({
      code: "invalid-frame",
    });
  });

  test("a repeated local time is rejected, or resolved by the clock rule", async () => {
    const utc = (hours: string[]) => hours.map((hour) => `2026-10-${hour}:00Z`);
    expect(await errorOf(times(overlap, brussels))).toMatchObject({ code: "invalid-frame" });
    expect(await times(overlap, { ...brussels, clock: "earlier" })).toEqual(
      utc(["24T23:30", "25T00:00", "25T00:30", "25T00:00", "25T00:30", "25T02:00"]),
    );
    expect(await times(overlap, { ...brussels, clock: "later" })).toEqual(
      utc(["24T23:30", "25T01:00", "25T01:30", "25T01:00", "25T01:30", "25T02:00"]),
    );
    expect(await times(overlap, { ...brussels, clock: "order" })).toEqual(
      utc(["24T23:30", "25T00:00", "25T00:30", "25T01:00", "25T01:30", "25T02:00"]),
    );
  });

  test("by order, rows within a second of a repeated hour stay in their order, and equal ones are the next hour", async () => {
    const rows = [
      "02:00:00.000",
      "02:00:00.250",
      "02:00:00.500",
      "02:30:00.000",
      "02:30:00.000",
      "03:00:00.000",
    ];
    const local = rows.map((time) => `2026-10-25 ${time}`);
    expect(await times(local, { ...brussels, clock: "order" })).toEqual([
      "2026-10-25T00:00:00.000Z",
      "2026-10-25T00:00:00.250Z",
      "2026-10-25T00:00:00.500Z",
      "2026-10-25T00:30:00.000Z",
      "2026-10-25T01:30:00.000Z",
      "2026-10-25T02:00:00.000Z",
    ]);
  });

  test("a finer time than the type's is refused, not rounded", async () => {
    const cells = ["2026-01-01T00:00:00", "2026-01-01T00:00:00.000", "2026-01-01T00:00:00.5"];
    expect(await errorOf(times(cells, { sample: 1 }))).toMatchObject({
      message: expect.stringMatching(
        /^Line 4, column "t": "2026-01-01T00:00:00.5" is not a time that datetime64\[s\] holds exactly \(M8\[ms\] would/,
      ),
    });
  });

  test.each([
    [
      "epoch-s",
      ["0", "-1", "1.5"],
      ["1970-01-01T00:00:00.000Z", "1969-12-31T23:59:59.000Z", "1970-01-01T00:00:01.500Z"],
    ],
    ["epoch-ms", ["1772359200500"], ["2026-03-01T10:00:00.500Z"]],
    ["epoch-ns", ["1772359200000000001"], ["2026-03-01T10:00:00.000000001Z"]],
    ["%d/%m/%Y", ["31/12/2020", "1/2/2021"], ["2020-12-31", "2021-02-01"]],
    [
      "%m/%d/%y %I:%M %p",
      ["12/31/20 12:05 AM", "1/2/69 1:00 pm"],
      ["2020-12-31T00:05:00Z", "1969-01-02T13:00:00Z"],
    ],
    ["%a, %d %b %Y %H:%M:%S %z", ["Sun, 01 Mar 2026 10:00:00 +0100"], ["2026-03-01T09:00:00Z"]],
    ["%Y%m%d%H%M%S.%f", ["20260301100000.25"], ["2026-03-01T10:00:00.250Z"]],
    ["%Y-%j", ["2024-366"], ["2024-12-31"]],
  ])("format %s", async (format, cells, expected) => {
    expect(
      await times(
        cells.map((cell) => `"${cell}"`),
        { formats: { t: format } },
      ),
    ).toEqual(expected);
  });

  test.each(["%Q", "%d/%m", "%H:%M", "epoch-h", "%Y-%m-%d %I"])("%s is not a format", async (format) => {
    expect(await errorOf(times(["x"], { formats: { t: format } }))).toMatchObject({
      code: "invalid-argument",
    });
  });

  test.each(["2026-02-29", "2026-13-01", "2026-01-01T24:01", "2026-01-01T10:00:00+1", "26-01-01"])(
    "%s is not a time",
    async (cell) => {
      expect(await errorOf(times([cell], { types: { t: "timestamp" } }))).toMatchObject({
        code: "invalid-frame",
      });
    },
  );
});

describe("missing values", () => {
  test("float NaN, time NaT, text empty", async () => {
    const frame = await read("k,f,t,s\n1,1.5,2026-01-01,a\n2,,,\n3,NA,NaT,NA\n", { index: ["k"] });
    expect(toRows(frame)).toEqual([
      { k: 1n, f: 1.5, t: "2026-01-01", s: "a" },
      { k: 2n, f: null, t: null, s: "" },
      { k: 3n, f: null, t: null, s: "NA" },
    ]);
  });

  test("integers and booleans are rejected, or filled", async () => {
    const text = "k,n,b\n1,1,true\n2,2,false\n3,,\n";
    const types = { n: "i2", b: "bool" };
    expect(await errorOf(read(text, { types, name: "a.csv" }))).toMatchObject({
      code: "invalid-frame",
      message: expect.stringMatching(
        /^a\.csv: Line 4, column "n": there is no value, and int16 cannot represent a missing value.*fill: \{ n: … \}/,
      ),
    });
    const filled = await read(text, { types, fill: { n: -1, b: false } });
    expect([filled.get("n"), filled.get("b")]).toEqual([Int16Array.of(1, 2, -1), Uint8Array.of(1, 0, 0)]);
    expect(await errorOf(read(text, { fill: { n: 1.5, b: false } }))).toMatchObject({
      code: "invalid-frame",
    });
  });

  test("the index needs values", async () => {
    expect(await errorOf(read("t,v\n2026-01-01,1\n,2\n"))).toMatchObject({
      message: expect.stringMatching(/^Line 3, column "t": there is no value, and the index needs one/),
    });
  });

  test("custom null cells replace the default ones", async () => {
    const frame = await read("k,v\n1,-\n2,3\n", { nulls: ["-"] });
    expect(frame.get("v")).toEqual(Float64Array.of(Number.NaN, 3));
  });
});

describe("order", () => {
  test("rows out of order are rejected, naming their line", async () => {
    expect(await errorOf(read("t,v\n1,1\n3,1\n\n2,1\n"))).toMatchObject({
      code: "unsorted",
      message: expect.stringMatching(/at line 5, 2 comes after 3\. Sort them, or set sort: true/),
    });
  });

  test("also across frames", async () => {
    expect(await errorOf(framesOf("t,v\n1,1\n2,1\n1,1\n", { pageLength: 1 }))).toMatchObject({
      code: "unsorted",
    });
  });

  test("or sorted, stably for rows of one key", async () => {
    const frames = await framesOf("t,v\n2,a\n1,b\n2,c\n1,d\n3,e\n", { sort: true, pageLength: 2 });
    expect(frames.map((frame) => frame.get("v"))).toEqual([["b", "d"], ["a", "c"], ["e"]]);
  });
});

describe("streams", () => {
  test("the source is read only as far as frames are pulled", async () => {
    let given = 0;
    let closed = false;
    async function* endless() {
      try {
        yield new TextEncoder().encode("t,v\n");
        for (;;)
          yield new TextEncoder().encode(Array.from({ length: 10_000 }, () => `${given++},1\n`).join(""));
      } finally {
        closed = true;
      }
    }
    const frames = (await readCsv(endless(), { pageLength: 10_000 })).frames();
    const head = given;
    for (let page = 0; page < 20; page++) expect((await frames.next()).value?.length).toBe(10_000);
    // The head, the pulled pages, one page ahead, and the rest of a chunk.
    expect(given).toBeLessThanOrEqual(Math.max(head, 220_000));
    await frames.return(undefined);
    expect(closed).toBe(true);
  });

  test("Blob and ReadableStream; other encodings; chunks of one byte", async () => {
    const bytes = new TextEncoder().encode("t,name\n1,é😀\n2,x\n");
    const pieces = Array.from(bytes, (byte) => Uint8Array.of(byte));
    const wide = Uint8Array.from(
      [0xff, 0xfe, ..."t,name\n1,é😀\n2,x\n"].flatMap((char) =>
        typeof char === "number"
          ? [char]
          : Array.from({ length: char.length }, (_, i) => char.charCodeAt(i)).flatMap((unit) => [
              unit & 255,
              unit >> 8,
            ]),
      ),
    );
    const expected = [
      { t: 1n, name: "é😀" },
      { t: 2n, name: "x" },
    ];
    for (const [source, options] of [
      [pieces, {}],
      [new Blob([bytes]), {}],
      [new Blob([bytes]).stream(), {}],
      [[wide], { encoding: "utf-16le" }],
    ] as const) {
      const rows: unknown[] = [];
      for await (const frame of (await readCsv(source, options)).frames()) rows.push(...toRows(frame));
      expect(rows).toEqual(expected);
    }
    expect(await errorOf(readCsv([wide]))).toMatchObject({
      message: expect.stringContaining('encoding: "utf-16le"'),
    });
    const latin = [Uint8Array.from("k,v\n1,é\n", (char) => char.charCodeAt(0))];
    expect(await errorOf(readCsv(latin))).toMatchObject({
      message: expect.stringContaining('encoding: "windows-1252"'),
    });
    for (const half of [wide.subarray(0, -1), Uint8Array.from([...wide, 0x00, 0xd8, 0x41, 0x00])])
      expect(await errorOf(readCsv([half], { encoding: "utf-16le" }))).toMatchObject({
        code: "invalid-frame",
        message: expect.stringContaining("not in utf-16le"),
      });
    expect((await readCsv(latin, { encoding: "windows-1252" })).types).toEqual({ k: "int*", v: "str" });
  });

  test("an abort stops reading", async () => {
    expect(await errorOf(framesOf("t\n1\n", { signal: AbortSignal.abort() }))).toMatchObject({
      code: "aborted",
    });
  });
});

describe("invalid files and options", () => {
  test.each<[string, CsvOptions | undefined, RegExp]>([
    ["", undefined, /The file is empty/],
    ["a,a\n1,2", undefined, /Line 1: two columns are named "a"/],
    ["a,b\n1,2\n3\n", undefined, /Line 3 has 1 cells, but there are 2 columns: a, b\. Correct the line/],
    ["a,b\n1,2", { types: { c: "int" } }, /types: there is no column "c"\. There are: a, b/],
    ["a,b\n1,2", { index: ["c"] }, /index: there is no column "c"/],
    ["a,b\n1,2", { delimiter: ",," }, /delimiter/],
    ["a,b\n1,2", { sample: 0 }, /sample: 0/],
    ["a,b\n1,2", { timeZone: "Mars" }, /"Mars" is not a time zone/],
    ["a,b\n1,2", { names: ["a"] }, /2 cells, but names lists 1: a/],
    ["a,b\n1,2", { encoding: "klingon" }, /encoding: "klingon" is not supported/],
    [
      "a,b\n1,2",
      { schema: new Schema({ a: "int*", c: "int" }) },
      /The columns differ: the file lacks c; the collection has no b/,
    ],
  ])("%j %j", async (text, options, message) => {
    expect(await errorOf(framesOf(text, options))).toMatchObject({
      name: "LakotaError",
      message: expect.stringMatching(message),
    });
  });

  test("rows can be read only once", async () => {
    const source = await readCsv("t\n1\n");
    for await (const _ of source.frames());
    expect(await errorOf(source.frames().next())).toMatchObject({ code: "invalid-argument" });
  });
});

describe("writing", () => {
  test("times in a zone, decimal commas, a byte order mark", async () => {
    const frame = await read("t,v\n2026-01-01T00:00:00Z,1.5\n2026-07-01T00:00:00Z,\n");
    expect(
      await written(frame, {
        timeZone: "Europe/Brussels",
        delimiter: ";",
        decimal: ",",
        newline: "\r\n",
        mark: true,
      }),
    ).toBe("\ufefft;v\r\n2026-01-01T01:00:00+01:00;1,5\r\n2026-07-01T02:00:00+02:00;\r\n");
    expect(await written(frame, { times: "count", header: false })).toBe("1767225600,1.5\n1782864000,\n");
  });

  test("a frame of plain numbers is written in its own types", async () => {
    const frame = new Frame([
      { name: "t", type: "datetime64[s]", data: Float64Array.of(1000, Number.NaN) },
      { name: "n", type: "int64", data: Float64Array.of(1, 2) },
    ]);
    expect(await written(frame)).toBe("t,n\n1970-01-01T00:00:01Z,1\n,2\n");
  });

  test("frames with different columns are rejected", async () => {
    const a = new Frame([{ name: "a", type: "int64", data: BigInt64Array.of(1n) }]);
    const b = new Frame([{ name: "b", type: "int64", data: BigInt64Array.of(1n) }]);
    expect(await errorOf(collect(writeCsv([a, b])))).toMatchObject({ code: "invalid-frame" });
  });
});
