import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { openRepo, type Repo, Schema } from "../../src/node.ts";
import { type StaticServer, serveFolder } from "../packaging/static-server.ts";
import {
  expectAccessible,
  expectRows,
  fingersOn,
  inked,
  leaveChart,
  pick,
  SIZES,
  withDemo,
} from "./demo-tools.ts";

/** The features of the explorer, step by step, at both sizes. */
const demo = withDemo({ collections: ["co2", "employment", "stocks"] });

/** The repository, opened by another client. */
let elsewhere: Repo;
test.beforeEach(async () => {
  const { uri, endpoint, region, accessKeyId, secretAccessKey } = demo.settings;
  const credentials = { accessKeyId, secretAccessKey };
  elsewhere = await openRepo(uri, { endpoint, region, credentials, cache: false });
});
test.afterEach(() => elsewhere.close());

const readings = (page: Page) => page.locator("#chart .key b").allTextContents();
const moment = (page: Page) => page.locator("#moment");

/** Moves the history's slider as a user would: the "change" event comes on release. */
const moveSlider = async (page: Page, to: number) => {
  await moment(page).fill(String(to));
  await moment(page).dispatchEvent("change");
};

for (const [size, options] of Object.entries(SIZES)) {
  test.describe(size, () => {
    test.use(options);

    test("the whole tour", async ({ page }, info) => {
      const picture = async (name: string) => {
        const body = await page.screenshot({ path: info.outputPath(`${name}.png`), fullPage: true });
        await info.attach(`${size}, ${name}`, { body, contentType: "image/png" });
        await expectAccessible(page);
      };

      await test.step("several series in one chart", async () => {
        await page.goto(`${demo.url}#/stocks/AAPL`);
        await expectRows(page, "123");
        await page.getByRole("button", { name: "Compare with MSFT" }).click();
        await expectRows(page, "246");
        await page.getByRole("button", { name: "Compare with IBM" }).click();
        await expectRows(page, "369");
        expect(await readings(page)).toEqual(["AAPL", "MSFT", "IBM"]);
        await expect(page).toHaveURL(/#\/stocks\/AAPL,MSFT,IBM\/all$/);
        await picture("several series");
        await page.getByRole("button", { name: "Compare with IBM" }).click();
        await expectRows(page, "246");
      });

      await test.step("a range in ISO times, and by buttons", async () => {
        await page.getByLabel("from", { exact: true }).fill("2005-13");
        await page.getByLabel("from", { exact: true }).press("Enter");
        expect(
          await page.locator("#from").evaluate((input: HTMLInputElement) => input.validationMessage),
        ).toMatch(/2001-03-05T06:30/);
        await page.getByLabel("from", { exact: true }).fill("2005");
        await page.getByLabel("to", { exact: true }).fill("2006-06");
        await page.getByLabel("to", { exact: true }).press("Enter");
        await expectRows(page, "36"); // 18 months of two series
        await expect(page).toHaveURL(/\/2005\.\.2006-06$/);
        await page.getByRole("button", { name: "12 months" }).click();
        await expectRows(page, "26");
        await page.getByRole("button", { name: "All" }).click();
        await expectRows(page, "246");
      });

      await test.step("rows as a table", async () => {
        await page.getByText("Rows as a table").click();
        await expect(page.getByRole("row").nth(1)).toHaveText(/2000-01-01\s*25\.94/);
        await picture("table");
      });

      await test.step("downloads: CSV and PNG", async () => {
        const downloaded = async (name: string) => {
          await page.getByRole("button", { name: "Export" }).click();
          const [download] = await Promise.all([
            page.waitForEvent("download"),
            page.getByRole("button", { name, exact: true }).click(),
          ]);
          return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
        };
        const csv = await downloaded("CSV");
        expect(csv.name).toBe("AAPL_and_1_more_2000-01-01_2010-03-01.csv");
        const lines = csv.bytes.toString().trim().split("\n");
        expect(lines).toHaveLength(247);
        expect(lines.slice(0, 2)).toEqual(["series,date,price", "AAPL,2000-01-01,25.94"]);
        const png = await downloaded("PNG");
        expect(png.name).toBe("AAPL_and_1_more_2000-01-01_2010-03-01.png");
        expect(png.bytes.subarray(1, 4).toString()).toBe("PNG");
        expect(png.bytes.length).toBeGreaterThan(5_000);
      });

      await test.step("back in time", async () => {
        await pick(page, "collections", "co2");
        await expectRows(page, "741");
        const revisions = page.locator("#revisions li");
        await page.locator("#revisions-title").click();
        const third = revisions.filter({ hasText: "Append 2005 to 2015" });
        await expect(third).toHaveCount(1);
        // The newest is the first of the list, and the last place of the slider.
        const texts = await revisions.allTextContents();
        const place = texts.length - 1 - texts.findIndex((text) => text.includes("Append 2005 to 2015"));
        const plain = await inked(page);
        await moveSlider(page, place - 2);
        await expectRows(page, "377"); // until 1989
        await expect(page.locator("#moment-status")).toContainText(
          "As of 2018-03-05 09:12 UTC · Ada Lindqvist",
        );
        await expect(page.locator("#view")).toContainText("The state as of 2018-03-05 09:12 UTC.");
        // The axis reaches to now, to show the changes since.
        await expect(page.locator("#cursor")).toHaveText(/^1958-03-01 to 20[23]\d-/);
        await moveSlider(page, place - 1);
        await expectRows(page, "557");
        await expect(page.locator("#changes-summary")).toHaveText(/^104 rows changed, 18\d added\./);
        await expect(page.locator("#changes-body tr").first()).toHaveText(
          /changed1958-03-01315\.7315\.7 → 314\.44/,
        );
        await picture("back in time");
        await moveSlider(page, texts.length - 1);
        await expectRows(page, "741");
        await expect(page.locator("#changes")).toBeHidden();
        await expect(page.locator("#moment-status")).toContainText("Now");
        await expect.poll(() => inked(page)).toBe(plain);
      });

      await test.step("live: writes of other clients appear", async () => {
        await page.getByRole("button", { name: "Live" }).click();
        await expect(page.getByRole("button", { name: "Live" })).toHaveAttribute("aria-pressed", "true");
        const theirs = await elsewhere.collection("co2");
        await theirs.series("Mauna Loa").write({ date: ["2030-01-01"], co2: [425], adjusted: [424] });
        await expectRows(page, "742");
        await expect(page.locator("#cursor")).toContainText("to 2030-01-01");
        await theirs.series("Mauna Loa").delete({ start: "2030-01-01", stop: "2030-01-01", closed: "both" });
        await expectRows(page, "741");
        await page.getByRole("button", { name: "Live" }).click();
      });

      await test.step("kept offline, and released", async () => {
        await page.getByRole("button", { name: "Keep “co2” offline" }).click();
        await expect(page.locator("#offline-status")).toContainText("All of “co2” is kept");
        await picture("kept offline");
        await page.getByRole("button", { name: "Remove offline copy" }).click();
        await expect(page.getByRole("button", { name: "Keep “co2” offline" })).toBeVisible();
      });
    });
  });
}

test("a difference is drawn on the chart", async ({ page }) => {
  await page.goto(`${demo.url}#/co2`);
  await expectRows(page, "741");
  await expect(moment(page)).toBeEnabled();
  const last = Number(await moment(page).getAttribute("max"));
  const theirs = (await elsewhere.collection("co2")).series("Mauna Loa");
  await theirs.write({ date: ["1980-01-01", "1999-12-01"], co2: [340, 370], adjusted: [340, 370] });
  await page.reload();
  await expectRows(page, "503");
  await expect(moment(page)).toHaveAttribute("max", String(last + 1));
  await moveSlider(page, last);
  await expectRows(page, "741");
  await expect(page.locator("#changes-summary")).toHaveText(
    "2 rows changed, 238 removed. The first 200 are listed.",
  );
  // Changed years are shaded: there the canvas is painted even high above the line.
  const shade = () =>
    page
      .locator("#chart canvas")
      .first()
      .evaluate((canvas: HTMLCanvasElement) => {
        const at = (part: number) =>
          canvas.getContext("2d")!.getImageData(canvas.width * part, canvas.height * 0.12, 3, 1).data[3]!;
        return { before: at(0.2), within: at(0.52), after: at(0.9) };
      });
  await expect.poll(async () => (await shade()).within).toBeGreaterThan(0);
  await page.locator("#revisions-title").click();
  await page.locator("#revisions li").nth(1).getByRole("button", { name: "Restore" }).click();
  await expectRows(page, "741");
});

test("moves by the mouse with Shift, and by the wheel", async ({ page }) => {
  await page.goto(`${demo.url}#/stocks/IBM/2003..2006`);
  await expectRows(page, "48");
  const span = page.locator("#cursor");
  await page.getByRole("button", { name: "Zoom in" }).click();
  await expect(span).toHaveText(/^2004-01-01 .* to 2005-12-/);
  const left = async () => Date.parse(((await span.textContent()) ?? "").slice(0, 10));
  const before = await left();
  const box = await page.locator(".u-over").first().boundingBox();
  if (!box) throw new Error("the chart has no size");
  const y = box.y + box.height / 2;
  await page.keyboard.down("Shift");
  await page.mouse.move(box.x + box.width / 2, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 4, y, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up("Shift");
  await page.mouse.move(0, 0);
  await expect.poll(left).toBeGreaterThan(before);
  const moved = await left();
  await page.mouse.move(box.x + box.width / 2, y);
  await page.mouse.wheel(-200, 0);
  await page.mouse.move(0, 0);
  await expect.poll(left).toBeLessThan(moved);
});

test.describe("with two fingers", () => {
  test.use(SIZES.phone);

  test("zooms in where they spread", async ({ page }) => {
    await page.goto(`${demo.url}#/co2`);
    await expectRows(page, "741");
    const touch = await fingersOn(page);
    await touch("touchStart", 0.4, 0.6);
    for (const step of [0.05, 0.1, 0.15, 0.2]) await touch("touchMove", 0.4 - step, 0.6 + step);
    await touch("touchEnd");
    await expect(page.getByRole("button", { name: "Reset" })).toBeEnabled();
    await leaveChart(page);
    // The part between the fingers, a fifth of all, now fills a bit more than half of the view.
    await expect(page.locator("#cursor")).toHaveText(/^1978-.* to 1999-/);
  });
});

test("empty collections and series say so", async ({ page }) => {
  const empty = await elsewhere.createCollection(new Schema({ t: "timestamp*", v: "float" }), "empty");
  await page.goto(`${demo.url}#/empty`);
  await expect(page.locator("#message-title")).toHaveText("No series yet");
  await empty.series("s").write({ t: [1, 2], v: [1, 2] });
  await empty.series("s").delete({ start: 0 });
  await page.reload();
  await expect(page.locator("#message-title")).toHaveText("No rows");
  await expectAccessible(page);
  await elsewhere.delete("empty");
});

test.describe("links", () => {
  let host: StaticServer;
  let folder: string;

  test.beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lakota-static-"));
    const copy = await openRepo(folder);
    const stocks = await copy.createCollection(new Schema({ date: "date*", price: "float" }), "stocks");
    await stocks.series("ACME").write({ date: ["2026-01-01", "2026-01-02", "2026-01-03"], price: [1, 3, 2] });
    await copy.publish();
    copy.close();
    host = await serveFolder(folder, { cors: true });
  });
  test.afterAll(async () => {
    await host.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("lead to a repository on a plain web host", async ({ page, context }) => {
    await page.goto(demo.url);
    await expect(page.locator("#rows")).not.toHaveText("");
    await page.locator("#connection").click();
    await page.locator("[name=uri]").fill(host.url);
    // Neither keys nor the address of an S3 server are for a web host.
    await expect(page.locator("[name=accessKeyId]")).toBeHidden();
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await expectRows(page, "3");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("ACME");
    // Not the description of the demo's own repository.
    await expect(page.locator("#about")).toHaveText("stocks: date, price");
    expect(page.url()).not.toContain("endpoint");
    const other = await context.newPage();
    await other.goto(page.url());
    await expectRows(other, "3");
    expect(host.answers.filter((answer) => answer.startsWith("200 /lakota/index")).length).toBeGreaterThan(0);
  });

  test("never hold a secret: visitors are asked for their own", async ({ page, context }) => {
    await page.goto(`${demo.url}#/stocks`);
    await expectRows(page, "123");
    await page.locator("#connection").click();
    await page.locator("[name=region]").fill(""); // differs from the demo's own
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await expectRows(page, "123");
    const link = page.url();
    expect(link).toContain("uri=s3%3A%2F%2Fdemo");
    expect(link).not.toContain(demo.settings.secretAccessKey);
    expect(link).not.toContain(`=${demo.settings.accessKeyId}&`);
    const other = await context.newPage();
    await other.goto(link);
    await expect(other.locator("#message")).toHaveAttribute("data-code", "forbidden");
    await other.getByRole("button", { name: "Change the connection" }).click();
    await other.locator("[name=accessKeyId]").fill(demo.settings.accessKeyId);
    await other.locator("[name=secretAccessKey]").fill(demo.settings.secretAccessKey);
    await other.getByRole("button", { name: "Connect", exact: true }).click();
    await expectRows(other, "123");
  });
});
