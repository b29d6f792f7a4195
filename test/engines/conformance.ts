import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cases } from "../api/conformance.ts";
import type { Tab } from "../browsers/tab.ts";
import { callOf, openPage } from "./pages.ts";
import type { RunningBrowser } from "./suite.ts";

/** Trees of pages differ from flat tables in what is stored, not in what is asked of the browser. */
const flat = cases.filter(({ name }) => !name.startsWith("with trees"));

/** The conformance suite of the API, through the worker of the built package. */
export function describeConformance(browser: RunningBrowser): void {
  describe("connect, in a worker", () => {
    let tab: Tab;
    beforeAll(async () => {
      tab = await browser().newTab();
      await openPage(tab, "api.html", "runConformanceCase");
    });
    afterAll(() => tab.close());

    for (const { name } of flat)
      test(name, async () => {
        expect(await tab.evaluate(callOf("window.runConformanceCase", name))).not.toEqual(expect.any(String));
      });
  });
}
