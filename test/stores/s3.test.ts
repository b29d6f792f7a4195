import { afterEach, describe, expect, test, vi } from "vitest";
import type { ServiceCredentials } from "../../src/model/credentials.ts";
import { type HttpOptions, HttpStore } from "../../src/stores/http/http-store.ts";
import { type S3Options, S3Store } from "../../src/stores/s3/s3-store.ts";
import { TestClock, text } from "./tools.ts";

type Answer = Response | Error | (() => Response | Promise<Response>);

/** An S3 store whose server sends the given responses in turn. */
function scripted(answers: Answer[], options: S3Options = {}) {
  const requests: Request[] = [];
  const clock = new TestClock();
  const fetch = async (request: Request): Promise<Response> => {
    requests.push(request);
    const answer = answers.shift() ?? new Error("The script has ended.");
    if (answer instanceof Error) throw answer;
    return typeof answer === "function" ? answer() : answer;
  };
  const store = new S3Store("bucket", "some/prefix", {
    endpoint: "https://s3.example",
    fetch,
    clock,
    ...options,
  });
  return { store, requests, clock, fetch };
}

const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
const ok = (body = "") => new Response(body);
const stored = () => new Response("", { headers: { etag: '"x"' } });
const webPage = () =>
  new Response("<html>Please sign in</html>", { headers: { "content-type": "text/html" } });
const refusal = (status: number, code: string, more = "") =>
  new Response(`<Error><Code>${code}</Code><Message>What S3 says.</Message>${more}</Error>`, { status });
const broken = new TypeError("fetch failed");

/** A response as `fetch` returns it after a redirect. */
function redirected(response: Response, url: string): Response {
  Object.defineProperties(response, { redirected: { value: true }, url: { value: url } });
  return response;
}

describe("a response", () => {
  test.each([
    ["400 RequestTimeout", () => refusal(400, "RequestTimeout")],
    ["408", () => new Response("", { status: 408 })],
  ])("%s is asked for again", async (_, response) => {
    const { store, requests } = scripted([response, ok("x")]);
    expect(await store.get("a")).toEqual(text("x"));
    expect(requests).toHaveLength(2);
  });

  test("that is a web page is no file, and asked for again", async () => {
    const { store, requests } = scripted([webPage(), ok("x")]);
    expect(await store.get("a")).toEqual(text("x"));
    expect(requests).toHaveLength(2);
    await expect(scripted([webPage()], { retries: 0 }).store.get("a")).rejects.toMatchObject({
      code: "network",
      message: /read a .*web page.*portal/,
    });
  });

  test("may be declared as HTML, as files without an extension are on some servers", async () => {
    const declared = new Response("\u0002binary", { headers: { "content-type": "text/html" } });
    expect(await scripted([declared]).store.get("a")).toEqual(text("\u0002binary"));
  });

  test("of another origin may be longer than its compressed transfer", async () => {
    const response = new Response("decompressed", { headers: { "content-length": "40" } });
    Object.defineProperty(response, "type", { value: "cors" });
    expect(await scripted([response]).store.get("a")).toEqual(text("decompressed"));
  });
});

describe("a part of a file", () => {
  const stores = [
    ["S3", (answers: Answer[]) => scripted(answers)],
    [
      "a web host",
      (answers: Answer[]) => {
        const { requests, clock, ...script } = scripted(answers);
        const fetch = (request: Request) => script.fetch(request);
        return { store: new HttpStore("https://host.example/repo", { fetch, clock }), requests, clock };
      },
    ],
  ] as const;

  test.each(stores)("is a range of %s, whose last byte is included in HTTP", async (_, script) => {
    const part = new Response("bcd", { status: 206, headers: { "content-range": "bytes 1-3/6" } });
    const { store, requests } = script([part]);
    expect(await store.getRange("a", 1, 4)).toEqual(text("bcd"));
    // Browsers send exactly this form to other origins without a preflight.
    expect(requests[0]!.headers.get("range")).toBe("bytes=1-3");
  });

  test.each(stores)("is undefined where %s sends the whole file, or has none", async (_, script) => {
    expect(await script([ok("abcdef")]).store.getRange("a", 1, 4)).toBeUndefined();
    expect(await script([refusal(404, "NoSuchKey")]).store.getRange("a", 1, 4)).toBeUndefined();
  });

  test("is signed in the URL, without the header", async () => {
    const { store, requests } = scripted([new Response("b", { status: 206 })], { credentials: keys });
    await store.getRange("a", 1, 2);
    expect(new URL(requests[0]!.url).searchParams.get("X-Amz-SignedHeaders")).toBe("host");
    expect(requests[0]!.headers.has("authorization")).toBe(false);
  });
});

describe("addresses", () => {
  const url = (bucket: string, options: S3Options) => new S3Store(bucket, "p", options).url;

  test("virtual-host style for AWS, path style for others, by default", () => {
    expect(url("b", {})).toBe("https://b.s3.us-east-1.amazonaws.com/p/");
    expect(url("b", { region: "eu-west-3" })).toBe("https://b.s3.eu-west-3.amazonaws.com/p/");
    expect(url("b.c", {})).toBe("https://s3.us-east-1.amazonaws.com/b.c/p/");
    expect(url("b", { style: "path" })).toBe("https://s3.us-east-1.amazonaws.com/b/p/");
    expect(url("b", { endpoint: "http://localhost:9000/" })).toBe("http://localhost:9000/b/p/");
    expect(url("b", { endpoint: "http://localhost:9000", style: "virtual" })).toBe(
      "http://b.localhost:9000/p/",
    );
    expect(url("b", { endpoint: "https://host/behind/proxy" })).toBe("https://host/behind/proxy/b/p/");
  });

  test.each(["nonsense", "ftp://host", "https://host/?x=1", "https://me:secret@host"])(
    "refuses endpoint %s",
    (endpoint) => {
      expect(() => new S3Store("b", "", { endpoint })).toThrow(/cannot be an endpoint/);
    },
  );

  test("rejects invalid buckets and prefixes", () => {
    expect(() => new S3Store("")).toThrow(/cannot be a bucket/);
    expect(() => new S3Store("b", "a/../c")).toThrow(/cannot be a path/);
  });

  test("messages name the store without secrets", () => {
    expect(new S3Store("b", "/p/q/", { credentials: keys }).uri).toBe("s3://b/p/q");
    expect(new S3Store("b").uri).toBe("s3://b");
  });
});

describe("requests", () => {
  test("for reading and listing have a signed URL and no further headers", async () => {
    const listing = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";
    const { store, requests } = scripted([ok("x"), ok(listing)], {
      credentials: { ...keys, sessionToken: "t/+=" },
    });
    await store.get("a b+c");
    await store.list("d e", { startAfter: "d f" });
    const [get, list] = requests;
    expect(get!.url).toMatch(/^https:\/\/s3\.example\/bucket\/some\/prefix\/a%20b%2Bc\?X-Amz-/);
    expect(list!.url).toMatch(/^https:\/\/s3\.example\/bucket\/\?list-type=2&/);
    expect(list!.url).not.toContain("+");
    expect(new URL(list!.url).searchParams.get("start-after")).toBe("some/prefix/d f");
    for (const request of [get!, list!]) {
      expect([...request.headers.keys()]).toEqual([]);
      expect(new URL(request.url).searchParams.get("X-Amz-Security-Token")).toBe("t/+=");
      expect(new URL(request.url).searchParams.get("X-Amz-Expires")).toBe("900");
    }
    expect(list!.cache).toBe("no-store");
    expect(get!.cache).toBe("no-store"); // see S3Store.get
  });

  test("for writing have signed headers, which include the hash of the body", async () => {
    const { store, requests } = scripted([stored()], { credentials: keys });
    expect(await store.put("a", text("hello"))).toBe(true);
    const { headers } = requests[0]!;
    expect(headers.get("if-none-match")).toBe("*");
    expect(headers.get("x-amz-content-sha256")).toMatch(/^2cf24dba5fb0a30e26e83b2ac5b9e29e/);
    expect(headers.get("authorization")).toContain(
      "SignedHeaders=cache-control;host;if-none-match;x-amz-content-sha256;x-amz-date",
    );
  });

  test("without credentials are not signed", async () => {
    const { store, requests } = scripted([ok("x")]);
    await store.get("a");
    expect(requests[0]!.url).toBe("https://s3.example/bucket/some/prefix/a");
  });

  test("are signed by the app's function, and keep their body", async () => {
    const sign = (request: Request) => new Request(`${request.url}?signed-by-app`, request);
    const { store, requests } = scripted([stored()], { sign });
    await store.put("a", text("hello"));
    expect(requests[0]!.url).toMatch(/a\?signed-by-app$/);
    expect(requests[0]!.headers.get("if-none-match")).toBe("*");
    expect(await requests[0]!.text()).toBe("hello");
  });

  test("with keys need a secure context", async () => {
    vi.stubGlobal("crypto", {});
    const { store, requests } = scripted([], { credentials: keys });
    await expect(store.get("a")).rejects.toMatchObject({ code: "unsupported", message: /https/ });
    expect(requests).toEqual([]);
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("credentials from a function", () => {
  test("are requested once for many requests, and again before they expire", async () => {
    const asked: number[] = [];
    const { store, clock } = scripted([ok(), ok(), ok(), ok()], {
      credentials: async () => {
        asked.push(clock.time);
        return { ...keys, expiration: new Date(clock.time + 3_600_000) };
      },
    });
    const start = clock.time;
    await Promise.all([store.get("a"), store.get("b")]);
    clock.time = start + 3_000_000;
    await store.get("c");
    clock.time = start + 3_590_000;
    await store.get("d");
    expect(asked).toEqual([start, start + 3_590_000]);
  });

  test("are requested again, once, when S3 reports that they have expired", async () => {
    const credentials = vi.fn(async () => ({ ...keys, accessKeyId: `KEY${credentials.mock.calls.length}` }));
    const fetch = async ({ url }: Request) =>
      url.includes("KEY1") ? refusal(403, "ExpiredToken") : ok(new URL(url).pathname);
    const { store } = scripted([], { credentials, fetch });
    const files = await Promise.all([store.get("a"), store.get("b")]);
    expect(files).toEqual([text("/bucket/some/prefix/a"), text("/bucket/some/prefix/b")]);
    expect(credentials).toHaveBeenCalledTimes(2);
  });

  test.each(["ExpiredToken", "InvalidAccessKeyId", "InvalidTokenId", "InvalidToken"])(
    "are requested again after %s",
    async (reason) => {
      const credentials = vi.fn(async () => ({
        ...keys,
        accessKeyId: `KEY${credentials.mock.calls.length}`,
      }));
      const fetch = async ({ url }: Request) => (url.includes("KEY1") ? refusal(403, reason) : ok("x"));
      expect(await scripted([], { credentials, fetch }).store.get("a")).toEqual(text("x"));
    },
  );

  test.each<[string, (now: number) => number, number]>([
    ["an hour from now, in seconds, are kept", (now) => now / 1_000 + 3_600, 1],
    ["an hour from now, in milliseconds, are kept", (now) => now + 3_600_000, 1],
    ["before they came are kept until they are refused", (now) => now - 1_000, 1],
  ])("that expire %s", async (_, expiration, calls) => {
    const clock = new TestClock();
    const credentials = vi.fn(async () => ({ ...keys, expiration: expiration(clock.now()) }));
    const { store } = scripted([ok("x"), ok("y")], { credentials, clock });
    await store.get("a");
    await store.get("b");
    expect(credentials).toHaveBeenCalledTimes(calls);
  });

  const ofSts = { AccessKeyId: "AKIDEXAMPLE", SecretAccessKey: "secret", SessionToken: "session" };
  test.each<[string, S3Options["credentials"]]>([
    ["STS", ofSts],
    ["a response of STS", { Credentials: ofSts }],
    ["Cognito", { AccessKeyId: "AKIDEXAMPLE", SecretKey: "secret", SessionToken: "session" }],
    ["a function", async () => ofSts],
  ])("may be spelled as %s spells them", async (_, credentials) => {
    const clock = new TestClock();
    const sent = [];
    for (const each of [credentials, { ...keys, sessionToken: "session" }]) {
      const { store, requests } = scripted([ok("x")], { credentials: each, clock });
      await store.get("a");
      sent.push(requests[0]!.url);
    }
    expect(sent[0]).toBe(sent[1]);
  });

  test.each([new Date(Date.UTC(2024, 0, 1, 1)), "2024-01-01T01:00:00Z", Date.UTC(2024, 0, 1, 1) / 1_000])(
    "of Cognito are renewed before their Expiration of %s",
    async (Expiration) => {
      const credentials = vi.fn(async () => ({ ...ofSts, Expiration }));
      const { store, clock } = scripted([ok("x"), ok("y"), ok("z")], { credentials });
      await store.get("a");
      await store.get("b");
      expect(credentials).toHaveBeenCalledTimes(1);
      clock.time = Date.UTC(2024, 0, 1, 1) - 30_000;
      await store.get("c");
      expect(credentials).toHaveBeenCalledTimes(2);
    },
  );

  test.each([
    [{ AccessKeyId: "A" }, "credentials lack secretAccessKey"],
    [
      { accessKeyId: undefined, secretAccessKey: undefined },
      "credentials lack accessKeyId and secretAccessKey",
    ],
    [{ secretAccessKey: "S" }, "credentials lack accessKeyId"],
  ])("that lack a field are refused, and the field is named: %j", async (given, message) => {
    const incomplete = given as ServiceCredentials;
    for (const credentials of [incomplete, async () => incomplete]) {
      await expect(scripted([], { credentials }).store.get("a")).rejects.toMatchObject({
        code: "invalid-argument",
        message: expect.stringContaining(`${message}. Pass`),
      });
    }
  });

  test("are in no error, even if the server quotes the URL", async () => {
    const fetch = async ({ url }: Request) =>
      new Response(
        `<Error><Code>Odd</Code><Message>bad url ${url.replaceAll("&", "&amp;")}</Message></Error>`,
        {
          status: 400,
        },
      );
    const { store } = scripted([], { credentials: { ...keys, sessionToken: "session" }, fetch });
    const { message } = await store.get("a").catch((error) => error);
    expect(message).toMatch(/bad url https:\/\/s3\.example\/bucket\/some\/prefix\/a\b/);
    expect(message).not.toMatch(/session|AKIDEXAMPLE|X-Amz|[0-9a-f]{64}/);
  });

  test("that stay expired are an error; a failed call is repeated for the next request", async () => {
    const expired = scripted([refusal(403, "ExpiredToken"), refusal(403, "ExpiredToken")], {
      credentials: async () => keys,
    });
    await expect(expired.store.get("a")).rejects.toMatchObject({ code: "forbidden", message: /expired/ });
    const credentials = vi.fn(async () => keys).mockRejectedValueOnce(new Error("login first"));
    const { store } = scripted([ok("x")], { credentials });
    await expect(store.get("a")).rejects.toMatchObject({ code: "forbidden", message: /login first/ });
    expect(await store.get("a")).toEqual(text("x"));
  });

  test("fixed ones are not retried", async () => {
    const { store, requests } = scripted([refusal(403, "ExpiredToken")], { credentials: keys });
    await expect(store.get("a")).rejects.toMatchObject({ code: "forbidden" });
    expect(requests).toHaveLength(1);
  });
});

test("an abort does not wait for a credentials function, nor for a server that hangs", async () => {
  const hanging = () => new Promise<never>(() => {});
  const stores = [
    scripted([], { credentials: hanging }).store,
    scripted([hanging]).store,
    scripted([], { sign: hanging }).store,
  ];
  for (const store of stores) {
    const controller = new AbortController();
    const read = store.get("a", { signal: controller.signal });
    setImmediate(() => controller.abort());
    await expect(read).rejects.toMatchObject({ code: "aborted" });
  }
});

test("the error names a sign function that fails", async () => {
  const sign = () => {
    throw new Error("not logged in");
  };
  const { store } = scripted([], { sign });
  await expect(store.get("a")).rejects.toMatchObject({
    code: "forbidden",
    message: /sign function.*not logged in/,
  });
});

test("a request that has expired suggests that the clock is wrong", async () => {
  const text = "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>";
  const { store } = scripted([new Response(text, { status: 403 })], { credentials: keys });
  await expect(store.get("a")).rejects.toMatchObject({
    code: "forbidden",
    message: expect.stringMatching(/expired.*clock/),
  });
});

test("a wrong clock is corrected by the server's time, once", async () => {
  const ahead = "<ServerTime>2024-01-01T05:00:00Z</ServerTime>";
  const { store, requests } = scripted([refusal(403, "RequestTimeTooSkewed", ahead), ok("x")], {
    credentials: keys,
  });
  expect(await store.get("a")).toEqual(text("x"));
  expect(requests.map(({ url }) => new URL(url).searchParams.get("X-Amz-Date"))).toEqual([
    "20240101T000000Z",
    "20240101T050000Z",
  ]);
  const stubborn = scripted(
    [refusal(403, "RequestTimeTooSkewed", ahead), refusal(403, "RequestTimeTooSkewed", ahead)],
    { credentials: keys },
  );
  await expect(stubborn.store.get("a")).rejects.toMatchObject({ code: "forbidden", message: /clock/ });
});

test("a wrong clock is corrected for all requests that were refused for it", async () => {
  const ahead = "<ServerTime>2024-01-01T05:00:00Z</ServerTime>";
  const refused = () => refusal(403, "RequestTimeTooSkewed", ahead);
  const { store } = scripted([refused(), refused(), ok("x"), ok("x")], { credentials: keys });
  expect(await Promise.all([store.get("a"), store.get("b")])).toEqual([text("x"), text("x")]);
});

describe("refusals", () => {
  test.each([
    [403, "SignatureDoesNotMatch", "", "forbidden", /secret access key/],
    [400, "ExpiredToken", "", "forbidden", /session has expired/],
    [403, "InvalidAccessKeyId", "", "forbidden", /does not know this access key/],
    [403, "InvalidToken", "", "forbidden", /session token/],
    [403, "AccessDenied", "", "forbidden", /s3:GetObject.*missing file/],
    [401, "", "", "forbidden", /denies access/],
    [404, "NoSuchBucket", "", "not-found", /no such bucket/],
    [
      400,
      "AuthorizationHeaderMalformed",
      "<Region>eu-west-3</Region>",
      "invalid-argument",
      /region eu-west-3/,
    ],
    [400, "constructor", "", "network", /400 constructor: What S3 says/],
    [301, "PermanentRedirect", "", "network", /301 PermanentRedirect/],
  ])("%s %s", async (status, code, more, expected, message) => {
    const { store, requests } = scripted([refusal(status, code, more)]);
    await expect(store.get("a")).rejects.toMatchObject({ code: expected, message });
    expect(requests).toHaveLength(1);
  });

  test("name the bucket, the endpoint and the operation", async () => {
    const { store } = scripted([refusal(403, "AccessDenied"), refusal(403, "AccessDenied")]);
    await expect(store.list("")).rejects.toThrow(
      /list it: s3:\/\/bucket\/some\/prefix at https:\/\/s3\.example .*s3:ListBucket/,
    );
    await expect(store.put("a", text("x"))).rejects.toThrow(/write a: .*s3:PutObject/);
  });

  test("a missing file is no error, a missing bucket is", async () => {
    const { store } = scripted([
      refusal(404, "NoSuchKey"),
      new Response(null, { status: 404 }),
      refusal(404, "NoSuchBucket"),
    ]);
    expect(await store.get("a")).toBeUndefined();
    expect(await store.get("a")).toBeUndefined();
    await expect(store.list("")).rejects.toMatchObject({ code: "not-found" });
  });

  test("with a permanent redirect name the bucket's region and endpoint", async () => {
    const endpoint = "<Endpoint>bucket.s3-us-west-2.amazonaws.com</Endpoint>";
    await expect(
      scripted([refusal(301, "PermanentRedirect", endpoint)]).store.list(""),
    ).rejects.toMatchObject({
      code: "invalid-argument",
      message:
        /is in region us-west-2, at s3-us-west-2\.amazonaws\.com\. Pass `region` or the address as `endpoint`\./,
    });
    const header = new Response(null, { status: 301, headers: { "x-amz-bucket-region": "eu-west-1" } });
    await expect(scripted([header]).store.get("a")).rejects.toThrow(/region eu-west-1\. Pass `region`\./);
  });

  test("after a redirect to another host name that host", async () => {
    const elsewhere = redirected(
      refusal(403, "SignatureDoesNotMatch"),
      "https://bucket.s3.other.example/?x=1",
    );
    await expect(scripted([elsewhere], { credentials: keys }).store.list("")).rejects.toMatchObject({
      code: "invalid-argument",
      message: /redirects to https:\/\/s3\.other\.example\. Pass that as `endpoint`/,
    });
    const same = redirected(refusal(403, "SignatureDoesNotMatch"), "https://s3.example/x");
    await expect(scripted([same], { credentials: keys }).store.list("")).rejects.toThrow(/secret access key/);
  });

  test.each(["https://s3.example/bucket", "https://bucket.s3.example"])(
    "of a listing at %s find the bucket's name in the endpoint",
    async (endpoint) => {
      for (const response of [refusal(404, "NoSuchKey"), ok("<Other></Other>")]) {
        const { store } = scripted([response], { endpoint, retries: 0 });
        await expect(store.list("")).rejects.toThrow(/endpoint has the bucket's name "bucket" in it/);
      }
      const { store } = scripted([refusal(404, "NoSuchKey")], { endpoint });
      expect(await store.get("a")).toBeUndefined();
    },
  );

  test("of a server with version 1 of ListObjects say so, at once", async () => {
    const page = "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>";
    const { store, requests } = scripted([ok(page)]);
    await expect(store.list("")).rejects.toMatchObject({ code: "unsupported", message: /ListObjectsV2/ });
    expect(requests).toHaveLength(1);
  });

  test("name the page for a login that a request was redirected to", async () => {
    const login = redirected(webPage(), "https://sso.example/login?to=secret");
    await expect(scripted([login], { retries: 0 }).store.list("")).rejects.toMatchObject({
      code: "network",
      message: /a login is asked for at sso\.example: /,
    });
  });

  test("a web page in place of a listing is an error", async () => {
    const { store } = scripted([ok("no listing"), ok("no listing")], { retries: 1 });
    await expect(store.list("")).rejects.toMatchObject({ code: "unsupported", message: /not an S3 listing/ });
    const portal = scripted([webPage(), webPage()], { retries: 1 });
    await expect(portal.store.list("")).rejects.toMatchObject({
      code: "network",
      message: /web page.*portal/,
    });
  });
});

describe("failures that may pass are retried", () => {
  test("no response, 500, 429 and 503 with Retry-After", async () => {
    const { store, clock } = scripted([
      broken,
      refusal(500, "InternalError"),
      new Response("", { status: 429 }),
      new Response("<Error><Code>SlowDown</Code></Error>", { status: 503, headers: { "retry-after": "3" } }),
      ok("x"),
    ]);
    expect(await store.get("a")).toEqual(text("x"));
    expect(clock.sleeps).toEqual([50, 100, 200, 3400]);
  });

  test("until no retries are left", async () => {
    const { store, requests } = scripted([broken, broken, broken], { retries: 2 });
    await expect(store.get("a")).rejects.toMatchObject({ code: "network", message: /s3\.example\/bucket/ });
    expect(requests).toHaveLength(3);
    const slow = scripted([refusal(503, "SlowDown")], { retries: 0 });
    await expect(slow.store.get("a")).rejects.toMatchObject({ code: "network", message: /503 SlowDown/ });
  });

  test("a body that is shorter than its Content-Length, or breaks off", async () => {
    const short = () => new Response("ab", { headers: { "content-length": "5" } });
    const breaking = () =>
      new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(text("abc"));
          },
          pull(controller) {
            controller.error(new TypeError("terminated"));
          },
        }),
      );
    const seen: number[] = [];
    const { store } = scripted([
      short,
      breaking,
      () => new Response("abcde", { headers: { "content-length": "5" } }),
    ]);
    expect(await store.get("a", { onBytes: (bytes) => seen.push(bytes) })).toEqual(text("abcde"));
    expect(seen.reduce((a, b) => a + b)).toBe(5); // repeated bytes count once
    const hopeless = scripted([short, short], { retries: 1 });
    await expect(hopeless.store.get("a")).rejects.toMatchObject({ code: "network", message: /2 of 5 bytes/ });
  });

  test("not while the device is offline", async () => {
    vi.stubGlobal("navigator", { onLine: false });
    const { store, requests } = scripted([broken]);
    await expect(store.get("a")).rejects.toMatchObject({ code: "offline" });
    expect(requests).toHaveLength(1);
  });

  test("not after an abort during the delay", async () => {
    const controller = new AbortController();
    const { store, clock, requests } = scripted([broken, ok("x")]);
    clock.onSleep = () => controller.abort();
    await expect(store.get("a", { signal: controller.signal })).rejects.toMatchObject({ code: "aborted" });
    expect(requests).toHaveLength(1);
  });

  test("in a page, the error explains that CORS may be missing, and how to check", async () => {
    vi.stubGlobal("location", { origin: "https://app.example" });
    const { store } = scripted([broken], { retries: 0 });
    await expect(store.list("")).rejects.toThrow(
      /CORS.*https:\/\/app\.example.*curl .*"https:\/\/s3\.example\/bucket"/,
    );
  });
});

describe("put", () => {
  test("returns false for an existing file", async () => {
    const { store, requests } = scripted([refusal(412, "PreconditionFailed")]);
    expect(await store.put("a", text("x"))).toBe(false);
    expect(requests).toHaveLength(1);
  });

  test("after a lost response, reads the file back", async () => {
    const ours = scripted([broken, refusal(412, "PreconditionFailed"), ok("mine")]);
    expect(await ours.store.put("a", text("mine"))).toBe(true);
    expect(ours.requests.map(({ method }) => method)).toEqual(["PUT", "PUT", "GET"]);
    const theirs = scripted([refusal(500, "InternalError"), refusal(412, "PreconditionFailed"), ok("them")]);
    expect(await theirs.store.put("a", text("mine"))).toBe(false);
  });

  test("is retried when two conditional writes collide", async () => {
    const { store } = scripted([
      refusal(409, "ConditionalRequestConflict"),
      refusal(412, "PreconditionFailed"),
      ok("other"),
    ]);
    expect(await store.put("a", text("x"))).toBe(false);
  });

  test("checks for the file first if the server does not support If-None-Match, and remembers that", async () => {
    const { store, requests } = scripted([
      refusal(501, "NotImplemented"),
      new Response(null, { status: 404 }),
      stored(),
      new Response(null, { status: 200 }),
    ]);
    expect(await store.put("a", text("x"))).toBe(true);
    expect(await store.put("a", text("y"))).toBe(false);
    expect(requests.map(({ method }) => method)).toEqual(["PUT", "HEAD", "PUT", "HEAD"]);
    expect(requests[2]!.headers.has("if-none-match")).toBe(false);
  });

  test("sends the same body in each attempt", async () => {
    const { store, requests } = scripted([broken, stored()], { credentials: keys });
    await store.put("a", text("hello").subarray(1, 4), { overwrite: true });
    expect(await Promise.all(requests.map((request) => request.text()))).toEqual(["ell", "ell"]);
  });
});

describe("what something else than the S3 server acknowledges", () => {
  test("a web page is no acknowledgement: the file is sent again", async () => {
    const { store, requests } = scripted([webPage(), stored()]);
    expect(await store.put("a", text("x"))).toBe(true);
    expect(requests.map(({ method }) => method)).toEqual(["PUT", "PUT"]);
    const hopeless = scripted([webPage(), webPage()], { retries: 1 });
    await expect(hopeless.store.put("a", text("x"))).rejects.toMatchObject({
      code: "network",
      message: /write a .*web page.*proxy.*portal/,
    });
  });

  test("without an ETag, the file is read back, and sent again if it is not there", async () => {
    const there = scripted([ok(), ok("x")]);
    expect(await there.store.put("a", text("x"))).toBe(true);
    const lost = scripted([ok(), refusal(404, "NoSuchKey"), stored()]);
    expect(await lost.store.put("a", text("x"))).toBe(true);
    expect(lost.requests.map(({ method }) => method)).toEqual(["PUT", "GET", "PUT"]);
    const never = Array.from({ length: 3 }, () => [ok(), refusal(404, "NoSuchKey")]).flat();
    await expect(scripted(never).store.put("a", text("x"))).rejects.toMatchObject({
      code: "network",
      message: /write a: s3:\/\/bucket\/some\/prefix .*proxy/,
    });
  });

  test("a deletion counts if S3 responds as it does, or the file is gone", async () => {
    const status = (code: number) => new Response(null, { status: code });
    const usual = scripted([status(204)]);
    await usual.store.delete("a");
    const gone = scripted([status(200), status(404)]);
    await gone.store.delete("a");
    expect(gone.requests.map(({ method }) => method)).toEqual(["DELETE", "HEAD"]);
    const kept = scripted([webPage(), status(200), status(200)]);
    await expect(kept.store.delete("a")).rejects.toMatchObject({
      code: "network",
      message: /still has the file/,
    });
  });

  test("a move whose copy gets another response is repeated", async () => {
    const { store, requests } = scripted([
      webPage(),
      ok(),
      ok("<CopyObjectResult/>"),
      new Response(null, { status: 204 }),
    ]);
    await store.move("a", "b");
    expect(requests.map(({ method }) => method)).toEqual(["PUT", "PUT", "PUT", "DELETE"]);
  });
});

describe("a listing", () => {
  const key = (path: string) => `<Contents><Key>some/prefix/${path}</Key><Size>1</Size></Contents>`;
  const page = (inner: string, token = "") =>
    ok(
      `<ListBucketResult><IsTruncated>${token !== ""}</IsTruncated>${inner}<NextContinuationToken>${token}</NextContinuationToken></ListBucketResult>`,
    );
  const paths = async (store: S3Store, prefix = "") => (await store.list(prefix)).map(({ path }) => path);

  test("that is broken is asked for again", async () => {
    const { store } = scripted([
      ok(),
      ok("<ListBucketResult><Contents><Key>x"),
      ok("<Error><Code>SlowDown</Code></Error>"),
      webPage(),
      page(key("a")),
    ]);
    expect(await paths(store)).toEqual(["a"]);
    const slow = scripted([ok("<Error><Code>InternalError</Code></Error>")], { retries: 0 });
    await expect(slow.store.list("")).rejects.toMatchObject({ code: "network", message: /InternalError/ });
  });

  test("whose continuation token repeats is an error that names the server", async () => {
    const { store, requests } = scripted(Array.from({ length: 9 }, () => page(key("a"), "same")));
    await expect(store.list("")).rejects.toMatchObject({
      code: "unsupported",
      message: /https:\/\/s3\.example: the server sends the same continuation token twice/,
    });
    expect(requests).toHaveLength(2);
  });

  test("that makes no progress is an error", async () => {
    let count = 0;
    const { store, requests } = scripted([], {
      fetch: async () => page(key("a"), `token ${++count}`),
    });
    await expect(store.list("")).rejects.toMatchObject({ code: "unsupported", message: /without a new key/ });
    expect(count).toBe(1_002);
    expect(requests).toEqual([]);
  });

  test("may have pages without keys, and keys twice", async () => {
    const { store } = scripted([
      page("", "1"),
      page(key("a"), "2"),
      page(key("a") + key("b"), "3"),
      page(""),
    ]);
    expect(await paths(store)).toEqual(["a", "b"]);
  });

  describe("of keys with a plus sign", () => {
    const listing = (name: string, isEncoded = true) =>
      ok(
        `<ListBucketResult>${isEncoded ? "<EncodingType>url</EncodingType>" : ""}<IsTruncated>false</IsTruncated>` +
          `<Contents><Key>${name}</Key><Size>1</Size></Contents></ListBucketResult>`,
      );
    test.each([
      ["form", "some/prefix/a%2Bb%25/c", true],
      ["path", "some/prefix/a+b%25/c", true],
      ["no", "some/prefix/a+b%/c", true],
      ["unannounced", "some%2Fprefix%2Fa%2Bb%25%2Fc", false],
    ])("and %s encoding", async (_, name, isEncoded) => {
      const { store } = scripted([listing(name, isEncoded)]);
      expect(await paths(store, "a+b%/")).toEqual(["a+b%/c"]);
    });

    test("none is left out silently", async () => {
      const { store } = scripted([listing("some/prefix/a b%25/c")]);
      await expect(store.list("a+b%/")).rejects.toMatchObject({
        code: "unsupported",
        message: /lists the key "some\/prefix\/a b%25\/c"/,
      });
    });
  });
});

test("of an error body, 64 kB are read", async () => {
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      sent += 1_000;
      controller.enqueue(new Uint8Array(1_000).fill(0x3c));
    },
  });
  const { store } = scripted([new Response(endless, { status: 403 })]);
  await expect(store.get("a")).rejects.toMatchObject({ code: "forbidden" });
  expect(sent).toBeLessThan(70_000);
});

test("move detects a copy that failed after status 200", async () => {
  const { store, requests } = scripted([
    ok("<Error><Code>InternalError</Code></Error>"),
    ok("<CopyObjectResult><ETag>x</ETag></CopyObjectResult>"),
    new Response(null, { status: 204 }),
  ]);
  await store.move("a b", "c");
  expect(requests.map(({ method }) => method)).toEqual(["PUT", "PUT", "DELETE"]);
  expect(requests[0]!.headers.get("x-amz-copy-source")).toBe("/bucket/some/prefix/a%20b");
});

test("list ignores the folder objects of S3 consoles", async () => {
  const keys = ["some/prefix/", "some/prefix/a/", "some/prefix/a/b"].map(
    (key) => `<Contents><Key>${key}</Key><Size>0</Size></Contents>`,
  );
  const { store } = scripted([
    ok(`<ListBucketResult><IsTruncated>false</IsTruncated>${keys.join("")}</ListBucketResult>`),
  ]);
  expect(await store.list("")).toEqual([{ path: "a/b", size: 0 }]);
});

describe("HttpStore", () => {
  function web(answers: Response[], url = "https://host/folder?token=secret", options: HttpOptions = {}) {
    const requests: Request[] = [];
    const fetch = async (request: Request) => {
      requests.push(request);
      return answers.shift()!;
    };
    return { store: new HttpStore(url, { fetch, retries: 0, ...options }), requests };
  }

  test("sends the query with each request, and shows it in no message", async () => {
    const { store, requests } = web([ok("x"), new Response("", { status: 403 })]);
    expect(await store.get("a/b c")).toEqual(text("x"));
    expect(requests[0]!.url).toBe("https://host/folder/a/b%20c?token=secret");
    const error: unknown = await store.get("a").catch((caught) => caught);
    expect(error).toMatchObject({ code: "forbidden" });
    expect(String(error)).not.toContain("secret");
  });

  const INDEX = '{"lakota":2,"folders":{},"more":[],"files":{}}';

  test("returns undefined for 404, 410, or a web page, once the host confirms it", async () => {
    const missing = [
      () => new Response("", { status: 404 }),
      () => new Response("", { status: 410 }),
      () => new Response("<html></html>", { headers: { "content-type": "text/html; charset=utf-8" } }),
    ];
    for (const respond of missing) {
      const { store, requests } = web([respond(), respond(), ok(INDEX)]);
      expect(await store.get("a")).toBeUndefined();
      expect(requests.slice(0, 2).map(({ cache }) => cache)).toEqual(["default", "reload"]);
    }
  });

  test("a page in place of a file and of the index is no response of the host", async () => {
    const { store } = web([webPage(), webPage(), webPage(), webPage()]);
    await expect(store.get("a")).rejects.toMatchObject({ code: "network", message: /web page.*portal/ });
    const writable = web([webPage()], "https://host/", { token: "t" });
    await expect(writable.store.get("a")).rejects.toMatchObject({
      code: "network",
      message: /read a .*web page/,
    });
  });

  test("reads files that the host declares as HTML", async () => {
    const declared = new Response("\u0002binary", { headers: { "content-type": "text/html" } });
    expect(await web([declared]).store.get("a")).toEqual(text("\u0002binary"));
  });

  test.each<[string, () => Response, RegExp]>([
    ["a page", webPage, /index .*web page.*portal.*lakota publish/],
    [
      "a page without a type",
      () => new Response("\ufeff\n<!doctype html>"),
      /index .*web page.*lakota publish/,
    ],
    ["nothing", () => ok(""), /index .*responded with nothing/],
    [
      "a login elsewhere",
      () => redirected(webPage(), "https://sso.example/x?secret"),
      /a login is asked for at sso\.example: /,
    ],
    [
      "a login of the host",
      () => redirected(webPage(), "https://host/login?secret"),
      /a login is asked for at host\/login: /,
    ],
  ])("%s in place of the index is no response of the host", async (_, respond, message) => {
    const error = await web([respond(), respond()])
      .store.list("a/")
      .catch((caught) => caught);
    expect(error).toMatchObject({ code: "network", message });
    expect(error.message).not.toContain("secret");
  });

  test("that denies the index may be a bucket without one", async () => {
    const denied = () => new Response("", { status: 403 });
    await expect(web([denied()]).store.list("a/")).rejects.toMatchObject({
      code: "forbidden",
      message: /need a login, .*S3 .* where there is no index.*lakota publish/,
    });
    await expect(web([denied()]).store.get("a")).rejects.toThrow(/S3 .* if it has no such file/);
  });

  test("does not believe the browser's cache that a file is missing", async () => {
    for (const cached of [new Response("", { status: 404 }), webPage()])
      expect(await web([cached, ok("x")]).store.get("a")).toEqual(text("x"));
    const index = JSON.stringify({ lakota: 2, folders: { a: [[], [["b", 1]]] }, files: {} });
    expect(await web([webPage(), ok(index)]).store.list("a/")).toEqual([{ path: "a/b", size: 1 }]);
  });

  test("cannot list without an index, and explains what to do", async () => {
    const { store, requests } = web([404, 404].map((status) => new Response("", { status })));
    await expect(store.list("a/")).rejects.toMatchObject({ code: "not-found", message: /repo\.publish\(\)/ });
    expect(requests[0]!.url).toBe("https://host/folder/lakota/index/v2/index.json?token=secret");
  });

  test("rejects an address with a login", () => {
    expect(() => web([], "https://me:secret@host/")).toThrow(/cannot be the address/);
  });
});
