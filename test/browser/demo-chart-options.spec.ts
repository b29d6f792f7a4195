import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { expectAccessible, expectRows, fingersOn, inked, leaveChart, SIZES, withDemo } from "./demo-tools.ts";

const demo = withDemo({ collections: ["stocks", "indices", "weather hourly"] });

const STOCKS = "#/stocks/AAPL,IBM/all";
const chartMenu = (page: Page) => page.getByRole("button", { name: "Chart", exact: true });

async function exported(page: Page, name: string) {
  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name, exact: true }).click(),
  ]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}

test("a tooltip beside the cursor has the values of all visible lines", async ({ page }) => {
  await page.goto(demo.url + STOCKS);
  await expectRows(page, "246");
  const tooltip = page.locator(".tooltip");
  await expect(tooltip).toBeHidden();
  const over = page.locator(".u-over").first();
  const box = (await over.boundingBox())!;
  await page.mouse.move(box.x + 0.2 * box.width, box.y + 50);
  await expect(tooltip).toHaveText(/^2002-01-01AAPL12\.36\$IBM97\.54\$$/);
  const left = async () => (await tooltip.boundingBox())!.x - box.x;
  expect(await left()).toBeGreaterThan(0.2 * box.width);
  // At the right edge it is on the other side of the cursor.
  await page.mouse.move(box.x + 0.98 * box.width, box.y + 50);
  await expect(tooltip).toContainText("2009-12-01");
  expect(await left()).toBeLessThan(0.98 * box.width - 50);
  await page.locator(".legend button").first().click();
  await page.mouse.move(box.x + 0.5 * box.width, box.y + 50);
  await expect(tooltip).not.toContainText("AAPL");
  await leaveChart(page);
  await expect(tooltip).toBeHidden();
});

test.describe("on a phone", () => {
  test.use(SIZES.phone);
  test("a tap shows the tooltip, a scroll does not, and menus fit", async ({ page }) => {
    await page.goto(demo.url + STOCKS);
    await expectRows(page, "246");
    const tooltip = page.locator(".tooltip");
    const over = page.locator(".u-over").first();
    await over.tap({ position: { x: 100, y: 40 } });
    await expect(tooltip).toContainText("AAPL");
    await page.locator("#title").tap();
    await expect(tooltip).toBeHidden();
    const touch = await fingersOn(page);
    await touch("touchStart", 0.5);
    await touch("touchMove", 0.505);
    await touch("touchEnd");
    await chartMenu(page).click();
    const menu = (await page.locator("#chart-menu").boundingBox())!;
    expect(menu.x).toBeGreaterThanOrEqual(0);
    expect(menu.x + menu.width).toBeLessThanOrEqual(SIZES.phone.viewport.width);
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Export" }).click();
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(SIZES.phone.viewport.width);
  });
});

test("bars, a logarithmic scale and groups are in the address; Back undoes each; a reload shows the same", async ({
  page,
}) => {
  await page.goto(demo.url + STOCKS);
  await expectRows(page, "246");
  const lines = await inked(page);
  await chartMenu(page).click();
  await page.getByLabel("Draw as").selectOption("bars");
  await expect(page).toHaveURL(/\?draw=bars$/);
  await expect.poll(() => inked(page)).toBeGreaterThan(2 * lines);
  await page.getByLabel("Logarithmic scale").check();
  await expect(page).toHaveURL(/\?draw=bars&scale=log$/);
  await page.getByLabel("Group rows by").selectOption("year");
  await page.getByLabel("Value of each group").selectOption("max");
  await expect(page.locator("#view")).toHaveText("Highest value of each year. Times are UTC.");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/\?by=year\.max&draw=bars&scale=log$/);
  await page.reload();
  await expectRows(page, "246");
  await expect(page.locator("#view")).toHaveText("Highest value of each year. Times are UTC.");
  await expect(page.getByLabel("Value of each group")).toHaveValue("max");
  await page.goBack();
  await expect(page.locator("#view")).toHaveText("Mean of each year. Times are UTC.");
  await page.goBack();
  await expect(page.locator("#view")).toHaveText("Every row is drawn. Times are UTC.");
  await page.goBack();
  await expect(page).toHaveURL(/\?draw=bars$/);
  await page.goBack();
  await expect.poll(() => inked(page)).toBeLessThan(1.2 * lines);
  await page.goForward();
  await expect(page).toHaveURL(/\?draw=bars$/);
});

test("what cannot be drawn is disabled, with the reason", async ({ page }) => {
  await page.goto(`${demo.url}#/indices/S%26P%20500/all?columns=close`);
  await expectRows(page, "5,105");
  await chartMenu(page).click();
  await expect(page.getByText("Bars need fewer points")).toBeVisible();
  await expect(page.locator('#shape [value="bars"]')).toHaveAttribute("disabled");
  await expect(page.getByText("Dates have no time zone.")).toBeVisible();
  await expect(page.getByLabel("Time zone", { exact: true })).toBeDisabled();
  await expect(page.locator('#resample-step [value="day"]')).toHaveAttribute("disabled");
});

test("a filter applies to chart, statistics and exports; an error points at its place", async ({ page }) => {
  await page.goto(`${demo.url}#/indices/S%26P%20500/all?columns=close`);
  await expectRows(page, "5,105");
  const box = page.getByLabel("Filter rows");
  await box.fill("close > 3000 and volme < 5e9");
  await box.press("Enter");
  await expect(page.getByRole("alert")).toContainText('there is no column "volme"');
  await box.fill("close > 3000 and");
  await box.press("Enter");
  await expect(page.getByRole("alert")).toContainText(/\n {2}close > 3000 and\n {18}\^/);
  await expectRows(page, "5,105");
  await expectAccessible(page);
  await box.fill("close > 3000 and volume < 3e9");
  await box.press("Enter");
  await expect(page).toHaveURL(/where=close%20%3E%203000%20and%20volume%20%3C%203e9$/);
  await expectRows(page, "7");
  await expect(page.getByRole("alert")).toBeHidden();
  const { name, text } = await exported(page, "CSV");
  expect(name).toBe("S_P_500_2000-01-03_2020-04-17.csv");
  expect(text.trim().split("\n")).toHaveLength(8);
  await page.getByText("Statistics of what is in view").click();
  await expect(page.locator("#summary-body tr").first()).toContainText("7");
  await page.goBack();
  await expectRows(page, "5,105");
  await page.goto("about:blank");
  await page.goto(`${demo.url}#/indices/S%26P%20500/all?where=close%20%3E`);
  await expect(page.getByRole("heading", { name: "The filter cannot be used" })).toBeVisible();
  await expect(box).toHaveValue("close >");
  await page.getByRole("button", { name: "Remove the filter" }).click();
  await expectRows(page, "5,105");
});

test("ranges end with the last row, and times are shown by the clocks of a zone", async ({ page }) => {
  await page.goto(`${demo.url}#/weather%20hourly/Seattle/all?columns=temperature&zone=Asia/Kolkata`);
  await expect(page.locator("#cursor")).toHaveText("2010-01-01 06:30 to 2011-01-01 04:30");
  await page.getByRole("button", { name: "24 hours" }).click();
  await expect(page).toHaveURL(/\/-24h\?/);
  await expectRows(page, "25");
  await expect(page.locator("#cursor")).toHaveText("2010-12-31 04:30 to 2011-01-01 04:30");
  await page.getByLabel("from", { exact: true }).fill("2010-07-01");
  await page.getByLabel("to", { exact: true }).fill("2010-07-01");
  await page.getByLabel("to", { exact: true }).press("Enter");
  await expectRows(page, "24");
  await chartMenu(page).click();
  await page.getByLabel("Time zone", { exact: true }).selectOption("UTC");
  await expect(page.locator("#view")).toContainText("Times are UTC.");
});

test("exports are what is seen, as rows and as pictures; the link can be copied", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`${demo.url}#/stocks/AAPL,IBM/2009..2009?by=quarter.last`);
  await expectRows(page, "24");
  const json = await exported(page, "JSON");
  expect(json.name).toBe("AAPL_and_1_more_last_by_quarter_2009-01-01_2009-12-31.json");
  expect(JSON.parse(json.text)).toHaveLength(8);
  expect(JSON.parse(json.text)[0]).toEqual({ series: "AAPL", date: "2009-01-01", price: 105.12 });
  expect((await exported(page, "Parquet")).text).toMatch(/^PAR1/);
  expect((await exported(page, "Arrow")).text).toMatch(/^ARROW1/);
  const svg = await exported(page, "SVG");
  expect(svg.name).toMatch(/\.svg$/);
  const drawn = await page.evaluate((text) => {
    const file = new DOMParser().parseFromString(text, "image/svg+xml");
    return {
      root: file.documentElement.tagName,
      texts: [...file.querySelectorAll("text")].map(({ textContent }) => textContent),
    };
  }, svg.text);
  expect(drawn.root).toBe("svg");
  expect(drawn.texts).toEqual(
    expect.arrayContaining(["stocks: AAPL, IBM", "AAPL ($)", "IBM ($)", "Data: vega-datasets", "Jul"]),
  );
  await page.getByRole("button", { name: "Copy link", exact: true }).click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
});
