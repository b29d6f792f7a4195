import { expect, type Page, test } from "@playwright/test";
import { S3Store } from "../../src/stores/s3/s3-store.ts";
import { type S3Server, startS3 } from "../s3-server/index.ts";
import { startWritableHost, TOKEN } from "../stores/writable-host.ts";
import type { Call, Remote, StoresRequest } from "./pages/stores.worker.ts";

const credentials = { accessKeyId: "id", secretAccessKey: "secret" };

let s3: S3Server;
let remote: Remote;

async function visit(page: Page): Promise<void> {
  await page.goto("/test/browser/pages/stores.html");
  await page.waitForFunction(() => "stores" in window);
}

async function run(page: Page, request: StoresRequest): Promise<string[]> {
  return (await page.evaluate((request) => window.stores(request), request)).lines;
}

const failed = (lines: string[]) => lines.filter((line) => !line.startsWith("ok "));

test.beforeEach(async ({ page }) => {
  s3 = await startS3({ keys: { id: "secret" } });
  s3.objects.createBucket("data");
  remote = { bucket: "data", options: { endpoint: s3.url, credentials } };
  await visit(page);
});

test.afterEach(() => s3.close());

/** Writes files from outside the page. Returns their sorted paths. */
async function seed(count: number): Promise<string[]> {
  const store = new S3Store(remote.bucket, "", remote.options);
  const paths = Array.from({ length: count }, (_, i) => `f/${i} é+`).sort();
  for (const path of paths) await store.put(path, new TextEncoder().encode(`content of ${path}`));
  s3.reset();
  return paths;
}

test("IndexedDBStore conforms", async ({ page }) => {
  const lines = await run(page, { kind: "conformance", store: "indexeddb", heavy: true });
  expect(failed(lines)).toEqual([]);
  expect(lines.length).toBeGreaterThan(15);
});

test("S3Store conforms from another origin, path style", async ({ page }) => {
  const lines = await run(page, { kind: "conformance", store: "s3", remote, heavy: false });
  expect(failed(lines)).toEqual([]);
  expect(lines.length).toBeGreaterThan(15);
});

test("S3Store conforms from another origin, virtual-host style", async ({ page }) => {
  remote.options = { ...remote.options, endpoint: `http://s3.localhost:${s3.port}`, style: "virtual" };
  const lines = await run(page, { kind: "conformance", store: "s3", remote, heavy: false });
  expect(failed(lines)).toEqual([]);
});

test("CacheStore of IndexedDB on S3 conforms", async ({ page }) => {
  const lines = await run(page, { kind: "conformance", store: "cache", remote, heavy: false });
  expect(failed(lines)).toEqual([]);
});

test("HttpStore on a writable host conforms from another origin, and a wrong token is forbidden", async ({
  page,
}) => {
  const writable = await startWritableHost({ anyPath: true });
  try {
    const host = { url: writable.url("NAME"), token: TOKEN };
    const lines = await run(page, { kind: "conformance", store: "http", host, heavy: false });
    expect(failed(lines)).toEqual([]);
    expect(lines.length).toBeGreaterThan(15);
    const calls: Call[] = [
      { name: "put", path: "a", text: "x" },
      { name: "list", prefix: "" },
    ];
    for (const line of await run(page, { kind: "calls", calls, host: { ...host, token: "wrong" } }))
      expect(line).toMatch(/^forbidden: .*LAKOTA_TOKEN/);
  } finally {
    writable.close();
  }
});

test("reading and listing from another origin send no preflight", async ({ page }) => {
  const paths = await seed(20);
  const calls: Call[] = [
    { name: "list", prefix: "f/" },
    ...paths.map((path) => ({ name: "get" as const, path })),
  ];
  const lines = await run(page, {
    kind: "calls",
    calls: [...calls, { name: "get", path: paths[0]!, reload: true }],
    remote,
  });
  expect(lines).toEqual([
    paths.join(" "),
    ...paths.map((path) => `content of ${path}`),
    `content of ${paths[0]}`,
  ]);
  expect(s3.stats()).toMatchObject({ preflights: 0, requests: 22 });
  expect(s3.log.every(({ signedBy }) => signedBy === "query")).toBe(true);
});

test("cached files are not downloaded again after a reload", async ({ page }) => {
  const paths = await seed(10);
  const calls: Call[] = [...paths.map((path) => ({ name: "get" as const, path })), { name: "flush" }];
  const first = await run(page, { kind: "calls", calls, database: "cache", remote });
  expect(s3.stats().requests).toBe(10);
  s3.reset();
  await page.reload();
  await page.waitForFunction(() => "stores" in window);
  expect(await run(page, { kind: "calls", calls, database: "cache", remote })).toEqual(first);
  expect(s3.stats().requests).toBe(0);
});

test("offline, the cache serves files and the last listing; other files fail with offline", async ({
  page,
}) => {
  const [cached, uncached] = await seed(2);
  const calls: Call[] = [{ name: "list", prefix: "f/" }, { name: "get", path: cached! }, { name: "flush" }];
  const online = await run(page, { kind: "calls", calls, database: "cache", remote });
  await s3.close();
  const offlineCalls: Call[] = [...calls, { name: "get", path: uncached! }];
  const offline = await run(page, {
    kind: "calls",
    calls: offlineCalls,
    database: "cache",
    remote,
    offline: true,
  });
  expect(offline.slice(0, 3)).toEqual(online);
  expect(offline[3]).toMatch(/^offline: The device is offline/);
  s3 = await startS3({ keys: {} });
});

test("a wrong secret is forbidden, and the message names it", async ({ page }) => {
  remote.options = { ...remote.options, credentials: { ...credentials, secretAccessKey: "wrong" } };
  const calls: Call[] = [
    { name: "get", path: "a" },
    { name: "list", prefix: "" },
    { name: "put", path: "a", text: "x" },
  ];
  for (const line of await run(page, { kind: "calls", calls, remote })) {
    expect(line).toMatch(/^forbidden: .*secret access key is wrong/);
  }
});

test("a host without CORS fails with an error that names CORS and both origins", async ({ page }) => {
  s3.faults.add({ dropCors: true });
  remote.options = { ...remote.options, retries: 1 };
  const calls: Call[] = [
    { name: "get", path: "a" },
    { name: "list", prefix: "" },
    { name: "put", path: "a", text: "x" },
  ];
  for (const line of await run(page, { kind: "calls", calls, remote })) {
    expect(line).toMatch(/^network: .*CORS/);
    expect(line).toContain(`${s3.url}/data`);
    expect(line).toContain(new URL(page.url()).origin);
  }
});

test("a truncated body is fetched again; persistent truncation is an error", async ({ page }) => {
  const [path] = await seed(1);
  const calls: Call[] = [{ name: "get", path: path! }];
  s3.faults.add({ method: "GET", truncate: true, times: 2 });
  expect(await run(page, { kind: "calls", calls, remote })).toEqual([`content of ${path}`]);
  s3.faults.add({ method: "GET", truncate: true });
  remote.options = { ...remote.options, retries: 1 };
  expect((await run(page, { kind: "calls", calls, remote }))[0]).toMatch(/^network: /);
});

test("a put whose response was lost counts as ours, even if the browser repeats the request", async ({
  page,
}) => {
  // Chromium repeats requests only on a reused connection: the first put opens it.
  const calls: Call[] = [
    { name: "put", path: "warm", text: "up" },
    { name: "put", path: "lost", text: "mine" },
    { name: "put", path: "lost", text: "theirs" },
    { name: "get", path: "lost" },
  ];
  s3.faults.add({ method: "PUT", key: "lost", reset: "after", times: 1 });
  expect(await run(page, { kind: "calls", calls, remote })).toEqual(["true", "true", "false", "mine"]);
});

test("IndexedDBStore keeps files across a reload", async ({ page }) => {
  const calls: Call[] = [{ name: "put", path: "a/b", text: "still here" }];
  expect(await run(page, { kind: "calls", calls, database: "kept" })).toEqual(["true"]);
  await page.reload();
  await page.waitForFunction(() => "stores" in window);
  const again = await run(page, {
    kind: "calls",
    calls: [...calls, { name: "get", path: "a/b" }],
    database: "kept",
  });
  expect(again).toEqual(["false", "still here"]);
});

test("the app can delete the database while it is open; it opens again when it is needed", async ({
  page,
}) => {
  const calls: Call[] = [
    { name: "put", path: "a", text: "x" },
    { name: "delete-database" },
    { name: "get", path: "a" },
    { name: "put", path: "a", text: "y" },
    { name: "get", path: "a" },
  ];
  const lines = await run(page, { kind: "calls", calls, database: "deleted" });
  expect(lines).toEqual(["true", "deleted", "nothing", "true", "y"]);
});

test("a lost connection is replaced", async ({ page }) => {
  const calls: Call[] = [
    { name: "put", path: "a", text: "x" },
    { name: "lose-connection" },
    { name: "get", path: "a" },
    { name: "put", path: "b", text: "y" },
    { name: "list", prefix: "" },
  ];
  const lines = await run(page, { kind: "calls", calls, database: "lost" });
  expect(lines).toEqual(["true", "lost", "x", "true", "a b"]);
});

test("a database that does not open is an error; a cache continues without it, with one warning", async ({
  page,
}) => {
  const [path, other] = await seed(2);
  const gets: Call[] = [path!, other!, path!].map((path) => ({ name: "get", path, reload: true }));
  const calls: Call[] = [{ name: "stall-open" }, ...gets, { name: "list", prefix: "f/" }];
  const blocked = { kind: "calls", calls, database: "blocked", openTimeout: 100 } as const;
  for (const line of (await run(page, blocked)).slice(1))
    expect(line).toMatch(
      /^unsupported: .*does not open .*"lakota:blocked".*another tab.*Close the other tabs/,
    );
  await page.reload();
  await page.waitForFunction(() => "stores" in window);
  const cached = await run(page, {
    ...blocked,
    calls: calls.map((call) => (call.name === "get" ? { ...call, reload: false } : call)),
    remote,
  });
  const results = cached.filter((line) => !line.startsWith("warning: "));
  expect(results).toEqual([
    "stalled",
    ...[path, other, path].map((path) => `content of ${path}`),
    `${path} ${other}`,
  ]);
  expect(cached.filter((line) => line.startsWith("warning: "))).toEqual([
    expect.stringMatching(/cache indexeddb:\/\/blocked .*Close the other tabs/),
  ]);
});

test("each file is created by exactly one of two tabs on a database", async ({ page, context }) => {
  const other = await context.newPage();
  await visit(other);
  const calls = (text: string): Call[] =>
    Array.from({ length: 20 }, (_, i) => ({ name: "put", path: `${i}`, text }));
  const [ours, theirs] = await Promise.all([
    run(page, { kind: "calls", calls: calls("ours"), database: "shared" }),
    run(other, { kind: "calls", calls: calls("theirs"), database: "shared" }),
  ]);
  expect(ours.map((created, i) => created !== theirs[i])).toEqual(ours.map(() => true));
});

test("IndexedDBStore fails with quota when storage is full, and keeps what fits", async ({ page }) => {
  const session = await page.context().newCDPSession(page);
  const origin = new URL(page.url()).origin;
  await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1_000_000 });
  const lines = await run(page, {
    kind: "calls",
    database: "small",
    calls: [
      { name: "put", path: "small", text: "x" },
      { name: "put", path: "large", text: "0123456789", times: 500_000 },
      { name: "get", path: "small" },
      { name: "get", path: "large" },
    ],
  });
  expect(lines[1]).toMatch(/^quota: Cannot write/);
  expect([lines[0], lines[2], lines[3]]).toEqual(["true", "x", "nothing"]);
});
