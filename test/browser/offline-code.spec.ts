import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, type Page, test } from "@playwright/test";
import type { Collection } from "lakota";
import { openRepo, Schema } from "../../src/node.ts";
import { type StaticServer, serveFolder } from "../packaging/static-server.ts";
import { type S3Server, startS3 } from "../s3-server/index.ts";

const DIST = fileURLToPath(new URL("../../dist", import.meta.url));
const credentials = { accessKeyId: "id", secretAccessKey: "secret" };

/** Large enough for every chunk to be decoded by a decoder, if one is ready. */
const ROWS = 30_000;

/** Has no service worker: code that was not loaded while the host was reachable cannot be loaded later. */
const PAGE = `<!doctype html><meta charset="utf-8"><title>Offline</title>
<script type="module">
  import * as lakota from "./index.js";
  window.lakota = lakota;
</script>`;

declare global {
  interface Window {
    lakota: typeof import("lakota");
  }
}

let s3: S3Server;
let host: StaticServer;

test.beforeEach(async ({ page }) => {
  s3 = await startS3({ keys: { id: "secret" } });
  s3.objects.createBucket("data");
  host = await serveFolder(DIST, { instead: { "/page.html": PAGE } });
  await visit(page);
});

test.afterEach(async () => {
  await host.close();
  await s3.close();
});

async function visit(page: Page): Promise<void> {
  await page.goto(`${host.url}/page.html`);
  await page.waitForFunction(() => "lakota" in window);
}

const place = () => ({ uri: "s3://data/repo", endpoint: s3.url, credentials });

/** Fills series "s" of collection "c". */
async function fill(collection: Collection): Promise<void> {
  const rows = Array.from({ length: ROWS }, (_, row) => row);
  await collection.series("s").write({
    t: rows.map((row) => row * 7919 + (row % 13)),
    x: rows.map((row) => Math.sin(row)),
    note: rows.map((row) => `${row} ${Math.sin(row)}`),
    tag: rows.map((row) => ({ row, sine: Math.sin(row) })),
  });
}

/** Creates the repo with two heads: one writes in a copy of the repo and pushes it. */
async function createForked(): Promise<void> {
  const { uri, ...options } = place();
  const repo = await openRepo(uri, { ...options, cache: false });
  const schema = new Schema({
    t: "int*",
    x: "float",
    note: "str | vlen-utf8 | zstd",
    tag: "O | json2 | zstd",
  });
  const collection = await repo.createCollection(schema, "c");
  await fill(collection);
  const copy = await openRepo("memory://");
  await copy.pull(place());
  const row = { t: [-1], x: [1], note: ["copy"], tag: [null] };
  await (await copy.collection("c")).series("copy").write(row);
  await collection.series("original").write(row);
  await copy.push(place());
  copy.close();
  repo.close();
}

/** Opens the collection in the page. */
const open = (page: Page, writeOffline: boolean) =>
  page.evaluate(
    async ({ uri, ...options }) => {
      window.repo = await window.lakota.connect(uri, options);
      window.collection = await window.repo.collection("c");
      window.series = window.collection.series("s");
    },
    { ...place(), writeOffline },
  );

/** Cuts the page off from the store and from its own scripts. */
async function cutNetwork(page: Page): Promise<void> {
  await page.context().setOffline(true);
  await host.close();
}

/** Calls what is loaded on demand, each for the first time in this page. Returns the outcomes. */
const firstUses = (page: Page) =>
  page.evaluate(async () => {
    const { collection, series } = window;
    const outcome = async (work: () => Promise<unknown>) => {
      try {
        return await work();
      } catch (error) {
        return String(error);
      }
    };
    const heads = async () => (await collection.log()).filter(({ head }) => head).length;
    return {
      headsBefore: await outcome(heads),
      where: await outcome(async () => (await series.read({ where: "(< self.x 0)", columns: ["x"] })).length),
      reduce: await outcome(
        async () => (await series.reduce({ columns: { rows: "(count)" }, numbers: true })).numbers("rows")[0],
      ),
      downsample: await outcome(async () => {
        const { columns } = await series.downsample({ points: 100, columns: ["x"] });
        return columns.x?.y.length;
      }),
      text: await outcome(async () => (await series.read({ columns: ["note"] })).get("note")[1]),
      objects: await outcome(async () => (await series.read({ columns: ["tag"] })).get("tag")[1]),
      pages: await outcome(async () => {
        const { value } = await series.pages({ pageLength: 10 }).next();
        return value?.length;
      }),
      merge: await outcome(async () => {
        await collection.merge();
        return heads();
      }),
      write: await outcome(async () => {
        await series.write({ t: [1e12], x: [1], note: ["offline"], tag: [{}] });
        return (await series.tail(1)).get("note")[0];
      }),
    };
  });

/** What {@link firstUses} returns if everything works. */
const SUCCESS = {
  headsBefore: 2,
  where: Array.from({ length: ROWS }, (_, row) => Math.sin(row)).filter((x) => x < 0).length,
  reduce: ROWS,
  downsample: 100,
  text: `1 ${Math.sin(1)}`,
  objects: { row: 1, sine: Math.sin(1) },
  pages: 10,
  merge: 1,
  write: "offline",
};

test("after pin() everything works offline, even if it is first used then", async ({ page }) => {
  await createForked();
  await open(page, true);
  await page.evaluate(() => window.collection.pin());
  await cutNetwork(page);
  expect(await firstUses(page)).toEqual(SUCCESS);
});

test("after pin() of a page that does not write, everything that reads works offline", async ({ page }) => {
  await createForked();
  await open(page, false);
  await page.evaluate(() => window.collection.pin());
  await cutNetwork(page);
  const { merge, write, ...reads } = await firstUses(page);
  const { merge: _, write: __, ...success } = SUCCESS;
  expect(reads).toEqual(success);
  expect([merge, write]).toEqual([expect.stringContaining("offline"), expect.stringContaining("offline")]);
});

test("after pull() into the browser everything works offline, even if it is first used then", async ({
  page,
}) => {
  await createForked();
  await page.evaluate(async (from) => {
    window.repo = await window.lakota.connect("indexeddb://copy");
    await window.repo.pull(from);
  }, place());
  await cutNetwork(page);
  await page.evaluate(async () => {
    window.collection = await window.repo.collection("c");
    window.series = window.collection.series("s");
  });
  expect(await firstUses(page)).toEqual(SUCCESS);
});

test("a decoder that has not loaded the code of a codec: its chunks are decoded offline", async ({
  page,
}) => {
  await createForked();
  await host.close();
  const original = await readFile(`${DIST}/decoder.js`, "utf8");
  const decoder = `
    import "./original-decoder.js";
    const decoding = new BroadcastChannel("decoding");
    addEventListener("message", ({ data }) => data.kind === "task" && decoding.postMessage(data.task.name));`;
  host = await serveFolder(DIST, {
    instead: { "/page.html": PAGE, "/decoder.js": decoder, "/original-decoder.js": original },
  });
  await visit(page);
  await page.evaluate(async (from) => {
    window.repo = await window.lakota.connect("indexeddb://copy", { decoders: 1 });
    await window.repo.pull(from);
    window.collection = await window.repo.collection("c");
    window.series = window.collection.series("s");
    let decoding = false;
    new BroadcastChannel("decoding").onmessage = () => {
      decoding = true;
    };
    while (!decoding) await window.series.read({ columns: ["x"] }); // in the engine's worker until it is ready
  }, place());
  await cutNetwork(page);
  const columns = await page.evaluate(async () => {
    const tasks: string[] = [];
    new BroadcastChannel("decoding").onmessage = ({ data }) => tasks.push(data);
    const text = (await window.series.read({ columns: ["note"] })).get("note")[1];
    const objects = (await window.series.read({ columns: ["tag"] })).get("tag")[1];
    return { text, objects, tasks };
  });
  expect(columns).toMatchObject({ text: SUCCESS.text, objects: SUCCESS.objects });
  expect(columns.tasks).toEqual(expect.arrayContaining(["note", "tag"]));
});
