import { expect, type Page, test } from "@playwright/test";
import { openRepo, Schema } from "../../src/node.ts";
import { expectAccessible, expectRows, SIZES, withDemo } from "./demo-tools.ts";

const demo = withDemo({ collections: ["co2", "stocks"] });

test.describe.configure({ mode: "default" });

const firstCells = (page: Page) => page.locator("#rows-table tbody tr").first().locator("td");

const csv = (name: string, lines: readonly string[]) => ({
  name,
  mimeType: "text/csv",
  buffer: Buffer.from(`${lines.join("\n")}\n`),
});

/** A series of a million rows, one a minute. */
test.beforeAll(async () => {
  const { uri, endpoint, region, accessKeyId, secretAccessKey } = demo.settings;
  const credentials = { accessKeyId, secretAccessKey };
  const repo = await openRepo(uri, { endpoint, region, credentials, cache: false });
  const collection = await repo.createCollection(new Schema({ time: "timestamp*", count: "i4" }), "long");
  const time = BigInt64Array.from({ length: 1_000_000 }, (_, i) => BigInt(60 * i));
  await collection.series("minutes").write({ time, count: Int32Array.from(time.keys()) });
  await collection.describe({ columns: { count: { unit: "rows" } } });
  repo.close();
});

test("a table of a million rows scrolls through all of them, and reads what is in view", async ({ page }) => {
  await page.goto(`${demo.url}#/long`);
  await expectRows(page, "1,000,000");
  await page.getByText("Rows as a table").click();
  const table = page.locator("#rows-table");
  await expect(table).toHaveAttribute("aria-rowcount", "1000001");
  await expect(firstCells(page)).toHaveText(["1970-01-01 00:00", "0"]);
  await expect(page.getByRole("columnheader", { name: "count" })).toContainText("rows");
  const scroller = page.locator("#scroll");
  await scroller.hover();
  await page.mouse.wheel(0, 290); // ten rows, though a pixel of the scrollbar is three of the table
  await expect(table.locator("tbody tr").first()).toHaveAttribute("aria-rowindex", "12");
  await expect(firstCells(page)).toHaveText(["1970-01-01 00:10", "10"]);
  demo.s3.reset();
  await scroller.evaluate((element) => {
    element.scrollTop = element.scrollHeight / 2;
  });
  await expect(firstCells(page).first()).toHaveText(/^1970-12-1[34]/);
  await scroller.focus();
  await page.keyboard.press("End");
  await expect(table.locator("tbody tr").last()).toHaveAttribute("aria-rowindex", "1000001");
  await expect(table.locator("tbody tr").last().locator("td").nth(1)).toHaveText("999,999");
  expect(demo.s3.stats().requests).toBeLessThan(20);
  await page.keyboard.press("Home");
  await expect(firstCells(page).nth(1)).toHaveText("0");
  const header = (name: string) => table.getByRole("button", { name });
  await header("time").click(); // the index is read from its other end
  await expect(firstCells(page).nth(1)).toHaveText("999,999");
  await expect(page.getByRole("columnheader", { name: "time" })).toHaveAttribute("aria-sort", "descending");
  await header("count").click();
  await expect(page.locator("#table-status")).toContainText("all 1,000,000 rows would have to be read");
});

test("a table is sorted by any column", async ({ page }) => {
  await page.goto(`${demo.url}#/co2`);
  await expectRows(page, "741");
  await page.getByText("Rows as a table").click();
  const header = page.locator("#rows-table").getByRole("button", { name: "co2" });
  await header.click();
  await expect(firstCells(page).nth(1)).toHaveText("313.21");
  await header.click();
  await expect(firstCells(page)).toHaveText(["2020-04-01", "416.18", "413.35"]);
  await expect(page.locator("#table-status")).toHaveText(
    "Sorted by co2, highest first. All 741 rows were read for it.",
  );
  await header.click();
  await expect(firstCells(page).first()).toHaveText("1958-03-01");
});

test("a file with decimal commas becomes a series in this browser", async ({ page }) => {
  await page.goto(demo.url);
  await expectRows(page, "741");
  const lines = Array.from(
    { length: 60 },
    (_, i) => `${String((i % 28) + 1).padStart(2, "0")}.0${1 + Math.floor(i / 28)}.2026;${i},5;K`,
  );
  await page.locator("#file-input").setInputFiles(csv("Köln.csv", ["Tag;Grad;Ort", ...lines]));
  const dialog = page.getByRole("dialog", { name: "Add Köln.csv" });
  await expect(dialog.getByLabel("Decimal separator").locator("option:checked")).toHaveText(
    "Detected: comma",
  );
  await expect(dialog.getByLabel("Type of Grad")).toHaveValue("float");
  await expect(dialog.getByLabel("Format of Tag").locator("option:checked")).toHaveText("31.12.2026");
  await expect(dialog.locator("#file-body tr").nth(1).locator("td")).toHaveText(["2026-01-02", "1.5", "K"]);
  await dialog.getByLabel("Type of Grad").selectOption({ label: "Text" });
  await expect(dialog.locator("#file-body tr").nth(1).locator("td").nth(1)).toHaveText("1,5");
  await dialog.getByLabel("Type of Grad").selectOption({ label: "Number" });
  await expect(dialog.locator("#file-body tr").nth(1).locator("td").nth(1)).toHaveText("1.5");
  await dialog.getByLabel("Save to").selectOption({ label: "This browser only" });
  await expect(dialog.getByText("Clearing the site’s data deletes it.")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Write" })).toBeEnabled();
  await dialog.getByRole("button", { name: "Write" }).click();
  await expectRows(page, "60");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Köln");
  await expect(page.locator("#connection-text")).toHaveText("my-files in this browser");
  await page.reload();
  await expectRows(page, "60");
});

test("what a file leaves open is asked, and errors name the line", async ({ page }) => {
  await page.goto(demo.url);
  await expectRows(page, "741");
  const choose = (name: string, lines: readonly string[]) =>
    page.locator("#file-input").setInputFiles(csv(name, lines));
  await choose("days.csv", ["day,price", "02/03/2026,1", "03/03/2026,2"]);
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("The rows do not tell the day from the month");
  await expect(dialog.getByRole("button", { name: "Write" })).toBeDisabled();
  await dialog.getByLabel("Dates in day").selectOption({ label: "12/31/2026" });
  await expect(dialog.locator("#file-body td").first()).toHaveText("2026-02-03");
  await dialog.getByLabel("Format of day").selectOption({ label: "31/12/2026" });
  await expect(dialog.locator("#file-body td").first()).toHaveText("2026-03-02");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await choose("bad.csv", ["day,price", "2026-01-01,1", "2026-01-02,2,3"]);
  await expect(dialog).toContainText("Line 3 has 3 cells, but there are 2 columns: day, price.");
  await expect(dialog).not.toContainText('delimiter: ";"');
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await choose("down.csv", ["day,price", "2026-01-02,1", "2026-01-01,2"]);
  await expect(dialog.getByLabel("Sort rows by the index")).toBeChecked();
  await expect(dialog.locator("#file-body td").first()).toHaveText("2026-01-01");
});

test("a JSON file that is dropped is written to the open repository", async ({ page }) => {
  await page.goto(demo.url);
  await expectRows(page, "741");
  const rows = Array.from({ length: 40 }, (_, i) => ({ time: new Date(86_400_000 * i), value: i / 3 }));
  const transfer = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "thirds.json"));
    return data;
  }, JSON.stringify(rows));
  await page.dispatchEvent("body", "dragover", { dataTransfer: transfer });
  await expect(page.locator("#drop")).toBeVisible();
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
  await expect(page.locator("#drop")).toBeHidden();
  await expect(page.locator("#file-body tr")).toHaveCount(5);
  await page.getByRole("button", { name: "Write", exact: true }).click();
  await expectRows(page, "40");
  await expect(page.locator("#collections .label")).toHaveText(["co2", "long", "stocks", "thirds"]);
});

test("the search finds titles and tags, and marks what was found", async ({ page }) => {
  await page.goto(demo.url);
  await expectRows(page, "741");
  await page.keyboard.press("/");
  await page.keyboard.type("apple");
  await expect(page.locator("#series .label")).toHaveText(["AAPLApple · stocks"]);
  await expect(page.locator("#series mark")).toHaveText("Apple");
  await page.getByLabel("Search series and collections").fill("hawaii");
  await expect(page.locator("#collections .label")).toHaveText(["co2"]); // by its description
  await page.getByLabel("Search series and collections").fill("retail");
  await expect(page.locator("#series .label")).toHaveText(["AMZNAmazon · retail · stocks"]);
  await page.keyboard.press("Enter");
  await expectRows(page, "123");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("AMZN");
});

test("`?` lists the keys, except where text is typed", async ({ page }) => {
  await page.goto(demo.url);
  await expectRows(page, "741");
  const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await page.getByLabel("Search series and collections").press("?");
  await expect(page.getByLabel("Search series and collections")).toHaveValue("?");
  await page.getByLabel("Search series and collections").press("Escape");
  await page.getByLabel("Search series and collections").blur();
  await expect(dialog).toHaveCount(0);
  await page.keyboard.press("?");
  await expect(dialog).toContainText("Zoom in or out");
  await page.keyboard.press("/");
  await expect(page.getByLabel("Search series and collections")).not.toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
});

test("generated data need no server, and what was opened is listed", async ({ page }) => {
  await page.goto(`${demo.url}?uri=indexeddb%3A%2F%2Fsample#/building`);
  await expectRows(page, "35,040");
  await expect(page.locator("#source")).toContainText("Generated in this browser, not measured.");
  await expect(page.getByRole("button", { name: "Copy embed code" })).toBeHidden();
  const { uri, endpoint } = demo.settings;
  const home = `${uri.replace("s3://", "")} at ${endpoint.replace("http://", "")}`;
  await page.goto(`${demo.url}?${new URLSearchParams({ uri, endpoint })}#/`);
  await expect(page.locator("#message")).toBeVisible(); // without its key the bucket is closed
  await page.locator("#connection").click();
  await expect(page.locator("#known .known-repo")).toHaveText(["Generated dataSample"]);
  await page.locator("#known").getByText("Generated data").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("coast");
  await page.locator("#connection").click();
  await page.locator("#known").getByText(home).click();
  await expectRows(page, "741");
});

test("a frame shows the chart alone, with a link to the page", async ({ page }) => {
  await page.goto(`${demo.url}?embed#/stocks/AAPL`);
  await expect(page.locator("#chart canvas")).toBeVisible();
  for (const part of ["header.top", "#side", "#tools", "#downloads", "#table"])
    await expect(page.locator(part)).toBeHidden();
  await expect(page.locator("#source")).toContainText("vega-datasets");
  expect(new URL(page.url()).search).toBe("?embed");
  await expect(page.getByRole("link", { name: "Open in the explorer" })).toHaveAttribute(
    "href",
    `${demo.url}#/stocks/AAPL`,
  );
  await expectAccessible(page);
});

test("the page can be installed", async ({ page }) => {
  await page.goto(demo.url);
  await expectRows(page, "741");
  const session = await page.context().newCDPSession(page);
  const { errors, data } = await session.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  expect(JSON.parse(data ?? "")).toMatchObject({ name: "Lakota explorer", id: "./" });
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  // The tests run in a private window, where nothing can be installed.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito")).toEqual([]);
});

for (const [size, options] of Object.entries(SIZES)) {
  test.describe(size, () => {
    test.use(options);

    test("dialogs and table are accessible, and the chart comes first", async ({ page }, info) => {
      const shot = (name: string) => page.screenshot({ path: info.outputPath(`${name}.png`) });
      await page.goto(demo.url);
      await expectRows(page, "741");
      const { y } = (await page.locator("#chart").boundingBox())!;
      expect(y).toBeLessThan(size === "phone" ? 330 : 400);
      await shot("chart");
      await page.getByText("Rows as a table").click();
      await expect(firstCells(page).first()).toHaveText("1958-03-01");
      await page.locator("#scroll").scrollIntoViewIfNeeded();
      await shot("table");
      await expectAccessible(page);
      await page.locator("#file-input").setInputFiles(csv("two.csv", ["day;price", "31.12.2026;1,5"]));
      await expect(page.locator("#file-body td").first()).toHaveText("2026-12-31");
      await shot("file");
      await expectAccessible(page);
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.locator("#connection").click();
      await shot("connection");
      await expectAccessible(page);
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog")).toBeVisible();
      await shot("keys");
      await expectAccessible(page);
    });
  });
}
