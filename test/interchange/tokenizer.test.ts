import fc from "fast-check";
import Papa from "papaparse";
import { describe, expect, test } from "vitest";
import { CsvTokenizer } from "../../src/interchange/csv/tokenizer.ts";

const encoder = new TextEncoder();

/** Returns all records, with the bytes pushed in chunks that end at `cuts`. */
function recordsOf(text: string, delimiter = ",", cuts: readonly number[] = []): string[][] {
  const bytes = encoder.encode(text);
  const records = new CsvTokenizer(delimiter);
  const found: string[][] = [];
  const take = () => {
    while (records.next()) found.push(Array.from({ length: records.cells }, (_, cell) => records.text(cell)));
  };
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let start = 0;
  for (const end of [...ends, bytes.length]) {
    records.push(bytes.slice(start, end));
    take();
    start = end;
  }
  records.end();
  take();
  return found;
}

const cell = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 6 }),
  fc.constantFrom("", '"', '""', "a,b", "x\ny", "x\r\ny", "\r", ";", "\t", "é", "😀", " a "),
);
const cuts = fc.array(fc.nat(200), { maxLength: 8 });

test("reads what papaparse wrote, in chunks of any size", () => {
  const sheets = fc
    .integer({ min: 2, max: 5 })
    .chain((width) =>
      fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
    );
  fc.assert(
    fc.property(
      sheets,
      fc.constantFrom(",", ";", "\t"),
      fc.constantFrom("\n", "\r\n", "\r"),
      cuts,
      (sheet, delimiter, newline, at) => {
        const text = Papa.unparse(sheet, { delimiter, newline });
        expect(recordsOf(text, delimiter, at)).toEqual(sheet);
      },
    ),
    { numRuns: 1_000 },
  );
});

test("reads any unquoted text as papaparse does", () => {
  const text = fc
    .array(fc.constantFrom("a", "b", " ", ",", "\n", "é"), { maxLength: 30 })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, cuts, (input, at) => {
      const { data } = Papa.parse<string[]>(input, { delimiter: ",", newline: "\n", skipEmptyLines: true });
      expect(recordsOf(input, ",", at)).toEqual(data);
    }),
    { numRuns: 1_000 },
  );
});

describe("single cases", () => {
  test.each([
    ["a byte order mark", "\ufeffa,b\n", [["a", "b"]]],
    ["a quoted byte order mark", '"\ufeffa",b\n', [["\ufeffa", "b"]]],
    ["empty lines", "\n\na\r\n\r\nb\r\rc", [["a"], ["b"], ["c"]]],
    ["a quoted nothing", 'a\n""\n', [["a"], [""]]],
    ["a last delimiter", "a,", [["a", ""]]],
    ["quotes within text", 'a"b,c"', [['a"b', 'c"']]],
    ["nothing", "", []],
  ])("%s", (_, text, expected) => {
    expect(recordsOf(text)).toEqual(expected);
  });

  test.each([
    ["a quote that stays open", 'a\n"b\nc', /Line 2: a quote/],
    ["text after a quote", 'a\n"x\ny"z', /Line 3: text follows/],
  ])("%s", (_, text, message) => {
    expect(() => recordsOf(text)).toThrow(message);
  });

  test("UTF-16 is detected", () => {
    const records = new CsvTokenizer(",");
    records.push(Uint8Array.of(0xff, 0xfe, 0x61, 0x00));
    expect(() => records.next()).toThrow(/utf-16le/);
  });

  test("lines are counted, also within quotes", () => {
    const records = new CsvTokenizer(",");
    records.push(encoder.encode('a\r\n"b\r\nb"\n\nc\r\rd'));
    records.end();
    const lines: number[] = [];
    while (records.next()) lines.push(records.line);
    expect(lines).toEqual([1, 2, 5, 7]);
  });

  test("an endless record is rejected before it fills the memory", () => {
    const records = new CsvTokenizer(",");
    const piece = encoder.encode(`"${"x".repeat(2 ** 20)}`);
    expect(() => {
      for (let i = 0; i < 20; i++) {
        records.push(piece.subarray(i === 0 ? 0 : 1));
        records.next();
      }
    }).toThrow(/Line 1: a record is longer than 16 MiB/);
  });
});
