import { connect } from "node:net";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LakotaError } from "../../src/model/errors.ts";
import { CacheStore } from "../../src/stores/cache/cache-store.ts";
import { FileStore } from "../../src/stores/file/file-store.ts";
import { HttpStore } from "../../src/stores/http/http-store.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import { conforms } from "./suite.ts";
import { folders, spy, TestClock, text } from "./tools.ts";
import { startWritableHost, TOKEN, type WritableHost } from "./writable-host.ts";

const CHUNK = `ab/cd/${"0123456789abcdef".repeat(2)}0123`;
const ASIDE = `${CHUNK}.0123456789a`;
const REVISION = `ab/cd/${"f".repeat(36)}/${"0".repeat(11)}-${"0".repeat(40)}.${"1".repeat(11)}-${"a".repeat(40)}`;
const bearer = { authorization: `Bearer ${TOKEN}` };

const free = await startWritableHost({ anyPath: true });
afterAll(() => free.close());
let cases = 0;
conforms("HttpStore on a writable host", () => new HttpStore(free.url(`${++cases}`), { token: TOKEN }));

const newFolder = folders();
const onDisk = await newFolder();
const disk = await startWritableHost({ anyPath: true, store: (name) => new FileStore(`${onDisk}/${name}`) });
afterAll(() => disk.close());
conforms(
  "HttpStore on a writable host with a disk",
  () => new HttpStore(disk.url(`${++cases}`), { token: TOKEN }),
);

describe("a writable host", () => {
  let host: WritableHost;
  let url: string;
  beforeEach(async () => {
    host = await startWritableHost({ maxFile: 1_000 });
    url = host.url("repo");
  });
  afterEach(() => host.close());

  const put = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${url}/${path}`, { method: "PUT", body, headers: { ...bearer, ...headers } });
  const listed = async (query = "list=") => {
    const answer = await fetch(`${url}/?${query}`, { headers: bearer });
    expect(answer.headers.get("cache-control")).toBe("no-store");
    return (await answer.json()).files;
  };

  test("speaks the protocol of docs/cli.md", async () => {
    expect((await put(CHUNK, "one", { "if-none-match": "*" })).status).toBe(201);
    expect((await put(CHUNK, "two", { "if-none-match": "*" })).status).toBe(412);
    expect(await (await fetch(`${url}/${CHUNK}`)).text()).toBe("one");
    expect((await put(CHUNK, "mended")).status).toBe(201);
    expect((await put(CHUNK, "x", { "if-none-match": '"etag"' })).status).toBe(400);
    expect(await listed()).toEqual([[CHUNK, 6]]);
    const move = (from: string, to: string) =>
      fetch(`${url}/${from}?move=${encodeURIComponent(to)}`, { method: "POST", headers: bearer });
    expect((await move(CHUNK, ASIDE)).status).toBe(204);
    expect((await move(CHUNK, ASIDE)).status).toBe(404);
    expect(await listed("list=ab/")).toEqual([[ASIDE, 6]]);
    expect(await listed(`list=ab/&start-after=${ASIDE}`)).toEqual([]);
    for (let i = 0; i < 2; i++)
      expect((await fetch(`${url}/${ASIDE}`, { method: "DELETE", headers: bearer })).status).toBe(204);
    expect(await listed()).toEqual([]);
    expect(host.warnings).toEqual([]);
  });

  test("tells exactly one of two concurrent writers of a path that it created the file", async () => {
    for (let round = 0; round < 30; round++) {
      const path = CHUNK.slice(0, -2) + String(round).padStart(2, "0");
      const answers = await Promise.all(
        ["ours", "theirs"].map((body) => put(path, body, { "if-none-match": "*" })),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 412]);
      const winner = answers[0]!.status === 201 ? "ours" : "theirs";
      expect(await (await fetch(`${url}/${path}`)).text()).toBe(winner);
    }
  });

  test("refuses everything without its token", async () => {
    await put(CHUNK, "kept");
    for (const authorization of [
      "",
      "Bearer",
      "Bearer wrong",
      `Basic ${TOKEN}`,
      `Bearer ${TOKEN} x`,
      TOKEN,
    ]) {
      const asked = [
        { path: `/${REVISION}`, method: "PUT", body: "x" },
        { path: `/${CHUNK}`, method: "DELETE" },
        { path: `/${CHUNK}?move=${ASIDE}`, method: "POST" },
        { path: "/?list=", method: "GET" },
      ];
      for (const { path, ...init } of asked) {
        const answer = await fetch(url + path, { ...init, headers: { authorization } });
        expect([answer.status, answer.headers.get("www-authenticate")], authorization + path).toEqual([
          401,
          "Bearer",
        ]);
      }
    }
    expect(await listed()).toEqual([[CHUNK, 4]]);
  });

  test("accepts only the paths of a repo", async () => {
    const names = [
      "",
      "x",
      "secret.txt",
      ".lakota/tmp/x",
      "..%2fx",
      "%2e%2e/x",
      `00/00/%2e%2e/%2e%2e/${"0".repeat(36)}`,
      `${CHUNK}%00`,
      `${CHUNK}/`,
      `${CHUNK}/x`,
      `/${CHUNK}`,
      CHUNK.toUpperCase(),
      "lakota/index/v2/other.json",
      "%zz",
    ];
    await put(CHUNK, "kept");
    for (const name of names) {
      for (const [method, query] of [
        ["PUT", ""],
        ["DELETE", ""],
        ["POST", `?move=${ASIDE}`],
      ])
        expect(await raw(url, method!, name + query), `${method} ${name}`).toMatch(/^HTTP\/1\.1 40[05] /);
      const moved = `${CHUNK}?move=${name.includes("%") ? name : encodeURIComponent(name)}`;
      expect(await raw(url, "POST", moved), moved).toMatch(/^HTTP\/1\.1 400 /);
    }
    for (const prefix of ["../", "../../", "a/../", "/", "/etc/", "a//", "./", "%00"])
      expect(await raw(url, "GET", `?list=${prefix}`), prefix).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw(url, "PATCH", CHUNK)).toMatch(/^HTTP\/1\.1 405 /);
    expect(await raw(url, "POST", CHUNK)).toMatch(/^HTTP\/1\.1 405 /);
    expect(await listed()).toEqual([[CHUNK, 4]]);
    expect(host.warnings).toEqual([]);
  });

  test("refuses files that are too large, with or without Content-Length", async () => {
    expect((await put(CHUNK, "x".repeat(1_001))).status).toBe(413);
    const parts = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 11; i++) controller.enqueue(text("x".repeat(100)));
        controller.close();
      },
    });
    const init: RequestInit & { duplex: "half" } = {
      method: "PUT",
      body: parts,
      headers: bearer,
      duplex: "half",
    };
    expect((await fetch(`${url}/${CHUNK}`, init)).status).toBe(413);
    expect((await put(CHUNK, "x".repeat(1_000))).status).toBe(201);
    const store = new HttpStore(url, { token: TOKEN });
    await expect(store.put(ASIDE, new Uint8Array(1_001))).rejects.toMatchObject({
      code: "quota",
      message: /--max-file/,
    });
  });

  test("stores nothing for a truncated body, and reports no error", async () => {
    const { hostname, port, pathname } = new URL(url);
    const head = `PUT ${pathname}/${CHUNK} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Length: 100\r\n\r\n`;
    const socket = connect(Number(port), hostname);
    socket.write(`${head}half of it`);
    await expect.poll(() => host.underway.size).toBe(1);
    socket.destroy();
    await Promise.all(host.underway);
    expect(await listed()).toEqual([]);
    expect(host.warnings).toEqual([]);
  });

  test("reports errors of its own store to the writer, and their cause only to its log", async () => {
    const refusals = { denied: "forbidden", gone: "network" } as const;
    const troubled = await startWritableHost({
      store: (name) => {
        const put = async () => {
          throw new LakotaError(name === "denied" ? refusals.denied : refusals.gone, `the secret of ${name}`);
        };
        return spy(new MemoryStore(), { put });
      },
    });
    for (const [name, code] of Object.entries(refusals)) {
      const store = new HttpStore(troubled.url(name), { token: TOKEN, retries: 0 });
      const error: unknown = await store.put(CHUNK, text("x")).catch((caught) => caught);
      expect(error).toMatchObject({ code, message: expect.not.stringContaining("secret") });
    }
    expect(troubled.warnings).toEqual(["the secret of denied", "the secret of gone"]);
    troubled.close();
  });

  test("lists the current files, not those of a cached listing", async () => {
    const remote = new MemoryStore();
    const cache = new CacheStore(new MemoryStore(), remote);
    const cached = await startWritableHost({ store: () => cache });
    const store = new HttpStore(cached.url("repo"), { token: TOKEN, retries: 0 });
    await store.put(CHUNK, text("x"));
    await remote.put(ASIDE, text("y"));
    expect((await store.list("")).map(({ path }) => path)).toEqual([CHUNK, ASIDE]);
    remote.list = async () => {
      throw new LakotaError("network", "down");
    };
    await expect(store.list("")).rejects.toMatchObject({ code: "network" });
    cached.close();
  });

  test("allows pages of other origins on this machine", async () => {
    const origin = "http://localhost:5173";
    const { status, headers } = await fetch(`${url}/${CHUNK}`, { method: "OPTIONS", headers: { origin } });
    expect(status).toBe(204);
    expect(headers.get("access-control-allow-origin")).toBe(origin);
    expect(headers.get("access-control-allow-methods")).toBe("GET, HEAD, PUT, POST, DELETE");
    expect(headers.get("access-control-allow-headers")).toBe("*, authorization");
  });

  test("reports new revisions, and stores an index that is put, while it serves its own", async () => {
    await put(CHUNK, "x");
    expect(host.changes).toEqual([]);
    await put(REVISION, "x");
    expect(host.changes).toEqual(["repo"]);
    expect((await put("lakota/index/v2/index.json", "published")).status).toBe(201);
    expect(await (await fetch(`${url}/lakota/index/v2/index.json`)).text()).toBe("the index of repo");
    await fetch(`${url}/${REVISION}`, { method: "DELETE", headers: bearer });
    expect(host.changes).toEqual(["repo", "repo"]);
  });
});

describe("HttpStore with a token", () => {
  function web(
    answers: (Response | Error)[],
    options: { token?: string; retries?: number } = { token: TOKEN },
  ) {
    const requests: Request[] = [];
    const fetch = async (request: Request) => {
      requests.push(request);
      const answer = answers.shift() ?? new Error("The script has ended.");
      if (answer instanceof Error) throw answer;
      return answer;
    };
    const store = new HttpStore("https://host/folder?key=own", { fetch, clock: new TestClock(), ...options });
    return { store, requests };
  }
  const status = (code: number, body: string | null = null) => new Response(body, { status: code });
  const lost = new TypeError("fetch failed");

  afterEach(() => vi.unstubAllGlobals());

  test("sends it with writes, and the query of the address with every request", async () => {
    const { store, requests } = web([status(201), status(204), status(204), status(200, "x")]);
    expect(await store.put("a/b c", text("x"))).toBe(true);
    await store.move("a", "b&c=+");
    await store.delete("a");
    await store.get("a");
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "PUT https://host/folder/a/b%20c?key=own",
      "POST https://host/folder/a?key=own&move=b%26c%3D%2B",
      "DELETE https://host/folder/a?key=own",
      "GET https://host/folder/a?key=own",
    ]);
    expect(requests.map(({ headers }) => headers.get("authorization"))).toEqual([
      ...Array(3).fill(`Bearer ${TOKEN}`),
      null, // so that a page needs no preflight
    ]);
    expect(requests[0]!.headers.get("if-none-match")).toBe("*");
  });

  test("reads back a write whose response was lost", async () => {
    const ours = web([lost, status(412), status(200, "ours")]);
    expect(await ours.store.put("a", text("ours"))).toBe(true);
    const theirs = web([status(503), status(412), status(200, "theirs")]);
    expect(await theirs.store.put("a", text("ours"))).toBe(false);
    const none = web([status(412)]);
    expect(await none.store.put("a", text("ours"))).toBe(false);
    expect(none.requests).toHaveLength(1);
  });

  test("recognises a completed move whose response was lost", async () => {
    const { store } = web([lost, status(404), status(200, "x"), lost, status(404), status(404), status(404)]);
    await store.move("a", "b");
    await expect(store.move("a", "b")).rejects.toMatchObject({ code: "not-found" });
    await expect(store.move("a", "b")).rejects.toMatchObject({ code: "not-found" });
  });

  test.each([
    [401, "forbidden", /does not accept this token.*LAKOTA_TOKEN/],
    [403, "forbidden", /its log says why/i],
    [404, "unsupported", /lakota serve --writable/],
    [405, "unsupported", /lakota serve --writable/],
    [501, "unsupported", /lakota serve --writable/],
    [400, "invalid-argument", /a repo's own files/],
    [409, "network", /409/],
  ])("maps status %i to an error", async (code, expected, message) => {
    const { store, requests } = web([status(code), status(code), status(code)]);
    for (const call of [() => store.put("a", text("x")), () => store.delete("a"), () => store.list("a")]) {
      const error: unknown = await call().catch((caught) => caught);
      expect(error).toMatchObject({ code: expected, message });
      expect(String(error)).not.toMatch(/test-token|own"|key=/);
    }
    expect(requests).toHaveLength(3);
  });

  test("does not take a web page or other JSON for a listing", async () => {
    const bodies = ["<html></html>", "[]", "null", '{"lakota":2,"files":[]}', '{"lakota":1,"files":[["a"]]}'];
    const { store } = web(
      bodies.map((body) => status(200, body)),
      { token: TOKEN, retries: 0 },
    );
    for (const body of bodies)
      await expect(store.list(""), body).rejects.toMatchObject({
        code: "unsupported",
        message: /--writable/,
      });
  });

  test("repeats what something else than the host acknowledges", async () => {
    const page = () => new Response("<html></html>", { headers: { "content-type": "text/html" } });
    const { store, requests } = web([
      ...[page(), status(200), status(201)],
      ...[page(), status(204)],
      ...[status(200, ""), status(200, '{"lakota":1,"files":[]}')],
    ]);
    expect(await store.put("a", text("x"))).toBe(true);
    await store.delete("a");
    expect(await store.list("")).toEqual([]);
    expect(requests.map(({ method }) => method).join()).toBe("PUT,PUT,PUT,DELETE,DELETE,GET,GET");
    const portal = web([page(), page()], { token: TOKEN, retries: 1 });
    await expect(portal.store.put("a", text("x"))).rejects.toMatchObject({
      code: "network",
      message: /web page.*proxy.*portal/,
    });
  });

  test("that is malformed is refused before anything is sent, and not shown", async () => {
    const { store, requests } = web([], { token: "two words" });
    const error: unknown = await store.list("").catch((caught) => caught);
    expect(error).toMatchObject({
      code: "invalid-argument",
      message: expect.not.stringContaining("two words"),
    });
    expect(requests).toEqual([]);
  });

  test("that is missing is reported before any file is sent", async () => {
    const { store, requests } = web([status(401), status(401), status(404), status(200, "<html>")], {});
    await expect(store.put("a", text("x"))).rejects.toMatchObject({
      code: "forbidden",
      message: /requires a token.*`token`.*--token or LAKOTA_TOKEN/,
    });
    await expect(store.move("a", "b")).rejects.toMatchObject({ code: "forbidden" });
    for (let i = 0; i < 2; i++)
      await expect(store.delete("a")).rejects.toMatchObject({
        code: "unsupported",
        message: /read-only web host/,
      });
    expect(requests.map(({ method }) => method)).toEqual(["GET", "GET", "GET", "GET"]);
  });
});

/** Returns the response to a path that `fetch` would normalise. */
async function raw(url: string, method: string, path: string): Promise<string> {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.end(
    `${method} ${pathname}/${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
  );
  let answer = "";
  for await (const piece of socket) answer += piece;
  return answer;
}
