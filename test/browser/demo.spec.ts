import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { outlineOf, showState } from "../../demo/pictures/outline.ts";
import { SIZES as PICTURE_SIZES, PICTURES } from "../../demo/pictures/states.ts";
import { expectRows, fingersOn, inked, leaveChart, pick, SIZES, withDemo } from "./demo-tools.ts";

const demo = withDemo();

/** Each collection with its first series and the number of its rows. */
const CHARTS = [
  ["co2", "Mauna Loa", "741"],
  ["employment", "Construction", "120"],
  ["flights", "United States 2001", "3,000,000"],
  ["indices", "S&P 500", "5,105"],
  ["stocks", "AAPL", "123"],
  ["temperature", "Global", "144"],
  ["weather daily", "New York", "1,461"],
  ["weather hourly", "Seattle", "8,759"],
] as const;

test.describe.configure({ mode: "default" });

/** Number of files fetched since the log was last reset, without listings and preflights. */
/** Files, without listings and the index, which are asked for at each visit. */
const filesFetched = () =>
  demo.s3.log.filter(
    ({ method, path, query }) =>
      method === "GET" && !query.includes("list-type") && !path.endsWith("/index.json"),
  ).length;

for (const [size, options] of Object.entries(SIZES)) {
  test.describe(size, () => {
    test.use(options);

    test("shows a chart of every collection", async ({ page }, info) => {
      await page.goto(demo.url);
      for (const [collection, series, rows] of CHARTS) {
        await pick(page, "collections", collection);
        await expectRows(page, rows);
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(series);
        expect(await inked(page)).toBeGreaterThan(1000);
        await info.attach(`${size}, ${collection}`, {
          body: await page.screenshot({
            path: info.outputPath(`${collection}.png`),
            fullPage: size === "phone",
          }),
          contentType: "image/png",
        });
      }
      expect(demo.s3.stats().preflights).toBe(0);
    });

    test("fits its window", async ({ page }) => {
      await page.goto(`${demo.url}#/weather%20daily`);
      await expectRows(page, "1,461");
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBe(0);
    });
  });
}

test("reads other ranges and columns", async ({ page }) => {
  await page.goto(`${demo.url}#/flights`);
  await expectRows(page, "3,000,000");
  await expect(page.locator("#view")).toHaveText(
    "Line: mean of each day. Their extremes are not drawn. Times are UTC.",
  );
  await page.getByRole("button", { name: "Chart" }).click();
  await page.getByLabel("Extremes").check();
  await expect(page.locator("#view")).toContainText("Band: lowest to highest.");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Last 1,000 rows" }).click();
  await expectRows(page, "1,008"); // eight more have the same minute as the first
  const [from, to] = [page.getByLabel("from", { exact: true }), page.getByLabel("to", { exact: true })];
  await from.fill("2001-01-01");
  await to.fill("2001-01-01");
  await to.press("Enter");
  await expect(page).toHaveURL(/#\/flights\/United%20States%202001\/2001-01-01\.\.2001-01-01\?extremes=on$/);
  await expectRows(page, "14,828");
  await page.getByLabel("distance").uncheck();
  await expect(page.locator("#chart .panel")).toHaveCount(1);
  await expect(page.locator("#cursor")).toHaveText("2001-01-01 00:00 to 2001-01-01 23:59");
});

test("shows how many bytes came from network and cache, and fetches no file twice", async ({ page }) => {
  await page.goto(`${demo.url}#/flights`);
  await expectRows(page, "3,000,000");
  await expect(page.locator("#network")).toHaveText(/^8\.\d MB$/);
  expect(filesFetched()).toBeGreaterThan(25);
  // The cache is written in the background: wait for it before the reload.
  await expect(page.locator("#kept")).toContainText(/Kept on this device: 1[23] MB/);
  demo.s3.reset();
  await page.reload();
  await expectRows(page, "3,000,000");
  await expect(page.locator("#network")).toHaveText("0 B");
  // The chart of three million rows is drawn from their summaries.
  await expect(page.locator("#cache")).toHaveText(/^\d{2,3} kB$/);
  expect(filesFetched()).toBe(0);
});

test("zooms by drag, and back", async ({ page }) => {
  await page.goto(`${demo.url}#/indices`);
  await expectRows(page, "5,105");
  const span = page.locator("#cursor");
  await expect(span).toHaveText("2000-01-03 to 2020-04-17");
  const box = await page.locator(".u-over").first().boundingBox();
  if (!box) throw new Error("the chart has no size");
  const middle = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width / 2, middle);
  await page.mouse.down();
  await page.mouse.move(box.x + (3 * box.width) / 4, middle, { steps: 5 });
  await page.mouse.up();
  await page.mouse.move(0, 0);
  await expect(span).toHaveText(/^2010-02-\d\d .*to 2015-03-\d\d/);
  await page.getByRole("button", { name: "Reset" }).click();
  await expect(span).toHaveText("2000-01-03 to 2020-04-17");
});

test.describe("by touch", () => {
  test.use(SIZES.phone);

  test("zooms by a finger's drag", async ({ page }) => {
    await page.goto(`${demo.url}#/co2`);
    await expectRows(page, "741");
    const touch = await fingersOn(page);
    await touch("touchStart", 0.25);
    for (const part of [0.3, 0.4, 0.5]) await touch("touchMove", part);
    await touch("touchEnd");
    await expect(page.getByRole("button", { name: "Reset" })).toBeEnabled();
    await expect(page.locator("#main")).not.toHaveAttribute("aria-busy");
    await leaveChart(page);
    await expect(page.locator("#cursor")).toHaveText(/^197[34]-.* to 1989-/);
  });
});

test("reports a wrong secret, bucket or address, and recovers", async ({ page }) => {
  const message = page.locator("#message");
  const change = async (field: string, text: string) => {
    await page.locator("#connection").click();
    await page.locator(`[name=${field}]`).fill(text);
    await page.getByRole("button", { name: "Connect", exact: true }).click();
  };
  await page.goto(`${demo.url}#/stocks`);
  await expectRows(page, "123");
  await change("secretAccessKey", "wrong");
  await expect(message).toHaveAttribute("data-code", "forbidden");
  await expect(message).toBeFocused();
  await expect(message.getByRole("heading")).toHaveText("Access denied");
  await change("secretAccessKey", demo.settings.secretAccessKey);
  await expectRows(page, "123");
  await change("uri", "s3://elsewhere");
  await expect(message).toHaveAttribute("data-code", "not-found");
  await change("uri", `${demo.settings.uri}/empty`);
  await expect(message.getByRole("heading")).toHaveText("No collections yet");
  await change("uri", demo.settings.uri);
  await expectRows(page, "123");
  await change("endpoint", "http://127.0.0.1:9");
  await expect(message).toHaveAttribute("data-code", "network");
  await expect(message).toContainText("CORS");
  expect(page.url()).not.toContain(demo.settings.secretAccessKey);
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).toBe("{}");
});

test("writes pasted rows, shows the revision, and reverts it", async ({ page }, info) => {
  await page.goto(`${demo.url}#/stocks/AAPL`);
  await expectRows(page, "123");
  await page.locator("#revisions-title").click();
  const revisions = page.locator("#revisions li");
  await expect(revisions.first()).toContainText("now");
  const before = await revisions.count();
  await page.getByRole("button", { name: "Write rows" }).click();
  const rows = page.getByLabel("Rows", { exact: true });
  await expect(rows).toHaveValue(/^date,price\n2009-11-01,199\.91\n(.*\n){3}2010-03-01,223\.02\n$/);
  await expect(page.locator("#edit-status")).toContainText("5 rows will replace all rows from 2009-11-01");
  await rows.fill("date\tprice\n2010-04-01\toops\n");
  await expect(page.locator("#edit-status")).toHaveText("Line 2, price: “oops” is not a number.");
  await expect(page.getByRole("button", { name: "Write", exact: true })).toBeDisabled();
  await rows.fill("date\tprice\n2010-04-01\t230.5\n2010-05-01\t240.25\n");
  await page.locator("#edit").getByLabel("Author").fill("Ada");
  await page.locator("#edit").getByLabel("Message").fill("two more months");
  await page.screenshot({ path: info.outputPath("edit.png") });
  await page.getByRole("button", { name: "Write", exact: true }).click();
  await expectRows(page, "125");
  await expect(page.locator("#cursor")).toContainText("to 2010-05-01");
  await expect(revisions).toHaveCount(before + 1);
  await expect(revisions.first()).toContainText(/Ada: two more months.*2 rows.*now/);
  await page.screenshot({ path: info.outputPath("history.png"), fullPage: true });
  await revisions.nth(1).getByRole("button", { name: "Restore" }).click();
  await expectRows(page, "123");
  await expect(revisions).toHaveCount(before + 2);
  await expect(revisions.first()).toContainText("Restore the state of ");
});

test("reports a corrupt chunk", async ({ page }) => {
  demo.s3.faults.add({ key: /\/[0-9a-f]{2}\/[0-9a-f]{2}\//, corrupt: true });
  await page.goto(`${demo.url}#/indices`);
  await expect(page.locator("#message")).toHaveAttribute("data-code", "corrupt");
  demo.s3.faults.clear();
  await page.getByRole("button", { name: "Try again" }).click();
  await expectRows(page, "5,105");
});

test("shows progress, and can be cancelled", async ({ page }) => {
  demo.s3.shape = { latencyMs: 20, mbps: 8 };
  try {
    await page.goto(`${demo.url}#/flights`);
    await expect(page.locator("#progress-text")).toHaveText(/^\d+ of \d+ parts · .* of 36 MB · .*network/);
    await page.getByRole("button", { name: "Cancel" }).click();
    await expect(page.locator("#message-title")).toHaveText("Cancelled");
  } finally {
    demo.s3.shape = { latencyMs: 0, mbps: 0 };
  }
  await page.getByRole("button", { name: "Try again" }).click();
  await expectRows(page, "3,000,000");
});

test("can be used by keyboard alone", async ({ page }) => {
  await page.goto(`${demo.url}#/stocks`);
  await expectRows(page, "123");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the chart" })).toBeFocused();
  const tabTo = async (name: string) => {
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press("Tab");
      const focused = await page.evaluate(
        () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent,
      );
      if (focused?.includes(name)) return;
    }
    throw new Error(`Tab never reached "${name}"`);
  };
  await tabTo("weather daily");
  await page.keyboard.press("Enter");
  await expectRows(page, "1,461");
  await expect(page.locator("#collections [aria-current]")).toBeFocused();
  await tabTo("Seattle");
  await page.keyboard.press("Enter");
  await expect(page.locator("#chart")).toHaveAttribute("aria-label", "Chart of Seattle: 1,461 rows");
  await tabTo("30 days");
  await page.keyboard.press("Space");
  await expectRows(page, "31");
  await expect(page.locator("#live")).toHaveText(/^31 rows in /);
  await tabTo("Chart of Seattle: 31 rows");
  await page.keyboard.press("Home");
  await expect(page.locator("#live")).toHaveText(/^2015-12-01: precipitation 12\.2 mm, temp_max 10 °C/);
  await page.keyboard.press("ArrowRight");
  await expect(page.locator("#live")).toHaveText(/^2015-12-02: /);
  await page.keyboard.press("+");
  await expect(page.getByRole("button", { name: "Reset" })).toBeEnabled();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Reset" })).toBeDisabled();
  await tabTo("Rows as a table");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("columnheader")).toHaveText([
    /^date/,
    /^precipitation/,
    /^temp_max/,
    /^temp_min/,
    /^wind/,
    /^weather/,
  ]);
  await expect(page.getByRole("row").nth(1)).toContainText("rain");
});

test("finds one of many series", async ({ page }) => {
  await page.goto(`${demo.url}#/employment`);
  await expectRows(page, "120");
  await page.getByLabel("Search series and collections").fill("retail");
  await expect(page.locator("#series .label")).toHaveText(["Retail trade"]);
  await pick(page, "series", "Retail trade");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Retail trade");
});

test("the pictures in docs/ show what the page shows", async ({ page }) => {
  const file = new URL("../../docs/pictures/pictures.json", import.meta.url);
  const pictured: Readonly<Record<string, unknown>> = JSON.parse(readFileSync(file, "utf8"));
  expect(Object.keys(pictured)).toEqual(PICTURES.map(({ name }) => name));
  for (const state of PICTURES) {
    await page.setViewportSize(PICTURE_SIZES[state.size]);
    await showState(page, demo.url, state);
    const message = `${state.name} has changed: run npx tsx demo/pictures.ts`;
    await expect.poll(() => outlineOf(page, state), { message }).toEqual(pictured[state.name]);
  }
});
