import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { S3Store } from "../../src/stores/s3/s3-store.ts";
import { check } from "../checker/check.ts";
import { filesOf } from "../checker/files.ts";
import { type S3Server, startS3 } from "../s3-server/index.ts";
import type { Place } from "./pages/soak.ts";

const TABS = 4;
const WRITES = 10;

let s3: S3Server;

test.beforeAll(async () => {
  s3 = await startS3({ keys: { id: "secret" } });
  s3.objects.createBucket("data");
});

test.afterAll(() => s3.close());

test.afterEach(() => s3.faults.clear());

async function openTab(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto("/test/browser/pages/soak.html");
  await page.waitForFunction(() => "soak" in window);
  return page;
}

/** All tabs write concurrently while another one reads. */
async function soak(tabs: readonly Page[], reader: Page, place: Place): Promise<void> {
  await reader.evaluate((place) => window.soak.create(place), place);
  const violations = reader.evaluate((place) => window.soak.watch(place), place);
  const written = await Promise.all(
    tabs.map((page, tab) =>
      page.evaluate(([place, tab, writes]) => window.soak.write(place, tab, writes), [
        place,
        tab,
        WRITES,
      ] as const),
    ),
  ).finally(() => tabs[0]!.evaluate(() => window.soak.stop()));
  expect(await violations).toEqual([]);
  const expected = written.flatMap(({ shared }) => shared).sort((a, b) => a - b);
  expect(expected).toHaveLength(TABS * WRITES);
  const result = await reader.evaluate(([place, tabs]) => window.soak.result(place, tabs), [
    place,
    TABS,
  ] as const);
  expect(result).toEqual({ before: expected, after: expected, own: written.map(({ own }) => own), heads: 1 });
}

const storeOf = (prefix: string) =>
  new S3Store("data", prefix, {
    endpoint: s3.url,
    credentials: { accessKeyId: "id", secretAccessKey: "secret" },
  });

test("four tabs lose nothing on an unreliable S3", async ({ context }) => {
  const tabs = await Promise.all(Array.from({ length: TABS }, () => openTab(context)));
  const reader = await openTab(context);
  for (const fault of [
    { status: 503, probability: 0.02 },
    { reset: "before", probability: 0.01 },
    { reset: "after", probability: 0.01 },
    { latency: 20, probability: 0.05 },
  ] as const) {
    s3.faults.add({ ...fault, times: Number.POSITIVE_INFINITY });
  }
  await soak(tabs, reader, { uri: "s3://data/tabs", endpoint: s3.url });
  s3.faults.clear();
  expect(await check(await filesOf(storeOf("tabs")))).toEqual([]);
});

test("four tabs without a shared lock lose nothing", async ({ browser }) => {
  // Contexts share neither locks nor storage.
  const contexts = await Promise.all(Array.from({ length: TABS }, () => browser.newContext()));
  const tabs = await Promise.all(contexts.map(openTab));
  const reader = await openTab(contexts[0]!);
  await soak(tabs, reader, { uri: "s3://data/apart", endpoint: s3.url });
  expect(await check(await filesOf(storeOf("apart")))).toEqual([]);
  await Promise.all(contexts.map((context) => context.close()));
});

test("four tabs lose nothing in IndexedDB", async ({ context }) => {
  const tabs = await Promise.all(Array.from({ length: TABS }, () => openTab(context)));
  const reader = await openTab(context);
  const place = { uri: "indexeddb://soak" };
  await soak(tabs, reader, place);
  const copy = { uri: "s3://data/copy", endpoint: s3.url };
  await reader.evaluate(([from, to]) => window.soak.copy(from, to), [place, copy] as const);
  expect(await check(await filesOf(storeOf("copy")))).toEqual([]);
});
