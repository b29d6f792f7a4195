import { afterEach, describe, expect, test } from "vitest";
import { HttpStore } from "../../src/stores/http/http-store.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { Entry } from "../../src/stores/store.ts";
import { spy, TestClock } from "./tools.ts";
import { startWritableHost, TOKEN, type WritableHost } from "./writable-host.ts";

const CHUNK = `ab/cd/${"0".repeat(36)}`;
const bearer = { authorization: `Bearer ${TOKEN}` };

/** What a host waits for, until the test says how it ends. */
function held<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  let ask!: () => void;
  const asked = new Promise<void>((done) => {
    ask = done;
  });
  const result = new Promise<T>((done, fail) => {
    [resolve, reject] = [done, fail];
  });
  const wait = () => {
    ask();
    return result;
  };
  return { wait, asked, resolve, reject };
}

describe("a listing that takes the host long", () => {
  let host: WritableHost | undefined;
  afterEach(() => host?.close());

  async function startHost() {
    const clock = new TestClock();
    const listing = held<Entry[]>();
    const index = held<string>();
    const store = spy(new MemoryStore(), { list: listing.wait });
    host = await startWritableHost({ clock, store: () => store, index: index.wait });
    return { clock, listing, index, host, url: host.url("repo") };
  }

  test("begins with spaces, so that clients see progress, and then has the files", async () => {
    const { clock, listing, url } = await startHost();
    const origin = "http://localhost:5173";
    const response = fetch(`${url}/?list=`, { headers: { ...bearer, origin } });
    await listing.asked;
    await clock.elapse(2_000);
    const reader = (await response).body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await response).status).toBe(200);
    expect((await response).headers.get("cache-control")).toBe("no-store");
    expect((await response).headers.get("access-control-allow-origin")).toBe(origin);
    expect(await reader.read()).toEqual({ done: false, value: " " });
    await clock.elapse(2_000);
    expect(await reader.read()).toEqual({ done: false, value: " " });
    listing.resolve([{ path: CHUNK, size: 3 }]);
    let rest = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) rest += part.value;
    expect(JSON.parse(rest)).toEqual({ lakota: 1, files: [[CHUNK, 3]] });
    expect(clock.timers).toBe(0);
  });

  test("is read by a client", async () => {
    const { clock, listing, url } = await startHost();
    const entries = new HttpStore(url, { token: TOKEN }).list("");
    await listing.asked;
    await clock.elapse(6_000);
    listing.resolve([{ path: CHUNK, size: 3 }]);
    expect(await entries).toEqual([{ path: CHUNK, size: 3 }]);
  });

  test("ends with a broken connection if it fails, and never as a whole listing", async () => {
    const { clock, listing, url, host } = await startHost();
    const response = fetch(`${url}/?list=`, { headers: bearer });
    await listing.asked;
    await clock.elapse(2_000);
    const body = (await response).text();
    listing.reject(new Error("The disk is gone."));
    await expect(body).rejects.toThrow();
    expect(host.warnings).toEqual(["The disk is gone."]);
  });

  test("that fails at once has a status that says so", async () => {
    const { listing, url } = await startHost();
    const response = fetch(`${url}/?list=`, { headers: bearer });
    await listing.asked;
    listing.reject(new Error("The disk is gone."));
    expect((await response).status).toBe(503);
  });

  test("is given up if the store stays silent for minutes", async () => {
    const { clock, listing, url } = await startHost();
    const response = fetch(`${url}/?list=`, { headers: bearer });
    await listing.asked;
    await clock.elapse(3_600_000);
    expect((await response).status).toBe(200);
    expect(clock.timers).toBe(0);
    listing.resolve([]);
    expect(await (await response).json()).toEqual({ lakota: 1, files: [] });
  });

  test("as the index of a repo does the same, even if the client has a copy", async () => {
    const { clock, index, url } = await startHost();
    const first = fetch(`${url}/lakota/index/v2/index.json`);
    await index.asked;
    index.resolve('{"lakota":1}');
    const etag = (await first).headers.get("etag")!;
    expect(etag).toMatch(/^"/);
    await host!.close();

    const slow = await startHost();
    const response = fetch(`${slow.url}/lakota/index/v2/index.json`, { headers: { "if-none-match": etag } });
    await slow.index.asked;
    await slow.clock.elapse(2_000);
    slow.index.resolve('{"lakota":1}');
    expect([(await response).status, await (await response).json()]).toEqual([200, { lakota: 1 }]);
    expect(clock.timers).toBe(0);
  });
});
