import { describe, expect, test } from "vitest";
import { CacheStore } from "../../src/stores/cache/cache-store.ts";
import { HttpStore } from "../../src/stores/http/http-store.ts";
import type { TransportOptions } from "../../src/stores/http/transport.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import { S3Store } from "../../src/stores/s3/s3-store.ts";
import type { Store } from "../../src/stores/store.ts";
import { TestClock, text } from "./tools.ts";

const LISTING =
  "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>p/a</Key><Size>1</Size></Contents></ListBucketResult>";

/** Never answers, and reports an abort as `fetch` does. */
const silent = (request: Request) =>
  new Promise<never>((_, reject) => {
    request.signal.addEventListener("abort", () => reject(request.signal.reason));
  });

/** A response whose body arrives when the test says so. */
function streamed() {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start: (created) => {
      controller = created;
    },
  });
  return {
    respond: async () => new Response(body),
    send: (part: string) => controller.enqueue(text(part)),
    end: () => controller.close(),
  };
}

type Respond = (request: Request) => Promise<Response>;
const ok =
  (body: string, status = 200): Respond =>
  async () =>
    new Response(body, { status, headers: { etag: '"x"' } });

/** A server that handles its requests in turn, and the last way from then on. */
function server(...responses: Respond[]) {
  const clock = new TestClock();
  const requests: Request[] = [];
  const fetch = (request: Request) => {
    requests.push(request);
    return (responses.length > 1 ? responses.shift()! : responses[0]!)(request);
  };
  const options = (more: TransportOptions) => ({ fetch, clock, ...more });
  return {
    clock,
    requests,
    /** Resolves once the server has got this number of requests in all. */
    got: (count: number) => expect.poll(() => requests.length, { interval: 1 }).toBe(count),
    s3: (more: TransportOptions = {}) =>
      new S3Store("bucket", "p", { endpoint: "https://s3.example", ...options(more) }),
    web: (more: TransportOptions & { token?: string } = {}) =>
      new HttpStore("https://host/repo", options(more)),
  };
}

/** Whether a promise has settled, after all that is under way. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = () => {
    settled = true;
  };
  promise.then(settle, settle);
  await new Promise<void>((resolve) => setImmediate(resolve));
  return settled;
}

describe("a server that does not respond", () => {
  const s3 = ({ s3 }: ReturnType<typeof server>) => s3();
  const web = ({ web }: ReturnType<typeof server>) => web();
  const writable = ({ web }: ReturnType<typeof server>) => web({ token: "secret" });
  const index = JSON.stringify({ lakota: 2, folders: {}, files: {} });
  const files = JSON.stringify({ lakota: 1, files: [] });
  const calls: [
    string,
    (of: ReturnType<typeof server>) => Store,
    Respond,
    (store: Store) => Promise<unknown>,
  ][] = [
    ["S3 get", s3, ok("x"), (store) => store.get("a")],
    ["S3 list", s3, ok(LISTING), (store) => store.list("")],
    ["S3 put", s3, ok(""), (store) => store.put("a", text("x"))],
    ["S3 delete", s3, async () => new Response(null, { status: 204 }), (store) => store.delete("a")],
    ["web get", web, ok("x"), (store) => store.get("a")],
    ["web list", web, ok(index), (store) => store.list("a/")],
    ["writable list", writable, ok(files), (store) => store.list("a/")],
    ["writable put", writable, ok("", 201), (store) => store.put("a", text("x"))],
    [
      "writable delete",
      writable,
      async () => new Response(null, { status: 204 }),
      (store) => store.delete("a"),
    ],
  ];

  test.each(calls)(
    "%s is sent again after 10 seconds, and the silent request is ended",
    async (_, open, respond, call) => {
      const of = server(silent, respond);
      const result = call(open(of));
      await of.got(1);
      await of.clock.elapse(9_000);
      expect(await isSettled(result)).toBe(false);
      await of.clock.elapse(2_000);
      await result;
      expect(of.requests).toHaveLength(2);
      expect(of.requests[0]!.signal.aborted).toBe(true);
      expect(of.clock.timers).toBe(0);
    },
  );

  test.each(calls)("%s ends with `network` after three attempts", async (_, open, _respond, call) => {
    const of = server(silent);
    const failure = expect(call(open(of))).rejects.toMatchObject({
      code: "network",
      message: /for 10 seconds.*`timeout`/,
    });
    for (let attempt = 1; attempt <= 3; attempt++) {
      await of.got(attempt);
      await of.clock.elapse(10_001);
    }
    await failure;
    expect(of.clock.timers).toBe(0);
  });

  test("gets one attempt per request until something arrives", async () => {
    const of = server(silent, silent, silent, silent, ok("x"), silent, ok("y"));
    const store = of.s3();
    const first = expect(store.get("a")).rejects.toMatchObject({ code: "network" });
    for (let attempt = 1; attempt <= 3; attempt++) {
      await of.got(attempt);
      await of.clock.elapse(10_001);
    }
    await first;
    const second = expect(store.get("a")).rejects.toMatchObject({ code: "network" });
    await of.got(4);
    await of.clock.elapse(10_001);
    await second;
    expect(await store.get("a")).toEqual(text("x"));
    const third = store.get("a");
    await of.got(6);
    await of.clock.elapse(10_001);
    expect(await third).toEqual(text("y"));
  });

  test("an abort ends the request at once", async () => {
    const of = server(silent);
    const controller = new AbortController();
    const result = of.s3().get("a", { signal: controller.signal });
    await of.got(1);
    controller.abort();
    await expect(result).rejects.toMatchObject({ code: "aborted" });
    expect(of.requests[0]!.signal.aborted).toBe(true);
    expect(of.clock.timers).toBe(0);
  });
});

describe("a body", () => {
  test("may take any time, as long as some of it arrives every 20 seconds", async () => {
    const body = streamed();
    const of = server(body.respond);
    const result = of.s3().get("a");
    await of.got(1);
    for (const part of "abcdef") {
      await of.clock.elapse(15_000);
      body.send(part);
      await isSettled(result);
    }
    body.end();
    expect(await result).toEqual(text("abcdef"));
    expect(of.requests).toHaveLength(1);
    expect(of.clock.timers).toBe(0);
  });

  test("that stops is fetched again; that of a listing and of an error, too", async () => {
    const of = server(
      streamed().respond,
      ok(LISTING),
      async () => new Response((await streamed().respond()).body, { status: 403 }),
      ok("x"),
    );
    const store = of.s3();
    const listing = store.list("");
    await of.got(1);
    await of.clock.elapse(20_001);
    expect(await listing).toEqual([{ path: "a", size: 1 }]);
    const file = store.get("a");
    await of.got(3);
    await expect.poll(() => of.clock.timers).toBe(1);
    await isSettled(file);
    await of.clock.elapse(20_001);
    expect(await file).toEqual(text("x"));
  });
});

test("an upload has time by its size, and one that was silent is looked for", async () => {
  const bytes = new Uint8Array(800_000);
  const found: Respond = async () => new Response(bytes);
  const exists: Respond = async () => new Response(null, { status: 412 });
  const of = server(silent, exists, found);
  const result = of.s3().put("a", bytes);
  await of.got(1);
  await of.clock.elapse(109_000); // 100 s at 8 kB/s, and 10 s for the response
  expect(await isSettled(result)).toBe(false);
  await of.clock.elapse(1_001);
  expect(await result).toBe(true);
  expect(of.requests.map(({ method }) => method)).toEqual(["PUT", "PUT", "GET"]);
});

test("a request that may be queued behind earlier ones is not silent while those receive data", async () => {
  const body = streamed();
  const queued = streamed();
  const of = server(body.respond, silent, queued.respond);
  const store = of.s3();
  const first = store.get("a");
  await of.got(1);
  const second = store.get("b");
  await of.got(2);
  for (let i = 0; i < 10; i++) {
    await of.clock.elapse(8_000);
    body.send("x");
    await isSettled(first);
  }
  expect(of.requests).toHaveLength(2);
  body.end();
  await first;
  await of.clock.elapse(10_001);
  await of.got(3);
  queued.send("y");
  queued.end();
  expect(await second).toEqual(text("y"));
});

test("later requests that are answered do not keep a silent one waiting", async () => {
  const of = server(silent, ok("x"));
  const store = of.s3();
  const first = store.get("a");
  await of.got(1);
  for (let i = 0; i < 3; i++) {
    await of.clock.elapse(4_000);
    await store.get("b");
  }
  expect(await first).toEqual(text("x"));
});

describe("the option `timeout`", () => {
  test("sets both limits", async () => {
    const of = server(silent, streamed().respond, ok("x"));
    const result = of.s3({ timeout: 3_000 }).get("a");
    await of.got(1);
    await of.clock.elapse(3_001);
    await of.got(2);
    await isSettled(result);
    await of.clock.elapse(3_001);
    expect(await result).toEqual(text("x"));
  });

  test.each([0, Number.POSITIVE_INFINITY])("%s is no limit", async (timeout) => {
    const of = server(silent);
    void of.s3({ timeout }).put("a", text("x"));
    await of.got(1);
    expect(of.clock.timers).toBe(0);
  });

  test.each([-1, Number.NaN])("%s is refused", (timeout) => {
    expect(() => server(silent).s3({ timeout })).toThrow(/timeout/);
  });
});

describe("a cache of a silent store", () => {
  test("uses the last listing", async () => {
    const of = server(ok(LISTING), silent);
    const cache = new CacheStore(new MemoryStore(), of.s3());
    const entries = await cache.list("");
    const result = cache.list("");
    for (let attempt = 2; attempt <= 4; attempt++) {
      await of.got(attempt);
      await of.clock.elapse(10_001);
    }
    expect(await result).toEqual(entries);
    expect(cache.stale).toBeInstanceOf(Date);
  });

  test("does not keep later readers waiting for a read that no caller awaits", async () => {
    const of = server(silent, ok("x"));
    const cache = new CacheStore(new MemoryStore(), of.s3());
    void cache.get("a").catch(() => {}); // without a signal: it cannot be seen that its caller is gone
    await of.got(1);
    const second = cache.get("a");
    await of.clock.elapse(10_001);
    expect(await second).toEqual(text("x"));
  });

  test("ends a request whose callers have all aborted; the next reader has one of its own", async () => {
    const of = server(silent, ok("x"));
    const cache = new CacheStore(new MemoryStore(), of.s3());
    const controller = new AbortController();
    const reads = [1, 2].map(() => cache.get("a", { signal: controller.signal }));
    await of.got(1);
    controller.abort();
    for (const read of reads) await expect(read).rejects.toMatchObject({ code: "aborted" });
    expect(of.requests[0]!.signal.aborted).toBe(true);
    expect(await cache.get("a")).toEqual(text("x"));
  });
});
