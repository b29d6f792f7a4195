import { fileURLToPath } from "node:url";
import { expect, type Page, test } from "@playwright/test";
import type { Repo } from "lakota";
import { openRepo, Schema } from "../../src/node.ts";
import { type StaticServer, serveFolder } from "../packaging/static-server.ts";
import { type S3Server, startS3 } from "../s3-server/index.ts";

const DIST = fileURLToPath(new URL("../../dist", import.meta.url));
const credentials = { accessKeyId: "id", secretAccessKey: "secret" };

/** Enough for a chart to be drawn from summaries, which are cached too. */
const ROWS = 70_000;

const PAGE = `<!doctype html><meta charset="utf-8"><title>Forget</title>
<script type="module">
  import { connect } from "./index.js";
  import { openRepo } from "./engine.js";
  window.doors = { connect, openRepo };
</script>`;

type Door = "connect" | "openRepo";

declare global {
  interface Window {
    doors: Record<Door, (uri: string, options: object) => Promise<Repo>>;
    repos: Partial<Record<Door, Repo>>;
  }
}

let s3: S3Server;
let host: StaticServer;

test.beforeEach(async ({ page }) => {
  s3 = await startS3({ keys: { id: "secret" } });
  s3.objects.createBucket("data");
  const repo = await openRepo("s3://data/repo", { ...place(), cache: false });
  const collection = await repo.createCollection(new Schema({ t: "int*", x: "float" }), "c");
  for (const [i, label] of ["one", "two"].entries()) {
    const t = Array.from({ length: ROWS }, (_, row) => row * 7919 + (row % 13) + i);
    await collection.series(label).write({ t, x: t.map(Math.sin) });
  }
  repo.close();
  host = await serveFolder(DIST, { instead: { "/page.html": PAGE } });
  await visit(page);
});

test.afterEach(async () => {
  await host.close();
  await s3.close();
});

const place = () => ({ endpoint: s3.url, credentials });

async function visit(page: Page): Promise<void> {
  await page.goto(`${host.url}/page.html`);
  await page.waitForFunction(() => "doors" in window);
}

const openIn = (page: Page, door: Door, options: object = {}) =>
  page.evaluate(
    async ({ door, options }) => {
      window.repos ??= {};
      window.repos[door] = await window.doors[door]("s3://data/repo", options);
    },
    { door, options: { ...place(), ...options } },
  );

/** Reads a series in the page in several ways. Returns the number of its rows. */
const read = (page: Page, door: Door, label: string) =>
  page.evaluate(
    async ({ door, label }) => {
      const series = (await window.repos[door]!.collection("c")).series(label);
      await series.downsample({ points: 100, columns: ["x"] });
      return (await series.read()).length;
    },
    { door, label },
  );

/** Calls a method of the repo, or pins the collection. Returns the error. */
const call = (page: Page, door: Door, method: "forget" | "pin" | "ls" | "write", options: object = {}) =>
  page.evaluate(
    async ({ door, method, options }) => {
      const repo = window.repos[door]!;
      const run = async () => {
        if (method === "forget") return repo.forget(options);
        if (method === "ls") return void (await repo.ls());
        const collection = await repo.collection("c");
        if (method === "pin") return void (await collection.pin());
        await collection.series("one").write({ t: [-1], x: [1] });
      };
      return run().then(
        () => "done",
        ({ code, message }) => `${code}: ${message}`,
      );
    },
    { door, method, options },
  );

/** Returns the keys of all records of all databases, and the bytes and text in their values. */
const stored = (page: Page) =>
  page.evaluate(async () => {
    const result = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const records: { key: string; isData: boolean }[] = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await result(indexedDB.open(name!));
      for (const objects of database.objectStoreNames) {
        const store = database.transaction(objects).objectStore(objects);
        const [keys, values] = await Promise.all([result(store.getAllKeys()), result(store.getAll())]);
        keys.forEach((key, i) => {
          records.push({ key: JSON.stringify(key), isData: typeof values[i] !== "number" });
        });
      }
      database.close();
    }
    return records;
  });

/** What is left of a cache: that it was cleared, and not of what. */
const NOTHING = [{ key: '["epoch"]', isData: false }];

/** Closes the repo, and waits until its worker has ended. */
const close = (page: Page, door: Door) => page.evaluate((door) => window.repos[door]!.close(), door);

for (const door of ["connect", "openRepo"] as const)
  test(`after a logout, IndexedDB holds no data: ${door}`, async ({ page }) => {
    await openIn(page, door);
    expect(await read(page, door, "one")).toBe(ROWS);
    expect(await call(page, door, "pin")).toBe("done");
    const keys = (await stored(page)).map(({ key }) => key);
    for (const kind of [
      /"file","derived\/summaries/,
      /"file","\.lakota\/cache\/state\/(pins|list)/,
      /"file","..\/..\//,
    ])
      expect(keys).toContainEqual(expect.stringMatching(kind));
    expect(await call(page, door, "forget")).toBe("done");
    expect(await stored(page)).toEqual(NOTHING);
    expect(await call(page, door, "ls")).toMatch(/^closed: /);
    await close(page, door);
    expect(await stored(page)).toEqual(NOTHING);
  });

test("another tab that has the repo open reads on, and does not bring the data back", async ({
  page,
  context,
}) => {
  const other = await context.newPage();
  await visit(other);
  const warnings: string[] = [];
  other.on("console", (message) => {
    if (message.type() === "warning") warnings.push(message.text());
  });
  for (const door of ["connect", "openRepo"] as const) {
    await openIn(other, door);
    expect(await read(other, door, "one")).toBe(ROWS);
  }
  await openIn(page, "connect");
  expect(await call(page, "connect", "forget")).toBe("done");
  expect(await stored(page)).toEqual(NOTHING);

  for (const door of ["connect", "openRepo"] as const) {
    expect(await read(other, door, "two")).toBe(ROWS);
    // This waits until everything that was fetched is saved, or refused.
    expect(await call(other, door, "pin")).toMatch(/^closed: .*emptied by forget\(\).*Open the repo again/);
  }
  expect(await stored(page)).toEqual(NOTHING);
  expect(warnings).toContainEqual(
    expect.stringMatching(/Nothing is read from the cache .*emptied by forget\(\)/),
  );
  expect(await call(other, "connect", "forget")).toBe("done");

  await openIn(other, "openRepo");
  expect(await call(other, "openRepo", "pin")).toBe("done");
  expect((await stored(page)).length).toBeGreaterThan(10);
});

test("what waits to be sent is discarded on demand only; the tab that wrote it writes nothing more", async ({
  page,
  context,
}) => {
  const before = s3.objects.bucket("data").size;
  await openIn(page, "connect", { writeOffline: true });
  await openIn(page, "openRepo", { writeOffline: true });
  for (const door of ["connect", "openRepo"] as const) expect(await read(page, door, "one")).toBe(ROWS);
  s3.faults.add({ reset: "before" }); // the store cannot be reached
  expect(await call(page, "connect", "write")).toBe("done");
  s3.faults.clear();
  const other = await context.newPage();
  await visit(other);
  await openIn(other, "connect");
  expect(await call(other, "connect", "forget")).toMatch(
    /^conflict: 1 change \(\d+ files?\) wait on this device/,
  );
  expect(await call(other, "connect", "ls")).toBe("done");
  expect(await call(other, "connect", "forget", { discardPending: true })).toBe("done");
  expect(await call(page, "connect", "write")).toMatch(/^closed: /);
  expect(await stored(page)).toEqual(NOTHING);
  expect(s3.objects.bucket("data").size).toBe(before);
});
