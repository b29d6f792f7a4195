import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { type S3Server, startS3 } from "./index.ts";
import { openUploads } from "./multipart.ts";
import { awsClient, outcome, sdkClient, sdkOutcome, urlOf } from "./tools.ts";

const md5 = (text: string, encoding: "hex" | "base64" = "hex") =>
  createHash("md5").update(text).digest(encoding);

const s3: S3Server = await startS3({ keys: { id: "secret" } });
const sdk = sdkClient(s3);
let bucket = "";
let buckets = 0;

beforeEach(() => {
  bucket = `bucket-${buckets++}`;
  s3.objects.createBucket(bucket);
});

afterAll(() => s3.close());

const put = (key: string, body: string, headers: Record<string, string> = {}) =>
  awsClient().fetch(urlOf(s3, bucket, key), { method: "PUT", body, headers });
const stored = (key: string) => s3.objects.bucket(bucket).get(key)?.body.toString();

describe("PUT", () => {
  test("stores bytes, type and metadata, and returns the ETag", async () => {
    const headers = {
      "content-type": "text/plain",
      "cache-control": "max-age=60",
      "x-amz-meta-colour": "blue",
      "content-encoding": "identity",
    };
    const response = await put("a", "content", headers);
    expect(response.status).toBe(200);
    expect(response.headers.get("etag")).toBe(`"${md5("content")}"`);
    const got = await awsClient().fetch(urlOf(s3, bucket, "a"));
    expect(Object.fromEntries(got.headers)).toMatchObject(headers);
    expect(await got.text()).toBe("content");
  });

  test("replaces the whole object", async () => {
    await put("a", "one", { "x-amz-meta-colour": "blue" });
    await put("a", "two");
    expect(stored("a")).toBe("two");
    expect(s3.objects.bucket(bucket).get("a")?.metadata).toEqual({});
  });

  test("into a missing bucket", async () => {
    const url = urlOf(s3, "nowhere", "a");
    const response = await awsClient().fetch(url, { method: "PUT", body: "x" });
    expect(await outcome(response)).toBe("404 NoSuchBucket");
  });

  test("keys of up to 1,024 bytes", async () => {
    expect(await outcome(await put("é".repeat(512), "x"))).toBe("200");
    expect(await outcome(await put(`${"é".repeat(512)}x`, "x"))).toBe("400 KeyTooLongError");
  });

  test("through the API, stores a copy", () => {
    const body = Buffer.from("content");
    s3.objects.put(bucket, "a", body);
    body.fill(0);
    expect(stored("a")).toBe("content");
  });
});

describe("digests", () => {
  const sha256 = createHash("sha256").update("content").digest("base64");

  test("are checked", async () => {
    const good = { "content-md5": md5("content", "base64"), "x-amz-checksum-sha256": sha256 };
    expect(await outcome(await put("a", "content", good))).toBe("200");
    for (const [name, value] of Object.entries(good)) {
      expect(await outcome(await put("a", "other", { [name]: value }))).toBe("400 BadDigest");
    }
    expect(await outcome(await put("a", "other", { "x-amz-checksum-crc32": "AAAAAA==" }))).toBe(
      "400 BadDigest",
    );
    expect(stored("a")).toBe("content");
  });

  test("that Node does not support are refused, not ignored", async () => {
    const headers = { "x-amz-checksum-crc64nvme": "AAAAAAAAAAA=" };
    expect(await outcome(await put("a", "content", headers))).toBe("501 NotImplemented");
  });

  test("of the SDK, as sent by default", async () => {
    await sdk.send(new PutObjectCommand({ Bucket: bucket, Key: "a", Body: "content" }));
    expect(stored("a")).toBe("content");
    const { Body } = await sdk.send(new GetObjectCommand({ Bucket: bucket, Key: "a" }));
    expect(await Body?.transformToString()).toBe("content");
    for (const ChecksumAlgorithm of ["CRC32", "SHA1", "SHA256"] as const) {
      const command = { Bucket: bucket, Key: ChecksumAlgorithm, Body: "content", ChecksumAlgorithm };
      await sdk.send(new PutObjectCommand(command));
      expect(stored(ChecksumAlgorithm)).toBe("content");
    }
  });
});

describe("aws-chunked bodies", () => {
  const crc32 = "tX2eMA=="; // of "hello chunks"
  const send = (body: string, headers: Record<string, string> = {}) =>
    put("a", body, {
      "content-encoding": "aws-chunked",
      "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
      "x-amz-decoded-content-length": "12",
      "x-amz-trailer": "x-amz-checksum-crc32",
      ...headers,
    });

  test("are joined, and their trailer is checked", async () => {
    const chunks = "6\r\nhello \r\n6;chunk-signature=x\r\nchunks\r\n0\r\n";
    const whole = `${chunks}x-amz-checksum-crc32:${crc32}\r\n\r\n`;
    expect(await outcome(await send(whole))).toBe("200");
    expect(stored("a")).toBe("hello chunks");
    expect(s3.objects.bucket(bucket).get("a")?.metadata).toEqual({});
    expect(await outcome(await send(whole, { "content-encoding": "aws-chunked,gzip" }))).toBe("200");
    expect(s3.objects.bucket(bucket).get("a")?.metadata).toEqual({ "content-encoding": "gzip" });
    expect(await outcome(await send(whole.replace("hello ", "HELLO ")))).toBe("400 BadDigest");
  });

  test.each([
    ["c\r\nhello chunks\r\n", "no end"],
    ["c\r\nhello", "half a chunk"],
    ["6\r\nhello chunks\r\n0\r\n\r\n", "a wrong size"],
    ["-6\r\nhello chunks\r\n0\r\n\r\n", "a negative size"],
    ["hello chunks", "no size"],
    ["c\r\nhello chunks\r\n0\r\n\r\n", "no trailer"],
    [`6\r\nhello \r\n0\r\nx-amz-checksum-crc32:${crc32}\r\n\r\n`, "less than announced"],
  ])("%j is refused: %s", async (body) => {
    expect(await outcome(await send(body))).toBe("400 IncompleteBody");
    expect(stored("a")).toBeUndefined();
  });

  test("of the SDK, which wraps streams", async () => {
    const Body = Readable.from([Buffer.from("hello "), Buffer.from("chunks")]);
    await sdk.send(new PutObjectCommand({ Bucket: bucket, Key: "a", Body, ContentLength: 12 }));
    expect(stored("a")).toBe("hello chunks");
    expect(s3.objects.bucket(bucket).get("a")?.metadata).toEqual({});
  });
});

describe("conditional PUT", () => {
  const none = { "if-none-match": "*" };
  const FAILED = "412 PreconditionFailed";

  test("If-None-Match: * writes once", async () => {
    expect(await outcome(await put("a", "one", none))).toBe("200");
    expect(await outcome(await put("a", "two", none))).toBe(FAILED);
    expect(stored("a")).toBe("one");
    expect(await outcome(await put("a", "two", { "if-none-match": '"tag"' }))).toBe("501 NotImplemented");
  });

  test("If-Match overwrites a matching object", async () => {
    const first = await put("a", "one");
    const tag = first.headers.get("etag")!;
    expect(await outcome(await put("a", "two", { "if-match": tag }))).toBe("200");
    expect(await outcome(await put("a", "three", { "if-match": tag }))).toBe(FAILED);
    expect(stored("a")).toBe("two");
    expect(await outcome(await put("missing", "x", { "if-match": tag }))).toBe("404 NoSuchKey");
    expect(stored("missing")).toBeUndefined();
  });

  test("the SDK's too", async () => {
    const command = () => new PutObjectCommand({ Bucket: bucket, Key: "a", Body: "x", IfNoneMatch: "*" });
    expect(await sdkOutcome(sdk.send(command()))).toBe("200");
    expect(await sdkOutcome(sdk.send(command()))).toBe(FAILED);
  });

  /** Writes 16 bodies at once, and returns those that were accepted. */
  async function race(round: number, headers: Record<string, string>): Promise<string[]> {
    const bodies = Array.from({ length: 16 }, (_, i) => `writer ${i} in round ${round}`);
    const statuses = await Promise.all(bodies.map((body) => put("raced", body, headers).then(outcome)));
    expect(statuses.filter((status) => status === FAILED)).toHaveLength(15);
    return bodies.filter((_, i) => statuses[i] === "200");
  }

  test("of 16 concurrent writes one succeeds, and its bytes are stored", async () => {
    const [winner, ...others] = await race(1, none);
    expect(others).toEqual([]);
    expect(stored("raced")).toBe(winner);
    const tag = `"${md5(winner!)}"`;
    const [second] = await race(2, { "if-match": tag });
    expect(stored("raced")).toBe(second);
  });
});

describe("DELETE", () => {
  test("deletes, with the same response for a missing object", async () => {
    await put("a", "x");
    const remove = () => sdk.send(new DeleteObjectCommand({ Bucket: bucket, Key: "a" }));
    expect((await remove()).$metadata.httpStatusCode).toBe(204);
    expect(stored("a")).toBeUndefined();
    expect((await remove()).$metadata.httpStatusCode).toBe(204);
  });

  test("with If-Match", async () => {
    await put("a", "x");
    const remove = (tag: string) =>
      awsClient().fetch(urlOf(s3, bucket, "a"), { method: "DELETE", headers: { "if-match": tag } });
    expect(await outcome(await remove('"other"'))).toBe("412 PreconditionFailed");
    expect(stored("a")).toBe("x");
    expect(await outcome(await remove(`"${md5("x")}"`))).toBe("204");
    expect(stored("a")).toBeUndefined();
  });

  test("many at once", async () => {
    const keys = ["a", "b & <c>", "d/é ' \"", "missing"];
    for (const key of keys.slice(0, 3)) s3.objects.put(bucket, key, "x");
    s3.objects.put(bucket, "kept", "x");
    const Objects = keys.map((Key) => ({ Key }));
    const { Deleted, Errors } = await sdk.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }),
    );
    expect(Deleted?.map(({ Key }) => Key)).toEqual(keys);
    expect(Errors).toBeUndefined();
    expect([...s3.objects.bucket(bucket).keys()]).toEqual(["kept"]);
  });

  test("many at once, quietly", async () => {
    s3.objects.put(bucket, "a", "x");
    const Delete = { Objects: [{ Key: "a" }], Quiet: true };
    const { Deleted } = await sdk.send(new DeleteObjectsCommand({ Bucket: bucket, Delete }));
    expect(Deleted).toBeUndefined();
    expect(stored("a")).toBeUndefined();
  });

  test("many at once, with a malformed body", async () => {
    s3.objects.put(bucket, "a", "x");
    const post = (body: string, digest = md5(body, "base64")) => {
      const init = { method: "POST", body, headers: digest ? { "content-md5": digest } : undefined };
      return awsClient()
        .fetch(urlOf(s3, bucket, "", "?delete"), init)
        .then(outcome);
    };
    const one = "<Delete><Object><Key>a</Key></Object></Delete>";
    expect(await post(one, "")).toBe("400 InvalidRequest");
    expect(await post(one, md5("", "base64"))).toBe("400 BadDigest");
    expect(await post("<Delete/>")).toBe("400 MalformedXML");
    expect(await post("<Key>k</Key>".repeat(1001))).toBe("400 MalformedXML");
    expect(stored("a")).toBe("x");
  });
});

describe("copy", () => {
  const key = "odd/a+b é.txt";
  const copy = (source: string, headers: Record<string, string> = {}) =>
    awsClient().fetch(urlOf(s3, bucket, "copy"), {
      method: "PUT",
      headers: { "x-amz-copy-source": source, ...headers },
    });

  beforeEach(() => {
    s3.objects.createBucket("source");
    const metadata = { "x-amz-meta-colour": "blue" };
    s3.objects.put("source", key, "content", { contentType: "text/plain", metadata });
  });

  test("copies bytes, type and metadata from another bucket", async () => {
    const source = `/source/${encodeURIComponent(key)}`;
    const command = new CopyObjectCommand({ Bucket: bucket, Key: "copy", CopySource: source });
    const { CopyObjectResult } = await sdk.send(command);
    expect(CopyObjectResult?.ETag).toBe(`"${md5("content")}"`);
    const { body, contentType, metadata } = s3.objects.bucket(bucket).get("copy")!;
    expect([body.toString(), contentType]).toEqual(["content", "text/plain"]);
    expect(metadata).toEqual({ "x-amz-meta-colour": "blue" });
  });

  test("or sets new metadata", async () => {
    const headers = { "x-amz-metadata-directive": "REPLACE", "x-amz-meta-colour": "red" };
    expect(await outcome(await copy("source/odd/a%2Bb%20%C3%A9.txt", headers))).toBe("200");
    expect(s3.objects.bucket(bucket).get("copy")?.metadata).toEqual({ "x-amz-meta-colour": "red" });
  });

  test("of a missing object, and onto an existing one", async () => {
    const source = `source/${encodeURIComponent(key)}`;
    expect(await outcome(await copy("source/missing"))).toBe("404 NoSuchKey");
    expect(await outcome(await copy("nowhere/a"))).toBe("404 NoSuchBucket");
    expect(await outcome(await copy("source/%zz"))).toBe("400 InvalidURI");
    expect(await outcome(await copy(`${source}?versionId=1`))).toBe("501 NotImplemented");
    const condition = { "x-amz-copy-source-if-match": '"tag"' };
    expect(await outcome(await copy(source, condition))).toBe("501 NotImplemented");
    expect(await outcome(await copy(source, { "if-none-match": "*" }))).toBe("200");
    expect(await outcome(await copy(source, { "if-none-match": "*" }))).toBe("412 PreconditionFailed");
  });
});

describe("multipart uploads", () => {
  const Key = "large";
  const start = async () =>
    (await sdk.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }))).UploadId!;
  const upload = async (UploadId: string, PartNumber: number, Body: Uint8Array) => {
    const { ETag } = await sdk.send(
      new UploadPartCommand({ Bucket: bucket, Key, UploadId, PartNumber, Body }),
    );
    return { PartNumber, ETag };
  };
  const complete = (UploadId: string, Parts: readonly { PartNumber: number; ETag: string | undefined }[]) =>
    sdkOutcome(
      sdk.send(
        new CompleteMultipartUploadCommand({
          Bucket: bucket,
          Key,
          UploadId,
          MultipartUpload: { Parts: [...Parts] },
        }),
      ),
    );

  test("join their parts once they are completed", async () => {
    const id = await start();
    const parts = [
      await upload(id, 1, new Uint8Array(5 << 20).fill(1)),
      await upload(id, 2, Uint8Array.of(2)),
    ];
    expect(s3.objects.bucket(bucket).has(Key)).toBe(false);
    expect(await complete(id, parts)).toBe("200");
    const { body } = s3.objects.bucket(bucket).get(Key)!;
    expect([body.length, body.at(-1)]).toEqual([(5 << 20) + 1, 2]);
    expect(await complete(id, parts)).toBe("404 NoSuchUpload");
  });

  test("refuse small parts, wrong tags and a wrong order", async () => {
    const id = await start();
    const parts = [await upload(id, 1, Uint8Array.of(1)), await upload(id, 2, Uint8Array.of(2))];
    expect(await complete(id, parts)).toBe("400 EntityTooSmall");
    expect(await complete(id, [...parts].reverse())).toMatch(/^400 /);
    expect(await complete(id, [{ PartNumber: 1, ETag: '"x"' }])).toBe("400 InvalidPart");
  });

  test("end when they are aborted", async () => {
    const before = openUploads(s3.objects);
    const UploadId = await start();
    expect(openUploads(s3.objects)).toBe(before + 1);
    await sdk.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
    expect(openUploads(s3.objects)).toBe(before);
    const part = { Bucket: bucket, Key, PartNumber: 1, UploadId, Body: "part" };
    expect(await sdkOutcome(sdk.send(new UploadPartCommand(part)))).toBe("404 NoSuchUpload");
  });
});

describe("buckets", () => {
  test("are created, created again with their objects, and found", async () => {
    const Bucket = "made-by-sdk";
    expect(await sdkOutcome(sdk.send(new HeadBucketCommand({ Bucket })))).toBe("404 NotFound");
    await sdk.send(new CreateBucketCommand({ Bucket }));
    s3.objects.put(Bucket, "a", "x");
    await sdk.send(new CreateBucketCommand({ Bucket }));
    expect(s3.objects.bucket(Bucket).size).toBe(1);
    expect(await sdkOutcome(sdk.send(new HeadBucketCommand({ Bucket })))).toBe("200");
  });

  test.each(["..", "ab", "Upper", "a..b", "-ab", "with_underscore", "x".repeat(64)])(
    "may not be called %s",
    (name) => {
      expect(() => s3.objects.createBucket(name)).toThrow(
        expect.objectContaining({ status: 400, code: "InvalidBucketName" }),
      );
    },
  );
});

describe("unknown operations get 501", () => {
  const UNKNOWN = "501 NotImplemented";

  test("of the SDK, without any other effect", async () => {
    s3.objects.put(bucket, "a", "content");
    const Key = "a";
    const acl = new PutObjectAclCommand({ Bucket: bucket, Key, ACL: "public-read" });
    expect(await sdkOutcome(sdk.send(acl))).toBe(UNKNOWN);
    expect(await sdkOutcome(sdk.send(new ListBucketsCommand()))).toBe(UNKNOWN);
    expect(stored("a")).toBe("content");
  });

  test.each([
    ["GET", "", "?list-type=1"],
    ["GET", "", "?location"],
    ["GET", "", "?list-type=2&versions"],
    ["PUT", "", "?cors"],
    ["DELETE", "", ""],
    ["POST", "", "?delete&x"],
    ["GET", "a", "?versionId=1"],
    ["GET", "a", "?response-content-type=a"],
    ["GET", "a", "?uploadId=u"],
    ["POST", "a", "?restore"],
    ["PATCH", "a", ""],
  ])("%s /bucket/%s%s", async (method, key, query) => {
    s3.objects.put(bucket, "a", "content");
    const response = await awsClient().fetch(urlOf(s3, bucket, key, query), { method });
    expect(await outcome(response)).toBe(UNKNOWN);
    expect(stored("a")).toBe("content");
  });
});
