import { describe, expect, test } from "vitest";
import { type CsvOptions, readCsv, toRows } from "../../src/interchange.ts";
import { Schema } from "../../src/model/schema.ts";
import { errorOf, readAll } from "./helpers.ts";

const indexOf = async (cells: readonly string[], options: CsvOptions = {}) => {
  const quoted = cells.map((cell) => `"${cell}",1`);
  const csv = await readCsv(["t,v", ...quoted, ""].join("\n"), options);
  return { csv, times: toRows(await readAll(csv)).map(({ t }) => t) };
};

describe("the format of times is found in the sample", () => {
  test.each<[cells: string[], format: string, type: string, times: string[]]>([
    [["Jan 1 2000", "Feb 29 2000"], "%b %d %Y", "date", ["2000-01-01", "2000-02-29"]],
    [["January 1, 2000", "May 2, 2000"], "%b %d, %Y", "date", ["2000-01-01", "2000-05-02"]],
    [["Jan-1-1995", "Feb-1-1995"], "%b-%d-%Y", "date", ["1995-01-01", "1995-02-01"]],
    [["1-Jan-20", "31-Jan-20"], "%d-%b-%y", "date", ["2020-01-01", "2020-01-31"]],
    [["1991 Jul", "1991 Aug"], "%Y %b", "date", ["1991-07-01", "1991-08-01"]],
    [["1991Q1", "1991Q4"], "%YQ%q", "date", ["1991-01-01", "1991-10-01"]],
    [["1991-q2", "1991-Q3"], "%Y-Q%q", "date", ["1991-04-01", "1991-07-01"]],
    [["Q1 1991", "Q2 1991"], "Q%q %Y", "date", ["1991-01-01", "1991-04-01"]],
    [["4Q1991", "1Q1992"], "%qQ%Y", "date", ["1991-10-01", "1992-01-01"]],
    [["7/1991", "08/1991"], "%m/%Y", "date", ["1991-07-01", "1991-08-01"]],
    [["2015/1/1", "2015/01/02"], "%Y/%m/%d", "date", ["2015-01-01", "2015-01-02"]],
    [
      ["2015/01/01 01:00:00", "2015/01/01 02:00:00"],
      "%Y/%m/%d %H:%M:%S",
      "timestamp",
      ["2015-01-01T01:00:00Z", "2015-01-01T02:00:00Z"],
    ],
    [["2015-1-9", "2015-1-10"], "%Y-%m-%d", "date", ["2015-01-09", "2015-01-10"]],
    [["02/03/2026", "13/03/2026"], "%d/%m/%Y", "date", ["2026-03-02", "2026-03-13"]],
    [["02/03/2026", "02/13/2026"], "%m/%d/%Y", "date", ["2026-02-03", "2026-02-13"]],
    [
      ["3/2/2026 1:05 PM", "3/13/2026 12:00 am"],
      "%m/%d/%Y %I:%M %p",
      "timestamp",
      ["2026-03-02T13:05:00Z", "2026-03-13T00:00:00Z"],
    ],
    [["02.03.2026", "03.03.2026"], "%d.%m.%Y", "date", ["2026-03-02", "2026-03-03"]],
    [["02.03.26", "03.03.26"], "%d.%m.%y", "date", ["2026-03-02", "2026-03-03"]],
    [
      ["02.03.2026 10:00:00,5", "02.03.2026 10:00:00,75"],
      "%d.%m.%Y %H:%M:%S,%f",
      "M8[ms]",
      ["2026-03-02T10:00:00.500Z", "2026-03-02T10:00:00.750Z"],
    ],
    [["12/25/21", "12/26/21"], "%m/%d/%y", "date", ["2021-12-25", "2021-12-26"]],
    [
      ["Sun, 01 Mar 2026 10:00:00 +0100", "Mon, 02 Mar 2026 10:00:00 +0100"],
      "%a, %d %b %Y %H:%M:%S %z",
      "timestamp",
      ["2026-03-01T09:00:00Z", "2026-03-02T09:00:00Z"],
    ],
  ])("%j", async (cells, format, type, times) => {
    const found = await indexOf(cells);
    expect(found.csv.formats).toEqual({ t: format });
    expect(found.csv.types).toEqual({ t: `${type}*`, v: "int" });
    expect(found.times).toEqual(times);
    // Also into an existing collection.
    const schema = new Schema({ t: `${type}*`, v: "int" });
    expect((await indexOf(cells, { schema })).times).toEqual(times);
  });

  test("ISO 8601 needs no format", async () => {
    expect((await indexOf(["2026-03-01", "2026-03-02"])).csv.formats).toEqual({});
  });

  test.each([
    [
      ["02/03/2026", "03/03/2026"],
      /02\/03\/2026 may be of the format %d\/%m\/%Y or %m\/%d\/%Y.*formats: \{ t: "%d\/%m\/%Y" \}/,
    ],
    [["02-03-2026 10:00"], /%d-%m-%Y %H:%M or %m-%d-%Y %H:%M/],
    [["25/12/21"], /%d\/%m\/%y or %y\/%m\/%d/],
    [
      ["2023-02-28", "2023-02-29", "2023-03-01"],
      /looks like times, but "2023-02-29" in line 3 is not one in ISO 8601/,
    ],
    [["28.02.2023", "29.02.2023", "1.3.2023"], /"29\.02\.2023" in line 3 is not of the format %d\.%m\.%Y/],
    [["1991 W1", "1991 W2"], /"1991 W1" in line 2 is not in a known format.*types: \{ t: "str" \}/],
  ])("%j is refused, and what to set is told", async (cells, message) => {
    expect(await errorOf(indexOf(cells))).toMatchObject({
      code: "invalid-frame",
      message: expect.stringMatching(message),
    });
    expect((await indexOf(cells, { types: { t: "str" }, sort: true })).csv.types).toEqual({
      t: "str*",
      v: "int",
    });
  });

  test("the format that is set counts", async () => {
    const options = { formats: { t: "%m/%d/%Y" } };
    expect((await indexOf(["02/03/2026"], options)).times).toEqual(["2026-02-03"]);
    const schema = new Schema({ t: "date*", v: "int" });
    expect((await indexOf(["02/03/2026"], { ...options, schema })).times).toEqual(["2026-02-03"]);
    expect(await errorOf(indexOf(["02/03/2026"], { schema }))).toMatchObject({
      message: expect.stringMatching(/Set the one that is meant, as in formats: \{ t: "%d\/%m\/%Y" \}\.$/),
    });
  });

  test("a column that is not the index is only asked for where it has years", async () => {
    const types = async (cell: string) => (await readCsv(`t,u\n2026-01-01,${cell}\n`)).types.u;
    expect(await types("20-10-15")).toBe("str");
    expect(await types("1.2.30")).toBe("str");
    expect(await types("1.2.2030")).toBe("date");
    expect(await types("12:30")).toBe("str");
    expect(await errorOf(types("02/03/2026"))).toMatchObject({ message: expect.stringContaining('"u"') });
  });
});

describe("the decimal separator is found in the sample", () => {
  const open = (text: string, options?: CsvOptions) => readCsv(text, options);
  test("beside a semicolon, a tab and a bar", async () => {
    for (const delimiter of [";", "\t", "|"]) {
      const csv = await open(
        "when;temp;n\n02.01.2026 10:00;1,5;3\n03.01.2026 10:00;-2;4\n".replaceAll(";", delimiter),
      );
      expect(csv).toMatchObject({ delimiter, decimal: ",", formats: { when: "%d.%m.%Y %H:%M" } });
      expect(csv.types).toEqual({ when: "timestamp*", temp: "float", n: "int" });
      expect((await readAll(csv)).get("temp")).toEqual(Float64Array.of(1.5, -2));
    }
  });

  test("not where there are points, or no fractions", async () => {
    expect(await open("a;b;c\n1;1.5;1,5\n")).toMatchObject({ decimal: ".", types: { c: "str" } });
    expect(await open("a;b\n1;2\n")).toMatchObject({ decimal: ".", delimiter: ";" });
    expect(await open("a,b\n1,2\n")).toMatchObject({ decimal: ".", delimiter: "," });
  });

  test("a comma before three digits is asked for, unless another number has a decimal one", async () => {
    expect(await errorOf(open("a;b\n1;1,234\n"))).toMatchObject({
      code: "invalid-frame",
      message: expect.stringMatching(/comma in 1,234 may be a decimal one.*decimal: ","/),
    });
    expect((await open("a;b\n1;1,234\n", { decimal: "." })).types.b).toBe("str");
    expect((await open("a;b\n1;1,234\n", { decimal: "," })).types.b).toBe("float");
    expect((await open("a;b;c\n1;1,234;0,5\n")).types.b).toBe("float");
  });

  test("without a header, a semicolon is preferred to the commas of numbers", async () => {
    expect(await open("1,5;2,5\n2,5;3,5\n", { header: false })).toMatchObject({
      delimiter: ";",
      decimal: ",",
    });
  });
});

describe("names of columns", () => {
  test("a first line of values is not taken for names", async () => {
    const text = "2026-01-01,1.5\n2026-01-02,2.5\n";
    expect(await errorOf(readCsv(text))).toMatchObject({
      message: expect.stringMatching(/^Line 1 looks like values.*header: false.*header: true/),
    });
    expect(await errorOf(readCsv(text, { names: ["t", "v"] }))).toMatchObject({ code: "invalid-frame" });
    expect((await readCsv(text, { names: ["t", "v"], header: false })).types).toEqual({
      t: "date*",
      v: "float",
    });
    expect((await readCsv("1960,1961\n1,2\n", { header: true })).types).toEqual({
      "1960": "int*",
      "1961": "int",
    });
  });

  test("may be digits, which come first as in a stored schema", async () => {
    const csv = await readCsv("country,1961,1960,007\nBE,1,2.5,x\n");
    expect(csv.types).toEqual({ "1960": "float", "1961": "int", country: "str*", "007": "str" });
    expect(Schema.load(JSON.parse(JSON.stringify(csv.schema.dump()))).equals(csv.schema)).toBe(true);
    expect(csv.schema.columns.map(({ name }) => name)).toEqual(["1960", "1961", "country", "007"]);
    expect(toRows(await readAll(csv))).toEqual([{ country: "BE", 1961: 1n, 1960: 2.5, "007": "x" }]);
  });
});
