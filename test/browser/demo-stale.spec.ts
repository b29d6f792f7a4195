import { expect, type Page, test } from "@playwright/test";
import { INDEX_PATH } from "../../src/model/layout.ts";
import { openRepo, type Repo, Schema } from "../../src/node.ts";
import type { Fault } from "../s3-server/faults.ts";
import { expectRows, inked, SIZES, withDemo } from "./demo-tools.ts";
import { untilCached } from "./stored-keys.ts";

/** The explorer after a reload, before the store has answered. */
const demo = withDemo({ collections: ["co2", "stocks"] });

/** The repository, opened by another client. */
let elsewhere: Repo;
/** Lets the store answer. */
let release = () => {};

test.beforeEach(async () => {
  const { uri, endpoint, region, accessKeyId, secretAccessKey } = demo.settings;
  const credentials = { accessKeyId, secretAccessKey };
  elsewhere = await openRepo(uri, { endpoint, region, credentials, cache: false, maxAge: 0 });
});

test.afterEach(() => {
  release();
  demo.s3.faults.clear();
  elsewhere.close();
});

const google = async () => (await elsewhere.collection("stocks")).series("GOOG");
const state = (page: Page) => page.locator("#connection");
const note = (page: Page) => page.locator("#unconfirmed");
/** The visible range of the x axis. */
const range = (page: Page) => page.locator("#cursor");

/**
 * Shows a series, waits until the cache has all of it, and reloads the page while the store does not answer.
 *
 * @param change is made by another client before the reload
 * @param fault of what the store answers once it is released
 */
async function reload(page: Page, change?: () => Promise<unknown>, fault: Fault = {}): Promise<void> {
  await page.goto(`${demo.url}#/stocks/GOOG`);
  await expectRows(page, "68");
  await expect(state(page)).toHaveAttribute("data-state", "open");
  const { pathname } = new URL(demo.settings.uri.replace("s3:", "http:"));
  const files = demo.s3.log
    .filter(({ method, path, status }) => method === "GET" && status === 200 && /\/..\/..\//.test(path))
    .map(({ path }) => path.slice(path.indexOf(pathname) + pathname.length + 1));
  await untilCached(page, 2, files); // the collection, and its descriptions
  const hold = new Promise<void>((resolve) => {
    release = resolve;
  });
  await change?.();
  demo.s3.reset();
  demo.s3.faults.add({ hold, ...fault });
  await page.reload();
  await expectRows(page, "68");
}

/** Marks the canvas of the chart, to see whether it is created again. */
const canvas = (page: Page) => page.locator("#chart canvas").first();
const mark = (page: Page) => canvas(page).evaluate((element) => element.setAttribute("data-marked", ""));

for (const [size, options] of Object.entries(SIZES)) {
  test.describe(size, () => {
    test.use(options);

    test("the chart is drawn before the store answers, and stays when one listing each confirms it", async ({
      page,
    }, info) => {
      await reload(page);
      expect(await inked(page)).toBeGreaterThan(1000);
      await expect(state(page)).toHaveAttribute("data-state", "connecting");
      await expect(page.locator("#series [aria-current]")).toHaveText("GOOG");
      await expect(note(page)).toHaveText("Shown as last known: the server has not confirmed it yet.");
      await page.screenshot({ path: info.outputPath("unconfirmed.png"), fullPage: true });
      await mark(page);
      release();
      await expect(state(page)).toHaveAttribute("data-state", "open");
      await expect(note(page)).toBeEmpty();
      await expect(canvas(page)).toHaveAttribute("data-marked");
      await expect(page.locator("#moment-status")).toContainText("Now");
      // The index is requested beside the listings, for visits that know nothing yet.
      const asked = demo.s3.log.filter(
        ({ method, path }) => method !== "OPTIONS" && !path.endsWith(INDEX_PATH),
      );
      expect(asked.every(({ query }) => query.includes("list-type"))).toBe(true);
      // The history lists once more, after the picture was confirmed, if that took more than a second.
      expect([3, 4]).toContain(asked.length);
      await expect(page.locator("#main")).not.toHaveAttribute("aria-busy");
    });
  });
}

test("what was written elsewhere meanwhile follows, in the same plot", async ({ page }) => {
  const series = await google();
  await reload(page, () => series.write({ date: ["2010-04-01"], price: [600] }));
  await mark(page);
  release();
  await expectRows(page, "69");
  await expect(range(page)).toHaveText("2004-08-01 to 2010-04-01");
  await expect(canvas(page)).toHaveAttribute("data-marked");
  await expect(state(page)).toHaveAttribute("data-state", "open");
  await series.delete({ start: "2010-04-01", stop: "2010-05-01" });
});

test("what was zoomed to before the store has answered stays in view", async ({ page }) => {
  const series = await google();
  await reload(page, () => series.write({ date: ["2010-04-01"], price: [600] }));
  await page.getByRole("button", { name: "Zoom in" }).click();
  await page.getByRole("button", { name: "Zoom in" }).click();
  await expect(range(page)).not.toContainText("2010");
  const zoomed = await range(page).textContent();
  release();
  await expect(state(page)).toHaveAttribute("data-state", "open");
  await expect(page.getByLabel("to", { exact: true })).toHaveValue("2010-04-01");
  await expect(range(page)).toHaveText(zoomed!);
  await page.getByRole("button", { name: "Reset" }).click();
  await expectRows(page, "69");
  await series.delete({ start: "2010-04-01", stop: "2010-05-01" });
});

test("other series of the last visit are shown before the store answers, too", async ({ page }) => {
  await page.goto(`${demo.url}#/stocks/IBM`);
  await expectRows(page, "123");
  await reload(page);
  await page.getByRole("button", { name: "IBM", exact: true }).click();
  await expectRows(page, "123");
  await expect(state(page)).toHaveAttribute("data-state", "connecting");
  release();
  await expect(state(page)).toHaveAttribute("data-state", "open");
  await expectRows(page, "123");
});

test("new collections and series are listed; the selection stays", async ({ page }) => {
  const stocks = await elsewhere.collection("stocks");
  await reload(page, async () => {
    await elsewhere.createCollection(new Schema({ t: "int*", v: "float" }), "a new one");
    await stocks.series("NEW").write({ date: ["2010-01-01"], price: [1] });
  });
  await page.getByLabel("Compare with IBM").focus();
  release();
  await expect(page.locator("#collections .label")).toHaveText(["a new one", "co2", "stocks"]);
  await expect(page.locator("#series .label").filter({ hasText: "NEW" })).toBeVisible();
  await expect(page.locator("#series [aria-current]")).toHaveText("GOOG");
  await expect(page.getByLabel("Compare with IBM")).toBeFocused();
  await expectRows(page, "68");
  await elsewhere.delete("a new one");
  await stocks.drop("NEW");
});

test("a link to what the last visit did not know waits for the store", async ({ page }) => {
  await reload(page);
  release();
  const stocks = await elsewhere.collection("stocks");
  await stocks.series("NEW").write({ date: ["2010-01-01"], price: [1] });
  await page.goto("about:blank");
  await page.goto(`${demo.url}#/stocks/NEW`);
  await expectRows(page, "1");
  await stocks.drop("NEW");
});

test("where the store refuses, the chart stays below the error", async ({ page }, info) => {
  await reload(page, undefined, { status: 403, code: "AccessDenied" });
  release();
  await expect(page.locator("#message")).toHaveAttribute("data-code", "forbidden");
  await expect(state(page)).toHaveAttribute("data-state", "failed");
  await expect(note(page)).toHaveText("Shown as last known: the server has not confirmed it.");
  expect(await inked(page)).toBeGreaterThan(1000);
  await page.screenshot({ path: info.outputPath("refused.png"), fullPage: true });
  demo.s3.faults.clear();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(state(page)).toHaveAttribute("data-state", "open");
  await expect(note(page)).toBeEmpty();
  await expectRows(page, "68");
});

test("a collection that was deleted elsewhere is not shown any more", async ({ page }) => {
  await elsewhere.clone("stocks", "copy");
  await reload(page, () => elsewhere.delete("stocks"));
  release();
  await expect(page.locator("#message")).toHaveAttribute("data-code", "not-found");
  await expect(page.locator("#figure")).toBeHidden();
  await elsewhere.rename("copy", "stocks");
  await page.getByRole("button", { name: "Try again" }).click();
  await expectRows(page, "68");
});
