import fc from "fast-check";
import { expect, test } from "vitest";
import { concatRows, sliceRows } from "../../src/model/column-rows.ts";
import { parseDType } from "../../src/model/dtype.ts";
import { encodeStrings } from "../../src/model/encode-strings.ts";
import type { Strings } from "../../src/model/strings.ts";

const text = fc
  .array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 20 })
  .map((points) => String.fromCodePoint(...points).toWellFormed());
const str = parseDType("str");
const texts = fc.array(text, { maxLength: 30 });

test("strings survive the round trip", () => {
  fc.assert(
    fc.property(texts, (items) => {
      const column = encodeStrings(items);
      expect(column.length).toBe(items.length);
      expect(column.toArray()).toEqual(items);
      items.forEach((item, row) => void expect(column.at(row)).toBe(item));
      expect(Buffer.from(column.bytes).toString()).toBe(items.join(""));
    }),
  );
});

test("a string may begin with a byte order mark, hold NUL, and be long", () => {
  const items = ["\ufefftext", "\ufeff", "\0", "a\0", "", "🙂".repeat(100_000), "x"];
  expect(encodeStrings(items).toArray()).toEqual(items);
});

test("parts are taken and joined as arrays are, into new memory", () => {
  fc.assert(
    fc.property(texts, texts, fc.nat(30), fc.nat(30), (a, b, from, to) => {
      const [first, last] = [Math.min(from, to, a.length), Math.min(Math.max(from, to), a.length)];
      const whole = encodeStrings(a);
      const view = whole.subarray(first, last);
      expect(view.toArray()).toEqual(a.slice(first, last));
      expect(view.bytes.buffer).toBe(whole.bytes.buffer);
      const slice = sliceRows(whole, str, first, last) as Strings;
      expect(slice.toArray()).toEqual(a.slice(first, last));
      expect(slice.bytes.buffer).not.toBe(whole.bytes.buffer);
      expect(slice.bytes.buffer.byteLength).toBe(slice.bytes.length);
      const joined = concatRows([slice, encodeStrings(b), slice], parseDType("str")) as Strings;
      expect(joined.toArray()).toEqual([...a.slice(first, last), ...b, ...a.slice(first, last)]);
    }),
  );
});

test("an empty column", () => {
  expect(encodeStrings([]).toArray()).toEqual([]);
  expect(concatRows([], parseDType("str"))).toEqual(encodeStrings([]));
});

test.each([["\ud800"], ["\udc00x"], ["🙂\ud83d"]])("a lone surrogate is refused with its row", (item) => {
  const refusal = { code: "invalid-frame", message: expect.stringContaining("row 1") };
  expect(() => encodeStrings(["fine", item])).toThrow(expect.objectContaining(refusal));
});
