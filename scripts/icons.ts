/** Draws the icons of the installed explorer from demo/public/icon.svg. Run it when that changes: `npx tsx scripts/icons.ts`. */
import { mkdirSync, readFileSync } from "node:fs";
import { chromium } from "@playwright/test";
import { chromiumPath } from "./chromium.ts";

const FOLDER = "demo/public/icons";
const [BLUE, WHITE] = ["#2f5fd0", "#ffffff"];

const svg = readFileSync("demo/public/icon.svg", "utf8");

/** A launcher may cut a maskable icon to a circle: the drawing stays within the inner 60%, on a full background. */
const ICONS = [
  { name: "icon", drawing: svg, share: 0.9, background: "transparent" },
  { name: "maskable", drawing: svg.replaceAll(BLUE, WHITE), share: 0.6, background: BLUE },
];

mkdirSync(FOLDER, { recursive: true });
const browser = await chromium.launch({ executablePath: chromiumPath(), args: ["--no-sandbox"] });
const page = await browser.newPage();
for (const { name, drawing, share, background } of ICONS) {
  for (const size of [192, 512]) {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(
      `<style>html, body { margin: 0; height: 100%; background: ${background} }
      body { display: grid; place-items: center } svg { width: ${share * 100}% }</style>${drawing}`,
    );
    await page.screenshot({ path: `${FOLDER}/${name}-${size}.png`, omitBackground: true });
  }
}
await browser.close();
