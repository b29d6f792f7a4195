import { afterAll, beforeAll, expect, test } from "vitest";
import { type S3Server, startS3 } from "./index.ts";
import { awsClient, outcome, urlOf } from "./tools.ts";

let s3: S3Server;

beforeAll(async () => {
  s3 = await startS3({
    keys: { id: "secret" },
    publicRead: (bucket, key) => bucket === "open" || (bucket === "half" && key.startsWith("public/")),
  });
  for (const bucket of ["open", "half", "closed"]) {
    s3.objects.createBucket(bucket);
    s3.objects.put(bucket, "public/a", "a");
    s3.objects.put(bucket, "private/b", "b");
  }
});

afterAll(() => s3.close());

const anonymous = async (url: string, method = "GET") => {
  const init = { method, ...(method === "PUT" && { body: "evil" }) };
  return outcome(await fetch(url, init));
};
const DENIED = "403 AccessDenied";
const LIST = "?list-type=2";

test("without a signature only public objects can be read", async () => {
  expect(await anonymous(urlOf(s3, "closed", "public/a"))).toBe(DENIED);
  expect(await anonymous(urlOf(s3, "closed", "missing"))).toBe(DENIED);
  expect(await anonymous(urlOf(s3, "closed", "", LIST))).toBe(DENIED);
  expect(await anonymous(urlOf(s3, "missing", "", LIST))).toBe(DENIED);
  expect(await anonymous(s3.url)).toBe(DENIED);
});

test("public buckets can be read and listed", async () => {
  expect(await anonymous(urlOf(s3, "open", "private/b"))).toBe("200");
  expect(await anonymous(urlOf(s3, "open", "private/b"), "HEAD")).toBe("200");
  expect(await anonymous(urlOf(s3, "open", "missing"))).toBe("404 NoSuchKey");
  expect(await anonymous(urlOf(s3, "open", "", LIST))).toBe("200");
  expect(s3.log.at(-1)?.signedBy).toBe("anonymous");
});

test("a rule may depend on the key, or on listing", async () => {
  expect(await anonymous(urlOf(s3, "half", "public/a"))).toBe("200");
  expect(await anonymous(urlOf(s3, "half", "private/b"))).toBe(DENIED);
  expect(await anonymous(urlOf(s3, "half", "", LIST))).toBe(DENIED);
});

test("public buckets cannot be written", async () => {
  expect(await anonymous(urlOf(s3, "open", "public/a"), "PUT")).toBe(DENIED);
  expect(await anonymous(urlOf(s3, "open", "public/a"), "DELETE")).toBe(DENIED);
  expect(await anonymous(urlOf(s3, "open", "", "?delete"), "POST")).toBe(DENIED);
  expect(await anonymous(urlOf(s3, "mine"), "PUT")).toBe(DENIED);
  expect(s3.objects.bucket("open").get("public/a")?.body.toString()).toBe("a");
});

test("an invalid signature is refused even if none is needed", async () => {
  const client = awsClient({ secretAccessKey: "wrong" });
  const answer = await client.fetch(urlOf(s3, "open", "public/a"));
  expect(await outcome(answer)).toBe("403 SignatureDoesNotMatch");
});
