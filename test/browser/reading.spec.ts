import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, type Page, test } from "@playwright/test";
import type { ConnectOptions } from "../../src/index.ts";
import { openRepo, Schema } from "../../src/node.ts";
import { type S3Server, startS3 } from "../s3-server/index.ts";
import type { ReadSummary } from "./pages/reading.ts";

const GOLDEN = fileURLToPath(new URL("../golden", import.meta.url));
const names = readdirSync(GOLDEN).filter((name) => !name.includes("."));
const credentials = { accessKeyId: "id", secretAccessKey: "secret" };
const ROWS = 2_000;

let s3: S3Server;

async function visit(page: Page): Promise<void> {
  await page.goto("/test/browser/pages/reading.html");
  await page.waitForFunction(() => "compare" in window);
}

/** Copies a folder from disk to a bucket. */
function upload(folder: string, bucket: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) s3.objects.put(bucket, path.slice(GOLDEN.length + 1), readFileSync(path));
  }
}

/** Reads the series "s" of the bucket "data" through a worker. */
function read(page: Page, options: Omit<ConnectOptions, "sign"> = {}): Promise<ReadSummary> {
  const all = { endpoint: s3.url, credentials, retries: 1, ...options };
  return page.evaluate((o) => window.read("s3://data/repo", "c", "s", o), all);
}

const CHUNK = /\/..\/..\/[0-9a-f]{36}$/;
const isChunk = ({ path }: { path: string }) => CHUNK.test(path);

test.beforeEach(async ({ page }) => {
  s3 = await startS3({ keys: { id: "secret" } });
  await visit(page);
});
test.afterEach(() => s3.close());

test.describe("golden repositories, cross-origin and signed, through a worker", () => {
  for (const name of names) {
    test(name, async ({ page }) => {
      s3.objects.createBucket("golden");
      upload(join(GOLDEN, name), "golden");
      const options = { endpoint: s3.url, credentials };
      const report = await page.evaluate(([n, o]) => window.compare(n, o), [name, options] as const);
      expect(report.differences).toEqual([]);
      expect(report.frames).toBeGreaterThan(0);
      expect(s3.stats().preflights).toBe(0);
      expect(s3.log.every(({ signedBy }) => signedBy === "query")).toBe(true);
    });
  }
});

test.describe("a series on S3", () => {
  const sum = Array.from({ length: ROWS }, (_, i) => Math.sin(i) * 1e6).reduce((a, b) => a + b, 0);

  test.beforeEach(async () => {
    s3.objects.createBucket("data");
    const repo = await openRepo("s3://data/repo", { endpoint: s3.url, credentials, cache: false });
    const collection = await repo.createCollection(
      new Schema({ timestamp: "timestamp*", value: "float" }),
      "c",
    );
    await collection.series("s").write({
      timestamp: Array.from({ length: ROWS }, (_, i) => 1000 * (i * 86_400 + Math.round(4e4 * Math.sin(i)))),
      value: Array.from({ length: ROWS }, (_, i) => Math.sin(i) * 1e6),
    });
    s3.reset();
  });

  test("is read", async ({ page }) => {
    const summary = await read(page);
    expect(summary).toMatchObject({ rows: ROWS, first: 0, type: "Float64Array" });
    expect(summary.sum).toBeCloseTo(sum, 3);
    expect(s3.log.filter(isChunk)).toHaveLength(2);
  });

  test("downloads no chunk again after a reload", async ({ page }) => {
    await read(page);
    await page.waitForFunction(async () => (await indexedDB.databases()).length > 0);
    s3.reset();
    await visit(page);
    expect((await read(page)).rows).toBe(ROWS);
    expect(s3.log.filter(isChunk)).toEqual([]);
  });

  test("with a wrong secret is forbidden, and the message names the secret", async ({ page }) => {
    const { error } = await read(page, { credentials: { ...credentials, secretAccessKey: "wrong" } });
    expect(error).toMatchObject({ code: "forbidden", message: expect.stringMatching(/secret/i) });
  });

  test("without keys is forbidden", async ({ page }) => {
    expect((await read(page, { credentials: undefined })).error?.code).toBe("forbidden");
  });

  test("with keys in the spelling of STS", async ({ page }) => {
    const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } = credentials;
    expect((await read(page, { credentials: { AccessKeyId, SecretAccessKey } })).error).toBeUndefined();
    const { error } = await read(page, { credentials: { AccessKeyId } });
    expect(error).toMatchObject({
      code: "invalid-argument",
      message: expect.stringMatching(/lack secretAccessKey/),
    });
  });

  test("on a host without CORS fails with an error that says so", async ({ page }) => {
    s3.faults.add({ dropCors: true });
    const { error } = await read(page);
    expect(error).toMatchObject({ code: "network", message: expect.stringMatching(/CORS/) });
  });

  for (const [what, fault, code] of [
    ["truncated body", { truncate: true }, "network"],
    ["flipped bit", { corrupt: true }, "corrupt"],
  ] as const) {
    test(`survives a ${what}`, async ({ page }) => {
      s3.faults.add({ key: CHUNK, times: 1, ...fault });
      expect((await read(page)).sum).toBeCloseTo(sum, 3);
    });

    test(`fails with "${code}" if the ${what} persists`, async ({ page }) => {
      s3.faults.add({ key: CHUNK, ...fault });
      expect((await read(page)).error?.code).toBe(code);
    });
  }

  test("retries while the server is busy", async ({ page }) => {
    s3.faults.add({ status: 503, times: 1 });
    expect((await read(page)).rows).toBe(ROWS);
  });

  test("of a missing repo names the collection and the URI", async ({ page }) => {
    const summary = await page.evaluate((options) => window.read("s3://data/elsewhere", "c", "s", options), {
      endpoint: s3.url,
      credentials,
    });
    expect(summary.error).toMatchObject({
      code: "not-found",
      message: expect.stringMatching(/"c".*s3:\/\/data\/elsewhere/),
    });
  });
});
