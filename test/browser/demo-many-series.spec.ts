import { expect, type Page, test } from "@playwright/test";
import { openRepo, Schema } from "../../src/node.ts";
import { expectAccessible, expectRows, SIZES, withDemo } from "./demo-tools.ts";

/** The explorer with a collection of very many series. */
const demo = withDemo({ collections: ["stocks"] });

const SITES = 20;
const SENSORS = 1_000;
/** Series without a folder, after all folders. */
const SINGLE = 1_000;
/** With a series of a long label, and those of the other collection. */
const COUNT = (SITES * SENSORS + SINGLE + 1 + 5).toLocaleString("en");

const two = (i: number) => String(i).padStart(2, "0");
const four = (i: number) => String(i).padStart(4, "0");
const sensor = (site: number, i: number) => `plant/site-${two(site)}/sensor-${four(i)}`;
const LONG =
  "plant/site-07/a label that is as long as only those are that a machine has made of all it knew, and then some";

test.beforeAll(async () => {
  test.setTimeout(300_000);
  const { uri, endpoint, region, accessKeyId, secretAccessKey } = demo.settings;
  const credentials = { accessKeyId, secretAccessKey };
  const repo = await openRepo(uri, { endpoint, region, credentials, cache: false });
  const schema = new Schema({ t: "timestamp*", v: "float" });
  const many = await repo.createCollection(schema, "many", { table: "tree" });
  const rows = { t: [0, 60, 120], v: [1, 3, 2] };
  await many.batch(async (batch) => {
    for (let site = 0; site < SITES; site++)
      for (let i = 0; i < SENSORS; i++) await batch.series(sensor(site, i)).write(rows);
    for (let i = 0; i < SINGLE; i++) await batch.series(`single ${four(i)}`).write(rows);
    await batch.series(LONG).write(rows);
  });
  await repo.publish();
  repo.close();
});

const list = (page: Page) => page.locator("#series-scroll");
const labels = (page: Page) => page.locator("#series .label");
const folder = (page: Page, prefix: string) =>
  page.getByRole("button", { name: `Folder ${prefix}`, exact: true });
const series = (page: Page, label: string) =>
  page.locator("#series").getByRole("button", { name: label, exact: true });
const search = (page: Page) => page.getByLabel("Search series and collections");
const status = (page: Page) => page.locator("#series-more");

for (const [size, options] of Object.entries(SIZES)) {
  test.describe(size, () => {
    test.use(options);

    test("lists what is seen of the tree, as one scrolls and opens folders", async ({ page }, info) => {
      await page.goto(`${demo.url}#/many`);
      await expectRows(page, "3");
      await expect(folder(page, "plant/")).toHaveAttribute("aria-expanded", "true");
      await expect(series(page, sensor(0, 0))).toHaveAttribute("aria-current", "true");
      await page.screenshot({ path: info.outputPath("chart.png") });
      await folder(page, "plant/site-00/").click();
      await expect(folder(page, "plant/site-03/")).toBeVisible();
      await folder(page, "plant/site-07/").click();
      await expect(series(page, sensor(7, 0))).toBeAttached();
      await page.screenshot({ path: info.outputPath("tree.png"), fullPage: true });
      await folder(page, "plant/site-07/").click();
      await folder(page, "plant/").click();
      // The list grows as its end comes into view.
      await expect(async () => {
        await list(page).evaluate((element) => element.scrollTo(0, element.scrollHeight));
        await expect(series(page, `single ${four(SINGLE - 1)}`)).toBeAttached({ timeout: 100 });
      }).toPass();
      // Only rows near those in view are drawn.
      expect(await labels(page).count()).toBeLessThan(100);
      await series(page, `single ${four(SINGLE - 1)}`).click();
      await expectRows(page, "3");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(`single ${four(SINGLE - 1)}`);
    });

    test("finds series in all collections", async ({ page }, info) => {
      await page.goto(`${demo.url}#/many`);
      await expectRows(page, "3");
      await page.locator("body").press("/");
      await expect(search(page)).toBeFocused();
      await search(page).fill("site-19 0999");
      await expect(labels(page)).toHaveText([sensor(19, 999)]);
      await expect(status(page)).toHaveText(`1 found among ${COUNT}.`);
      await search(page).fill("SENSOR-09");
      await expect(status(page)).toContainText(`2,000 found among ${COUNT}. The first 1,000 are listed.`);
      await page.screenshot({ path: info.outputPath("search.png"), fullPage: true });
      await search(page).fill("aap");
      await expect(labels(page)).toHaveText(["AAPLApple · stocks"]);
      await expectAccessible(page);
      await search(page).press("Enter");
      await expectRows(page, "123");
      await expect(search(page)).toHaveValue("");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("AAPL");
      await search(page).fill("nothing like it");
      await expect(status(page)).toHaveText(`Nothing found among ${COUNT}.`);
    });

    test("shows long labels in full", async ({ page }, info) => {
      await page.goto(`${demo.url}#/many/${encodeURIComponent(LONG)}`);
      await expectRows(page, "3");
      await search(page).fill("machine has made");
      await expect(labels(page)).toHaveText([LONG]);
      const cut = await labels(page).evaluate((label) => label.scrollWidth - label.clientWidth);
      expect(cut).toBeLessThanOrEqual(0);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBe(0);
      await page.screenshot({ path: info.outputPath("long.png"), fullPage: true });
    });
  });
}

test("the first visit asks for no more of the tree than is seen", async ({ page }) => {
  await page.goto(`${demo.url}#/many`);
  await expectRows(page, "3");
  const bytes = demo.s3.log
    .filter(({ method, path }) => method === "GET" && !path.endsWith("/index.json"))
    .reduce((sum, { bytes }) => sum + bytes, 0);
  expect(bytes).toBeLessThan(400_000);
});

test("a link to a series far down a folder shows where it is", async ({ page }) => {
  await page.goto(`${demo.url}#/many/${encodeURIComponent(sensor(17, 960))}`);
  await expectRows(page, "3");
  await expect(series(page, sensor(17, 960))).toBeInViewport();
  await expect(series(page, sensor(17, 960))).toHaveAttribute("aria-current", "true");
});

test("keys open folders, and move through the list", async ({ page }) => {
  await page.goto(`${demo.url}#/many`);
  await expectRows(page, "3");
  await page.locator("body").press("/");
  await page.keyboard.press("ArrowDown");
  await expect(folder(page, "plant/")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowLeft");
  await expect(folder(page, "plant/site-00/")).toBeFocused();
  await expect(folder(page, "plant/site-00/")).toHaveAttribute("aria-expanded", "false");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await expect(series(page, sensor(1, 0))).toBeAttached();
  await page.keyboard.press("ArrowDown");
  await expect(series(page, sensor(1, 0))).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(sensor(1, 0));
  await expect(series(page, sensor(1, 0))).toBeFocused();
});

test("a link to a series that does not exist says which are like it", async ({ page }) => {
  await page.goto(`${demo.url}#/many/${encodeURIComponent("plant/site-07/sensor-00999")}`);
  await expect(page.locator("#message-title")).toContainText(
    "No series “plant/site-07/sensor-00999” in many",
  );
  await page.locator("#remedies").getByRole("button").first().click();
  await expectRows(page, "3");
});
