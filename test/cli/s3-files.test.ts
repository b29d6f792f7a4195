import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type S3Server, startS3 } from "../s3-server/index.ts";
import { openUploads } from "../s3-server/multipart.ts";
import { type Shell, shells } from "./helpers.ts";

// Files of several parts: `export` sends them in a multipart upload, `import` reads ranges of them.

const MB = 1 << 20;
const ROWS = 700_000;

const newShell = shells();
let s3: S3Server;
let shell: Shell;
let env: Record<string, string>;
beforeAll(async () => {
  s3 = await startS3({ keys: { AKIA: "secret/+=" }, region: "eu-west-3" });
  s3.objects.createBucket("data");
  env = {
    AWS_ACCESS_KEY_ID: "AKIA",
    AWS_SECRET_ACCESS_KEY: "secret/+=",
    AWS_REGION: "eu-west-3",
    AWS_ENDPOINT_URL: s3.url,
  };
  shell = await newShell();
  await mkdir(join(shell.folder, "in/long"), { recursive: true });
  const file = createWriteStream(join(shell.folder, "in/long/series.csv"));
  file.write("k,v\n");
  for (let k = 0; k < ROWS; k++) file.write(`${k},${Math.sin(k)}\n`);
  file.end();
  await once(file, "close");
  await shell.ok(["import", "in"]);
});
afterAll(() => s3.close());
beforeEach(() => s3.reset());

const requests = (method: string) => s3.log.filter((one) => one.method === method);

test.each(["csv", "parquet"])("a large file (%s) is sent and read in parts", async (format) => {
  const key = `files-${format}/long/series.${format}`;
  await shell.ok(["export", `s3://data/files-${format}`, "-T", format], { env });
  const stored = s3.objects.bucket("data").get(key)!;
  expect(stored.body.length).toBeGreaterThan(format === "csv" ? 16 * MB : 5 * MB);
  if (format === "csv") {
    expect(stored.body.equals(await readFile(join(shell.folder, "in/long/series.csv")))).toBe(true);
    // The start, parts, and the end.
    expect(requests("POST")).toHaveLength(2);
    expect(requests("PUT").length).toBeGreaterThanOrEqual(3);
  }
  expect(openUploads(s3.objects)).toBe(0);
  s3.reset();
  const copy = ["-r", `copy-${format}`];
  await shell.ok([...copy, "import", `s3://data/files-${format}`], { env });
  const whole = requests("GET").filter(({ path, status }) => path.includes("series") && status === 200);
  expect(whole).toEqual([]);
  expect(await shell.ok([...copy, "len", "long"])).toBe(`${ROWS}\n`);
  expect(await shell.ok([...copy, "read", "long/series"])).toBe(await shell.ok(["read", "long/series"]));
});

test("an upload that fails leaves no parts, and no file", async () => {
  const files = () => [...s3.objects.bucket("data").keys()].filter((key) => key.startsWith("broken/"));
  s3.faults.add({ method: "PUT", key: "broken/long/series.csv", skip: 1, status: 403 });
  const { code, stderr } = await shell.run(["export", "s3://data/broken"], { env });
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^lakota: /)]);
  expect(openUploads(s3.objects)).toBe(0);
  expect(files()).toEqual([]);
});

test("what gets no response is sent again, also the end", async () => {
  const key = "again/long/series.csv";
  s3.faults.add({ method: "PUT", key, skip: 1, times: 1, status: 503 });
  s3.faults.add({ method: "POST", key, skip: 1, times: 1, reset: "after" });
  await shell.ok(["export", "s3://data/again"], { env });
  const stored = s3.objects.bucket("data").get("again/long/series.csv")!;
  expect(stored.body.equals(await readFile(join(shell.folder, "in/long/series.csv")))).toBe(true);
});
