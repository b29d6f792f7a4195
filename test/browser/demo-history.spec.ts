import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { openRepo, Schema } from "../../src/node.ts";
import { serveFolder } from "../packaging/static-server.ts";
import { expectAccessible, expectRows, SIZES, withDemo } from "./demo-tools.ts";

/** The history of a collection: its track above the chart, two states in one picture, and what can be done with them. */
const demo = withDemo({ collections: ["co2", "stocks", "temperature"] });

test.describe.configure({ mode: "default" });
test.use({ viewport: { width: 1440, height: 900 } });

const slider = (page: Page) => page.locator("#moment");
const status = (page: Page) => page.locator("#moment-status");
const lines = (page: Page) => page.locator("#chart .key b").allTextContents();
const address = (page: Page) => page.evaluate(() => location.hash);

const open = async (page: Page, collection = "co2", rows = "741") => {
  await page.goto(`${demo.url}#/${collection}`);
  await expectRows(page, rows);
  await expect(page.locator("#track-drawing .head").first()).toBeVisible();
};

/** Opens the demo's repository as another client. */
const elsewhere = () => {
  const { uri, endpoint, region, accessKeyId, secretAccessKey } = demo.settings;
  const credentials = { accessKeyId, secretAccessKey };
  return openRepo(uri, { endpoint, region, credentials, cache: false, maxAge: 0 });
};

test("each revision is a dot above the chart, with its card, and the chart does not move for them", async ({
  page,
}) => {
  // Where the chart is, from its first frame on.
  await page.addInitScript(() => {
    const tops = new Set<number>();
    Object.assign(globalThis, { tops });
    const look = () => {
      const plot = document.querySelector("#chart .u-over");
      const isVisible = plot && !document.querySelector("figure.waiting");
      if (isVisible) tops.add(Math.round(plot.getBoundingClientRect().top));
      requestAnimationFrame(look);
    };
    look();
  });
  await open(page);
  await expect(status(page)).toHaveText(
    "Now · 2020-05-05 07:58 UTC · Ada Lindqvist · Merge the adjusted values of Ben",
  );
  expect(await page.evaluate(() => [...(globalThis as unknown as { tops: Set<number> }).tops])).toHaveLength(
    1,
  );
  const dots = page.locator("#track-drawing i");
  await expect(dots).toHaveCount(7);
  await expect(page.locator("#track-drawing .head")).toHaveCount(1);
  // The fork is on a lane of its own.
  const heights = await dots.evaluateAll((all: HTMLElement[]) => all.map(({ style }) => style.top));
  expect(new Set(heights).size).toBe(2);
  const chart = (await page.locator("#chart").boundingBox())!;
  expect(chart.y + chart.height).toBeLessThan(page.viewportSize()!.height);

  const card = page.locator("#track-card");
  await expect(card).toBeHidden();
  await dots.nth(3).hover({ force: true });
  await expect(card).toHaveText(
    "2019-11-21 16:27 UTCBen Okafor: Correct 1996 to 1998: the reference gas was off by 9 ppm36 rows",
  );
});

test("an earlier state and the current one are one picture, with a list of what changed", async ({
  page,
}) => {
  await open(page);
  await slider(page).focus();
  for (let presses = 0; presses < 4; presses++) await page.keyboard.press("ArrowLeft");
  await expect(status(page)).toContainText(
    "As of 2018-06-04 08:05 UTC · Ada Lindqvist · Append 2005 to 2015",
  );
  await expect(slider(page)).toHaveAttribute("aria-valuetext", /^As of 2018-06-04/);
  await expectRows(page, "689");
  // The thumb stands on the dot of the revision. Both are measured at once: the track is drawn again when more is known.
  const distance = () =>
    page.evaluate(() => {
      const [track, dot] = ["#moment", "#track-drawing .selected"].map((selector) =>
        document.querySelector(selector)?.getBoundingClientRect(),
      );
      const thumb = track && track.x + 10 + ((track.width - 20) * 2) / 6;
      return thumb && dot && Math.abs(dot.x + dot.width / 2 - thumb);
    });
  await expect.poll(distance).toBeLessThan(2);

  expect(await lines(page)).toEqual(["co2", "adjusted", "co2 (now)", "adjusted (now)"]);
  await expect(page.locator("#chart .panel")).toHaveCount(1); // one scale
  await expect(page.locator("#chart .key i.dashed")).toHaveCount(2);
  await expect(page.locator("#changes-title")).toHaveText("What changed from 2018-06-04 08:05 to now");
  await expect(page.locator("#changes-summary")).toHaveText("104 rows changed, 52 added.");
  const rows = page.locator("#changes-body tr");
  await expect(rows).toHaveCount(156);
  await expect(rows.first()).toHaveText("changed1958-03-01315.7315.7 → 314.44");
  await expect(rows.last()).toHaveText("added2020-04-01416.18413.35");
  await expectAccessible(page);

  await rows.filter({ hasText: "1997-06-01" }).getByRole("button").click();
  await expect(page.locator("#cursor")).toHaveText("1995-07-30 to 1999-04-04");
  await page.getByRole("button", { name: "Reset" }).click();

  await page.getByRole("button", { name: "Draw both" }).click();
  await expect.poll(() => lines(page)).toEqual(["co2", "adjusted"]);
  expect(await address(page)).toContain("overlay=off");
  await page.getByRole("button", { name: "Back to now" }).click();
  await expectRows(page, "741");
  await expect(page.locator("#changes")).toBeHidden();
  expect(await address(page)).toBe("#/co2/Mauna%20Loa/all");
});

test("any two revisions are compared; the address names them, and Back leads to the pair before", async ({
  page,
}) => {
  await open(page);
  const compare = page.getByLabel("Compare with");
  const choose = async (text: string) => {
    const option = compare.locator("option").filter({ hasText: text });
    await compare.selectOption((await option.getAttribute("value"))!);
  };
  await choose("Correct 1996 to 1998");
  await expect(page.locator("#changes-title")).toHaveText("What changed from 2019-11-21 16:27 to now");
  await expect(page.locator("#changes-summary")).toHaveText("68 rows changed, 52 added.");
  await slider(page).fill("3");
  await slider(page).dispatchEvent("change");
  await expectRows(page, "689");
  await choose("before this change");
  await expect(page.locator("#changes-summary")).toHaveText("36 rows changed.");
  expect(await lines(page)).toContain("co2 (as of 2018-06-04 08:05)");
  const pair = await address(page);
  expect(pair).toMatch(/before=[0-9a-f]{11}&compare=[0-9a-f]{11}$/);
  await choose("now");
  await expect(page.locator("#changes-summary")).toHaveText("68 rows changed, 52 added.");
  await page.goBack();
  await expect(page.locator("#changes-summary")).toHaveText("36 rows changed.");
  await page.reload();
  await expect(page.locator("#changes-title")).toHaveText(
    "What changed from 2018-06-04 08:05 to 2019-11-21 16:27",
  );
  await expect(page.locator("#changes-summary")).toHaveText("36 rows changed.");
  // States of a fork that was merged without a conflict are the same as the merge.
  await slider(page).fill("5");
  await slider(page).dispatchEvent("change");
  await choose("now");
  await expect(page.locator("#changes-summary")).toHaveText("This series is the same.");
});

test("a link leads to a moment, whatever is written later", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page);
  await page.getByRole("button", { name: "Copy link to this state" }).click();
  await expect(page.locator("#live")).toHaveText("Link copied.");
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/#\/co2\/Mauna%20Loa\/all\?before=[0-9a-f]{11}$/);
  const repo = await elsewhere();
  const series = (await repo.collection("co2")).series("Mauna Loa");
  const row = { date: ["2030-01-01"], co2: [425], adjusted: [424] };
  await series.write(row, { note: { author: "Cleo", message: "Try a forecast" } });
  const other = await context.newPage();
  await other.goto(link);
  await expectRows(other, "741");
  await expect(status(other)).toContainText("As of 2020-05-05 07:58 UTC");
  await expect(other.locator("#changes-summary")).toHaveText("1 row added.");
  await other.close();
  await series.delete({ keys: ["2030-01-01"] });
  repo.close();
});

test("one revision's change is reverted, and later ones stay", async ({ page }) => {
  await open(page);
  const dialog = page.locator("#revert-dialog");
  const revert = page.getByRole("button", { name: "Revert this change" });
  const go = async (place: number) => {
    await slider(page).fill(String(place));
    await slider(page).dispatchEvent("change");
    await expect(page.locator("#changes-summary")).toContainText("changed");
    await revert.click();
  };
  await go(1);
  await expect(dialog).toContainText(
    "This change cannot be reverted. Some of these rows were changed again by Ben Okafor: Correct 1996 to 1998",
  );
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Close" }).click();
  await go(3);
  await expect(dialog).toContainText("Correct 1996 to 1998: the reference gas was off by 9 ppm · 36 rows");
  await expect(dialog).toContainText("1996-01-01 to 1998-12-01 gets its earlier values. Later changes stay.");
  await dialog.getByLabel("Author").fill("Cleo");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Revert", exact: true }).click();
  await expectRows(page, "741");
  await expect(status(page)).toContainText(
    "Cleo · Revert “Correct 1996 to 1998: the reference gas was off by 9 ppm”",
  );
  const repo = await elsewhere();
  const frame = await (await repo.collection("co2"))
    .series("Mauna Loa")
    .read({ start: "1998-12-01", limit: 2 });
  expect([...frame.numbers("co2")]).toEqual([375.97, 368.15]);

  // The newest change.
  await revert.click();
  await expect(dialog).toContainText("There are no later changes");
  await dialog.getByRole("button", { name: "Revert", exact: true }).click();
  await expect(status(page)).toContainText("Revert “Revert “Correct");
  const again = await (await repo.collection("co2"))
    .series("Mauna Loa")
    .read({ start: "1998-12-01", limit: 1 });
  expect([...again.numbers("co2")]).toEqual([366.97]);
  repo.close();
});

test("a repository that cannot be written says so before a change is reverted", async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), "lakota-static-"));
  const { uri, endpoint, region, accessKeyId, secretAccessKey } = demo.settings;
  const copy = await openRepo(folder);
  await copy.pull(
    { uri, endpoint, region, credentials: { accessKeyId, secretAccessKey } },
    { labels: ["co2"] },
  );
  await copy.publish();
  copy.close();
  const host = await serveFolder(folder, { cors: true });
  try {
    await page.goto(`${demo.url}?uri=${encodeURIComponent(host.url)}#/co2`);
    await expectRows(page, "741");
    await page.getByRole("button", { name: "Revert this change" }).click();
    await expect(page.locator("#obstacle-title")).toHaveText("This repository is read-only");
  } finally {
    await host.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

for (const [size, options] of Object.entries(SIZES)) {
  test.describe(size, () => {
    test.use(options);

    test("two heads in conflict are marked", async ({ page }) => {
      await open(page, "temperature", "144");
      await expect(page.locator("#track-drawing .conflict")).toHaveCount(2);
      await expect(page.locator("#heads")).toContainText(
        "2 unmerged revisions: Ada Lindqvist and Ben Okafor wrote without knowing of each other, and both changed “Global”, 2021-01-01 to 2023-01-01.",
      );
      await expectAccessible(page);
      const [history, chart] = await Promise.all([
        page.locator("#history").boundingBox(),
        page.locator("#chart").boundingBox(),
      ]);
      expect(history!.height).toBeLessThan(120);
      expect(chart!.y + chart!.height).toBeLessThan(page.viewportSize()!.height);
      const overflow = () =>
        page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(await overflow()).toBe(0);
    });
  });
}

test("the controls are below the description of the state, at every width", async ({ page }) => {
  await open(page);
  for (const width of [390, 700, 850, 1000, 1150, 1280, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    const gap = () =>
      page.evaluate(() => {
        const [status, actions] = ["#moment-status", "#moment-actions"].map((selector) =>
          document.querySelector(selector)!.getBoundingClientRect(),
        );
        return actions!.top - status!.bottom;
      });
    await expect.poll(gap, `${width} px`).toBeGreaterThanOrEqual(0);
  }
});

test("two heads are merged", async ({ page }) => {
  await open(page, "temperature", "144");
  await page.locator("#heads").getByRole("button", { name: "Merge" }).click();
  await expect(page.locator("#heads")).toBeHidden();
  await expect(page.locator("#track-drawing i")).toHaveCount(4);
  await expect(page.locator("#track-drawing .conflict")).toHaveCount(0);
  await expect(status(page)).toContainText("Merge");
});

test("one revision says that it is the only one, and hundreds fit", async ({ page }) => {
  await page.goto(`${demo.url}#/stocks`);
  await expectRows(page, "123");
  await expect(status(page)).toHaveText(/^Now · one revision so far · .* UTC · Import · 560 rows$/);
  await expect(page.locator("#track")).toBeHidden();
  await expect(slider(page)).toBeHidden();

  const folder = mkdtempSync(join(tmpdir(), "lakota-many-"));
  const copy = await openRepo(folder);
  const many = await copy.createCollection(new Schema({ day: "date*", value: "float" }), "many");
  for (let i = 0; i < 205; i++)
    await many
      .series("s")
      .write({ day: [new Date(i * 86_400_000)], value: [i % 7] }, { note: { message: `Day ${i}` } });
  const { uri, endpoint, region, accessKeyId, secretAccessKey } = demo.settings;
  await copy.push(
    { uri, endpoint, region, credentials: { accessKeyId, secretAccessKey } },
    { labels: ["many"] },
  );
  copy.close();
  rmSync(folder, { recursive: true, force: true });
  await page.goto(`${demo.url}?#/many`);
  await expectRows(page, "205");
  await expect(page.locator("#track-drawing i")).toHaveCount(200);
  await page.locator("#revisions-title").click();
  await page.getByRole("button", { name: "Older revisions" }).click();
  await expect(page.locator("#track-drawing i")).toHaveCount(205);
  await expect(page.locator("#revisions li").last()).toContainText("Day 0");
  await slider(page).fill("9");
  await slider(page).dispatchEvent("change");
  await expectRows(page, "10");
  await expect(status(page)).toContainText("Day 9");
});
