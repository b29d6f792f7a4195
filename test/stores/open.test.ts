import { describe, expect, test } from "vitest";
import { CacheStore } from "../../src/stores/cache/cache-store.ts";
import { FileStore } from "../../src/stores/file/file-store.ts";
import { HttpStore } from "../../src/stores/http/http-store.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import { openStore } from "../../src/stores/open.ts";
import { openAddress } from "../../src/stores/open-address.ts";
import { S3Store } from "../../src/stores/s3/s3-store.ts";
import { folders, text } from "./tools.ts";

const bare = { cache: false } as const;
const folder = folders();

describe("openStore", () => {
  test("opens the store of the scheme", () => {
    expect(openStore("memory://").uri).toBe("memory://");
    expect(openStore("https://host/folder", bare)).toBeInstanceOf(HttpStore);
    expect(openStore("S3://bucket/some/prefix", bare)).toBeInstanceOf(S3Store);
    expect(openStore("s3:///bucket/some/prefix", bare).uri).toBe("s3://bucket/some/prefix");
    expect(openStore("s3://bucket/a%20b", bare).uri).toBe("s3://bucket/a b");
  });

  test("takes endpoint, region and style from an S3 URI, and no secrets", () => {
    const store = openStore("s3://bucket/p?endpoint=http://localhost:9000&style=path", bare);
    expect(store).toMatchObject({ url: "http://localhost:9000/bucket/p/" });
    expect(() => openStore("s3://bucket?secret=abc")).toThrow(/"secret"/);
    expect(() => openStore("s3://bucket?secret=abc")).not.toThrow(/abc/);
    expect(() => openStore("s3://bucket?style=odd")).toThrow(/style/);
    expect(() => openStore("s3://bucket/100%")).toThrow(/%25/);
  });

  test("caches remote stores by default", () => {
    const store = openStore("s3://bucket");
    expect(store).toBeInstanceOf(CacheStore);
    expect(store.uri).toBe("s3://bucket");
    expect(openStore("memory://", { cache: {} })).not.toBeInstanceOf(CacheStore);
  });

  test("stacks an array, nearest first, and evicts nothing from a named store", async () => {
    const [local, remote] = [await folder(), await folder()];
    const schemes = { file: (uri: string) => new FileStore(uri) };
    await new FileStore(remote).put("a/b", text("x"));
    const store = openStore([local, remote], { schemes, cache: { memory: 0 } });
    expect(await store.get("a/b")).toEqual(text("x"));
    await store.local?.flush();
    expect(await new FileStore(local).get("a/b")).toEqual(text("x"));
    expect(await store.list("")).toEqual([{ path: "a/b", size: 1 }]);
    await store.local?.flush();
    expect(openStore(["memory://"]).uri).toBe("memory://");
    expect(() => openStore([])).toThrow(/empty list/);
  });

  test("passes paths and further schemes to their openers", () => {
    const seen: string[] = [];
    const note = (uri: string) => {
      seen.push(uri);
      return new MemoryStore();
    };
    for (const uri of ["/data/x?y", "./x", "C:\\data", "file:///x", "zip://y"])
      openStore(uri, { schemes: { file: note, zip: note } });
    expect(seen).toEqual(["/data/x?y", "./x", "C:\\data", "file:///x", "zip://y"]);
  });

  test.each([
    ["/data", "unsupported", /lakota\/node/],
    ["ssh://host", "unsupported", /no store for ssh.*memory, indexeddb, s3, http, https, file/],
    ["constructor://host", "unsupported", /no store for constructor/],
    ["indexeddb://x", "unsupported", /no IndexedDB/],
    ["  ", "invalid-argument", /empty string/],
    ["https://me:secret@host", "invalid-argument", /cannot be the address/],
  ])("rejects %j", (uri, code, message) => {
    expect(() => openStore(uri)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});

test("a token is sent to its own host, not to that of another repo", async () => {
  const sent: (string | null)[] = [];
  const fetch = async ({ headers }: Request) => {
    sent.push(headers.get("authorization"));
    return new Response(JSON.stringify({ lakota: 1, files: [] }));
  };
  const options = { token: "secret", fetch, cache: false } as const;
  await openStore("https://own/repo", options).list("");
  await openAddress({ uri: "https://other/repo", token: "its own" }, options).list("").catch(String);
  await openAddress({ uri: "https://other/repo", token: "its-own" }, options).list("");
  for (const plain of ["https://other/repo", { uri: "https://other/repo" }])
    await openAddress(plain, options).put("a", text("x")).catch(String);
  expect(sent).toEqual(["Bearer secret", "Bearer its-own", null, null]);
});
