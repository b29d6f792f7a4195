import { expect, type Page, test } from "@playwright/test";
import { openRepo, Schema } from "../../src/node.ts";
import { type S3Server, startS3 } from "../s3-server/index.ts";

const failures: string[] = [];

test.beforeEach(async ({ page }) => {
  failures.length = 0;
  page.on("pageerror", (error) => failures.push(String(error.stack)));
  await page.goto("/test/browser/pages/react.html");
  await page.waitForFunction(() => "hooks" in window);
});
test.afterEach(() => expect(failures).toEqual([]));

const shown = (page: Page) => page.locator("main > *");
const show = (page: Page, name: "Rows" | "Tail" | "Suspended" | "Points", label: string, start?: number) =>
  page.evaluate(([name, label, start]) => window.hooks.show(name, label, start), [
    name,
    label,
    start,
  ] as const);
const unmount = (page: Page) => page.evaluate(() => window.hooks.unmount());

test.describe("series", () => {
  test.beforeEach(({ page }) => page.evaluate(() => window.hooks.open()));

  test("useSeries reads rows, and again when they change", async ({ page }) => {
    await show(page, "Rows", "s");
    await expect(shown(page)).toHaveText("100 rows, undefined, false");
    await page.evaluate(() => window.hooks.write("s", 100, 50));
    await expect(shown(page)).toHaveText("150 rows, undefined, false");
  });

  test("useSeries reads the last rows", async ({ page }) => {
    await show(page, "Tail", "s");
    await expect(shown(page)).toHaveText("98,99");
  });

  test("useDownsampled reads points, and again when rows change", async ({ page }) => {
    await show(page, "Points", "s");
    await expect(shown(page)).toHaveText("100 rows in 4 points");
    await page.evaluate(() => window.hooks.write("s", 100, 50));
    await expect(shown(page)).toHaveText("150 rows in 4 points");
  });

  test("rows stay while another range of the series is read, not while another series is", async ({
    page,
  }) => {
    await page.evaluate(() => window.hooks.hold("with start"));
    await show(page, "Rows", "s");
    await expect(shown(page)).toHaveText("100 rows, undefined, false");
    await show(page, "Rows", "s", 50);
    await expect(shown(page)).toHaveText("100 rows, undefined, true");
    await show(page, "Rows", "other", 50);
    await expect(shown(page)).toHaveText("undefined rows, undefined, true");
  });

  test("a read is aborted when options change, and when its component is unmounted", async ({ page }) => {
    await page.evaluate(() => window.hooks.hold("all"));
    await show(page, "Rows", "s");
    await expect.poll(() => page.evaluate(() => window.hooks.aborted())).toEqual([false]);
    await show(page, "Rows", "s", 50);
    await expect.poll(() => page.evaluate(() => window.hooks.aborted())).toEqual([true, false]);
    await unmount(page);
    await expect.poll(() => page.evaluate(() => window.hooks.aborted())).toEqual([true, true]);
  });

  test("useSuspenseSeries suspends until there are rows", async ({ page }) => {
    await page.evaluate(() => {
      window.hooks.hold("all");
      window.hooks.show("Suspended", "s");
    });
    await expect(shown(page)).toHaveText("suspended");
    await unmount(page);
    await page.evaluate(() => window.hooks.open());
    await show(page, "Suspended", "s");
    await expect(shown(page)).toHaveText("100 rows");
  });
});

test.describe("repositories", () => {
  let s3: S3Server;
  test.beforeEach(async () => {
    s3 = await startS3({ keys: { id: "secret" } });
    s3.objects.createBucket("data");
    for (const label of ["c", "d"]) await create(label);
  });
  test.afterEach(() => s3.close());

  async function create(label: string): Promise<void> {
    const credentials = { accessKeyId: "id", secretAccessKey: "secret" };
    const repo = await openRepo("s3://data/repo", { endpoint: s3.url, credentials, cache: false });
    await repo.createCollection(new Schema({ t: "int*", x: "float" }), label);
    repo.close();
  }

  const open = (page: Page, labels: readonly string[]) =>
    page.evaluate(([endpoint, labels]) => window.hooks.openAll(endpoint, labels), [s3.url, labels] as const);
  const workers = (page: Page) => page.evaluate(() => window.hooks.workers());

  test("components share a repository, which is closed after the last of them", async ({ page }) => {
    await open(page, ["c", "d"]);
    await expect(shown(page)).toHaveText(["c", "d"]);
    expect(await workers(page)).toEqual([1, 0]);
    await open(page, ["c"]);
    await expect(shown(page)).toHaveText(["c"]);
    expect(await workers(page)).toEqual([1, 0]);
    await unmount(page);
    await expect.poll(() => workers(page)).toEqual([1, 1]);
    await open(page, ["c"]);
    await expect(shown(page)).toHaveText(["c"]);
    expect(await workers(page)).toEqual([2, 1]);
  });

  test("errors go to the boundary, which can try again", async ({ page }) => {
    await open(page, ["later"]);
    await expect(shown(page)).toContainText("later");
    await expect(page.getByRole("button")).toBeVisible();
    await create("later");
    // The button is there until a listing has the collection, which takes a second at most.
    const button = page.getByRole("button");
    await expect(async () => {
      if (await button.isVisible()) await button.click({ timeout: 500 });
      await expect(page.locator("main > p")).toHaveText("later", { timeout: 500 });
      await expect(button).toBeHidden({ timeout: 500 });
    }).toPass();
  });
});
