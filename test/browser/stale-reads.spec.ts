import { fileURLToPath } from "node:url";
import { expect, type Page, test } from "@playwright/test";
import type { Frame, Repo } from "lakota";
import { INDEX_PATH } from "../../src/model/layout.ts";
import { openRepo, Schema } from "../../src/node.ts";
import { type StaticServer, serveFolder } from "../packaging/static-server.ts";
import { type S3Server, startS3 } from "../s3-server/index.ts";
import { untilCached } from "./stored-keys.ts";

const DIST = fileURLToPath(new URL("../../dist", import.meta.url));
const credentials = { accessKeyId: "id", secretAccessKey: "secret" };
const ROWS = 5_000;
const FOLDER = "/repo/";
/** A revision or a chunk. */
const FILE = /\/repo\/..\/..\//;

const PAGE = `<!doctype html><meta charset="utf-8"><title>What is known</title>
<script type="module">
  import { connect } from "./index.js";
  window.connect = connect;
</script>`;

declare global {
  interface Window {
    connect(uri: string, options: object): Promise<Repo>;
    known: Frame[];
    current: Promise<Frame>;
  }
}

let s3: S3Server;
let host: StaticServer;
/** Another device. */
let other: Repo;
/** Lets the store answer. */
let release = () => {};

const place = () => ({ endpoint: s3.url, credentials });
const rows = (from: number, count: number) => {
  const t = Array.from({ length: count }, (_, row) => (from + row) * 7919 + (row % 13));
  return { t, x: t.map(Math.sin) };
};
const write = async (from: number, count: number) =>
  (await other.collection("c")).series("s").write(rows(from, count));

test.beforeEach(async ({ page }) => {
  s3 = await startS3({ keys: { id: "secret" } });
  s3.objects.createBucket("data");
  other = await openRepo("s3://data/repo", { ...place(), cache: false, maxAge: 0 });
  await other.createCollection(new Schema({ t: "int*", x: "float" }), "c");
  await write(0, ROWS);
  host = await serveFolder(DIST, { instead: { "/page.html": PAGE } });
  await page.goto(`${host.url}/page.html`);
  await page.waitForFunction(() => "connect" in window);
});

test.afterEach(async () => {
  release();
  other.close();
  await host.close();
  await s3.close();
});

/** Reads in the page, and waits until the cache has recorded both listings and all files. */
async function firstVisit(page: Page): Promise<void> {
  s3.reset();
  await page.evaluate(async (options) => {
    const repo = await window.connect("s3://data/repo", options);
    await (await repo.collection("c")).series("s").tail(1_000);
  }, place());
  const fetched = s3.log
    .filter(({ method, path, status }) => method === "GET" && status === 200 && FILE.test(path))
    .map(({ path }) => path.slice(path.indexOf(FOLDER) + FOLDER.length));
  await untilCached(page, 1, fetched);
}

/** Loads the page again while the store does not answer, and returns the last of the known rows. */
async function reload(page: Page): Promise<{ length: number; last: number }> {
  const hold = new Promise<void>((resolve) => {
    release = resolve;
  });
  s3.reset();
  s3.faults.add({ hold });
  await page.reload();
  await page.waitForFunction(() => "connect" in window);
  return page.evaluate(async (options) => {
    const repo = await window.connect("s3://data/repo", options);
    const series = (await repo.collection("c", { allowStale: true })).series("s");
    window.known = [];
    const known = await new Promise<Frame>((resolve, reject) => {
      window.current = series.tail(1_000, {
        numbers: true,
        onStale(known) {
          window.known.push(known);
          resolve(known);
        },
      });
      window.current.catch(reject);
    });
    return { length: known.length, last: known.numbers("t").at(-1)! };
  }, place());
}

const lastOf = ({ t }: { t: number[] }) => t.at(-1)!;

/** Lets the store answer. Returns what the read resolves to, and how often something known was shown. */
async function confirmed(page: Page) {
  release();
  return page.evaluate(async () => {
    const frame = await window.current;
    const { length } = frame;
    const isKnown = frame === window.known[0];
    return { length, last: frame.numbers("t").at(-1)!, isKnown, shown: window.known.length };
  });
}

test("the last rows are shown while the store does not answer, and are the result if none has changed", async ({
  page,
}) => {
  await firstVisit(page);
  const last = lastOf(rows(0, ROWS));
  expect(await reload(page)).toEqual({ length: 1_000, last });
  expect(await confirmed(page)).toEqual({ length: 1_000, last, isKnown: true, shown: 1 });
  // The index is requested beside the listings, for visits that know nothing yet.
  const isExpected = ({ method, query, path }: (typeof s3.log)[number]) =>
    query.includes("list-type") || method === "OPTIONS" || path.endsWith(INDEX_PATH);
  expect(s3.log.filter((request) => !isExpected(request))).toEqual([]);
});

test("rows that were added meanwhile are the result", async ({ page }) => {
  await firstVisit(page);
  await write(ROWS, 10);
  expect(await reload(page)).toEqual({ length: 1_000, last: lastOf(rows(0, ROWS)) });
  const last = lastOf(rows(ROWS, 10));
  expect(await confirmed(page)).toEqual({ length: 1_000, last, isKnown: false, shown: 1 });
});

test("a collection that was deleted is shown, and then an error", async ({ page }) => {
  await firstVisit(page);
  await other.delete("c");
  expect((await reload(page)).length).toBe(1_000);
  release();
  const code = await page.evaluate(() =>
    window.current.then(
      () => "none",
      ({ code }) => code,
    ),
  );
  expect(code).toBe("not-found");
});

test("what onStale throws rejects the read, and one that is no function is named", async ({ page }) => {
  await firstVisit(page);
  await reload(page);
  const errors = await page.evaluate(async (options) => {
    const repo = await window.connect("s3://data/repo", options);
    const series = (await repo.collection("c", { allowStale: true })).series("s");
    const bug = new RangeError("a bug of the chart");
    const failing = () => {
      throw bug;
    };
    const thrown = await series.tail(1_000, { onStale: failing }).catch((error) => error === bug);
    const named = await series
      .tail(1_000, { onStale: 5 as never })
      .catch(({ code, message }) => `${code}: ${message}`);
    return { thrown, named };
  }, place());
  expect(errors).toEqual({ thrown: true, named: expect.stringMatching(/^invalid-argument: .*onStale/) });
  release();
});
