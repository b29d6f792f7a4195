import { expect, test } from "vitest";
import { decodeIndex, encodeIndex } from "../../src/stores/http/published-index.ts";

const bytesOf = (stored: unknown) => new TextEncoder().encode(JSON.stringify(stored));

test("an index is decoded as it was encoded", () => {
  const index = {
    time: new Date(0),
    folders: new Map([["a/b", [{ path: "a/b/c", size: 3 }]]]),
    files: new Map([["a/b/c", Uint8Array.of(1, 2, 255)]]),
  };
  expect(decodeIndex(encodeIndex(index), "http://host")).toEqual(index);
});

test.each([
  ["another version", { lakota: 2 }],
  ["an entry without a size", { lakota: 1, folders: { a: [["b"]] } }],
  ["an entry whose size is no number", { lakota: 1, folders: { a: [["b", "c", 1]] } }],
  ["an entry whose name is no text", { lakota: 1, folders: { a: [[null, 1]] } }],
  ["an entry that is no list", { lakota: 1, folders: { a: [null] } }],
  ["a folder that is no list", { lakota: 1, folders: { a: 1 } }],
  ["a file that is not in base64", { lakota: 1, files: { a: "%" } }],
  ["no object", null],
])("an index with %s is corrupt", (_, stored) => {
  expect(() => decodeIndex(bytesOf(stored), "http://host")).toThrow(
    expect.objectContaining({
      code: "corrupt",
      message: expect.stringContaining("The index of http://host"),
    }),
  );
});
