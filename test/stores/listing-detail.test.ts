import { symlink, utimes } from "node:fs/promises";
import { afterAll, expect, test } from "vitest";
import { FileStore } from "../../src/stores/file/file-store.ts";
import { HttpStore } from "../../src/stores/http/http-store.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import { parseListPage } from "../../src/stores/s3/xml.ts";
import { folders } from "./tools.ts";
import { startWritableHost, TOKEN } from "./writable-host.ts";

const newFolder = folders();
const CHUNK = `ab/cd/${"0".repeat(36)}`;

test("a listing of paths alone names the same files, in the same order", async () => {
  const folder = await newFolder();
  const store = new FileStore(folder);
  for (const path of ["b/2", "a", "b/10", "b/c/d"]) await store.put(path, new Uint8Array(3));
  await symlink(`${folder}/a`, `${folder}/link`);
  await symlink(`${folder}/nowhere`, `${folder}/dangling`);
  const paths = async (detail: "path" | "size") => (await store.list("", { detail })).map(({ path }) => path);
  expect(await paths("path")).toEqual(["a", "b/10", "b/2", "b/c/d", "link"]);
  expect(await paths("path")).toEqual(await paths("size"));
});

test("times are listed if they are wanted: on a disk that of the last renaming", async () => {
  const folder = await newFolder();
  const store = new FileStore(folder);
  await store.put("a", new Uint8Array(3));
  await utimes(`${folder}/a`, 1, 1);
  await store.put("b", new Uint8Array(3));
  await store.move("a", "c");
  const [b, c] = await store.list("", { detail: "modified" });
  expect(b).toMatchObject({ path: "b", size: 3 });
  expect(c!.modified).toBeGreaterThanOrEqual(b!.modified!);
  expect(await store.list("b")).toEqual([{ path: "b", size: 3 }]);
});

test("times of S3 are those of LastModified, if there is a valid one", () => {
  const contents = (key: string, more: string) =>
    `<Contents><Key>${key}</Key><Size>5</Size>${more}</Contents>`;
  const xml =
    "<ListBucketResult>" +
    contents("a", "<LastModified>2026-01-31T12:00:00.000Z</LastModified>") +
    contents("b", "<LastModified>yesterday</LastModified>") +
    contents("c", "") +
    "</ListBucketResult>";
  expect(parseListPage(xml, "", true).entries).toEqual([
    { path: "a", size: 5, modified: Date.UTC(2026, 0, 31, 12) },
    { path: "b", size: 5 },
    { path: "c", size: 5 },
  ]);
  expect(parseListPage(xml).entries[0]).toEqual({ path: "a", size: 5 });
});

test("a writable host passes on the times of its store, if it has any", async () => {
  const folder = await newFolder();
  const disk = new FileStore(folder);
  const host = await startWritableHost({
    store: (name) => (name === "disk" ? disk : new MemoryStore()),
  });
  afterAll(() => host.close());
  const store = new HttpStore(host.url("disk"), { token: TOKEN });
  await store.put(CHUNK, new Uint8Array(3));
  expect(await store.list("", { detail: "modified" })).toEqual(
    await disk.list("ab/", { detail: "modified" }),
  );
  expect(await store.list("")).toEqual([{ path: CHUNK, size: 3 }]);
  const memory = new HttpStore(host.url("memory"), { token: TOKEN });
  await memory.put(CHUNK, new Uint8Array(3));
  expect(await memory.list("", { detail: "modified" })).toEqual([{ path: CHUNK, size: 3 }]);
});
