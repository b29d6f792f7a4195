import { createHash } from "node:crypto";
import { GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type S3Server, startS3 } from "./index.ts";
import { awsClient, outcome, sdkClient, sdkOutcome, urlOf } from "./tools.ts";

const CONTENT = "hello world";
const ETAG = `"${createHash("md5").update(CONTENT).digest("hex")}"`;

let s3: S3Server;

beforeAll(async () => {
  s3 = await startS3({ keys: { id: "secret" } });
  s3.objects.createBucket("data");
  const metadata = { "x-amz-meta-colour": "blue", "cache-control": "no-cache" };
  s3.objects.put("data", "a", CONTENT, { contentType: "text/plain", metadata });
  s3.objects.put("data", "empty", "");
});

afterAll(() => s3.close());

const get = (headers: Record<string, string> = {}, key = "a", method = "GET") =>
  awsClient().fetch(urlOf(s3, "data", key), { headers, method });

test("GET returns the bytes, the MD5 as ETag, and the stored metadata", async () => {
  const response = await get();
  expect(await response.text()).toBe(CONTENT);
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    etag: ETAG,
    "content-length": "11",
    "content-type": "text/plain",
    "accept-ranges": "bytes",
    "cache-control": "no-cache",
    "x-amz-meta-colour": "blue",
    "x-amz-request-id": expect.stringMatching(/./),
  });
  const modified = s3.objects.bucket("data").get("a")!.modified;
  expect(response.headers.get("last-modified")).toBe(new Date(modified).toUTCString());
});

test("the SDK reads the same", async () => {
  const answer = await sdkClient(s3).send(new GetObjectCommand({ Bucket: "data", Key: "a" }));
  expect(await answer.Body?.transformToString()).toBe(CONTENT);
  expect(answer).toMatchObject({ ETag: ETAG, ContentLength: 11, Metadata: { colour: "blue" } });
});

test("HEAD returns the headers of GET, and no body", async () => {
  const head = await get({}, "a", "HEAD");
  expect(await head.text()).toBe("");
  const described = ({ headers }: Response) =>
    ["etag", "content-length", "content-type", "last-modified"].map((name) => headers.get(name));
  expect(described(head)).toEqual(described(await get()));
  const answer = await sdkClient(s3).send(new HeadObjectCommand({ Bucket: "data", Key: "a" }));
  expect(answer).toMatchObject({ ETag: ETAG, ContentLength: 11, ContentType: "text/plain" });
  expect((await get({ range: "bytes=0-3" }, "a", "HEAD")).headers.get("content-length")).toBe("4");
});

test("an empty object exists", async () => {
  const response = await get({}, "empty");
  expect([response.status, await response.text()]).toEqual([200, ""]);
  expect(response.headers.get("content-type")).toBe("binary/octet-stream");
});

test("a missing object or bucket", async () => {
  expect(await outcome(await get({}, "missing"))).toBe("404 NoSuchKey");
  expect((await get({}, "missing", "HEAD")).status).toBe(404);
  expect(await outcome(await awsClient().fetch(urlOf(s3, "nowhere", "a")))).toBe("404 NoSuchBucket");
  const missing = new GetObjectCommand({ Bucket: "data", Key: "missing" });
  expect(await sdkOutcome(sdkClient(s3).send(missing))).toBe("404 NoSuchKey");
});

describe("ranges", () => {
  test.each([
    ["bytes=0-3", "hell", "bytes 0-3/11"],
    ["bytes=4-4", "o", "bytes 4-4/11"],
    ["bytes=6-", "world", "bytes 6-10/11"],
    ["bytes=0-", CONTENT, "bytes 0-10/11"],
    ["bytes=6-99", "world", "bytes 6-10/11"],
    ["bytes=-5", "world", "bytes 6-10/11"],
    ["bytes=-99", CONTENT, "bytes 0-10/11"],
  ])("%s", async (range, content, contentRange) => {
    const response = await get({ range });
    expect(response.status).toBe(206);
    expect(await response.text()).toBe(content);
    expect(response.headers.get("content-range")).toBe(contentRange);
    expect(response.headers.get("content-length")).toBe(String(content.length));
    expect(response.headers.get("etag")).toBe(ETAG);
  });

  test.each([
    ["bytes=11-", "a"],
    ["bytes=99-100", "a"],
    ["bytes=-0", "a"],
    ["bytes=0-", "empty"],
    ["bytes=-1", "empty"],
  ])("%s of %s is not satisfiable", async (range, key) => {
    const response = await get({ range }, key);
    expect(response.headers.get("content-range")).toBe(`bytes */${key === "a" ? 11 : 0}`);
    expect(await outcome(response)).toBe("416 InvalidRange");
  });

  test.each(["bytes=5-2", "bytes=-", "bytes=a-b", "bytes=0-1,3-4", "lines=0-1"])(
    "%s is ignored",
    async (range) => {
      const response = await get({ range });
      expect([response.status, await response.text()]).toEqual([200, CONTENT]);
    },
  );

  test("apply only if If-Range matches", async () => {
    const range = "bytes=0-3";
    expect((await get({ range, "if-range": ETAG })).status).toBe(206);
    expect((await get({ range, "if-range": '"other"' })).status).toBe(200);
  });
});

describe("conditions", () => {
  test("a matching If-None-Match gets 304 with the ETag, and no body", async () => {
    for (const header of [ETAG, `W/${ETAG}`, `"other", ${ETAG}`, "*"]) {
      const response = await get({ "if-none-match": header });
      expect([response.status, await response.text()]).toEqual([304, ""]);
      expect(response.headers.get("etag")).toBe(ETAG);
    }
    expect((await get({ "if-none-match": '"other"' })).status).toBe(200);
    expect((await get({ "if-none-match": ETAG, range: "bytes=0-3" })).status).toBe(304);
  });

  test("If-Match of another ETag is refused", async () => {
    expect((await get({ "if-match": ETAG })).status).toBe(200);
    expect(await outcome(await get({ "if-match": '"other"' }))).toBe("412 PreconditionFailed");
    const part = await get({ "if-match": '"other"', range: "bytes=0-3" });
    expect(await outcome(part)).toBe("412 PreconditionFailed");
  });
});
