import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type S3Server, startS3 } from "./index.ts";
import { awsClient, sendRaw, urlOf } from "./tools.ts";

let s3: S3Server;

beforeAll(async () => {
  s3 = await startS3({ keys: { id: "secret" }, publicRead: () => true });
  s3.objects.createBucket("data");
  s3.objects.put("data", "a é", "0123456789");
});

beforeEach(() => s3.reset());

afterAll(() => s3.close());

const client = awsClient();
const url = () => urlOf(s3, "data", "a é");

test("has an entry for each request, in the order of arrival", async () => {
  await client.fetch(url(), { headers: { range: "bytes=2-4" } });
  await client.fetch(url(), { method: "HEAD" });
  await fetch(urlOf(s3, "data", "missing"));
  await fetch((await client.sign(`${url()}?x-id=Get%2B`, { aws: { signQuery: true } })).url);
  const logged = s3.log.map(({ bytes: _, received: __, sent: ___, ...record }) => record);
  const plain = { query: "", preflight: false, range: undefined };
  expect(logged).toEqual([
    { ...plain, method: "GET", path: "/data/a é", status: 206, signedBy: "header", range: "bytes=2-4" },
    { ...plain, method: "HEAD", path: "/data/a é", status: 200, signedBy: "header" },
    { ...plain, method: "GET", path: "/data/missing", status: 404, signedBy: "anonymous" },
    {
      ...plain,
      method: "GET",
      path: "/data/a é",
      query: expect.stringMatching(/^x-id=Get%2B&X-Amz-.*X-Amz-Signature=/),
      status: 200,
      signedBy: "query",
    },
  ]);
});

test("bytes are those of the responses' bodies", async () => {
  await (await client.fetch(url())).text();
  await (await client.fetch(url(), { headers: { range: "bytes=2-4" } })).text();
  await client.fetch(url(), { method: "HEAD" });
  const missing = await (await client.fetch(urlOf(s3, "data", "missing"))).text();
  await client.fetch(urlOf(s3, "data", "written"), { method: "PUT", body: "many bytes that came in" });
  await client.fetch(urlOf(s3, "data", "written"), { method: "DELETE" });
  expect(s3.log.map(({ bytes }) => bytes)).toEqual([10, 3, 0, missing.length, 0, 0]);
  expect(s3.stats()).toEqual({ requests: 6, preflights: 0, bytes: 13 + missing.length });
});

test("times are those of the first and the last byte", async () => {
  const before = Date.now() - 1;
  await (await client.fetch(url())).text();
  await expect.poll(() => s3.log[0]!.sent).toBeGreaterThan(0);
  const [{ received, sent }] = s3.log as [(typeof s3.log)[number]];
  expect(received).toBeGreaterThanOrEqual(before);
  expect(sent).toBeGreaterThanOrEqual(received);
  expect(sent).toBeLessThanOrEqual(Date.now() + 1);
});

test("preflights are counted separately", async () => {
  const headers = { origin: "http://app.test", "access-control-request-method": "GET" };
  await sendRaw(s3, "/data/a", { method: "OPTIONS", headers });
  await (await client.fetch(url())).text();
  expect(s3.stats()).toEqual({ requests: 1, preflights: 1, bytes: 10 });
});

test("reset clears the log, which stays the same array", async () => {
  const { log } = s3;
  await client.fetch(url());
  expect(log).toHaveLength(1);
  s3.reset();
  expect(s3.stats()).toEqual({ requests: 0, preflights: 0, bytes: 0 });
  await client.fetch(url());
  expect(s3.log).toBe(log);
  expect(log).toHaveLength(1);
});

test("an invalid address is logged as it was received", async () => {
  await sendRaw(s3, "/data/%zz?q");
  expect(s3.log).toMatchObject([{ path: "/data/%zz", query: "q=", status: 400 }]);
});

test("a port that is taken is an error", async () => {
  await expect(startS3({ keys: {}, port: s3.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});
