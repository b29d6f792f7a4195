import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { AwsV4Signer } from "aws4fetch";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodePath, encodePath, parseAddress } from "./address.ts";
import { type S3Server, startS3 } from "./index.ts";
import { awsClient, KEYS, outcome, sdkClient, sendRaw, urlOf } from "./tools.ts";

let s3: S3Server;

beforeAll(async () => {
  s3 = await startS3({ keys: { id: "secret" }, publicRead: (bucket) => bucket === "open" });
  s3.objects.createBucket("data");
  s3.objects.createBucket("open");
});

afterAll(() => s3.close());

const ODD = [
  "d/odd !'()*+=~é.txt",
  "a//b",
  "trailing/",
  "100%",
  "%2F",
  "?query#hash",
  "tab\there",
  '<&>"',
  "日本/\u{1f600}",
  "key:with;all,of@them$[]{}|\\^`",
];
/** Keys that browsers and `fetch` normalise before sending. */
const DOTS = ["..", "a/../b", "./a", "a/./b", "../../etc/passwd"];

describe("odd keys", () => {
  test.each([...ODD, ...DOTS, "/leading", "//"])("%j, by the SDK", async (Key) => {
    const sdk = sdkClient(s3);
    await sdk.send(new PutObjectCommand({ Bucket: "data", Key, Body: Key }));
    expect(s3.objects.bucket("data").get(Key)?.body.toString()).toBe(Key);
    const { Body } = await sdk.send(new GetObjectCommand({ Bucket: "data", Key }));
    expect(await Body?.transformToString()).toBe(Key);
    await sdk.send(new DeleteObjectCommand({ Bucket: "data", Key }));
    expect(s3.objects.bucket("data").has(Key)).toBe(false);
  });

  test.each(ODD)("%j, by aws4fetch, in the headers and in the query", async (key) => {
    const url = urlOf(s3, "data", key);
    expect(await outcome(await awsClient().fetch(url, { method: "PUT", body: key }))).toBe("200");
    expect(s3.objects.bucket("data").get(key)?.body.toString()).toBe(key);
    const signed = await awsClient().sign(url, { aws: { signQuery: true } });
    expect(await (await fetch(signed)).text()).toBe(key);
  });
});

describe("paths", () => {
  test("are not normalised: dots and slashes are part of the key", async () => {
    for (const key of [...DOTS, "/leading", "//"]) {
      s3.objects.put("open", key, key);
      expect(await (await sendRaw(s3, `/open/${key}`)).text()).toBe(key);
    }
    expect(await outcome(await sendRaw(s3, "/open/../data/a"))).toBe("404 NoSuchKey");
  });

  test("a plus is a space, as on S3; %2B is a plus; %2F a slash", async () => {
    s3.objects.put("open", "a b", "space");
    s3.objects.put("open", "a+b", "plus");
    s3.objects.put("open", "a/b", "slash");
    for (const [path, content] of Object.entries({ "a+b": "space", "a%2Bb": "plus", "a%2Fb": "slash" })) {
      expect(await (await sendRaw(s3, `/open/${path}`)).text()).toBe(content);
      expect(await (await awsClient().fetch(`${s3.url}/open/${path}`)).text()).toBe(content);
    }
  });

  test.each(["/open/%zz", "/open/%", "/open/%ff", "/%/a", "http://elsewhere/open/a"])(
    "%s is no address",
    async (path) => {
      expect(await outcome(await sendRaw(s3, path))).toBe("400 InvalidURI");
    },
  );

  test("any key survives encoding, and is found in either style", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.webQueryParameters(), (key, query) => {
        expect(decodePath(encodePath(key))).toBe(key);
        const path = parseAddress(`/bucket/${encodePath(key)}?${query}`, "127.0.0.1:1", "s3.test");
        expect(path).toMatchObject({ bucket: "bucket", key });
        const host = parseAddress(`/${encodePath(key)}?${query}`, "bucket.s3.test:1", "s3.test");
        expect(host).toMatchObject({ bucket: "bucket", key });
      }),
    );
  });
});

describe("virtual-host style", () => {
  /** Signs for a host that does not resolve, and sends to the server's address. */
  async function send(host: string, path: string, { method = "GET", body = "", signQuery = false } = {}) {
    const url = `http://${host}:${s3.port}${path}`;
    const aws = { ...KEYS, service: "s3", region: "us-east-1", signQuery };
    const signed = await new AwsV4Signer({ ...aws, url, method, body }).sign();
    const headers = { ...Object.fromEntries(signed.headers), host: `${host}:${s3.port}` };
    return sendRaw(s3, signed.url.pathname + signed.url.search, { method, headers, body });
  }

  test("the bucket is in the host, the whole path is the key", async () => {
    const put = await send("data.s3.localhost", "/by/host%20%2B.txt", { method: "PUT", body: "content" });
    expect(await outcome(put)).toBe("200");
    expect(s3.objects.bucket("data").get("by/host +.txt")?.body.toString()).toBe("content");
    for (const signQuery of [false, true]) {
      const got = await send("data.s3.localhost", "/by/host%20%2B.txt", { signQuery });
      expect(await got.text()).toBe("content");
    }
    expect(s3.log.at(-1)).toMatchObject({ path: "/data/by/host +.txt", signedBy: "query" });
    const list = await (await send("data.s3.localhost", "/?list-type=2&prefix=by%2F")).text();
    expect(list).toContain("<Key>by/host +.txt</Key>");
  });

  test("dots in the bucket's name, leading slashes in the key, upper and lower case in the host", async () => {
    s3.objects.createBucket("with.dots");
    s3.objects.put("with.dots", "/a", "content");
    const { headers } = await sendRaw(s3, "//a", { headers: { host: "with.dots.S3.localhost" } });
    expect(headers.get("content-type")).toBe("application/xml");
    expect(s3.log.at(-1)).toMatchObject({ path: "/with.dots//a", status: 403 });
  });

  test("the host itself is path style, and its name can be configured", async () => {
    s3.objects.put("open", "a", "content");
    const plain = await sendRaw(s3, "/open/a", { headers: { host: "s3.localhost" } });
    expect(await plain.text()).toBe("content");
    const named = await startS3({ keys: {}, virtualHost: "s3.test", publicRead: () => true });
    named.objects.createBucket("open");
    named.objects.put("open", "a", "named");
    const answer = await sendRaw(named, "/a", { headers: { host: "open.s3.test" } });
    await named.close();
    expect(await answer.text()).toBe("named");
  });
});
