import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Demo, serveDemo } from "../../demo/server/serve.ts";
import type { Tab } from "../browsers/tab.ts";
import { until } from "./pages.ts";
import type { RunningBrowser } from "./suite.ts";

const HELPERS = `
  const find = (selector) => document.querySelector(selector);
  const button = (name) => [...document.querySelectorAll("button")].find((each) =>
    (each.getAttribute("aria-label") ?? each.textContent.trim()) === name);
  const inked = () => {
    const canvas = find("#chart canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value, i) => i % 4 === 3 && value > 0).length;
  };`;

const drawn = (rows: string) =>
  until(`find("#rows")?.textContent === ${JSON.stringify(rows)} && !find("#main").hasAttribute("aria-busy")`);

/** The explorer as `npm start` builds it. */
export function describeExplorer(browser: RunningBrowser): void {
  describe("the explorer", () => {
    const folder = mkdtempSync(join(tmpdir(), "lakota-engines-"));
    let demo: Demo | undefined;
    let url: string;
    let tab: Tab;
    beforeAll(async () => {
      // Files run at the same time, each with ports of its own.
      const first = 20 * Number(process.env.VITEST_POOL_ID);
      demo = await serveDemo({
        port: 5391 + first,
        s3Port: 9391 + first,
        folder,
        collections: ["co2", "stocks"],
      });
      tab = await browser().newTab();
      url = demo.url;
      await tab.goto(`${url}#/stocks/AAPL`);
    });
    afterAll(async () => {
      await tab.close();
      await demo?.close();
      rmSync(folder, { recursive: true, force: true });
    });
    const run = <T>(body: string) => tab.evaluate<T>(HELPERS + body);

    test("draws a series", async () => {
      expect(await run<number>(`${drawn("123")} return inked()`)).toBeGreaterThan(1_000);
    });

    test("draws another one beside it", async () => {
      await run(`button("Compare with MSFT").click(); ${drawn("246")}`);
    });

    test("zooms", async () => {
      await run(`button("Zoom in").click(); ${until(`location.hash.includes("view=")`)}`);
    });

    test("opens another collection", async () => {
      await run(`[...document.querySelectorAll("#collections button")].find((each) => each.textContent === "co2").click();
        ${until(`location.hash.startsWith("#/co2")`)} ${drawn("741")}`);
    });

    test("loads without its host and without the store, after one visit", async () => {
      await run(until("navigator.serviceWorker.controller"));
      await demo?.close();
      demo = undefined;
      await tab.goto("about:blank"); // another fragment alone would load nothing
      await tab.goto(`${url}#/co2`);
      expect(await run<number>(`${drawn("741")} return inked()`)).toBeGreaterThan(1_000);
    });
  });
}
