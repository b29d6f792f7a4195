import { afterAll, beforeAll, describe } from "vitest";
import type { Browser } from "../browsers/tab.ts";
import { describeConformance } from "./conformance.ts";
import { describeDecoders } from "./decoders.ts";
import { describeExplorer } from "./explorer.ts";
import { describeGolden } from "./golden.ts";
import { describeOffline } from "./offline.ts";
import { describeStores } from "./stores.ts";

/** Returns the browser of a suite, while its tests run. */
export type RunningBrowser = () => Browser;

/** The tests of an engine other than Chromium, in which `npx playwright test` runs them and many more. */
export function describeEngine(name: string, launch: () => Promise<Browser>): void {
  describe(name, () => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      browser = await launch();
    });
    afterAll(() => browser?.close());

    const running: RunningBrowser = () => {
      if (!browser) throw new Error(`${name} is not running.`);
      return browser;
    };
    describeConformance(running);
    describeStores(running);
    describeGolden(running);
    describeOffline(running);
    describeDecoders(running);
    describeExplorer(running);
  });
}
