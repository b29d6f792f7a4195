import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { openRepo, Schema } from "../../src/node.ts";
import { serveFolder } from "../packaging/static-server.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

test("the page of the README draws a chart", async ({ page }, info) => {
  const folder = info.outputPath("site");
  const repo = await openRepo(`${folder}/weather`);
  const collection = await repo.createCollection(
    new Schema({ day: "date*", celsius: "float" }),
    "temperature",
  );
  await collection.series("Brussels").write({ day: ["2026-03-01", "2026-03-02"], celsius: [4.5, 6.1] });
  await repo.publish();
  repo.close();

  const [, html = ""] = /^```html\n(.*?)^```$/ms.exec(readFileSync(`${ROOT}README.md`, "utf8")) ?? [];
  const data = await serveFolder(folder, { cors: true });
  const lakota = await serveFolder(`${ROOT}dist`, { cors: true });
  const uplot = await serveFolder(`${ROOT}node_modules/uplot/dist`, { cors: true });
  const site = await serveFolder(folder, {
    instead: {
      "/index.html": html
        .replace("https://data.example.com", data.url)
        .replaceAll("./lakota/", `${lakota.url}/`)
        .replaceAll("./uplot/", `${uplot.url}/`)
        .replaceAll('"uplot/', `"${uplot.url}/`),
    },
  });
  try {
    await page.goto(site.url);
    const canvas = page.locator(".uplot canvas");
    await expect(canvas).toBeVisible();
    const inked = () =>
      canvas.evaluate((element: HTMLCanvasElement) => {
        const { data } = element.getContext("2d")!.getImageData(0, 0, element.width, element.height);
        return data.some((value) => value > 0);
      });
    await expect.poll(inked).toBe(true);
  } finally {
    for (const server of [site, uplot, lakota, data]) await server.close();
  }
});
