import { expect, type Page, test } from "@playwright/test";
import { publicCalls } from "../reliability/public-api.ts";

/** The classes that a page constructs, and what exists in a page only through connect(); test/reliability/hostile-arguments.test.ts calls everything else. */
const CALLED = /^(Repo|Collection|Series|Batch|BatchSeries)\.|^(new )?(Frame|Schema)\b|^connect$/;
/** Milliseconds for all hostile values of a call, on a busy machine. */
const TIMEOUT = 240_000;

const calls = publicCalls().filter(({ name }) => CALLED.test(name));

test.describe("whatever a page calls a repo with, it succeeds or throws a LakotaError that names the fault", () => {
  let page: Page;

  test.beforeAll(async ({ browser }) => {
    page = await browser.newPage();
    await page.goto("/test/browser/pages/hostile.html");
    await page.waitForFunction(() => "problemsOf" in window);
  });
  test.afterAll(() => page.close());

  test("covers all methods", async () => {
    const names = await page.evaluate(() => window.callNames);
    expect(names.sort()).toEqual(calls.map(({ name }) => name).sort());
  });

  for (const call of calls) {
    if (call.parameters.length === 0) continue;
    test(call.name, async () => {
      test.setTimeout(TIMEOUT);
      expect(await page.evaluate((call) => window.problemsOf(call), call)).toEqual([]);
    });
  }
});
