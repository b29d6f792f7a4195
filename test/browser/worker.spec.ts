import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, type Page, test } from "@playwright/test";
import type { SyncProgress } from "lakota";
import { openRepo, Schema } from "../../src/node.ts";
import { type StaticServer, serveFolder } from "../packaging/static-server.ts";
import { type S3Server, startS3 } from "../s3-server/index.ts";
import { startWritableHost, TOKEN } from "../stores/writable-host.ts";

const DIST = fileURLToPath(new URL("../../dist", import.meta.url));
const credentials = { accessKeyId: "id", secretAccessKey: "secret" };

/** Ten small segments of a series. The index compresses so well that commits embed it; each `x` is a file. */
const SEGMENTS = 10;
const SEGMENT_ROWS = 1_000;
const ROWS = SEGMENTS * SEGMENT_ROWS;

const CHUNK = /\/..\/..\/[0-9a-f]{36}$/;
/** Longer than any test. */
const FOREVER = 600_000;

let s3: S3Server;
const chunkRequests = () => s3.log.filter(({ path }) => CHUNK.test(path)).length;

test.beforeAll(async () => {
  s3 = await startS3({ keys: { id: "secret" } });
  s3.objects.createBucket("data");
  const repo = await openRepo("s3://data/repo", { endpoint: s3.url, credentials, cache: false });
  const series = (await repo.createCollection(new Schema({ t: "int*", x: "float" }), "c")).series("s");
  for (let from = 0; from < ROWS; from += SEGMENT_ROWS) {
    const rows = Array.from({ length: SEGMENT_ROWS }, (_, row) => from + row);
    await series.write({ t: rows.map((row) => row * 7919), x: rows.map((row) => Math.sin(row)) });
  }
});
test.afterAll(() => s3.close());

test.beforeEach(async ({ page }) => {
  s3.faults.clear();
  s3.reset();
  await visit(page);
});

async function visit(page: Page): Promise<void> {
  await page.goto("/test/browser/pages/worker.html");
  await page.waitForFunction(() => "steps" in window);
}

const openS3 = (page: Page) =>
  page.evaluate((options) => window.steps.openSeries("s3://data/repo", options), {
    endpoint: s3.url,
    credentials,
    cache: false as const,
  });

test("an abort rejects a slow read at once, and the next read works", async ({ page }) => {
  await openS3(page);
  s3.faults.add({ key: CHUNK, latency: FOREVER });
  await page.evaluate(() => {
    window.controller = new AbortController();
    window.pending = window.steps.outcome(window.series.read({ signal: window.controller.signal }));
  });
  await expect.poll(chunkRequests).toBeGreaterThan(0);
  const code = await page.evaluate(() => {
    window.controller.abort();
    return window.pending;
  });
  expect(code).toMatch(/^aborted: /);
  s3.faults.clear();
  expect(await page.evaluate(() => window.steps.outcome(window.series.read()))).toBe(`${ROWS} rows`);
});

test("close rejects pending calls and terminates the workers", async ({ page }) => {
  await openS3(page);
  s3.faults.add({ key: CHUNK, latency: FOREVER });
  await page.evaluate(() => {
    window.pending = window.steps.outcome(window.series.read());
  });
  await expect.poll(chunkRequests).toBeGreaterThan(0);
  expect(page.workers().length).toBeGreaterThan(0);
  const code = await page.evaluate(() => {
    window.repo.close();
    return window.pending;
  });
  expect(code).toMatch(/^closed: .*s3:\/\/data\/repo/);
  await expect.poll(() => page.workers().length).toBe(0);
});

test("a crash rejects pending calls; the next call starts a new worker", async ({ page }) => {
  const started = await page.evaluate(
    async (options) => {
      await window.steps.openSeries("s3://data/repo", { ...options, worker: window.steps.fragileWorker });
      return window.steps.started.length;
    },
    { endpoint: s3.url, credentials, cache: false as const },
  );
  expect(started).toBe(1);
  s3.faults.add({ key: CHUNK, latency: FOREVER });
  await page.evaluate(() => {
    window.pending = window.steps.outcome(window.series.read());
  });
  await expect.poll(chunkRequests).toBeGreaterThan(0);
  const code = await page.evaluate(() => {
    window.steps.crash();
    return window.pending;
  });
  expect(code).toMatch(/^crashed: .*on purpose.*next call starts a new one/);
  s3.faults.clear();
  // Handles from before the crash stay valid.
  expect(await page.evaluate(() => window.steps.outcome(window.series.read()))).toBe(`${ROWS} rows`);
  expect(await page.evaluate(() => window.steps.started.length)).toBe(2);
});

test("code that cannot be loaded fails the call that needs it, until it can", async ({ context, page }) => {
  // What loads on demand: for the page, and in its worker.
  await context.route("**/dist/chunk-*.js", (route) => route.fulfill({ status: 500 }));
  const outcome = () => page.evaluate(() => window.steps.outcome(window.steps.openMemory({})));
  expect(await outcome()).toMatch(
    /^network: Code that this call needs cannot be loaded.*module: http.*\/dist\/chunk-.*\.js/,
  );
  await context.unroute("**/dist/chunk-*.js");
  expect(await outcome()).toBe("undefined");
});

test("a crash loses the contents of memory://, open pages and batches, with errors that say so", async ({
  page,
}) => {
  const outcomes = await page.evaluate(async () => {
    const { outcome, crash } = window.steps;
    await window.steps.openMemory({ worker: window.steps.fragileWorker });
    const pages = window.series.pages({ pageLength: 10 });
    await pages.next();
    const batch = outcome(
      window.collection.batch(async (open) => {
        const reading = outcome(window.series.read());
        crash();
        await reading;
        return outcome(open.series("b").write({ t: [1], x: [1] }));
      }),
    );
    return [await batch, await outcome(pages.next()), await outcome(window.series.read())];
  });
  expect(outcomes[0]).toMatch(/^crashed: .*batch/);
  expect(outcomes[1]).toMatch(/^crashed: .*pages/);
  expect(outcomes[2]).toMatch(/^not-found: .*"c"/);
});

test("a missing worker script rejects with crashed and what to check", async ({ page }) => {
  const code = await page.evaluate(() =>
    window.steps.outcome(
      window.steps.lakota.connect("memory://", {
        worker: () => new Worker("/nowhere.js", { type: "module" }),
      }),
    ),
  );
  expect(code).toMatch(/^crashed: .*the option `worker`.*Content-Security-Policy/);
});

test("200 concurrent reads", async ({ page }) => {
  await openS3(page);
  const rows = await page.evaluate(async () => {
    const reads = Array.from({ length: 200 }, (_, i) => window.series.read({ offset: i, limit: 10 }));
    return (await Promise.all(reads)).map((frame) => `${frame.length} from ${frame.get("t")[0]}`);
  });
  expect(rows).toEqual(Array.from({ length: 200 }, (_, i) => `10 from ${i * 7919}`));
});

test("pages are read one ahead, not more", async ({ page }) => {
  await openS3(page);
  await page.evaluate(async (pageLength) => {
    window.pages = window.series.pages({ pageLength });
    await window.pages.next();
  }, SEGMENT_ROWS);
  await expect.poll(chunkRequests).toBe(2);
  await page.evaluate(() => window.pages.next());
  await expect.poll(chunkRequests).toBe(3);
  await page.evaluate(() => window.pages.return?.());
  expect(chunkRequests()).toBe(3);
});

test("credentials come from a callback", async ({ page }) => {
  const result = await page.evaluate(async (endpoint) => {
    let calls = 0;
    const credentials = async () => {
      calls++;
      return { accessKeyId: "id", secretAccessKey: "secret", refresh: () => undefined };
    };
    await window.steps.openSeries("s3://data/repo", { endpoint, credentials, cache: false });
    return [await window.steps.outcome(window.series.read()), calls];
  }, s3.url);
  expect(result).toEqual([`${ROWS} rows`, 1]);
});

test("an error of a callback is reported", async ({ page }) => {
  const code = await page.evaluate((endpoint) => {
    const credentials = () => Promise.reject(new Error("log in first"));
    return window.steps.outcome(
      window.steps.openSeries("s3://data/repo", { endpoint, credentials, cache: false }),
    );
  }, s3.url);
  expect(code).toMatch(/^forbidden: .*log in first/);
});

test("requests are signed by a callback", async ({ page }) => {
  const result = await page.evaluate(async (endpoint) => {
    const urls: string[] = [];
    const sign = async (request: Request) => {
      urls.push(request.url);
      return window.steps.presign(request);
    };
    await window.steps.openSeries("s3://data/repo", { endpoint, sign, cache: false });
    const rows = await window.steps.outcome(window.series.read());
    await window.series.write({ t: [-1], x: [1] });
    return { rows, unsigned: urls.every((url) => !url.includes("Signature")), signed: urls.length };
  }, s3.url);
  expect(result).toMatchObject({ rows: `${ROWS} rows`, unsigned: true });
  expect(result.signed).toBe(s3.stats().requests);
});

test("arguments that cannot be cloned are rejected with the rule", async ({ page }) => {
  const code = await page.evaluate(async () => {
    await window.steps.openMemory({});
    const functions = [() => 1] as unknown as number[];
    return window.steps.outcome(window.series.write({ t: [1], x: functions }));
  });
  expect(code).toMatch(/^invalid-argument: .*plain values/);
});

test("the main thread fetches neither data nor WebAssembly", async ({ page }) => {
  await openS3(page);
  await page.evaluate(() => window.series.read());
  const names = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  expect(names.filter((name) => name.startsWith(s3.url) || name.endsWith(".wasm"))).toEqual([]);
  expect(chunkRequests()).toBeGreaterThan(0);
});

test.describe("decoders", () => {
  let cdn: StaticServer | undefined;
  test.afterEach(() => cdn?.close());

  /** Reads with lakota from another origin, as from a CDN, optionally with a replaced decoder script. */
  async function readLarge(
    page: Page,
    until: "once" | "decoding" | "warned",
    { decoder, ...options }: { decoder?: string; decoders?: number } = {},
  ) {
    const original = await readFile(`${DIST}/decoder.js`, "utf8");
    const instead = { "/decoder.js": decoder ?? original, "/original-decoder.js": original };
    cdn = await serveFolder(DIST, { cors: true, instead });
    return page.evaluate((args) => window.steps.readLarge(...args), [
      `${cdn.url}/index.js`,
      until,
      options,
    ] as const);
  }

  test("load from another origin, as the engine's worker does", async ({ page }) => {
    const decoder = `
      import "./original-decoder.js";
      const decoding = new BroadcastChannel("decoding");
      addEventListener("message", ({ data }) => data.kind === "task" && decoding.postMessage(1));`;
    expect(await readLarge(page, "decoding", { decoder })).toEqual({ wrong: 0, warnings: [] });
    expect(cdn?.answers).toContain("200 /worker.js");
    expect(cdn?.answers).toContain("200 /original-decoder.js");
  });

  test("that cannot start: the engine's worker decodes alone, and warns once", async ({ page }) => {
    const { wrong, warnings } = await readLarge(page, "warned", { decoder: "throw new Error('no')" });
    expect(wrong).toBe(0);
    expect(warnings).toEqual([expect.stringMatching(/decoder\.js/)]);
  });

  test("that crash: the engine's worker decodes their chunks", async ({ page }) => {
    const decoder = `
      const decoding = new BroadcastChannel("decoding");
      addEventListener("message", () => { decoding.postMessage(1); throw new Error("on purpose"); });
      postMessage({ kind: "ready" });`;
    expect(await readLarge(page, "decoding", { decoder })).toEqual({ wrong: 0, warnings: [] });
  });

  test("are not started with decoders: 0", async ({ page }) => {
    expect(await readLarge(page, "once", { decoders: 0 })).toEqual({ wrong: 0, warnings: [] });
    expect(cdn?.answers).toContain("200 /worker.js");
    expect(cdn?.answers).not.toContain("200 /decoder.js");
  });
});

test("a repository is pulled, changed offline, and pushed", async ({ page, context }) => {
  const place = { uri: "s3://data/away", endpoint: s3.url, credentials };
  const origin = await openRepo(place.uri, { ...place, cache: false });
  const there = await origin.createCollection(new Schema({ t: "int*", x: "float" }), "c");
  await there.series("s").write({ t: [1, 2], x: [1, 2] });
  const pulled = await page.evaluate(async (place) => {
    const repo = await window.steps.lakota.connect("indexeddb://mine");
    window.repo = repo;
    const seen: SyncProgress[] = [];
    const { collections } = await repo.pull(place, { onProgress: (progress) => seen.push(progress) });
    window.collection = await repo.collection("c");
    return { collections, last: seen.filter(({ label }) => label === "c").at(-1) };
  }, place);
  expect(pulled.collections).toMatchObject([{ label: "c", revisions: 1, chunks: 0 }]);
  expect(pulled.last).toMatchObject({ files: 1, totalFiles: 1 });
  await context.setOffline(true);
  await page.evaluate(() => window.collection.series("s").write({ t: [3], x: [3] }));
  expect(await page.evaluate(() => window.collection.series("s").length())).toBe(3);
  const offline = await page.evaluate((place) => window.steps.outcome(window.repo.push(place)), place);
  expect(offline).toMatch(/^offline: /);
  await context.setOffline(false);
  const pushed = await page.evaluate((place) => window.repo.push(place), place);
  expect(pushed.collections).toMatchObject([{ label: "c", revisions: 1 }]);
  await there.refresh();
  expect((await there.series("s").read()).get("x")).toEqual(Float64Array.of(1, 2, 3));
  origin.close();
});

test("offline writes are kept, sent when the network is back, and merged", async ({ page, context }) => {
  const place = { uri: "s3://data/offline", endpoint: s3.url, credentials };
  const elsewhere = await openRepo(place.uri, { ...place, cache: false });
  const theirs = await elsewhere.createCollection(new Schema({ t: "int*", x: "float" }), "c");
  await theirs.series("s").write({ t: [1, 2], x: [1, 2] });
  const open = () =>
    page.evaluate(async ({ uri, ...options }) => {
      await window.steps.openSeries(uri, { ...options, writeOffline: true });
      await window.collection.pin();
      return window.collection.pinned();
    }, place);
  expect(await open()).toEqual(["s"]);
  const rows = () => page.evaluate(async () => Array.from((await window.series.read()).numbers("x")));
  const status = () => page.evaluate(() => window.repo.status());

  await context.setOffline(true);
  await page.evaluate(() => window.series.write({ t: [3], x: [3] }));
  await page.evaluate(() =>
    window.collection.batch((batch) => batch.series("s").write({ t: [2, 4], x: [22, 4] })),
  );
  expect(await rows()).toEqual([1, 22, 4]); // the batch replaced the range from 2 to 4
  expect(await status()).toMatchObject({ online: false });
  expect((await status()).waiting).toBeGreaterThan(1);
  expect(await page.evaluate(() => window.steps.outcome(window.repo.send()))).toMatch(/^offline: /);
  await theirs.series("s").write({ t: [2, 9], x: [20, 9] });

  await context.setOffline(false);
  const report = await page.evaluate(() => window.repo.send());
  // The browser's "online" event may have sent them before.
  expect([report.waiting, (await status()).waiting]).toEqual([0, 0]);
  const heads = async () => {
    await theirs.refresh();
    return (await theirs.log()).filter(({ head }) => head).length;
  };
  await expect.poll(heads).toBe(1);
  await page.evaluate(() => window.collection.refresh());
  const merged = await rows();
  expect(Array.from((await theirs.series("s").read()).numbers("x"))).toEqual(merged);
  expect(merged).toContain(1);
  expect(merged).toContain(9);
  const unpinned = await page.evaluate(async () => {
    await window.collection.unpin();
    return window.collection.pinned();
  });
  expect(unpinned).toEqual([]);
  elsewhere.close();
});

test("the token of a writable host reaches the worker", async ({ page }) => {
  const host = await startWritableHost();
  try {
    const options = { token: TOKEN, cache: false as const };
    const labels = await page.evaluate(
      async ([uri, options]) => {
        const { connect, Schema } = window.steps.lakota;
        const repo = await connect(uri, options);
        const collection = await repo.createCollection(new Schema({ t: "int*", x: "float" }), "c");
        await collection.series("s").write({ t: [1, 2, 3], x: [1, 2, 3] });
        return repo.ls();
      },
      [host.url("repo"), options] as const,
    );
    expect(labels).toEqual(["c"]);
    const repo = await openRepo(host.url("repo"), options);
    expect((await (await repo.collection("c")).series("s").read()).length).toBe(3);
    repo.close();
  } finally {
    host.close();
  }
});

test("series pinned by two tabs are readable offline, even after newer revisions were listed", async ({
  page,
  context,
}) => {
  const place = { uri: "s3://data/pinned", endpoint: s3.url, credentials };
  const elsewhere = await openRepo(place.uri, { ...place, cache: false });
  const theirs = await elsewhere.createCollection(new Schema({ t: "int*", x: "float" }), "c");
  const rows = (seed: number) => {
    const keys = Array.from({ length: SEGMENT_ROWS }, (_, row) => row);
    return { t: keys.map((row) => row * 7919), x: keys.map((row) => Math.sin(row + seed)) };
  };
  const labels = ["s", "u"] as const;
  for (const label of labels) await theirs.series(label).write(rows(1));
  const tabs = [page, await context.newPage()] as const;
  await visit(tabs[1]);
  const open = ({ uri, ...options }: typeof place) => window.steps.openSeries(uri, options);
  for (const tab of tabs) await tab.evaluate(open, place);
  await Promise.all(
    tabs.map((tab, i) => tab.evaluate((series) => window.collection.pin({ series }), labels[i]!)),
  );
  expect(await page.evaluate(() => window.collection.pinned())).toEqual(labels);
  const pinned = Date.now();
  for (const label of labels) await theirs.series(label).write(rows(2));
  await page.evaluate(() => window.collection.refresh());

  await context.setOffline(true);
  const read = (label: string) =>
    page.evaluate(async (label) => {
      const frame = await window.collection.series(label).read();
      const { online, staleSince } = await window.repo.status();
      return { x: Array.from(frame.numbers("x")), online, since: staleSince?.getTime() };
    }, label);
  for (const label of labels) {
    const { x, online, since } = await read(label);
    expect(x).toEqual(rows(1).x);
    expect(online).toBe(false);
    expect(since).toBeLessThanOrEqual(pinned);
  }
  await context.setOffline(false);
  await page.evaluate(() => window.collection.refresh()); // a listing counts as fresh for a second
  for (const label of labels)
    expect(await read(label)).toEqual({ x: rows(2).x, online: true, since: undefined });
  elsewhere.close();
});
