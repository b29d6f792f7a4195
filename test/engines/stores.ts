import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StoresRequest, StoresResult } from "../browser/pages/stores.worker.ts";
import type { Tab } from "../browsers/tab.ts";
import { type S3Server, startS3 } from "../s3-server/index.ts";
import { startWritableHost, TOKEN } from "../stores/writable-host.ts";
import { callOf, openPage } from "./pages.ts";
import type { RunningBrowser } from "./suite.ts";

/** The conformance suite of the stores, from another origin. */
export function describeStores(browser: RunningBrowser): void {
  describe("stores", () => {
    let s3: S3Server;
    let tab: Tab;
    beforeEach(async () => {
      s3 = await startS3({ keys: { id: "secret" } });
      s3.objects.createBucket("data");
      tab = await browser().newTab();
      await openPage(tab, "stores.html", "stores");
    });
    afterEach(async () => {
      await tab.close();
      await s3.close();
    });

    async function expectConforming(request: StoresRequest): Promise<void> {
      const { lines } = await tab.evaluate<StoresResult>(callOf("window.stores", request));
      expect(lines.filter((line) => !line.startsWith("ok "))).toEqual([]);
      expect(lines.length).toBeGreaterThan(15);
    }
    const remote = () => ({
      bucket: "data",
      options: { endpoint: s3.url, credentials: { accessKeyId: "id", secretAccessKey: "secret" } },
    });

    test("IndexedDBStore", () => expectConforming({ kind: "conformance", store: "indexeddb", heavy: true }));

    test("S3Store", async () => {
      await expectConforming({ kind: "conformance", store: "s3", remote: remote(), heavy: false });
    });

    test("CacheStore of IndexedDB on S3", async () => {
      await expectConforming({ kind: "conformance", store: "cache", remote: remote(), heavy: false });
    });

    test("HttpStore", async () => {
      const writable = await startWritableHost({ anyPath: true });
      const host = { url: writable.url("NAME"), token: TOKEN };
      await expectConforming({ kind: "conformance", store: "http", host, heavy: false }).finally(() =>
        writable.close(),
      );
    });

    test("reading and listing send no preflight, and all requests are signed", async () => {
      const calls = [
        { name: "put", path: "a", text: "x" },
        { name: "list", prefix: "" },
        { name: "get", path: "a" },
      ] as const;
      const put = { kind: "calls", calls: [calls[0]], remote: remote() } as const;
      await tab.evaluate(callOf("window.stores", put));
      s3.reset();
      const { lines } = await tab.evaluate<StoresResult>(
        callOf("window.stores", { ...put, calls: calls.slice(1) }),
      );
      expect(lines).toEqual(["a", "x"]);
      expect(s3.stats()).toMatchObject({ preflights: 0, requests: 2 });
      expect(s3.log.every(({ signedBy }) => signedBy === "query")).toBe(true);
    });
  });
}
