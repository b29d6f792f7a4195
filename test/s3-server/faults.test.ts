import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Faults } from "./faults.ts";
import { type S3Server, startS3 } from "./index.ts";
import { awsClient, outcome, sendRaw, urlOf } from "./tools.ts";

const CONTENT = "0123456789";
let s3: S3Server;

beforeAll(async () => {
  s3 = await startS3({ keys: { id: "secret" } });
  s3.objects.createBucket("data");
});

beforeEach(() => {
  s3.faults.clear();
  s3.objects.put("data", "a", CONTENT);
  s3.objects.delete("data", "new");
  s3.reset();
});

afterAll(() => s3.close());

const get = (key = "a", init: RequestInit = {}) => awsClient().fetch(urlOf(s3, "data", key), init);
const put = (key = "new") => get(key, { method: "PUT", body: "written" });
const stored = (key: string) => s3.objects.bucket("data").get(key)?.body.toString();

describe("which requests are affected", () => {
  /** For each request `METHOD PATH`, whether a fault affects it. */
  function hits(fault: Parameters<Faults["add"]>[0], ...requests: string[]): boolean[] {
    const faults = new Faults();
    faults.add({ status: 500, ...fault });
    return requests.map((request) => {
      const [method, path] = request.split(" ") as [string, string];
      return faults.take(method, path).status === 500;
    });
  }

  test("by method, and by a part of the path or a pattern", () => {
    expect(hits({}, "GET /b/a", "PUT /b/a")).toEqual([true, true]);
    expect(hits({ method: "PUT" }, "GET /b/a", "PUT /b/a")).toEqual([false, true]);
    expect(hits({ key: "b/x" }, "GET /b/x1", "GET /b/y")).toEqual([true, false]);
    expect(hits({ key: /x$/g }, "GET /b/x", "GET /b/x", "GET /b/x1")).toEqual([true, true, false]);
  });

  test("a number of the matching requests", () => {
    const requests = ["GET /b/a", "PUT /b/a", "PUT /b/a", "PUT /b/a"];
    expect(hits({ method: "PUT", times: 2 }, ...requests)).toEqual([false, true, true, false]);
    expect(hits({ times: 0 }, ...requests)).toEqual([false, false, false, false]);
  });

  test("after a number of matching requests to skip", () => {
    const requests = ["GET /b/a", "PUT /b/a", "PUT /b/a", "PUT /b/a"];
    expect(hits({ method: "PUT", skip: 1, times: 1 }, ...requests)).toEqual([false, false, true, false]);
  });

  test("until it is removed; each is counted", () => {
    const faults = new Faults();
    let hits = 0;
    const remove = faults.add({ status: 500, method: "GET", onHit: () => hits++ });
    expect(faults.take("GET", "/b/a").status).toBe(500);
    expect(faults.take("PUT", "/b/a")).toEqual({});
    expect(faults.take("GET", "/b/a").status).toBe(500);
    remove();
    expect(faults.take("GET", "/b/a")).toEqual({});
    expect(hits).toBe(2);
  });

  test("with a probability", () => {
    const requests = Array.from({ length: 1000 }, () => "GET /b/a");
    expect(hits({ probability: 0 }, ...requests)).not.toContain(true);
    expect(hits({ probability: 1 }, ...requests)).not.toContain(false);
    const some = hits({ probability: 0.5 }, ...requests);
    expect(some).toContain(true);
    expect(some).toContain(false);
  });

  test("preflights are excluded by default, for they would use up faults", () => {
    expect(hits({ times: 1 }, "OPTIONS /b/a", "PUT /b/a")).toEqual([false, true]);
    expect(hits({ method: "OPTIONS" }, "OPTIONS /b/a", "PUT /b/a")).toEqual([true, false]);
    expect(hits({ dropCors: true }, "OPTIONS /b/a", "PUT /b/a")).toEqual([true, true]);
  });

  test("by the first fault that matches; the added object is not changed", () => {
    const faults = new Faults();
    const once = { status: 500, times: 1 };
    faults.add(once);
    faults.add({ status: 503 });
    expect([1, 2, 3].map(() => faults.take("GET", "/b/a").status)).toEqual([500, 503, 503]);
    expect(once.times).toBe(1);
    faults.clear();
    expect(faults.take("GET", "/b/a")).toEqual({});
  });
});

describe("a status", () => {
  test("is sent with a code and Retry-After, and nothing is performed", async () => {
    s3.faults.add({ status: 503, retryAfter: 7, times: 1 });
    const slow = await put();
    expect(slow.headers.get("retry-after")).toBe("7");
    expect(await outcome(slow)).toBe("503 SlowDown");
    s3.faults.add({ status: 500, times: 1 });
    const failed = await put();
    expect(failed.headers.get("retry-after")).toBeNull();
    expect(await outcome(failed)).toBe("500 InternalError");
    s3.faults.add({ status: 409, code: "ConditionalRequestConflict", times: 1 });
    expect(await outcome(await put())).toBe("409 ConditionalRequestConflict");
    expect(stored("new")).toBeUndefined();
    expect(await outcome(await put())).toBe("200");
  });

  test("may be that of a preflight", async () => {
    s3.faults.add({ method: "OPTIONS", status: 500 });
    const headers = { origin: "http://app.test", "access-control-request-method": "PUT" };
    const answer = await sendRaw(s3, "/data/a", { method: "OPTIONS", headers });
    expect(await outcome(answer)).toBe("500 InternalError");
  });
});

describe("a body", () => {
  test("is cut in half", async () => {
    s3.faults.add({ truncate: true, times: 1 });
    const response = await get();
    expect(response.headers.get("content-length")).toBe("10");
    await expect(response.arrayBuffer()).rejects.toThrow("terminated");
    expect(s3.log).toMatchObject([{ status: 200, bytes: 5 }]);
    expect(await (await get()).text()).toBe(CONTENT);
  });

  test("of one byte is cut too", async () => {
    s3.objects.put("data", "one", "1");
    s3.faults.add({ truncate: true });
    const response = await get("one");
    await expect(response.arrayBuffer()).rejects.toThrow("terminated");
  });

  test("has one bit flipped, but not in the stored object", async () => {
    s3.faults.add({ corrupt: true, times: 1 });
    expect(await (await get()).text()).toBe("0123446789");
    expect(await (await get()).text()).toBe(CONTENT);
  });

  test("is half of it, as a complete response", async () => {
    s3.faults.add({ shorten: true, times: 1 });
    expect(await (await get()).text()).toBe("01234");
  });

  test("stops half-way, and the connection stays open", async () => {
    s3.faults.add({ stall: true, times: 1 });
    const leaving = new AbortController();
    const response = await get("a", { signal: leaving.signal });
    const reader = response.body!.getReader();
    expect(Buffer.from((await reader.read()).value!).toString()).toBe("01234");
    const rest = reader.read();
    leaving.abort();
    await expect(rest).rejects.toThrow("aborted");
  });

  test("is that of the object whose size is nearest", async () => {
    s3.objects.put("data", "near", "another!");
    s3.objects.put("data", "far", "x");
    s3.faults.add({ swap: true, times: 1 });
    expect(await (await get()).text()).toBe("another!");
    for (const key of ["near", "far"]) s3.objects.delete("data", key);
  });

  test("that is empty cannot stop half-way: the connection serves the next request", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    s3.faults.add({ stall: true, times: 1 });
    for (const key of ["first", "second"]) {
      const signed = await awsClient().sign(urlOf(s3, "data", key), { method: "PUT" });
      const headers = Object.fromEntries(signed.headers);
      const sent = request(signed.url, { agent, method: "PUT", headers }).end();
      const [response] = (await once(sent, "response")) as [IncomingMessage];
      expect(response.statusCode).toBe(200);
      response.resume();
    }
    agent.destroy();
  });

  test("that is empty has no bit to flip", async () => {
    s3.objects.put("data", "empty", "");
    s3.faults.add({ corrupt: true });
    expect(await (await get("empty")).text()).toBe("");
  });
});

describe("a connection", () => {
  test("is closed before the request is performed", async () => {
    s3.faults.add({ reset: "before", times: 1 });
    await expect(put()).rejects.toThrow("fetch failed");
    expect(stored("new")).toBeUndefined();
    expect(s3.log).toMatchObject([{ method: "PUT", status: 0 }]);
  });

  test("is closed after the request is performed", async () => {
    s3.faults.add({ reset: "after", times: 1 });
    await expect(put()).rejects.toThrow("fetch failed");
    expect(stored("new")).toBe("written");
    expect(s3.log).toMatchObject([{ method: "PUT", status: 200, bytes: 0 }]);
  });
});

describe("something that is no S3", () => {
  test("confirms a PUT, and stores nothing", async () => {
    for (const pretend of ["empty", "html"] as const) {
      s3.faults.add({ pretend, times: 1 });
      const response = await put();
      expect(response.status).toBe(200);
      expect(response.headers.get("etag")).toBeNull();
      expect(await response.text()).toContain(pretend === "html" ? "<html>" : "");
      expect(stored("new")).toBeUndefined();
    }
  });
});

describe("a listing", () => {
  test("leaves out the newest objects with its prefix", async () => {
    for (const key of ["p/1", "p/0", "z"]) s3.objects.put("data", key, "");
    s3.faults.add({ lag: 1, times: 1 });
    const list = async () => {
      const xml = await (await awsClient().fetch(`${s3.url}/data?list-type=2&prefix=p/`)).text();
      return [...xml.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key]) => key);
    };
    expect(await list()).toEqual(["p/1"]);
    expect(await list()).toEqual(["p/0", "p/1"]);
    for (const key of ["p/1", "p/0", "z"]) s3.objects.delete("data", key);
  });
});

describe("latency", () => {
  test("precedes the request, and does not delay others", async () => {
    s3.faults.add({ key: "new", latency: 600_000, times: 1 });
    const leaving = new AbortController();
    const slow = get("new", { method: "PUT", body: "written", signal: leaving.signal });
    await expect.poll(() => s3.log.length).toBe(1);
    expect(await (await get()).text()).toBe(CONTENT);
    expect(stored("new")).toBeUndefined();
    leaving.abort();
    await expect(slow).rejects.toThrow("aborted");
  });

  test("of a held request ends when its promise resolves", async () => {
    let resolve!: () => void;
    const hold = new Promise<void>((resolved) => {
      resolve = resolved;
    });
    s3.faults.add({ method: "PUT", hold, times: 1 });
    const held = put();
    await expect.poll(() => s3.log.length).toBe(1);
    expect(stored("new")).toBeUndefined();
    resolve();
    expect(await outcome(await held)).toBe("200");
    expect(stored("new")).toBe("written");
  });

  test("ends, and the request is served", async () => {
    s3.faults.add({ latency: 1 });
    expect(await outcome(await put())).toBe("200");
    expect(stored("new")).toBe("written");
  });

  test("a client that disconnects meanwhile is not served, and does not delay closing", async () => {
    const own = await startS3({ keys: {}, publicRead: () => true });
    own.objects.createBucket("data");
    own.faults.add({ latency: 600_000 });
    const leaving = new AbortController();
    const gone = fetch(urlOf(own, "data", "a"), { signal: leaving.signal });
    const staying = fetch(urlOf(own, "data", "b"));
    const both = Promise.allSettled([gone, staying]);
    await expect.poll(() => own.log.length).toBe(2);
    leaving.abort();
    await own.close();
    expect((await both).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(own.log).toMatchObject([{ status: 0 }, { status: 0 }]);
  });
});

test("CORS headers are dropped", async () => {
  s3.faults.add({ dropCors: true });
  const headers = { origin: "http://app.test" };
  const response = await get("a", { headers });
  expect(response.headers.get("access-control-allow-origin")).toBeNull();
  expect(await response.text()).toBe(CONTENT);
  const preflight = await sendRaw(s3, "/data/a", { method: "OPTIONS", headers });
  expect(preflight.headers.get("access-control-allow-origin")).toBeNull();
});

test("a client that disconnects in the middle of its body does no harm", async () => {
  const { connect } = await import("node:net");
  const socket = connect(s3.port, "127.0.0.1");
  socket.write("PUT /data/new HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf");
  await expect.poll(() => s3.log.length).toBe(1);
  socket.destroy();
  await once(socket, "close");
  expect(await outcome(await get())).toBe("200");
  expect(s3.log).toMatchObject([{ method: "PUT", status: 0 }, { status: 200 }]);
  expect(stored("new")).toBeUndefined();
});
