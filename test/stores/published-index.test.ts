import { expect, test } from "vitest";
import { PublishedFiles } from "../../src/stores/http/published-files.ts";
import {
  decodeIndex,
  encodeFolders,
  encodeIndex,
  encodeNames,
  pagePath,
} from "../../src/stores/http/published-index.ts";

const URI = "http://host";
const DIGEST = "ab".repeat(20);
const bytesOf = (stored: unknown) => new TextEncoder().encode(JSON.stringify(stored));
const base = { time: new Date(0), folders: new Map(), more: [], files: new Map(), overviews: false };

test("an index is decoded as it was encoded", () => {
  const index = {
    time: new Date(0),
    folders: new Map([["a/b", { pages: [[DIGEST, 2, 7]] as const, names: [["c", 3]] as const }]]),
    more: [DIGEST],
    files: new Map([["a/b/c", Uint8Array.of(1, 2, 255)]]),
    overviews: true,
  };
  expect(decodeIndex(encodeIndex(index), URI)).toEqual(index);
});

test.each([
  ["another version", { lakota: 3 }],
  ["an entry without a size", { lakota: 2, folders: { a: [[], [["b"]]] } }],
  ["an entry whose size is no number", { lakota: 2, folders: { a: [[], [["b", "c"]]] } }],
  ["an entry whose name is no text", { lakota: 2, folders: { a: [[], [[null, 1]]] } }],
  ["an entry that is no list", { lakota: 2, folders: { a: [[], [null]] } }],
  ["a page without a digest", { lakota: 2, folders: { a: [[["b", 1, 1]], []] } }],
  ["a page without a count", { lakota: 2, folders: { a: [[[DIGEST]], []] } }],
  ["a page of folders without a digest", { lakota: 2, more: ["../a"] }],
  ["a folder that is no list", { lakota: 2, folders: { a: 1 } }],
  ["a file that is not in base64", { lakota: 2, files: { a: "%" } }],
  ["no object", null],
])("an index with %s is corrupt", (_, stored) => {
  expect(() => decodeIndex(bytesOf(stored), URI)).toThrow(
    expect.objectContaining({
      code: "corrupt",
      message: expect.stringContaining("The index of http://host"),
    }),
  );
});

test("a folder is listed from its pages and the index, wherever it is", async () => {
  const [older, newer] = ["01".repeat(20), "02".repeat(20)];
  const folder = { pages: [[older, 2, 0]] as const, names: [["d", 3]] as const };
  const files = new Map([
    [
      pagePath(older),
      encodeNames([
        ["b", 1],
        ["c", 2],
      ]),
    ],
    [pagePath(newer), encodeFolders(new Map([["a", folder]]))],
  ]);
  const listed = ["b", "c", "d"].map((name, i) => ({ path: `a/${name}`, size: i + 1 }));
  for (const index of [
    { ...base, folders: new Map([["a", folder]]) },
    { ...base, more: [newer] },
  ]) {
    const published = new PublishedFiles(encodeIndex(index), URI, async (path) => files.get(path));
    expect(await published.list("a")).toEqual(listed);
    expect(await published.list("b")).toEqual([]);
  }
});

test("a page that is missing is named", async () => {
  const index = encodeIndex({ ...base, more: [DIGEST] });
  const published = new PublishedFiles(index, URI, async () => undefined);
  await expect(published.list("a")).rejects.toMatchObject({
    code: "corrupt",
    message: expect.stringContaining(`${DIGEST}.json, which is missing. Publish the repo again.`),
  });
});
