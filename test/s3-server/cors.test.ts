import { afterEach, expect, test } from "vitest";
import { type S3Options, type S3Server, startS3 } from "./index.ts";
import { awsClient, outcome, sendRaw, urlOf } from "./tools.ts";

const ORIGIN = "http://app.test";
let s3: S3Server;

async function start(options: Partial<S3Options> = {}): Promise<void> {
  s3 = await startS3({ keys: { id: "secret" }, ...options });
  s3.objects.createBucket("data");
  s3.objects.put("data", "a", "content");
}

afterEach(() => s3.close());

const get = (key: string, origin = ORIGIN, more: Record<string, string> = {}) =>
  awsClient().fetch(urlOf(s3, "data", key), { headers: { origin, ...more } });

const preflight = (origin = ORIGIN) =>
  sendRaw(s3, "/data/a", {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "PUT",
      "access-control-request-headers": "authorization,x-amz-date,if-none-match",
    },
  });

const allowed = (response: Response) => response.headers.get("access-control-allow-origin");

test("every origin may read, and see the headers that clients need", async () => {
  await start();
  const response = await get("a");
  expect(allowed(response)).toBe("*");
  expect(response.headers.get("access-control-expose-headers")).toMatch(/ETag.*Content-Range.*Retry-After/);
  expect(allowed(await awsClient().fetch(urlOf(s3, "data", "a")))).toBeNull();
});

test("errors, ranges and 304 have the headers too, so that pages can read them", async () => {
  await start();
  s3.faults.add({ key: "failing", status: 503 });
  const wrong = awsClient({ secretAccessKey: "wrong" });
  const { etag } = s3.objects.bucket("data").get("a")!;
  const answers = [
    get("missing"),
    get("failing"),
    get("a", ORIGIN, { range: "bytes=0-1" }),
    get("a", ORIGIN, { range: "bytes=99-" }),
    get("a", ORIGIN, { "if-none-match": `"${etag}"` }),
    wrong.fetch(urlOf(s3, "data", "a"), { headers: { origin: ORIGIN } }),
    fetch(urlOf(s3, "data", "a"), { headers: { origin: ORIGIN } }),
    sendRaw(s3, "/data/%zz", { headers: { origin: ORIGIN } }),
  ];
  const responses = await Promise.all(answers);
  expect(responses.map(({ status }) => status)).toEqual([404, 503, 206, 416, 304, 403, 403, 400]);
  expect(responses.map(allowed)).toEqual(responses.map(() => "*"));
});

test("a preflight needs no signature, and allows what it asks for", async () => {
  await start();
  const response = await preflight();
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "access-control-allow-origin": "*",
    "access-control-allow-methods": expect.stringContaining("PUT"),
    "access-control-allow-headers": "authorization,x-amz-date,if-none-match",
    "access-control-max-age": "600",
  });
  expect(s3.log).toMatchObject([{ method: "OPTIONS", preflight: true, status: 200 }]);
});

test("a list of origins", async () => {
  await start({ cors: [ORIGIN, "http://other.test"] });
  for (const origin of [ORIGIN, "http://other.test"]) {
    const response = await get("a", origin);
    expect(allowed(response)).toBe(origin);
    expect(response.headers.get("vary")).toBe("Origin");
    expect(allowed(await preflight(origin))).toBe(origin);
  }
  const foreign = await get("a", "http://evil.test");
  expect([foreign.status, allowed(foreign)]).toEqual([200, null]);
  const refused = await preflight("http://evil.test");
  expect([allowed(refused), await outcome(refused)]).toEqual([null, "403 AccessForbidden"]);
});

test("no CORS at all", async () => {
  await start({ cors: false });
  const response = await get("a");
  expect([response.status, allowed(response)]).toEqual([200, null]);
  const refused = await preflight();
  expect([allowed(refused), await outcome(refused)]).toEqual([null, "403 AccessForbidden"]);
});

test("OPTIONS without an origin is refused", async () => {
  await start();
  expect(await outcome(await sendRaw(s3, "/data/a", { method: "OPTIONS" }))).toBe("403 AccessForbidden");
});
