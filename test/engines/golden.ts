import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Tab } from "../browsers/tab.ts";
import type { Report } from "../format/golden.ts";
import { type S3Server, startS3 } from "../s3-server/index.ts";
import { callOf, openPage } from "./pages.ts";
import type { RunningBrowser } from "./suite.ts";

const GOLDEN = fileURLToPath(new URL("../golden", import.meta.url));
const names = readdirSync(GOLDEN).filter((name) => !name.includes("."));

/** Repositories written by Python Lakota, compared frame by frame. */
export function describeGolden(browser: RunningBrowser): void {
  describe("repositories of Python Lakota", () => {
    let s3: S3Server;
    let tab: Tab;
    beforeAll(async () => {
      s3 = await startS3({ keys: { id: "secret" } });
      s3.objects.createBucket("golden");
      for (const entry of readdirSync(GOLDEN, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        if (entry.isFile()) s3.objects.put("golden", path.slice(GOLDEN.length + 1), readFileSync(path));
      }
      tab = await browser().newTab();
      await openPage(tab, "reading.html", "compare");
    });
    afterAll(async () => {
      await tab.close();
      await s3.close();
    });

    for (const name of names)
      test(name, async () => {
        const options = { endpoint: s3.url, credentials: { accessKeyId: "id", secretAccessKey: "secret" } };
        const report = await tab.evaluate<Report>(callOf("window.compare", name, options));
        expect(report.differences).toEqual([]);
        expect(report.frames).toBeGreaterThan(0);
      });
  });
}
