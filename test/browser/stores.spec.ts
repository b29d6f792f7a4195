import { expect, type Page, test } from "@playwright/test";
import type { StoresRequest } from "./pages/stores.worker.ts";

async function ask(page: Page, request: StoresRequest): Promise<string[]> {
  return (await page.evaluate((it) => window.stores(it), request)).lines;
}

test.beforeEach(async ({ page }) => {
  await page.goto("/test/browser/pages/stores.html");
  await page.waitForFunction(() => "stores" in window);
});

test("IndexedDBStore conforms", async ({ page }) => {
  const lines = await ask(page, { kind: "conformance", store: "indexeddb", heavy: true });
  expect(lines.filter((line) => !line.startsWith("ok "))).toEqual([]);
  expect(lines.length).toBeGreaterThan(15);
});

test("IndexedDBStore keeps files over a reload", async ({ page }) => {
  const calls = [{ name: "put" as const, path: "a/b", text: "still here" }];
  expect(await ask(page, { kind: "calls", calls, database: "kept" })).toEqual(["true"]);
  await page.reload();
  await page.waitForFunction(() => "stores" in window);
  const again = await ask(page, {
    kind: "calls",
    calls: [...calls, { name: "get", path: "a/b" }],
    database: "kept",
  });
  expect(again).toEqual(["false", "still here"]);
});

test("IndexedDBStore says quota when the browser gives no more room, and keeps what fits", async ({
  page,
}) => {
  const session = await page.context().newCDPSession(page);
  const origin = new URL(page.url()).origin;
  await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1_000_000 });
  const lines = await ask(page, {
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
