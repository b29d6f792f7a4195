import { describe, expect, test } from "vitest";
import { exampleOf, formatChoices, NO_CHOICES, withDialect } from "../../demo/files/choices.ts";
import { fileKind, labelOf } from "../../demo/files/file-kind.ts";
import { fileMessage, openQuestion } from "../../demo/files/file-message.ts";
import { jsonRows } from "../../demo/files/json-rows.ts";
import { previewFile } from "../../demo/files/preview.ts";
import { writeFile } from "../../demo/files/write-file.ts";
import { openRepo, type Repo, Schema } from "../../src/engine.ts";

const { signal } = new AbortController();
const file = (name: string, text: string) => new File([text], name);

/** Returns the error of a promise. */
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail("it succeeded"),
    (error: unknown) => error,
  );

test.each([
  ["a.csv", "day,price\n", "csv"],
  ["a.txt", "1\t2", "csv"],
  ["a.csv", "PK,price\n", "csv"],
  ["a.bin", "PAR1....", "parquet"],
  ["a.bin", "ARROW1..", "arrow"],
  ["a.ndjson", "{}", "json"],
])("%s that begins with %j is %s", async (name, text, kind) => {
  expect(await fileKind(file(name, text))).toBe(kind);
});

test("files of other kinds are refused, with what to do", async () => {
  await expect(fileKind(file("a.xlsx", "PK\u0003\u0004"))).rejects.toThrow("Save the sheet as CSV");
  await expect(fileKind(file("a.parquet", "text"))).rejects.toThrow("not a Parquet file");
});

test("a series is called as its file", () => {
  expect(["data/Köln.csv.gz", "a.b.parquet", ".csv"].map(labelOf)).toEqual(["Köln", "a.b", "file"]);
});

test("formats of times are shown by an example", () => {
  expect(exampleOf("%d.%m.%Y %H:%M")).toBe("31.12.2026 23:59");
  expect(exampleOf("epoch-ms")).toBe("milliseconds since 1970");
  expect(formatChoices("%d/%m/%Y").map(exampleOf).slice(0, 2)).toEqual(["31/12/2026", "12/31/2026"]);
});

test("choices by column are dropped where the columns may be others", () => {
  const choices = { ...NO_CHOICES, types: { a: "str" }, index: ["a"], sort: true };
  expect(withDialect(choices, { delimiter: ";" })).toEqual({ ...NO_CHOICES, delimiter: ";", sort: true });
});

describe("JSON", () => {
  const rows = [
    { time: "2026-01-01", value: 1 },
    { time: "2026-01-02", value: 2 },
  ];

  test.each([
    ["an array of rows", JSON.stringify(rows)],
    ["a row on each line", `${rows.map((row) => JSON.stringify(row)).join("\n")}\n`],
    ["columns", JSON.stringify({ time: ["2026-01-01", "2026-01-02"], value: [1, 2] })],
    ["rows in an object", JSON.stringify({ count: 2, data: rows })],
    ["rows in an object of nothing else", JSON.stringify({ data: rows })],
    ["rows beside an empty array", JSON.stringify({ data: rows, errors: [] })],
    ["rows beside another array", JSON.stringify({ data: rows, columns: ["time", "value", "other"] })],
  ])("%s", (_, text) => {
    expect(jsonRows(text)).toEqual(rows);
  });

  test.each([
    ["a single line", '{"a":1,"b":"x"}\n', [{ a: 1, b: "x" }]],
    ["no rows in an object", '{"count":0,"data":[]}', []],
    ["columns, of which one has objects", '{"a":[1],"b":[{"c":2}]}', [{ a: 1, b: { c: 2 } }]],
  ])("%s", (_, text, expected) => {
    expect(jsonRows(text)).toEqual(expected);
  });

  test.each([
    ["{}", "expected an array of objects"],
    ['{"a":1,"b":[2]}', "expected an array of objects"],
    ['[{"a":1}, 2]', "Element 2 is not an object"],
    ['{"a":1}\n{"a":', "Line 2 is not JSON"],
    ["7", "expected an array of objects"],
    ['{"a":[1],"b":[1,2]}', "“a” has 1 values"],
    ["nonsense", "not JSON"],
  ])("%j is refused", (text, message) => {
    expect(() => jsonRows(text)).toThrow(message);
  });
});

describe("messages", () => {
  test("name what the page offers, instead of options in code", async () => {
    const broken = await failure(
      previewFile(file("a.csv", "a,b\n1,2\n1,2,3\n"), NO_CHOICES, undefined, signal),
    );
    expect(fileMessage(broken)).toBe(
      "Line 3 has 3 cells, but there are 2 columns: a, b. Correct the line, or choose another delimiter.",
    );
    const values = await failure(previewFile(file("a.csv", "1,2\n1,2\n"), NO_CHOICES, undefined, signal));
    expect(fileMessage(values)).toContain("Choose whether the first line has names.");
    const thousands = file("a.csv", "a;b\n2026-01-01;1,234\n");
    const decimal = await failure(previewFile(thousands, NO_CHOICES, undefined, signal));
    expect(fileMessage(decimal)).toContain("Choose the decimal separator.");
  });

  test("a format that the file leaves open is asked", async () => {
    const open = file("a.csv", "day,b\n02/03/2026,1\n");
    const error = await failure(previewFile(open, NO_CHOICES, undefined, signal));
    expect(openQuestion(error)).toEqual({ column: "day", candidates: ["%d/%m/%Y", "%m/%d/%Y"] });
    expect(openQuestion(new Error("another"))).toBeUndefined();
    const choices = { ...NO_CHOICES, formats: { day: "%m/%d/%Y" } };
    const { rows } = await previewFile(open, choices, undefined, signal);
    expect(rows).toEqual([{ day: "2026-02-03", b: "1" }]);
  });
});

describe("writing", () => {
  const target = { collection: "prices", series: "ACME", schema: undefined };
  const options = { signal, onProgress: () => {} };

  test("a file is written as one revision, or not at all", async () => {
    const repo = await openRepo("memory://");
    const text = "Tag;Preis\n02.01.2026;1,5\n01.01.2026;2,5\n";
    const unsorted = writeFile(file("a.csv", text), NO_CHOICES, { repo, ...target }, options);
    await expect(unsorted).rejects.toThrow("not in the order");
    const sorted = { ...NO_CHOICES, sort: true };
    expect(await writeFile(file("a.csv", text), sorted, { repo, ...target }, options)).toBe(2);
    const collection = await repo.collection("prices");
    const [revision, ...others] = await collection.log({ details: true });
    expect(others).toEqual([]);
    expect(revision).toMatchObject({ note: { message: "Add a.csv" } });
    const frame = await collection.series("ACME").read({ numbers: true });
    expect([...frame.numbers("Preis")]).toEqual([2.5, 1.5]);
    repo.close();
  });

  test("a longer file replaces all that lies between its rows", async () => {
    const repo = await openRepo("memory://");
    const lines = (every: number) =>
      Array.from({ length: 120_000 / every }, (_, i) => `${i * every},${every}`).join("\n");
    const write = (text: string) =>
      writeFile(file("a.csv", `n,value\n${text}\n`), NO_CHOICES, { repo, ...target }, options);
    await write(lines(1));
    await write(lines(2).replace(/\n(5\d|6\d),2/g, "")); // a page ends where rows are missing
    const series = (await repo.collection("prices")).series("ACME");
    const frame = await series.read({ stop: 119_999, numbers: true });
    expect(new Set(frame.numbers("value"))).toEqual(new Set([2]));
    repo.close();
  });

  test("a file that turns out to be wrong creates no collection", async () => {
    const repo = await openRepo("memory://");
    const lines = Array.from({ length: 20_000 }, (_, i) => `${i},${i === 15_000 ? "oops" : 1}`).join("\n");
    const write = (choices: typeof NO_CHOICES) =>
      writeFile(file("a.csv", `n,value\n${lines}\n`), choices, { repo, ...target }, options);
    await expect(write(NO_CHOICES)).rejects.toThrow(
      'Line 15002, column "value": "oops" is not a whole number',
    );
    expect(await repo.ls()).toEqual([]);
    expect(await write({ ...NO_CHOICES, types: { value: "str" } })).toBe(20_000);
    repo.close();
  });

  test("a write that fails deletes no collection, which another writer may have created", async () => {
    const repo = await openRepo("memory://");
    const prices = await repo.createCollection(new Schema({ n: "int*", value: "int" }), "prices");
    const failing: Repo = Object.create(repo, {
      createCollection: {
        value: async () =>
          Object.create(prices, { batch: { value: () => Promise.reject(new Error("The network failed.")) } }),
      },
    });
    const target = { repo: failing, collection: "prices", series: "ACME", schema: undefined };
    const written = writeFile(file("a.csv", "n,value\n1,2\n"), NO_CHOICES, target, options);
    await expect(written).rejects.toThrow(
      "The network failed. The collection “prices” exists now, without these rows.",
    );
    expect(await repo.ls()).toEqual(["prices"]);
    repo.close();
  });

  test("a file without rows is an error", async () => {
    const repo = await openRepo("memory://");
    const written = writeFile(file("a.csv", "a,b\n"), NO_CHOICES, { repo, ...target }, options);
    await expect(written).rejects.toThrow("no rows");
    expect(await repo.ls()).toEqual([]);
    repo.close();
  });
});
