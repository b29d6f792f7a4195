import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { serveGallery } from "../../examples/gallery/serve.ts";
import { openRepo } from "../../src/node.ts";
import { type StaticServer, serveFolder } from "../packaging/static-server.ts";
import { untilCached } from "./stored-keys.ts";

/** The gallery as `npm run gallery` serves it. */
let gallery: StaticServer;
let folder: string;
let truth: Record<string, { rows: number; low: number; high: number }>;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lakota-gallery-"));
  gallery = await serveGallery({ folder });
  truth = await readAll(join(folder, "repository"));
});

test.afterAll(async () => {
  await gallery?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Computes from all rows what the charts must show. */
async function readAll(repository: string): Promise<typeof truth> {
  const repo = await openRepo(repository);
  const collection = await repo.collection("temperature");
  const found: typeof truth = {};
  for (const label of await collection.ls()) {
    const values = (await collection.series(label).read({ columns: ["celsius"] })).numbers("celsius");
    const sorted = Float64Array.from(values).sort();
    found[label] = { rows: sorted.length, low: sorted[0]!, high: sorted.at(-1)! };
  }
  repo.close();
  return found;
}

const failures: string[] = [];
test.beforeEach(({ page }) => {
  failures.length = 0;
  page.on("pageerror", (error) => failures.push(String(error.stack)));
});
test.afterEach(() => expect(failures).toEqual([]));

const status = (page: Page) => page.getByRole("status");

test.describe("pages that Vite has built", () => {
  let host: StaticServer;
  test.afterEach(() => host.close());

  for (const path of ["/react/", "/observable-plot/"]) {
    test(`${path}: the repository is asked once the worker's only file is there`, async ({ page }) => {
      const asked: string[] = [];
      /** The files of the page itself, by its HTML, and the worker. */
      const html = readFileSync(join(folder, path, "index.html"), "utf8");
      const own = [...html.matchAll(/(?:src|href)="\.\.(\/assets\/[^"]+)"/g)].map(([, file]) => file!);
      const isNeeded = (file: string) =>
        !file.startsWith("/assets/") || own.includes(file) || /\/worker-[^/]*\.js$/.test(file);
      host = await serveFolder(folder, {
        hold: (file) => {
          asked.push(file);
          return isNeeded(file) ? undefined : new Promise<never>(() => {});
        },
      });
      await page.goto(host.url + path, { waitUntil: "commit" });
      await expect.poll(() => asked).toContain("/repository/lakota/index/v2/index.json");
      expect(own.length).toBeGreaterThan(0);
    });
  }
});

/** Parses the status of a chart: `"1,052,640 rows in 1,776 points, -10.7 to 47.25 °C"`. */
async function readStatus(page: Page) {
  const text = await status(page).innerText();
  const found = /^([\d,]+) rows in (\d+) points, (\S+) to (\S+) °C$/.exec(text);
  if (!found) throw new Error(`Unexpected status: "${text}"`);
  const [rows, points, low, high] = found.slice(1).map((part) => Number(part.replaceAll(",", "")));
  return { rows, points, low, high };
}

/** Returns the fraction of the canvas's pixel columns that contain a colour. */
const columnsOf = (page: Page, colour: readonly number[]) =>
  page.locator("canvas").evaluate((canvas: HTMLCanvasElement, [r, g, b]) => {
    const { data, width } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    const columns = new Set<number>();
    for (let i = 0; i < data.length; i += 4) {
      const near = Math.abs(data[i]! - r!) + Math.abs(data[i + 1]! - g!) + Math.abs(data[i + 2]! - b!) < 24;
      if (near && data[i + 3]! > 200) columns.add((i / 4) % width);
    }
    return columns.size / width;
  }, colour);

/** Expects no serious accessibility violation in light and dark mode, and takes a screenshot of each. */
async function expectAccessible(page: Page, path: (name: string) => string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
    await page.screenshot({ path: path(`${colorScheme}.png`), fullPage: true });
  }
}

const UPLOT = [
  { name: "plain", label: "garden", colour: [0x3d, 0x7f, 0xe0] },
  { name: "react", label: "roof", colour: [0xd9, 0x65, 0x0c] },
] as const;

for (const { name, label, colour } of UPLOT) {
  test.describe(name, () => {
    test("draws every extreme of a million rows", async ({ page }, info) => {
      await page.goto(`${gallery.url}/${name}/`);
      await expect(status(page)).toContainText("rows in");
      const { points, ...seen } = await readStatus(page);
      expect(seen).toEqual(truth[label]);
      expect(points).toBeGreaterThan(1_000);
      expect(await columnsOf(page, colour)).toBeGreaterThan(0.8);
      await expectAccessible(page, (file) => info.outputPath(file));
    });

    test("requests the dragged range, and everything at a double-click", async ({ page }, info) => {
      await page.goto(`${gallery.url}/${name}/`);
      await expect(status(page)).toContainText("rows in");
      const all = await status(page).innerText();
      const box = (await page.locator(".u-over").boundingBox())!;
      const [x, y] = [(part: number) => box.x + part * box.width, box.y + box.height / 2];
      await page.mouse.move(x(0.4), y);
      await page.mouse.down();
      await page.mouse.move(x(0.5), y, { steps: 4 });
      await page.mouse.up();
      await expect(status(page)).not.toHaveText(all);
      const part = await readStatus(page);
      expect(part.rows! / truth[label]!.rows).toBeCloseTo(0.1, 2);
      expect(part.points).toBeGreaterThan(1_000);
      expect(await columnsOf(page, colour)).toBeGreaterThan(0.8);
      await page.screenshot({ path: info.outputPath("zoomed.png") });
      await page.mouse.dblclick(x(0.5), y);
      await expect(status(page)).toHaveText(all);
    });

    test("zooms by keyboard, down to single rows; the latest request wins", async ({ page }) => {
      await page.goto(`${gallery.url}/${name}/`);
      await expect(status(page)).toContainText("rows in");
      const all = await status(page).innerText();
      await page.getByRole("button", { name: "Zoom in" }).focus();
      for (let left = truth[label]!.rows / 2; left > 1_000; left /= 2) {
        const before = await status(page).innerText();
        await page.keyboard.press("Enter");
        await expect(status(page)).not.toHaveText(before);
      }
      const { rows, points } = await readStatus(page);
      expect(rows).toBeLessThan(3_000);
      expect(rows).toBeGreaterThan(500);
      expect(points).toBeLessThanOrEqual(rows!);
      await page.getByRole("button", { name: "All" }).click();
      await expect(status(page)).toHaveText(all);
      for (let presses = 0; presses < 3; presses++) await page.getByRole("button", { name: "Later" }).click();
      await expect(status(page)).toHaveText("No rows here");
      await page.evaluate(() => {
        const press = (text: string) =>
          [...document.querySelectorAll("button")]
            .find((button) => button.textContent?.trim() === text)!
            .click();
        for (const text of ["Zoom out", "Later", "Earlier", "All"]) press(text);
      });
      await expect(status(page)).toHaveText(all);
    });
  });
}

test("observable-plot draws the band of each series", async ({ page }, info) => {
  await page.goto(`${gallery.url}/observable-plot/`);
  const rows = Object.values(truth).reduce((sum, each) => sum + each.rows, 0);
  await expect(status(page)).toHaveText(`${rows.toLocaleString("en")} rows`);
  await expect(page.locator("#charts h2")).toHaveText(Object.keys(truth));
  const drawn = await page.locator("#charts > figure").evaluateAll((figures: (HTMLElement & Plotted)[]) =>
    figures.map((figure) => ({
      domain: figure.scale("y").domain,
      corners: figure.querySelector("[aria-label=line] path")!.getAttribute("d")!.split("L").length,
    })),
  );
  expect(drawn).toEqual(Object.values(truth).map(({ low, high }) => ({ domain: [low, high], corners: 731 })));
  await expectAccessible(page, (file) => info.outputPath(file));
});

/** Writes a row to each series, runs a test, and takes the rows back. */
async function whileWritten(test: () => Promise<void>): Promise<void> {
  const repo = await openRepo(join(folder, "repository"));
  const collection = await repo.collection("temperature");
  const [last] = await collection.log();
  try {
    await collection.batch(async (batch) => {
      const row = { timestamp: [Date.UTC(2025, 11, 31, 23, 59, 30)], celsius: [48.5] };
      for (const label of Object.keys(truth)) await batch.series(label).write(row);
    });
    await test();
  } finally {
    await collection.revert(last!);
    repo.close();
  }
}

/** What Observable Plot adds to the figures that it returns. */
interface Plotted {
  scale(name: string): { domain: [number, number] };
}

test("five lines zoom, and follow new rows", async ({ page }, info) => {
  await page.goto(`${gallery.url}/lines/`);
  const rows = Object.values(truth).reduce((sum, each) => sum + each.rows, 0);
  const all = `${rows.toLocaleString("en")} rows`;
  await expect(status(page)).toHaveText(all);
  await expect(page.locator(".u-legend .u-label")).toHaveText([/./, ...Object.keys(truth)]);
  await expectAccessible(page, (file) => info.outputPath(file));
  const box = (await page.locator(".u-over").boundingBox())!;
  const [x, y] = [(part: number) => box.x + part * box.width, box.y + box.height / 2];
  await page.mouse.move(x(0.4), y);
  await page.mouse.down();
  await page.mouse.move(x(0.5), y, { steps: 4 });
  await page.mouse.up();
  await expect(status(page)).toHaveText(/^[\d,]+ rows$/);
  await expect(status(page)).not.toHaveText(all);
  const part = Number((await status(page).innerText()).replace(/\D/g, ""));
  expect(part / rows).toBeCloseTo(0.1, 2);
  await page.screenshot({ path: info.outputPath("zoomed.png") });
  await page.mouse.dblclick(x(0.5), y);
  await expect(status(page)).toHaveText(all);
  await whileWritten(async () => {
    await expect(status(page)).toHaveText(`${(rows + Object.keys(truth).length).toLocaleString("en")} rows`);
  });
});

test("react shows new rows by itself", async ({ page }) => {
  await page.goto(`${gallery.url}/react/`);
  const { rows } = truth.roof!;
  await expect(status(page)).toContainText(`${rows.toLocaleString("en")} rows`);
  await whileWritten(async () => {
    await expect(status(page)).toContainText(`${(rows + 1).toLocaleString("en")} rows`);
  });
});

test("the notebook runs SQL over frames", async ({ page }, info) => {
  await page.goto(`${gallery.url}/notebook/`);
  await expect(status(page)).toHaveText(/^10 rows in \d+ ms$/, { timeout: 60_000 });
  await expect(page.locator("tbody tr").first()).toContainText(`garden`);
  await expect(page.locator("tbody tr").first()).toContainText(String(truth.garden!.high));
  await expectAccessible(page, (file) => info.outputPath(file));
  const query = page.getByLabel("Query");
  await query.fill("select count(*) as rows from temperature where timestamp < '2025-01-02'");
  await query.press("Control+Enter");
  await expect(page.locator("tbody")).toHaveText(String(24 * 60 * Object.keys(truth).length));
  await query.fill("select nonsense from temperature");
  await page.getByRole("button", { name: "Run" }).click();
  await expect(status(page)).toContainText("nonsense");
  await expect(status(page)).toHaveClass("error");
});

for (const name of ["plain", "lines", "react", "observable-plot"]) {
  test(`${name} reports errors`, async ({ page, context }) => {
    await context.route(/\/repository\//, (route) => route.fulfill({ status: 403 }));
    await page.goto(`${gallery.url}/${name}/`);
    await expect(status(page)).toContainText("/repository");
    await expect(status(page)).toHaveClass("error");
  });
}

test.describe("after a reload", () => {
  /** Lets the host answer. */
  let release = () => {};
  test.afterEach(() => release());

  /** Returns how the status of a page begins once all of its charts are drawn, each with some more rows. */
  const rowsOf = (name: string, more = 0): string => {
    const all = name === "observable-plot" || name === "lines";
    const labels = all ? Object.keys(truth) : ["garden"]; // the roof has as many rows
    const rows = labels.reduce((sum, label) => sum + truth[label]!.rows + more, 0);
    return `${rows.toLocaleString("en")} rows`;
  };

  /** Shows a page, waits until the cache has what it has read, and reloads it while the host does not answer. */
  async function reload(page: Page, name: string): Promise<void> {
    const before = gallery.answers.length;
    await page.goto(`${gallery.url}/${name}/`);
    await expect(status(page)).toContainText(rowsOf(name));
    const files = gallery.answers
      .slice(before)
      .flatMap((answer) => /^200 \/repository\/(..\/..\/.*|lakota\/overviews\/.*)$/.exec(answer)?.[1] ?? []);
    await untilCached(page, 1, [...files, "derived/overviews"]);
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.context().route(/\/repository\//, async (route) => {
      await held;
      await route.continue();
    });
    await page.reload();
  }

  for (const name of ["plain", "lines", "react", "observable-plot"]) {
    test(`${name} draws what the last visit knew before the host answers`, async ({ page }, info) => {
      await reload(page, name);
      await expect(status(page)).toContainText(rowsOf(name));
      const drawn = page.locator("canvas, #charts > figure").first();
      await expect(drawn).toBeVisible();
      await drawn.evaluate((element) => element.setAttribute("data-marked", ""));
      await page.screenshot({ path: info.outputPath("unconfirmed.png") });
      const confirmed = page.waitForResponse((response) => response.url().includes("/repository/"));
      release();
      await confirmed;
      await expect(status(page)).toContainText(rowsOf(name));
      await expect(drawn).toHaveAttribute("data-marked");
    });

    test(`${name} draws what was written meanwhile`, async ({ page }) => {
      await reload(page, name);
      await whileWritten(async () => {
        await expect(status(page)).toContainText(rowsOf(name));
        release();
        await expect(status(page)).toContainText(rowsOf(name, 1));
      });
    });
  }
});

test("the index links to each example, and shows the chart that Node drew", async ({ page }, info) => {
  await page.goto(`${gallery.url}/`);
  expect(await page.locator("img").evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(
    0,
  );
  await expectAccessible(page, (file) => info.outputPath(file));
  for (const name of [
    "uPlot in a plain page",
    "Five lines",
    "React",
    "Observable Plot",
    "SQL in a notebook",
  ]) {
    await page.goto(`${gallery.url}/`);
    await page.getByRole("link", { name }).click();
    await expect(status(page)).toContainText("rows");
  }
});

test("fits a phone", async ({ page }, info) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const name of ["plain", "lines", "react", "observable-plot", "notebook"]) {
    await page.goto(`${gallery.url}/${name}/`);
    await expect(status(page)).toContainText("rows");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await page.screenshot({ path: info.outputPath(`${name}.png`) });
  }
});
