import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/async/clock.ts";
import type { Credentials } from "../../src/model/credentials.ts";
import { CacheStore } from "../../src/stores/cache/cache-store.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import { type S3Options, S3Store } from "../../src/stores/s3/s3-store.ts";
import { type S3Server, startS3 } from "../s3-server/index.ts";
import { readBySdk } from "./sdk.ts";
import { conforms } from "./suite.ts";
import { text } from "./tools.ts";

const SESSION = { secret: "session-secret", sessionToken: "token/+=" };
const EXPIRED = { secret: "old-secret", sessionToken: "old", expires: 0 };
const credentials: Credentials = { accessKeyId: "id", secretAccessKey: "secret" };
const session: Credentials = {
  accessKeyId: "session",
  secretAccessKey: SESSION.secret,
  sessionToken: SESSION.sessionToken,
};

let s3: S3Server;

beforeAll(async () => {
  s3 = await startS3({
    keys: { id: "secret", session: SESSION, expired: EXPIRED },
    publicRead: (bucket) => bucket === "public",
  });
  s3.objects.createBucket("data");
  s3.objects.createBucket("public");
});

beforeEach(() => {
  s3.faults.clear();
  s3.reset();
});

afterAll(() => s3.close());

/** Each store gets its own prefix, with characters that are hard to sign. */
let stores = 0;

/** A clock on which sleeping takes no time. */
const clock = { ...systemClock, sleep: async () => {} };

function open(options: S3Options = {}, bucket = "data"): S3Store {
  return new S3Store(bucket, `case ${stores++}+é`, { endpoint: s3.url, credentials, clock, ...options });
}

/**
 * Names under localhost do not resolve everywhere, and `fetch` does not allow setting the Host header, which
 * is signed.
 */
async function fetchByAddress(asked: Request): Promise<Response> {
  const { host, pathname, search, port } = new URL(asked.url);
  const sending = request({
    host: "127.0.0.1",
    port,
    path: pathname + search,
    method: asked.method,
    headers: { ...Object.fromEntries(asked.headers), host },
    signal: asked.signal,
  });
  sending.end(new Uint8Array(await asked.arrayBuffer()));
  const [answer] = (await once(sending, "response")) as [IncomingMessage];
  const body = Buffer.concat(await answer.toArray());
  return new Response(body.length > 0 ? body : null, { status: answer.statusCode });
}

function virtualHost(): S3Store {
  return open({ endpoint: `http://s3.localhost:${s3.port}`, style: "virtual", fetch: fetchByAddress });
}

conforms("S3Store, path style", () => open());
conforms("S3Store, virtual-host style", virtualHost);
conforms("CacheStore on S3", () => new CacheStore(new MemoryStore(), open()));
readBySdk("our test server", () => ({ url: s3.url, bucket: "data" }));

describe("signing", () => {
  test("GET, HEAD and LIST by query, all else by header", async () => {
    const store = open();
    await store.put("a", text("x"));
    await store.get("a");
    await store.list("");
    await store.move("a", "b");
    await store.delete("b");
    expect(s3.log.map(({ method, signedBy, status }) => `${method} ${signedBy} ${status}`)).toEqual([
      "PUT header 200",
      "GET query 200",
      "GET query 200",
      "PUT header 200",
      "DELETE header 204",
      "DELETE header 204",
    ]);
  });

  test("with a session token", async () => {
    const store = open({ credentials: session });
    expect(await store.put("a b", text("x"))).toBe(true);
    expect(await store.get("a b")).toEqual(text("x"));
    expect(await store.list("")).toHaveLength(1);
  });

  test("not at all for a public bucket", async () => {
    const prefix = "shared";
    const options = { endpoint: s3.url, clock };
    await new S3Store("public", prefix, { ...options, credentials }).put("a", text("x"));
    const store = new S3Store("public", prefix, options);
    expect(await store.get("a")).toEqual(text("x"));
    expect(await store.list("")).toEqual([{ path: "a", size: 1 }]);
    await expect(store.put("b", text("y"))).rejects.toMatchObject({ code: "forbidden" });
    expect(s3.log.slice(1).map(({ signedBy }) => signedBy)).toEqual(["anonymous", "anonymous", "anonymous"]);
  });

  test("by the app", async () => {
    const { AwsV4Signer } = await import("aws4fetch");
    const sign = async (request: Request) => {
      const { method, url, headers } = request;
      const signed = await new AwsV4Signer({
        ...credentials,
        method,
        url,
        headers,
        service: "s3",
        region: "us-east-1",
        signQuery: true,
      }).sign();
      return new Request(signed.url, { method, headers: signed.headers });
    };
    const store = open({ credentials: undefined, sign });
    expect(await store.put("a", text("x"))).toBe(true);
    expect(await store.put("a", text("y"))).toBe(false);
    expect(await store.get("a")).toEqual(text("x"));
    expect(await store.list("")).toHaveLength(1);
  });

  test("with fresh keys after the old ones have expired", async () => {
    const old = {
      accessKeyId: "expired",
      secretAccessKey: EXPIRED.secret,
      sessionToken: EXPIRED.sessionToken,
    };
    let asked = 0;
    const store = open({ credentials: async () => (asked++ === 0 ? old : session) });
    expect(await store.put("a", text("x"))).toBe(true);
    expect(await store.get("a")).toEqual(text("x"));
    expect(asked).toBe(2);
    await expect(open({ credentials: old }).get("a")).rejects.toMatchObject({
      code: "forbidden",
      message: /expired/,
    });
  });
});

describe("refusals", () => {
  const wrong = { ...credentials, secretAccessKey: "wrong" };

  test("of a wrong secret, by query and by header", async () => {
    const store = open({ credentials: wrong });
    const refusal = { code: "forbidden", message: /secret access key is wrong/ };
    await expect(store.get("a")).rejects.toMatchObject(refusal);
    await expect(store.list("")).rejects.toMatchObject(refusal);
    await expect(store.put("a", text("x"))).rejects.toMatchObject(refusal);
    await expect(store.delete("a")).rejects.toMatchObject(refusal);
    expect(s3.log).toHaveLength(4);
  });

  test("of an unknown key, a wrong session, and no key at all", async () => {
    const unknown = open({ credentials: { ...credentials, accessKeyId: "nobody" } });
    await expect(unknown.get("a")).rejects.toMatchObject({ code: "forbidden", message: /access key/ });
    const token = open({ credentials: { ...session, sessionToken: "made up" } });
    await expect(token.get("a")).rejects.toMatchObject({ code: "forbidden", message: /session token/ });
    await expect(open({ credentials: undefined }).get("a")).rejects.toMatchObject({ code: "forbidden" });
  });

  test("of a missing bucket", async () => {
    const store = open({}, "missing");
    await expect(store.list("")).rejects.toMatchObject({ code: "not-found", message: /s3:\/\/missing/ });
    await expect(store.get("a")).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("faults", () => {
  test("SlowDown with Retry-After delays the retry", async () => {
    const waits: number[] = [];
    const sleep = async (ms: number) => {
      waits.push(ms);
    };
    const store = open({ clock: { ...clock, random: () => 0, sleep } });
    await store.put("a", text("x"));
    s3.faults.add({ status: 503, code: "SlowDown", retryAfter: 2, times: 2 });
    expect(await store.get("a")).toEqual(text("x"));
    expect(waits).toEqual([2000, 2000]);
  });

  test("500 and connection resets are retried", async () => {
    const store = open();
    s3.faults.add({ status: 500, times: 1 });
    expect(await store.put("a", text("x"))).toBe(true);
    s3.faults.add({ reset: "before", times: 2 });
    expect(await store.get("a")).toEqual(text("x"));
    s3.faults.add({ reset: "after", times: 1 });
    expect(await store.list("")).toHaveLength(1);
    s3.faults.add({ reset: "after", times: 1 });
    await store.delete("a");
    expect(await store.get("a")).toBeUndefined();
  });

  test("a put whose response was lost succeeds", async () => {
    const store = open();
    s3.faults.add({ method: "PUT", reset: "after", times: 1 });
    expect(await store.put("a", text("mine"))).toBe(true);
    expect(s3.log.map(({ method, status }) => `${method} ${status}`)).toEqual([
      "PUT 200",
      "PUT 412",
      "GET 200",
    ]);
    s3.faults.add({ method: "PUT", reset: "before", times: 1 });
    expect(await store.put("b", text("mine"))).toBe(true);
    s3.faults.add({ method: "PUT", reset: "before", times: 1 });
    expect(await store.put("a", text("other"))).toBe(false);
    expect(await store.get("a")).toEqual(text("mine"));
  });

  test("a truncated body is fetched again, and finally an error", async () => {
    const store = open();
    const bytes = new Uint8Array(300_000).fill(7);
    await store.put("a", bytes);
    s3.faults.add({ method: "GET", truncate: true, times: 2 });
    let arrived = 0;
    const onBytes = (n: number) => {
      arrived += n;
    };
    expect(await store.get("a", { onBytes })).toEqual(bytes);
    expect(arrived).toBe(bytes.length);
    s3.faults.add({ method: "GET", truncate: true });
    await expect(store.get("a")).rejects.toMatchObject({ code: "network" });
    await expect(store.list("")).rejects.toMatchObject({ code: "network" });
  });

  test("a listing with many pages survives faults in the middle", async () => {
    const store = open();
    await Promise.all(Array.from({ length: 20 }, (_, i) => store.put(`p/${i}`, text("x"))));
    s3.faults.add({ method: "GET", status: 503, code: "SlowDown", times: 1 });
    expect(await store.list("p/")).toHaveLength(20);
  });

  test("an abort ends a running request, and a wait", async () => {
    const store = open({ clock: systemClock });
    await store.put("a", text("x"));
    const controllers = [new AbortController(), new AbortController()];
    s3.faults.add({ latency: 60_000, times: 1 });
    const slow = store.get("a", { signal: controllers[0]!.signal });
    await expect.poll(() => s3.log.length).toBe(2);
    controllers[0]!.abort();
    await expect(slow).rejects.toMatchObject({ code: "aborted" });

    s3.faults.add({ status: 503, retryAfter: 60, times: 1 });
    const waiting = store.get("a", { signal: controllers[1]!.signal });
    await expect.poll(() => s3.log.at(-1)?.status).toBe(503);
    controllers[1]!.abort();
    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
    expect(await store.get("a")).toEqual(text("x"));
  });

  test("an abort ends the reading of a body", async () => {
    const store = open();
    await store.put("a", new Uint8Array(4_000_000));
    const controller = new AbortController();
    const onBytes = () => controller.abort();
    await expect(store.get("a", { signal: controller.signal, onBytes })).rejects.toMatchObject({
      code: "aborted",
    });
  });

  test("readers of a cache share one request", async () => {
    const remote = open();
    await remote.put("a", text("x"));
    s3.reset();
    const store = new CacheStore(new MemoryStore(), remote);
    await Promise.all(Array.from({ length: 10 }, () => store.get("a")));
    await store.get("a");
    expect(s3.log).toHaveLength(1);
  });
});
