import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { connect as connectSocket } from "node:net";
import { join } from "node:path";
import { openRepo } from "lakota/engine";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { manyRows, type Outcome, outcomeOf, ROWS, type Shell, shells, withRows } from "./helpers.ts";

const newShell = shells();
let shell: Shell;
let url: string;
let explorer: string;
let stop: () => Promise<Outcome>;

beforeEach(async () => {
  shell = await withRows(await newShell());
  await shell.ok(["write", "temperature/long"], { input: manyRows(3_000) });
  await writeFile(join(shell.folder, ".lakota/secret.txt"), "secret");
  const child = shell.start(["serve", "--port", "0", "--json"]);
  const outcome = outcomeOf(child);
  stop = () => {
    child.kill("SIGINT");
    return outcome;
  };
  const [line] = await once(child.stdout!, "data");
  ({ url, explorer } = JSON.parse(String(line)));
});
afterEach(async () => {
  expect(await stop()).toMatchObject({ code: 0, stderr: "" });
});

const origin = () => new URL(url).origin;

describe("a repo behind `lakota serve`", () => {
  test("can be read at its address, and shows later writes", async () => {
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/repo$/);
    const repo = await openRepo(url, { maxAge: 0 });
    expect(await repo.ls()).toEqual(["temperature"]);
    const collection = await repo.collection("temperature");
    expect(await collection.ls()).toEqual(["Brussels", "long"]);
    expect((await collection.series("long").read()).length).toBe(3_000);
    await shell.ok(["write", "temperature/Ghent"], { input: ROWS });
    await expect.poll(() => collection.ls(), { timeout: 20_000 }).toEqual(["Brussels", "Ghent", "long"]);
    expect((await repo.verify()).problems).toEqual([]);
    repo.close();
    expect(await shell.ok(["-r", url, "read", "temperature/Brussels"])).toBe(ROWS);
  });

  test("is read-only", async () => {
    const { code, stderr } = await shell.run(["-r", url, "delete", "temperature/Brussels"]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/read-only web host/)]);
    for (const method of ["PUT", "POST", "DELETE", "PATCH"])
      expect((await fetch(`${url}/x`, { method })).status).toBe(405);
  });

  test("serves overviews, which never change", async () => {
    const minute = (i: number) => new Date(i * 60_000).toISOString();
    const rows = Array.from({ length: 70_000 }, (_, i) => `${minute(i)},${i % 1_000}\n`).join("");
    await shell.ok(["write", "temperature/Ghent"], { input: `timestamp,value\n${rows}` });
    await shell.ok(["publish", "--overviews"]);
    const path = "lakota/overviews/v1";
    const [name] = await readdir(join(shell.folder, ".lakota", path));
    const overview = await fetch(`${url}/${path}/${name}`);
    expect([overview.status, overview.headers.get("cache-control")]).toEqual([
      200,
      "public, max-age=31536000, immutable",
    ]);
    const index = await fetch(`${url}/lakota/index/v2/index.json`);
    expect((await index.json()).overviews).toBe(true);
  });

  test("sends cache headers", async () => {
    const index = await fetch(`${url}/lakota/index/v2/index.json`);
    expect(index.headers.get("cache-control")).toBe("no-cache");
    const folders = Object.entries<[pages: unknown[], names: [string, number][]]>(
      (await index.json()).folders,
    );
    const etag = index.headers.get("etag")!;
    const again = await fetch(`${url}/lakota/index/v2/index.json`, { headers: { "if-none-match": etag } });
    expect(again.status).toBe(304);
    const [folder, [, [[name, size] = []]]] = folders[0]!;
    const revision = await fetch(`${url}/${folder}/${name}`);
    expect(revision.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect((await revision.arrayBuffer()).byteLength).toBe(size);
    const part = await fetch(`${url}/${folder}/${name}`, { headers: { range: "bytes=2-9" } });
    expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes 2-9/${size}`]);
    expect((await part.arrayBuffer()).byteLength).toBe(8);
    for (const range of ["bytes=2-", "bytes=9-2", `bytes=0-${size}`, "lines=1-2"])
      expect((await fetch(`${url}/${folder}/${name}`, { headers: { range } })).status).toBe(200);
    const head = await fetch(`${url}/${folder}/${name}`, { method: "HEAD" });
    expect([head.status, head.headers.get("content-length")]).toEqual([200, String(size)]);
    expect((await fetch(url, { method: "OPTIONS" })).headers.get("access-control-allow-methods")).toBe(
      "GET, HEAD",
    );
    const none = await fetch(`${url}/ab/cd/${"0".repeat(36)}`);
    expect([none.status, none.headers.get("cache-control")]).toEqual([404, "no-store"]);
  });

  test("serves nothing but the repo's files and the explorer", async () => {
    for (const path of [
      "/repo/secret.txt",
      "/repo/../secret.txt",
      "/repo/..%2fsecret.txt",
      "/repo/%2e%2e/%2e%2e/home",
      "/repo/00/00/%2e%2e/%2e%2e/secret.txt",
      "/../package.json",
      "/..%2f..%2fpackage.json",
      "/repo//etc/passwd",
      "/repo/.lakota/tmp",
      "/repo/%00",
      "/repo/",
      "/%zz",
    ])
      expect(await raw(path), path).toMatch(/^HTTP\/1\.1 40[04] /);
  });

  test("answers neither pages of other sites, nor names that it is not known by", async () => {
    const index = "/repo/lakota/index/v2/index.json";
    const page = "Host: localhost\r\nOrigin: https://evil.example";
    const rebound = "Host: evil.example:8080";
    for (const headers of [page, rebound, `${rebound}\r\nOrigin: http://evil.example:8080`]) {
      for (const path of [index, "/", "/repo/?list="]) {
        const response = await raw(path, headers);
        expect(response).toMatch(/^HTTP\/1\.1 403 /);
        expect(response).not.toMatch(/access-control-allow-origin|temperature/i);
      }
    }
    const allowed = await fetch(origin() + index, { headers: { origin: "http://localhost:5173" } });
    expect(allowed.headers.get("access-control-allow-origin")).toBe("http://localhost:5173");
    expect(allowed.status).toBe(200);
  });

  test("serves the explorer", async () => {
    expect(explorer).toBe(`${origin()}/?uri=${encodeURIComponent(url)}`);
    const page = await fetch(explorer);
    expect(page.headers.get("content-type")).toMatch(/^text\/html/);
    expect(page.headers.get("content-security-policy")).toMatch(
      /script-src 'self' 'wasm-unsafe-eval'; .*frame-ancestors 'none'/,
    );
    const html = await page.text();
    expect(html).not.toMatch(/<script(?![^>]*src=)|<style|style=/);
    // Where its own repo is, for a page that is opened without a link.
    expect(html).toContain('<meta name="lakota-repo" content="./repo" />');
    const script = /src="\.?(\/?assets\/[^"]+\.js)"/.exec(html)?.[1];
    const answer = await fetch(new URL(script!, `${origin()}/`));
    expect([answer.status, answer.headers.get("content-type")]).toEqual([
      200,
      "text/javascript; charset=utf-8",
    ]);
    expect(answer.headers.get("cache-control")).toMatch(/immutable/);
  });

  test("reports a port that is in use", async () => {
    const { code, stderr } = await shell.run(["serve", "--port", new URL(url).port]);
    expect([code, stderr]).toEqual([
      1,
      "lakota: The port is already in use. Choose another one with --port.\n",
    ]);
  });
});

/** Returns the response to an unnormalised path, which `fetch` would normalise. */
async function raw(path: string, headers = "Host: localhost"): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connectSocket(Number(port), hostname);
  socket.end(`GET ${path} HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`);
  let text = "";
  for await (const piece of socket) text += piece;
  return text;
}
