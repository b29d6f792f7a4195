import type { Page } from "@playwright/test";
import type { PictureState } from "./states.ts";

/** What a picture shows, in words: a picture is current as long as the page still says this. */
export interface Outline {
  readonly address: string;
  readonly size: string;
  readonly scheme: string;
  readonly title: string;
  readonly rows: string;
  readonly legend: string;
  /** Titles of the open dialog, and of the parts that are open. */
  readonly open: string;
}

/** Shows a state. The page has its size and its colour scheme. */
export async function showState(page: Page, origin: string, { address, act }: PictureState): Promise<void> {
  await page.goto("about:blank"); // another hash alone would not load the page
  await page.goto(origin + address);
  await page.locator("#main:not([aria-busy]) #chart canvas").first().waitFor();
  // What follows the chart: the cost of the read, and the history.
  await page.locator("#figures:not([hidden])").waitFor({ state: "attached" });
  await page.locator("#moment-status b").first().waitFor({ state: "attached" });
  await act?.(page);
}

export async function outlineOf(page: Page, { address, size, scheme }: PictureState): Promise<Outline> {
  const texts = async (selector: string) =>
    (await page.locator(selector).allTextContents()).map((text) => text.trim());
  const [[title = ""], [rows = ""], legend, open] = await Promise.all([
    texts("#title"),
    texts("#rows"),
    texts("#chart .key b"),
    texts("dialog[open] h2, details[open] > summary"),
  ]);
  return { address, size, scheme, title, rows, legend: legend.join(", "), open: open.join(", ") };
}
