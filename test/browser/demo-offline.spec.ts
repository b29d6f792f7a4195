import { expect, type Page, test } from "@playwright/test";
import { openRepo } from "../../src/node.ts";
import { expectRows, inked, withDemo } from "./demo-tools.ts";

/** The explorer without a network: loading, drawing, and writing. */
const demo = withDemo({ collections: ["stocks"] });

/** Resolves once the service worker has cached the page and controls it. */
const installed = (page: Page) =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller) return;
    await new Promise((resolve) =>
      navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }),
    );
  });

test("the page loads, draws and writes without a network, and sends when it is back", async ({
  page,
  context,
}, info) => {
  const connection = page.locator("#connection-text");
  await page.goto(`${demo.url}#/stocks/GOOG`);
  await expectRows(page, "68");
  await installed(page);
  await page.getByRole("button", { name: "Keep “stocks” offline" }).click();
  await expect(page.locator("#offline-status")).toContainText("All of “stocks” is kept");

  await context.setOffline(true);
  await page.reload();
  await expectRows(page, "68");
  expect(await inked(page)).toBeGreaterThan(1000);
  await expect(connection).toContainText("(offline)");
  await expect(page.locator("#kept")).toContainText("cannot be reached");
  await page.getByRole("button", { name: "IBM", exact: true }).click();
  await expectRows(page, "123");
  await page.screenshot({ path: info.outputPath("offline.png"), fullPage: true });

  await page.getByRole("button", { name: "Write rows" }).click();
  await page.getByLabel("Rows", { exact: true }).fill("date,price\n2010-04-01,130\n");
  await page.locator("#edit").getByLabel("Message").fill("written on a plane");
  await page.getByRole("button", { name: "Write", exact: true }).click();
  await expectRows(page, "124");
  await expect(page.locator("#offline-status")).toContainText("will be sent");

  const { uri, endpoint, region, accessKeyId, secretAccessKey } = demo.settings;
  const credentials = { accessKeyId, secretAccessKey };
  const elsewhere = await openRepo(uri, { endpoint, region, credentials, cache: false });
  const theirs = await elsewhere.collection("stocks");
  expect(await theirs.series("IBM").length()).toBe(123);
  await theirs.series("IBM").write({ date: ["2010-05-01"], price: [140] });

  await context.setOffline(false);
  await expect(connection).not.toContainText("(offline)");
  await expect
    .poll(async () => {
      await theirs.refresh();
      return theirs.series("IBM").length();
    })
    .toBe(125);
  await expectRows(page, "125");
  await expect(page.locator("#offline-status")).not.toContainText("will be sent");
  const messages = (await theirs.log({ details: true })).map(({ note }) => note?.message);
  expect(messages).toContain("written on a plane");
  elsewhere.close();
});
