import { createHash } from "node:crypto";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type S3Server, startS3 } from "./index.ts";
import { awsClient, awsDate, KEYS, outcome, sdkClient, sdkOutcome, sendRaw, urlOf } from "./tools.ts";

const MINUTE = 60_000;
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

let s3: S3Server;
/** The server's time; undefined: the real time. */
let clock: number | undefined;

beforeAll(async () => {
  s3 = await startS3({
    keys: {
      id: "secret",
      session: { secret: "session-secret", sessionToken: "to+ken/=" },
      ending: { secret: "ending-secret", sessionToken: "t", expires: Date.UTC(2030, 0, 1) },
    },
    now: () => clock ?? Date.now(),
  });
  s3.objects.createBucket("data");
  s3.objects.put("data", "a", "content");
  s3.objects.put("data", "b", "other");
});

beforeEach(() => {
  clock = undefined;
  s3.reset();
});

afterAll(() => s3.close());

const signedBy = () => s3.log.map((record) => record.signedBy);

describe("valid signatures", () => {
  test("in the headers, of aws4fetch and of the SDK", async () => {
    expect(await (await awsClient().fetch(urlOf(s3, "data", "a"))).text()).toBe("content");
    const { Body } = await sdkClient(s3).send(new GetObjectCommand({ Bucket: "data", Key: "a" }));
    expect(await Body?.transformToString()).toBe("content");
    expect(signedBy()).toEqual(["header", "header"]);
  });

  test("in the query, of aws4fetch and of the SDK", async () => {
    const { url } = await awsClient().sign(urlOf(s3, "data", "a"), { aws: { signQuery: true } });
    expect(await (await fetch(url)).text()).toBe("content");
    const get = new GetObjectCommand({ Bucket: "data", Key: "a" });
    expect(await (await fetch(await getSignedUrl(sdkClient(s3), get))).text()).toBe("content");
    expect(signedBy()).toEqual(["query", "query"]);
  });

  test("of a PUT, presigned", async () => {
    const put = new PutObjectCommand({ Bucket: "data", Key: "presigned" });
    const client = sdkClient(s3, { requestChecksumCalculation: "WHEN_REQUIRED" });
    const url = await getSignedUrl(client, put, { expiresIn: 60 });
    expect(await outcome(await fetch(url, { method: "PUT", body: "by URL" }))).toBe("200");
    expect(s3.objects.bucket("data").get("presigned")?.body.toString()).toBe("by URL");
  });

  test("with a range, signed in the query and not part of it", async () => {
    const { url } = await awsClient().sign(urlOf(s3, "data", "a"), { aws: { signQuery: true } });
    expect(await (await fetch(url, { headers: { range: "bytes=0-2" } })).text()).toBe("con");
  });

  test("of parameters in any order, with values to be escaped, and names with a common prefix", async () => {
    const queries = ["?prefix=%2B+%20%26&list-type=2", "?list-type=2&prefix=%C3%A9!'()*"];
    for (const query of queries) {
      expect(await outcome(await awsClient().fetch(urlOf(s3, "data", "", query)))).toBe("200");
    }
    // `x` comes before `x-y`, though `x-y=` comes before `x=`: the signature is valid, the operation unknown.
    const unknown = await awsClient().fetch(urlOf(s3, "data", "", "?x-y=1&x=2"));
    expect(await outcome(unknown)).toBe("501 NotImplemented");
  });

  test("of headers with many spaces", async () => {
    const headers = { "x-amz-meta-words": "  many   spaces  " };
    const put = await awsClient().fetch(urlOf(s3, "data", "spaces"), { method: "PUT", body: "x", headers });
    expect(await outcome(put)).toBe("200");
  });
});

describe("refused", () => {
  const wrong = awsClient({ secretAccessKey: "wrong" });

  test("a wrong secret, in the headers and in the query, for all methods", async () => {
    for (const method of ["GET", "PUT", "DELETE"]) {
      const init = { method, ...(method === "PUT" && { body: "evil" }) };
      expect(await outcome(await wrong.fetch(urlOf(s3, "data", "a"), init))).toBe(
        "403 SignatureDoesNotMatch",
      );
      const signed = await wrong.sign(urlOf(s3, "data", "a"), { ...init, aws: { signQuery: true } });
      expect(await outcome(await fetch(signed))).toBe("403 SignatureDoesNotMatch");
    }
    expect((await wrong.fetch(urlOf(s3, "data", "a"), { method: "HEAD" })).status).toBe(403);
    expect(s3.objects.bucket("data").get("a")?.body.toString()).toBe("content");
  });

  test("an unknown key id, also the name of a property of every object", async () => {
    for (const accessKeyId of ["nobody", "constructor", "__proto__"]) {
      const client = awsClient({ accessKeyId, secretAccessKey: "undefined" });
      expect(await outcome(await client.fetch(urlOf(s3, "data", "a")))).toBe("403 InvalidAccessKeyId");
    }
  });

  test("another path, method, query or header than was signed", async () => {
    const { headers } = await awsClient().sign(urlOf(s3, "data", "a"));
    const list = await awsClient().sign(urlOf(s3, "data", "", "?list-type=2&prefix=a"));
    const longer = new Headers(headers);
    longer.set("x-amz-date", awsDate(Date.now() + 1000));
    const tampered = [
      fetch(urlOf(s3, "data", "b"), { headers }),
      fetch(urlOf(s3, "data", "a"), { headers, method: "DELETE" }),
      fetch(urlOf(s3, "data", "a"), { headers: longer }),
      fetch(urlOf(s3, "data", "", "?list-type=2&prefix=b"), { headers: list.headers }),
      fetch(urlOf(s3, "data", "", "?list-type=2&prefix=a&max-keys=1"), { headers: list.headers }),
    ];
    for (const response of await Promise.all(tampered)) {
      expect(await outcome(response)).toBe("403 SignatureDoesNotMatch");
    }
  });

  test("a presigned URL with another path, a later expiry, one more parameter or half a signature", async () => {
    const { url } = await awsClient().sign(urlOf(s3, "data", "a", "?X-Amz-Expires=60"), {
      aws: { signQuery: true },
    });
    const tampered = [
      url.replace("/data/a?", "/data/b?"),
      url.replace("X-Amz-Expires=60", "X-Amz-Expires=61"),
      `${url}&response-content-type=text%2Fhtml`,
      url.slice(0, -2),
    ];
    for (const changed of tampered) {
      expect(await outcome(await fetch(changed))).toBe("403 SignatureDoesNotMatch");
    }
    expect(await outcome(await fetch(url))).toBe("200");
  });

  test("a clock skew of more than 15 minutes, with the server's time in the error's XML", async () => {
    const signed = Date.UTC(2026, 0, 2, 3, 4, 5);
    const get = () => awsClient().fetch(urlOf(s3, "data", "a"), { aws: { datetime: awsDate(signed) } });
    for (const minutes of [-15, 0, 15]) {
      clock = signed + minutes * MINUTE;
      expect(await outcome(await get())).toBe("200");
    }
    clock = signed + 15 * MINUTE + 1;
    expect(await outcome(await get())).toBe("403 RequestTimeTooSkewed");
    clock = signed - 15 * MINUTE - 1;
    const response = await get();
    expect(response.status).toBe(403);
    expect(await response.text()).toContain(`<ServerTime>${new Date(clock).toISOString()}</ServerTime>`);
  });

  test("an expired presigned URL, and one from the future", async () => {
    const signed = Date.UTC(2026, 0, 2, 3, 4, 5);
    const { url } = await awsClient().sign(urlOf(s3, "data", "a", "?X-Amz-Expires=3600"), {
      aws: { signQuery: true, datetime: awsDate(signed) },
    });
    const at = async (milliseconds: number) => {
      clock = milliseconds;
      return outcome(await fetch(url));
    };
    expect(await at(signed)).toBe("200");
    expect(await at(signed + 60 * MINUTE)).toBe("200");
    expect(await at(signed + 60 * MINUTE + 1)).toBe("403 AccessDenied");
    expect(await at(signed - 15 * MINUTE)).toBe("200");
    expect(await at(signed - 15 * MINUTE - 1)).toBe("403 RequestTimeTooSkewed");
  });

  test("an expiry of zero, or of more than a week", async () => {
    for (const seconds of ["0", "-1", "604801", "soon"]) {
      const { url } = await awsClient().sign(urlOf(s3, "data", "a", `?X-Amz-Expires=${seconds}`), {
        aws: { signQuery: true },
      });
      expect(await outcome(await fetch(url))).toBe("400 AuthorizationQueryParametersError");
    }
  });

  test("a wrong region, with the right one in the error", async () => {
    const client = awsClient({ region: "eu-west-1" });
    const response = await client.fetch(urlOf(s3, "data", "a"));
    expect(response.status).toBe(400);
    const text = await response.text();
    expect(text).toContain("<Code>AuthorizationHeaderMalformed</Code>");
    expect(text).toContain("<Region>us-east-1</Region>");
    const { url } = await client.sign(urlOf(s3, "data", "a"), { aws: { signQuery: true } });
    expect(await outcome(await fetch(url))).toBe("400 AuthorizationQueryParametersError");
  });

  test("another service's signature", async () => {
    const init = { headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } };
    const response = await awsClient({ service: "sts" }).fetch(urlOf(s3, "data", "a"), init);
    expect(await outcome(response)).toBe("400 AuthorizationHeaderMalformed");
  });

  test("x-amz headers that are not signed, by header and by query", async () => {
    const extra = { "x-amz-meta-evil": "1" };
    const { headers } = await awsClient().sign(urlOf(s3, "data", "a"), { method: "PUT", body: "x" });
    const byHeader = { ...Object.fromEntries(headers), ...extra };
    const put = await fetch(urlOf(s3, "data", "a"), { method: "PUT", body: "x", headers: byHeader });
    expect(await outcome(put)).toBe("403 AccessDenied");
    const { url } = await awsClient().sign(urlOf(s3, "data", "a"), { aws: { signQuery: true } });
    expect(await outcome(await fetch(url, { headers: extra }))).toBe("403 AccessDenied");
  });

  test("a body that is not the one whose hash was signed", async () => {
    const put = (body: string, hash: string) => {
      const headers = { "x-amz-content-sha256": hash };
      return awsClient().fetch(urlOf(s3, "data", "hashed"), { method: "PUT", body, headers });
    };
    expect(await outcome(await put("body", sha256("body")))).toBe("200");
    expect(await outcome(await put("other", sha256("body")))).toBe("400 XAmzContentSHA256Mismatch");
    expect(await outcome(await put("body", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"))).toBe("501 NotImplemented");
    expect(s3.objects.bucket("data").get("hashed")?.body.toString()).toBe("body");
  });

  test("malformed signatures", async () => {
    const path = "/data/a";
    const send = async (url: string, headers = {}) => outcome(await sendRaw(s3, url, { headers }));
    const malformed = "400 AuthorizationHeaderMalformed";
    expect(await send(path, { authorization: "Bearer x" })).toBe(malformed);
    expect(await send(`${path}?X-Amz-Algorithm=MD5`)).toBe("400 AuthorizationQueryParametersError");
    expect(await send(`${path}?X-Amz-Signature=00`)).toBe("400 AuthorizationQueryParametersError");
    const { headers, url } = await awsClient().sign(urlOf(s3, "data", "a"));
    const given = Object.fromEntries(headers);
    const { "x-amz-content-sha256": _, ...hashless } = given;
    expect(await outcome(await fetch(url, { headers: hashless }))).toBe("400 MissingSecurityHeader");
    const query = await awsClient().sign(url, { aws: { signQuery: true } });
    expect(await outcome(await fetch(query.url, { headers: given }))).toBe("400 InvalidArgument");
    const { "x-amz-date": __, ...dateless } = given;
    expect(await outcome(await fetch(url, { headers: dateless }))).toBe(malformed);
  });
});

describe("sessions", () => {
  const session = { accessKeyId: "session", secretAccessKey: "session-secret", sessionToken: "to+ken/=" };

  test("with their token, by header and by query", async () => {
    expect(await outcome(await awsClient(session).fetch(urlOf(s3, "data", "a")))).toBe("200");
    const { url } = await awsClient(session).sign(urlOf(s3, "data", "a"), { aws: { signQuery: true } });
    expect(await outcome(await fetch(url))).toBe("200");
    const get = new GetObjectCommand({ Bucket: "data", Key: "a" });
    const sdk = sdkClient(s3, { credentials: session });
    expect(await sdkOutcome(sdk.send(get))).toBe("200");
    expect(await outcome(await fetch(await getSignedUrl(sdk, get)))).toBe("200");
  });

  test("without it, with another, and an unexpected token", async () => {
    const { sessionToken, ...tokenless } = session;
    const clients = [
      awsClient(tokenless),
      awsClient({ ...session, sessionToken: `${sessionToken}x` }),
      awsClient({ ...KEYS, sessionToken }),
    ];
    for (const client of clients) {
      expect(await outcome(await client.fetch(urlOf(s3, "data", "a")))).toBe("400 InvalidToken");
    }
  });

  test("until they expire", async () => {
    const client = awsClient({
      accessKeyId: "ending",
      secretAccessKey: "ending-secret",
      sessionToken: "t",
    });
    const at = async (milliseconds: number) => {
      clock = milliseconds;
      const aws = { datetime: awsDate(milliseconds) };
      return outcome(await client.fetch(urlOf(s3, "data", "a"), { aws }));
    };
    expect(await at(Date.UTC(2030, 0, 1) - 1000)).toBe("200");
    expect(await at(Date.UTC(2030, 0, 1))).toBe("400 ExpiredToken");
  });
});
