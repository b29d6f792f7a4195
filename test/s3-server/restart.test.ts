import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type S3Server, startS3 } from "./index.ts";
import { awsClient, outcome, urlOf } from "./tools.ts";

let folder = "";
const servers: S3Server[] = [];

async function start(dir = folder): Promise<S3Server> {
  const s3 = await startS3({ keys: { id: "secret" }, dir });
  servers.push(s3);
  return s3;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "s3-server-"));
});

afterEach(async () => {
  for (const s3 of servers.splice(0)) await s3.close();
  rmSync(folder, { recursive: true });
});

test("a server reads the objects in its folder: bytes, ETag, time, type, metadata", async () => {
  const first = await start();
  first.objects.createBucket("data");
  first.objects.createBucket("empty");
  const keys = ["a", "..", "a//b", "é/\u{1f600}", "long ".repeat(200)];
  const metadata = { "x-amz-meta-colour": "blue" };
  const binary = Buffer.from([0, 10, 13, 255, 10]);
  for (const key of keys) first.objects.put("data", key, binary, { contentType: "text/plain", metadata });
  first.objects.put("data", "nothing", "");
  await first.close();
  servers.length = 0;

  const second = await start();
  expect(new Map(second.objects.bucket("data"))).toEqual(new Map(first.objects.bucket("data")));
  expect(second.objects.bucket("data").size).toBe(keys.length + 1);
  expect(second.objects.bucket("empty").size).toBe(0);
  const response = await awsClient().fetch(urlOf(second, "data", "a"));
  expect(Buffer.from(await response.arrayBuffer())).toEqual(binary);
});

test("deletions and replacements persist", async () => {
  const first = await start();
  first.objects.createBucket("data");
  for (const key of ["kept", "replaced", "deleted"]) first.objects.put("data", key, "old");
  const client = awsClient();
  expect(await outcome(await client.fetch(urlOf(first, "data", "deleted"), { method: "DELETE" }))).toBe(
    "204",
  );
  await client.fetch(urlOf(first, "data", "replaced"), { method: "PUT", body: "new" });
  await client.fetch(urlOf(first, "made-later"), { method: "PUT" });

  const second = await start();
  const found = [...second.objects.bucket("data")].map(([key, { body }]) => `${key}: ${body}`);
  expect(found.toSorted()).toEqual(["kept: old", "replaced: new"]);
  expect(second.objects.bucket("made-later").size).toBe(0);
});

test("an incomplete file is removed", async () => {
  const first = await start();
  first.objects.createBucket("data");
  first.objects.put("data", "a", "content");
  writeFileSync(join(folder, "data", "0123.4567.tmp"), '{"key":"half"');
  const second = await start();
  expect([...second.objects.bucket("data").keys()]).toEqual(["a"]);
  expect(readdirSync(join(folder, "data"))).toHaveLength(1);
});

test("a missing folder is created; files beside the buckets are ignored", async () => {
  const s3 = await start(join(folder, "new", "deep"));
  s3.objects.createBucket("data");
  writeFileSync(join(folder, "new", "deep", "note.txt"), "not a bucket");
  const again = await start(join(folder, "new", "deep"));
  expect(again.objects.bucket("data").size).toBe(0);
  expect(() => again.objects.bucket("note.txt")).toThrow(expect.objectContaining({ code: "NoSuchBucket" }));
});
