import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, type Page, test } from "@playwright/test";
import { build } from "vite";
import { openRepo, type PublishOptions, Schema } from "../../src/node.ts";
import { type FolderOptions, type StaticServer, serveFolder } from "../packaging/static-server.ts";
import { type S3Server, startS3 } from "../s3-server/index.ts";

/** What an app that Vite has built waits for. Responses are held back: what needs one of them does not happen. */

const DIST = fileURLToPath(new URL("../../dist", import.meta.url));
const KEYS = { accessKeyId: "id", secretAccessKey: "secret" };
/** Large enough for chunks that a decoder decodes. */
const ROWS = 100_000;

/** Large enough for chunks of which parts are fetched. */
const LONG = 400_000;

/** Files of the host up to the first request to the store: the page, its script and the worker. */
const BEFORE_STORE = 3;
/** Files that the worker requests then: the decoder's WebAssembly, and what a first visit loads on demand. */
const BESIDE_STORE = 2;

const APP = `
  import { connect } from "lakota";
  async function run() {
    const { uri, query, ...options } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
    const collection = await (await connect(uri, options)).collection("c");
    const series = collection.series("s");
    if (query === "tail") return (await series.tail(1000)).length + " rows";
    if (query === "part") return (await series.read({ offset: 20_000, limit: 1000 })).length + " rows";
    return (await series.downsample({ points: 100 })).rows + " rows drawn";
  }
  run().then((text) => {
    document.querySelector("output").textContent = text;
  });`;

let s3: S3Server;
let folder: string;
let host: StaticServer | undefined;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lakota-first-visit-"));
  mkdirSync(join(folder, "app"));
  const html =
    '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><output></output>' +
    '<script type="module" src="./main.js"></script>';
  writeFileSync(join(folder, "app/index.html"), html);
  writeFileSync(join(folder, "app/main.js"), APP);
  await build({
    configFile: false,
    root: join(folder, "app"),
    logLevel: "error",
    resolve: { alias: [{ find: /^lakota$/, replacement: join(DIST, "index.js") }] },
    worker: { format: "es" },
    build: { target: "es2022", outDir: join(folder, "dist"), reportCompressedSize: false },
  });
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.beforeEach(async () => {
  s3 = await startS3({ keys: { id: "secret" } });
  s3.objects.createBucket("data");
  await writeSeries(ROWS);
});
test.afterEach(async () => {
  await host?.close();
  await s3.close();
});

/** Publishes a repo that has one series. */
async function writeSeries(rows: number, options: PublishOptions = {}): Promise<void> {
  const repo = await openRepo("s3://data/repo", { endpoint: s3.url, credentials: KEYS, cache: false });
  const schema = new Schema({ t: "int*", x: "float" });
  const collection = await ((await repo.ls()).includes("c")
    ? repo.collection("c")
    : repo.createCollection(schema, "c"));
  const t = Array.from({ length: rows }, (_, row) => row * 7919 + (row % 13));
  await collection.series("s").write({ t, x: t.map(Math.sin) });
  await repo.publish(options);
  repo.close();
  s3.reset();
}

async function visit(
  page: Page,
  query: string,
  hold?: (count: number) => Promise<unknown> | undefined,
): Promise<StaticServer> {
  host = await serveFolder(join(folder, "dist"), hold && { hold: counted(hold) });
  await page.goto(addressOf(host, query), { waitUntil: "commit" });
  return host;
}

/** Passes the number of requests so far, instead of the path. */
function counted(hold: (count: number) => Promise<unknown> | undefined): FolderOptions["hold"] {
  let count = 0;
  return () => hold(++count);
}

function addressOf({ url }: StaticServer, query: string): string {
  const parameters = { uri: "s3://data/repo", endpoint: s3.url, credentials: KEYS, decoders: 1, query };
  return `${url}/#${encodeURIComponent(JSON.stringify(parameters))}`;
}

test("the store is asked after three responses of the host", async ({ page }) => {
  let release = () => {};
  const later = new Promise<void>((resolve) => {
    release = resolve;
  });
  await visit(page, "tail", (count) => (count > BEFORE_STORE ? later : undefined));
  // The listing of the registry, and the index beside it.
  await expect.poll(() => s3.log.length).toBe(2);
  release();
  await expect(page.locator("output")).toHaveText("1000 rows");
});

test("a page that preloads the worker's script loads it once, without waiting for its own script", async ({
  page,
}) => {
  let release = () => {};
  const later = new Promise<void>((resolve) => {
    release = resolve;
  });
  const html =
    '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><output></output>' +
    '<link rel="modulepreload" href="/worker.js" /><script type="module" src="/app.js"></script>';
  host = await serveFolder(DIST, {
    instead: {
      "/index.html": html,
      "/app.js": APP.replace('"lakota"', '"/index.js"'),
    },
    headers: (path) => ({ "cache-control": path === "/index.html" ? "no-cache" : "max-age=3600" }),
    hold: (path) => (path === "/app.js" ? later : undefined),
  });
  await page.goto(addressOf(host, "tail"), { waitUntil: "commit" });
  await expect.poll(() => host?.answers).toContain("200 /worker.js");
  release();
  await expect(page.locator("output")).toHaveText("1000 rows");
  expect(host.answers.filter((answer) => answer.endsWith("/worker.js"))).toHaveLength(1);
});

test("what the worker loads on demand for a first read is there when the store responds", async ({
  page,
}) => {
  let release = () => {};
  s3.faults.add({
    hold: new Promise<void>((resolve) => {
      release = resolve;
    }),
  });
  const loaded = BEFORE_STORE + BESIDE_STORE;
  const never = new Promise<never>(() => {});
  const { answers } = await visit(page, "tail", (count) => (count > loaded ? never : undefined));
  await expect.poll(() => answers.length).toBe(loaded);
  release();
  await expect(page.locator("output")).toHaveText("1000 rows");
});

test("code for pictures loads while the store is listed", async ({ page }) => {
  let release = () => {};
  const listing = /^\/data\/$/;
  s3.faults.add({
    key: listing,
    skip: 1, // that of the registry
    hold: new Promise<void>((resolve) => {
      release = resolve;
    }),
  });
  const { answers } = await visit(page, "downsample");
  await expect.poll(() => s3.log.filter(({ path }) => listing.test(path)).length).toBe(2);
  await expect.poll(() => answers.some((answer) => /\/chunk-\w+/.test(answer))).toBe(true);
  release();
  await expect(page.locator("output")).toHaveText(/rows drawn$/);
});

test("code for parts of chunks is one file, which loads while the store is listed", async ({ page }) => {
  await writeSeries(LONG, { overviews: true });
  let release = () => {};
  const listing = /^\/data\/$/;
  s3.faults.add({
    key: listing,
    skip: 1, // that of the registry
    hold: new Promise<void>((resolve) => {
      release = resolve;
    }),
  });
  const { answers } = await visit(page, "part");
  const files = () => answers.filter((answer) => !/\/decoder-[^.]*\.js$/.test(answer));
  await expect.poll(() => files().length).toBe(BEFORE_STORE + BESIDE_STORE + 1);
  await expect.poll(() => s3.log.filter(({ range }) => range).length).toBe(1);
  release();
  await expect(page.locator("output")).toHaveText("1000 rows");
  expect(files()).toHaveLength(BEFORE_STORE + BESIDE_STORE + 1);
});

test("a part of a file is requested without a CORS preflight", async ({ page }) => {
  await writeSeries(LONG, { overviews: true });
  await visit(page, "part");
  await expect(page.locator("output")).toHaveText("1000 rows");
  expect(s3.log.filter(({ range }) => range)).toMatchObject([{ method: "GET", status: 206 }]);
  expect(s3.log.filter(({ preflight }) => preflight)).toEqual([]);
});

test("a first read loads six files", async ({ page }) => {
  const { answers } = await visit(page, "tail");
  await expect(page.locator("output")).toHaveText("1000 rows");
  // The decoder, if its request came before the answer.
  expect(answers.filter((answer) => !/\/decoder-[^.]*\.js$/.test(answer))).toHaveLength(
    BEFORE_STORE + BESIDE_STORE,
  );
});

test("the explorer's worker runs once its only file is there", async ({ page }) => {
  const asked: string[] = [];
  /** What the worker loads besides its script. */
  const isOnDemand = (path: string) => /^\/assets\/chunk-/.test(path);
  const hold = (path: string) => {
    asked.push(path);
    return isOnDemand(path) ? new Promise<never>(() => {}) : undefined;
  };
  host = await serveFolder(join(DIST, "explorer"), { hold });
  const query = new URLSearchParams({ uri: "s3://data/repo", endpoint: s3.url, region: "us-east-1" });
  await page.goto(`${host.url}/?${query}#/c/s`, { waitUntil: "commit" });
  await expect.poll(() => asked.filter(isOnDemand).length).toBeGreaterThan(0);
});
