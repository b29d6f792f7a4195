import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { openRepo, type Repo, Schema } from "../../src/node.ts";
import { expectAccessible, expectRows, pick, SIZES, withDemo } from "./demo-tools.ts";

/** The explorer with data that are easily shown wrong, and where it cannot show what it is asked for. */
const demo = withDemo({ collections: ["co2", "stocks"] });

const MINUTE = 60_000;
const START = Date.parse("2026-01-01");
const minutes = (count: number) => Array.from({ length: count }, (_, i) => new Date(START + i * MINUTE));
const days = (count: number, from: string) =>
  Array.from({ length: count }, (_, i) => new Date(Date.parse(from) + i * 1440 * MINUTE));

const open = (): Promise<Repo> => {
  const { uri, endpoint, region, accessKeyId, secretAccessKey } = demo.settings;
  return openRepo(uri, { endpoint, region, credentials: { accessKeyId, secretAccessKey }, cache: false });
};

test.beforeAll(async () => {
  const repo = await open();
  const values = await repo.createCollection(new Schema({ time: "timestamp*", value: "float" }), "values");
  const spike = minutes(50_000).map((_, i) => (i === 31_000 ? 1_000_000 : Math.sin(i / 500)));
  await values.batch(async (batch) => {
    await batch.series("spike").write({ time: minutes(50_000), value: spike });
    await batch.series("one row").write({ time: ["2026-01-01"], value: [3] });
    await batch
      .series("tiny")
      .write({ time: minutes(300), value: minutes(300).map((_, i) => 1e-9 * Math.sin(i / 20)) });
  });
  const stationSchema = new Schema({ time: "timestamp*", station: "str*", temperature: "float" });
  const stations = await repo.createCollection(stationSchema, "stations");
  const places = ["Ghent", "Liège", "Uccle"];
  const times = minutes(100).flatMap((time) => [time, time, time]);
  await stations.series("all").write({
    time: times,
    station: times.map((_, i) => places[i % 3]!),
    temperature: times.map((_, i) => 10 * (i % 3) + Math.sin(i / 60)),
  });
  const epochSchema = new Schema({ epoch: "int*", value: "float", on: "bool", remark: "str" });
  const epochs = await repo.createCollection(epochSchema, "epochs");
  const seconds = minutes(500).map((_, i) => 1_767_261_600 + 3600 * i);
  await epochs.series("seconds").write({
    epoch: seconds,
    value: seconds.map((_, i) => i),
    on: seconds.map((_, i) => i % 100 < 50),
    remark: seconds.map(String),
  });
  await repo.publish();
  repo.close();
});

const heading = (page: Page) => page.getByRole("heading", { level: 1 });
const message = (page: Page) => page.locator("#message");
const readings = (page: Page) => page.locator("#chart .key b").allTextContents();

/** Returns the number of pixels of the first panel that have a colour of a line. */
const coloured = (page: Page) =>
  page
    .locator("#chart canvas")
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((red, i) => i % 4 === 0 && data[i + 3]! > 128 && Math.abs(red - data[i + 2]!) > 60)
        .length;
    });

test("the time shown is that of the picture, not of the visit", async ({ page }) => {
  // Time passes without anyone waiting for it.
  await page.addInitScript(() => {
    const now = performance.now.bind(performance);
    Object.assign(window, { idle: 0 });
    performance.now = () => now() + (window as unknown as { idle: number }).idle;
  });
  await page.goto(`${demo.url}#/values/spike`);
  await expectRows(page, "50,000");
  await page.evaluate(() => Object.assign(window, { idle: 3_600_000 }));
  await page.getByRole("button", { name: "Zoom in" }).click();
  await expect(page.locator("#rows")).not.toHaveText("50,000");
  await expect(page.locator("#time")).toHaveText(/^(\d+ ms|\d{1,2}\.\d s)$/);
  const requests = await page.locator("#requests").textContent();
  await page.getByRole("button", { name: "Reset" }).click();
  await expectRows(page, "50,000");
  await expect(page.locator("#time")).toHaveText(/^(\d+ ms|\d{1,2}\.\d s)$/);
  expect(Number(requests)).toBeLessThan(5);
});

test("a far extreme is drawn; where the user hides it, the chart says so", async ({ page }) => {
  await page.goto(`${demo.url}#/values/spike`);
  await expectRows(page, "50,000");
  await expect(page.locator("#view")).toContainText("Band: lowest to highest.");
  await expect(page.locator(".beyond")).toBeEmpty();
  await page.getByRole("button", { name: "Chart" }).click();
  await page.getByLabel("Extremes").uncheck();
  await expect(page.locator("#view")).toContainText("Their extremes are not drawn.");
  await expect(page.locator(".beyond")).toHaveText("Not drawn: extremes from −1 to 1,000,000");
  await expect(page).toHaveURL(/\?extremes=off$/);
});

test("a single row is a point on an axis of days", async ({ page }) => {
  await page.goto(`${demo.url}#/values/one%20row`);
  await expectRows(page, "1");
  expect(await coloured(page)).toBeGreaterThan(8);
  await expect(page.locator("#cursor")).toHaveText("2025-12-29 00:00 to 2026-01-04 00:00");
});

test("each station of an index of (time, station) has a line; some can be chosen", async ({ page }) => {
  await page.goto(`${demo.url}#/stations`);
  await expectRows(page, "300");
  expect(await readings(page)).toEqual(["Ghent", "Liège", "Uccle"]);
  await page.getByLabel("Liège").uncheck();
  await expectRows(page, "200");
  expect(await readings(page)).toEqual(["Ghent", "Uccle"]);
  await page.reload();
  await expectRows(page, "200");
  expect(await readings(page)).toEqual(["Ghent", "Uccle"]);
});

test("an index of whole numbers is shown as numbers; text is no line", async ({ page }) => {
  await page.goto(`${demo.url}#/epochs`);
  await expectRows(page, "500");
  await expect(page.locator("#cursor")).toHaveText("1,767,261,600 to 1,769,058,000");
  await expect(page.getByLabel("from", { exact: true })).toHaveValue("1,767,261,600");
  await expect(page.locator("#view")).toHaveText("Every row is drawn.");
  await expect(page.locator("#columns").getByRole("checkbox")).toHaveCount(2); // without the remark
  expect(await readings(page)).toEqual(["value", "on"]);
  const to = page.getByLabel("to", { exact: true });
  await to.fill("1767265200");
  await to.press("Enter");
  await expectRows(page, "2");
  await page.getByText("Rows as a table").click();
  await expect(page.getByRole("columnheader", { name: "remark" })).toContainText("text");
  await expect(page.getByRole("cell", { name: "1767265200" })).toBeVisible();
});

for (const [size, options] of Object.entries(SIZES)) {
  test.describe(size, () => {
    test.use(options);

    test("after a failure nothing of the former collection is left", async ({ page }, info) => {
      await page.goto(`${demo.url}#/co2`);
      await expectRows(page, "741");
      demo.s3.faults.add({ status: 403, code: "AccessDenied" });
      try {
        await pick(page, "collections", "values");
        await expect(message(page)).toHaveAttribute("data-code", "forbidden");
        await expect(heading(page)).toHaveText("values");
        await expect(page.locator("#about")).toBeEmpty();
        await expect(page.getByRole("button", { name: "Write rows" })).toBeHidden();
        for (const part of [
          "#tools",
          "#figure",
          "#downloads",
          "#table",
          "#history",
          "#summary",
          "#source",
          "#figures",
        ])
          await expect(page.locator(part)).toBeHidden();
        await expect(page.locator("#series .label")).toHaveCount(0);
        await page.screenshot({ path: info.outputPath("refused.png"), fullPage: true });
        await expectAccessible(page);
      } finally {
        demo.s3.faults.clear();
      }
      await page.getByRole("button", { name: "Try again" }).click();
      await expect(heading(page)).toHaveText("one row");
      await expectRows(page, "1");
    });
  });
}

test("while another collection is read, the chart of the former one is gone", async ({ page }) => {
  await page.goto(`${demo.url}#/co2`);
  await expectRows(page, "741");
  let release = () => {};
  const hold = new Promise<void>((resolve) => {
    release = resolve;
  });
  demo.s3.faults.add({ hold });
  try {
    await pick(page, "collections", "stations");
    await expect(heading(page)).toHaveText("stations");
    await expect(page.locator("#chart")).toBeHidden();
    await expect(page.locator("#figure")).toBeVisible(); // its place stays free
    await expect(page.locator("#about")).toBeEmpty();
  } finally {
    release();
    demo.s3.faults.clear();
  }
  await expectRows(page, "300");
  await expect(page.locator("#chart")).toBeVisible();
});

test("a link to what is not there says so, and suggests what is", async ({ page }) => {
  const title = page.locator("#message-title");
  await page.goto(`${demo.url}#/stock`);
  await expect(title).toHaveText("No collection “stock”");
  await expect(page).toHaveURL(/#\/stock$/);
  await page.locator("#remedies").getByRole("button", { name: "stocks" }).click();
  await expectRows(page, "123");

  await page.goto(`${demo.url}#/stocks/APPL/1y`);
  await expect(title).toHaveText("No series “APPL” in stocks");
  await expect(page.locator("#figure")).toBeHidden();
  await expect(page.getByRole("button", { name: "Write rows" })).toBeHidden();
  await page.locator("#remedies").getByRole("button", { name: "AAPL" }).click();
  await expectRows(page, "13");

  await page.goto(`${demo.url}#/stocks/IBM,NOPE`);
  await expect(title).toHaveText("No series “NOPE” in stocks");
  await page.getByRole("button", { name: "Show IBM" }).click();
  await expectRows(page, "123");

  await page.goto(`${demo.url}#/co2/Mauna%20Loa/1990..1980`);
  await expect(title).toHaveText("No range “1990 to 1980”");
  await page.goto(`${demo.url}#/co2/Mauna%20Loa/1890..1900`);
  await expect(title).toHaveText("No rows in this range");
  await expect(page.locator("#message-advice")).toHaveText(/^The series has rows from 1958-03-01 to 20/);
  await expect(page.locator("#figure")).toBeHidden();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Show all" }).click();
  await expectRows(page, "741");
});

test("text that is no address is told what one looks like", async ({ page }) => {
  await page.goto(`${demo.url}#/co2`);
  await expectRows(page, "741");
  await page.locator("#connection").click();
  await page.locator("[name=uri]").fill("demo/v2");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  const problem = page.locator("#address-problem");
  await expect(problem).toHaveText(
    /^An address begins with s3:\/\/ or https:\/\/, for example s3:\/\/demo\/v2/,
  );
  await expect(page.locator("[name=uri]")).toBeFocused();
  await expectAccessible(page);
  await page.locator("[name=uri]").fill("s3://");
  await expect(problem).toBeHidden();
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await expectRows(page, "741");
  // A link may contain such text, too.
  await page.goto(`${demo.url}?uri=demo/v2`);
  await expect(page.locator("#message-title")).toHaveText("Invalid address");
  await expect(message(page)).toContainText("s3://demo/v2");
});

test("the dialog of the connection forgets secrets once it is closed", async ({ page }) => {
  await page.goto(`${demo.url}#/co2`);
  await expectRows(page, "741");
  await page.locator("#connection").click();
  await page.locator("[name=sessionToken]").fill("temporary");
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  const values = await page
    .locator("#form input")
    .evaluateAll((inputs: HTMLInputElement[]) => inputs.map(({ value }) => value));
  expect(values.join("")).toBe("");
  await page.locator("#connection").click();
  await expect(page.locator("[name=sessionToken]")).toHaveValue("");
});

test("two heads are drawn as a fork, with their conflict, and can be merged", async ({ page }, info) => {
  const shared = await open();
  const schema = new Schema({ day: "date*", value: "float" });
  const forked = await shared.createCollection(schema, "forked");
  await forked
    .series("s")
    .write({ day: days(60, "2020-01-01"), value: days(60, "2020-01-01").map((_, i) => i) });
  // Each writes to a copy, and pushes it without knowing of the other.
  const { uri, endpoint, region, accessKeyId, secretAccessKey } = demo.settings;
  const place = { uri, endpoint, region, credentials: { accessKeyId, secretAccessKey } };
  const copies = await Promise.all(
    ["Ada", "Bob"].map(async (author) => {
      const folder = mkdtempSync(join(tmpdir(), "lakota-copy-"));
      const copy = await openRepo(folder);
      await copy.pull(place, { labels: ["forked"] });
      return { author, folder, copy };
    }),
  );
  for (const { author, folder, copy } of copies) {
    const day = days(10, author === "Ada" ? "2020-01-10" : "2020-01-15");
    const series = (await copy.collection("forked")).series("s");
    await series.write({ day, value: day.map(() => 5) }, { note: { author } });
    await copy.push(place, { labels: ["forked"] });
    copy.close();
    rmSync(folder, { recursive: true, force: true });
  }
  shared.close();

  await page.goto(`${demo.url}#/forked`);
  await expectRows(page, "60");
  await page.locator("#revisions-title").click();
  const heads = page.locator("#heads");
  await expect(heads).toContainText(
    /^2 unmerged revisions: (Ada and Bob|Bob and Ada) wrote without knowing of each other/,
  );
  await expect(heads).toContainText("both changed “s”, 2020-01-15 to 2020-01-19");
  await expect(page.locator("#revisions .head")).toHaveCount(2);
  const lanes = await page
    .locator("#revisions .dot")
    .evaluateAll((dots: HTMLElement[]) => dots.map((dot) => dot.style.left));
  expect(new Set(lanes).size).toBe(2);
  await page.screenshot({ path: info.outputPath("fork.png"), fullPage: true });
  await expectAccessible(page);
  await heads.getByRole("button", { name: "Merge" }).click();
  await expect(page.locator("#revisions li")).toHaveCount(4);
  await expect(heads).toBeHidden();
  await expect(page.locator("#revisions .now")).toHaveCount(1);
});

test.describe("the view", () => {
  const address = (page: Page) => page.evaluate(() => location.hash);

  test("is in the address: a zoom is there after a reload, and Back leads to the series before", async ({
    page,
  }) => {
    await page.goto(`${demo.url}#/stocks/AAPL`);
    await expectRows(page, "123");
    await pick(page, "series", "IBM");
    await expect(heading(page)).toHaveText("IBM");
    await page.getByRole("button", { name: "Zoom in" }).click();
    await expect(page).toHaveURL(/\?view=\d/);
    const zoomed = await page.locator("#cursor").textContent();
    await page.reload();
    await expect(page.locator("#cursor")).toHaveText(zoomed!);
    await expect(page.getByRole("button", { name: "Reset" })).toBeEnabled();
    await page.goBack();
    await expect(heading(page)).toHaveText("AAPL");
    await expectRows(page, "123");
    await expect(page.locator("#series [aria-current]")).toHaveText("AAPL");
    await page.goForward();
    await expect(heading(page)).toHaveText("IBM");
    await expect(page.locator("#cursor")).toHaveText(zoomed!);
    await page.getByRole("button", { name: "Reset" }).click();
    await expect(page).not.toHaveURL(/view=/);
  });

  test("names columns, an earlier moment and how lines are drawn", async ({ page }) => {
    await page.goto(`${demo.url}#/co2`);
    await expectRows(page, "741");
    await page.getByLabel("adjusted").uncheck();
    await expect.poll(() => address(page)).toBe("#/co2/Mauna%20Loa/all?columns=co2");
    await page.getByRole("button", { name: "Chart", exact: true }).click();
    await page.getByLabel("Draw as").selectOption("points");
    await page.keyboard.press("Escape");
    await expect.poll(() => address(page)).toMatch(/&draw=points$/);
    await expect(page.locator("#moment")).toBeEnabled();
    await page.locator("#moment").fill("0");
    await page.locator("#moment").dispatchEvent("change");
    await expectRows(page, "377");
    await expect(page.locator("#changes-summary")).toContainText("added");
    await page.reload();
    await expectRows(page, "377");
    await expect(page.locator("#moment-status")).toContainText("As of 2018-03-05 09:12 UTC");
    await expect(page.getByLabel("Draw as")).toHaveValue("points");
    expect(await readings(page)).toEqual(["co2", "co2 (now)"]);
  });

  test("a click in the legend hides a line, a double click shows it alone", async ({ page }) => {
    await page.goto(`${demo.url}#/stocks/AAPL,IBM,MSFT`);
    await expectRows(page, "369");
    const key = (name: string) => page.locator("#chart").getByRole("button", { name });
    await key("IBM").click();
    await expect(key("IBM")).toHaveAttribute("aria-pressed", "false");
    await expect.poll(() => address(page)).toMatch(/\?hidden=IBM$/);
    await expectAccessible(page);
    await key("IBM").click();
    await expect(key("IBM")).toHaveAttribute("aria-pressed", "true");
    await key("MSFT").dblclick();
    await expect(key("MSFT")).toHaveAttribute("aria-pressed", "true");
    await expect.poll(() => address(page)).toMatch(/\?hidden=AAPL,IBM$/);
    await page.reload();
    await expectRows(page, "369");
    await expect(key("AAPL")).toHaveAttribute("aria-pressed", "false");
    await key("MSFT").dblclick();
    await expect(key("AAPL")).toHaveAttribute("aria-pressed", "true");
  });

  test("has statistics of all its rows", async ({ page }) => {
    await page.goto(`${demo.url}#/values/spike`);
    await expectRows(page, "50,000");
    await page.getByText("Statistics of what is in view").click();
    const row = page.locator("#summary tbody tr");
    await expect(row.locator("td")).toHaveText([
      "50,000",
      "0",
      "-1",
      "1,000,000",
      /^20\./,
      /^1,000,/,
      /^-0\.5/,
    ]);
    await expectAccessible(page);
    await page.getByLabel("to", { exact: true }).fill("2026-01-02");
    await page.getByLabel("to", { exact: true }).press("Enter");
    await expect(row.locator("td").first()).toHaveText("2,880");
  });
});
