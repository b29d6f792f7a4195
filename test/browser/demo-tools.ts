import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { type Demo, type DemoOptions, serveDemo } from "../../demo/server/serve.ts";

export const SIZES = {
  laptop: { viewport: { width: 1280, height: 800 }, colorScheme: "light" },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: "dark", hasTouch: true },
} as const;

/** Serves the demo, as `npm start` does, while the tests of a file run. Uncaught page errors fail a test. */
export function withDemo(options: Pick<DemoOptions, "collections"> = {}): Demo {
  const folder = mkdtempSync(join(tmpdir(), "lakota-demo-"));
  const failures: string[] = [];
  let demo: Demo | undefined;
  test.beforeAll(async () => {
    // A worker has ports of its own: two that look for a free one at the same time may find the same.
    const first = 20 * test.info().parallelIndex;
    demo = await serveDemo({ port: 5291 + first, s3Port: 9291 + first, folder, ...options });
  });
  test.afterAll(async () => {
    await demo?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  test.beforeEach(({ page }) => {
    failures.length = 0;
    page.on("pageerror", (error) => failures.push(String(error.stack)));
    demo?.s3.reset();
  });
  test.afterEach(() => expect(failures).toEqual([]));
  const running = (): Demo => {
    if (!demo) throw new Error("The demo is only served while tests run.");
    return demo;
  };
  return {
    get url() {
      return running().url;
    },
    get s3() {
      return running().s3;
    },
    get settings() {
      return running().settings;
    },
    close: () => running().close(),
  };
}

/** Waits until a chart is drawn that shows this number of rows. */
export async function expectRows(page: Page, rows: string): Promise<void> {
  await expect(page.locator("#rows")).toHaveText(rows);
  await expect(page.locator("#main")).not.toHaveAttribute("aria-busy");
  await expect(page.locator("#message")).toBeHidden();
}

/** Returns the number of pixels of the first panel's canvas that are drawn on. */
export const inked = (page: Pick<Page, "locator">): Promise<number> =>
  page
    .locator("#chart canvas")
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((value, i) => i % 4 === 3 && value > 0).length;
    });

export const pick = (page: Page, list: string, label: string) =>
  page.locator(`#${list}`).getByRole("button", { name: label, exact: true }).click();

/** Returns a function that touches the chart with a finger at each fraction of its width. */
export async function fingersOn(
  page: Page,
): Promise<(kind: TouchKind, ...parts: number[]) => Promise<unknown>> {
  const over = page.locator(".u-over").first();
  await over.scrollIntoViewIfNeeded();
  const box = await over.boundingBox();
  if (!box) throw new Error("the chart has no size");
  const session = await page.context().newCDPSession(page);
  return (kind, ...parts) =>
    session.send("Input.dispatchTouchEvent", {
      type: kind,
      touchPoints: parts.map((part, id) => ({ x: box.x + part * box.width, y: box.y + box.height / 2, id })),
    });
}

type TouchKind = "touchStart" | "touchMove" | "touchEnd";

/** Moves the cursor off the chart, which then shows its whole span again. */
export const leaveChart = (page: Page): Promise<void> =>
  page
    .locator(".u-over")
    .first()
    .evaluate((element) => void element.dispatchEvent(new MouseEvent("mouseleave")));

/** Expects no serious accessibility violation. */
export async function expectAccessible(page: Page): Promise<void> {
  await expect(page.locator("#main")).not.toHaveAttribute("aria-busy");
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
}
