import type { Page } from "@playwright/test";
import type { AnimationFrame } from "./animation.ts";

/** Milliseconds for which a picture is shown: as long as it takes to read what is new. */
const GLANCE = 1_200;
const LOOK = 2_400;

export const TOUR_SIZE = { width: 1200, height: 900 } as const;

/** History, zoom and offline in the explorer, as the pictures of an animation. */
export async function takeTour(page: Page, origin: string): Promise<AnimationFrame[]> {
  const frames: AnimationFrame[] = [];
  const settled = () => page.locator("#main:not([aria-busy]) #chart canvas").first().waitFor();
  const take = async (duration: number) => {
    await settled();
    await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
    frames.push({ png: await page.screenshot(), duration });
  };
  const lookBack = async (place: number) => {
    await page.locator("#moment").fill(String(place));
    await page.locator("#moment").dispatchEvent("change");
    await page.locator("#changes-summary").filter({ hasText: /\d/ }).waitFor();
  };

  await page.goto(`${origin}#/co2`);
  await page.locator("#moment:enabled").waitFor();
  await take(LOOK);
  for (const place of [4, 3]) {
    await lookBack(place);
    await take(GLANCE);
  }
  await lookBack(2);
  await take(LOOK);
  const box = await page.locator("#chart .u-over").first().boundingBox();
  if (!box) throw new Error("The chart has no size.");
  await page.mouse.move(box.x + 0.55 * box.width, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.72 * box.width, box.y + box.height / 2, { steps: 5 });
  await take(GLANCE);
  await page.mouse.up();
  await page.locator("#reset:enabled").waitFor();
  await take(LOOK);
  await page.getByRole("button", { name: "Back to now" }).click();
  await page.locator("#to-now").waitFor({ state: "hidden" });
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Reset" }).click();
  await page.locator("#connection-text").filter({ hasText: "offline" }).waitFor();
  await take(LOOK);
  return frames;
}
