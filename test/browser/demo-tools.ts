import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { type Demo, type DemoOptions, serveDemo } from "../../demo/serve.ts";

export const SIZES = {
  laptop: { viewport: { width: 1280, height: 800 }, colorScheme: "light" },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: "dark", hasTouch: true },
} as const;

/** The demo as `npm start` serves it, for the tests of a file: there from the first of them on. */
export function withDemo(options: Pick<DemoOptions, "collections"> = {}): Demo {
  const folder = mkdtempSync(join(tmpdir(), "lakota-demo-"));
  const failures: string[] = [];
  let demo: Demo | undefined;
  test.beforeAll(async () => {
    demo = await serveDemo({ port: 5291, s3Port: 9291, folder, ...options });
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
  const there = (): Demo => {
    if (!demo) throw new Error("The demo is served while tests run.");
    return demo;
  };
  return {
    get url() {
      return there().url;
    },
    get s3() {
      return there().s3;
    },
    get settings() {
      return there().settings;
    },
    close: () => there().close(),
  };
}

/** Waits until the chart of so many rows is drawn. */
export async function expectRows(page: Page, rows: string): Promise<void> {
  await expect(page.locator("#rows")).toHaveText(rows);
  await expect(page.locator("#main")).not.toHaveAttribute("aria-busy");
  await expect(page.locator("#message")).toBeHidden();
}

/** How many pixels of the first panel's canvas have something drawn on them. */
export const inked = (page: Page): Promise<number> =>
  page
    .locator("#chart canvas")
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((value, i) => i % 4 === 3 && value > 0).length;
    });

export const pick = (page: Page, list: string, label: string) =>
  page.locator(`#${list}`).getByRole("button", { name: label, exact: true }).click();

/** Fingers on the chart: each a part of its width from the left. */
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

/** The chart's cursor leaves, and the whole span is told again. */
export const leaveChart = (page: Page): Promise<void> =>
  page
    .locator(".u-over")
    .first()
    .evaluate((element) => void element.dispatchEvent(new MouseEvent("mouseleave")));

/** Fails where the page as it stands keeps someone out. */
export async function expectAccessible(page: Page): Promise<void> {
  await expect(page.locator("#main")).not.toHaveAttribute("aria-busy");
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
}
