/**
 * Takes the pictures of the explorer in docs/, and the screenshots of its manifest: `npx tsx demo/pictures.ts`. Beside the
 * pictures is a file that says what they show; a test fails when the page no longer shows that.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { type BrowserContext, chromium } from "@playwright/test";
import { chromiumPath } from "../scripts/chromium.ts";
import { encodeAnimation } from "./pictures/animation.ts";
import { type Outline, outlineOf, showState } from "./pictures/outline.ts";
import { PICTURES, type PictureState, SIZES } from "./pictures/states.ts";
import { TOUR_SIZE, takeTour } from "./pictures/tour.ts";
import { serveDemo } from "./server/serve.ts";

const FOLDER = "docs/pictures";
const SCREENSHOTS = "demo/public/screenshots";

/** For the manifest: generated data, which has no terms. */
const INSTALLED: readonly PictureState[] = (["desktop", "phone"] as const).map((size) => ({
  name: size === "desktop" ? "wide" : "narrow",
  caption: "",
  address: "?uri=indexeddb%3A%2F%2Fsample#/weather/coast,mountain/all?columns=temperature",
  size,
  scheme: "light",
}));

const demo = await serveDemo({ port: 5490, s3Port: 9490, log: console.log });
const browser = await chromium.launch({ executablePath: chromiumPath(), args: ["--no-sandbox"] });
const open = ({ size, scheme }: PictureState): Promise<BrowserContext> =>
  browser.newContext({ viewport: SIZES[size], colorScheme: scheme, hasTouch: size === "phone" });

async function take(state: PictureState, folder: string): Promise<Outline> {
  const context = await open(state);
  const page = await context.newPage();
  await showState(page, demo.url, state);
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
  await page.screenshot({ path: `${folder}/${state.name}.png` });
  const outline = await outlineOf(page, state);
  await context.close();
  console.log(`  ${folder}/${state.name}.png`);
  return outline;
}

async function takeAnimation(): Promise<void> {
  const context = await browser.newContext({ viewport: TOUR_SIZE });
  const frames = await takeTour(await context.newPage(), demo.url);
  writeFileSync(`${FOLDER}/tour.gif`, encodeAnimation(frames));
  await context.close();
  console.log(`  ${FOLDER}/tour.gif`);
}

try {
  for (const folder of [FOLDER, SCREENSHOTS]) mkdirSync(folder, { recursive: true });
  const outlines: Record<string, Outline> = {};
  for (const state of PICTURES) outlines[state.name] = await take(state, FOLDER);
  writeFileSync(`${FOLDER}/pictures.json`, `${JSON.stringify(outlines, null, 2)}\n`);
  await takeAnimation();
  for (const state of INSTALLED) await take(state, SCREENSHOTS);
} finally {
  await browser.close();
  await demo.close();
}
