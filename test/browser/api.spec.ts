import { expect, type Page, test } from "@playwright/test";
import { cases } from "../api/conformance.ts";

/** The conformance suite of the API against the built library, in one page for all cases. */
test.describe("connect, in a worker", () => {
  let page: Page;

  test.beforeAll(async ({ browser }) => {
    page = await browser.newPage();
    await page.goto("/test/browser/pages/api.html");
    await page.waitForFunction(() => "runConformanceCase" in window);
  });
  test.afterAll(() => page.close());

  for (const { name } of cases) {
    test(name, async () => {
      expect(await page.evaluate((name) => window.runConformanceCase(name), name)).toBeUndefined();
    });
  }
});
