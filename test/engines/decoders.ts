import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Tab } from "../browsers/tab.ts";
import type { StaticServer } from "../packaging/static-server.ts";
import { openLibrary, serveLibrary } from "./pages.ts";
import type { RunningBrowser } from "./suite.ts";

const ROWS = 2_000_000;

/** Writes and reads so much that decoders are worth while. */
const READ = `
  const repo = await lakota.connect("memory://");
  const collection = await repo.createCollection(new lakota.Schema({ t: "int*", x: "float" }), "c");
  const t = Array.from({ length: ${ROWS} }, (_, row) => row);
  await collection.series("s").write({ t, x: Float64Array.from(t, Math.sin) });
  const { length } = await collection.series("s").read();
  repo.close();
  return length;`;

/** Workers that the repository's worker starts to decode long columns. */
export function describeDecoders(browser: RunningBrowser): void {
  describe("decoders", () => {
    let host: StaticServer;
    let tab: Tab;
    beforeEach(async () => {
      host = await serveLibrary();
      tab = await browser().newTab();
      await openLibrary(tab, host);
    });
    afterEach(async () => {
      await tab.close();
      await host.close();
    });

    test("are started by default, but not in Firefox, where that can stop the repository's worker", async () => {
      expect(await tab.evaluate(READ)).toBe(ROWS);
      const isStarted = () => host.answers.includes("200 /decoder.js");
      if (browser().name.startsWith("Firefox")) expect(isStarted()).toBe(false);
      else await expect.poll(isStarted).toBe(true);
    });
  });
}
