import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openRepo, type Repo, Schema } from "../../src/node.ts";
import type { Tab } from "../browsers/tab.ts";
import type { StaticServer } from "../packaging/static-server.ts";
import { type S3Server, startS3 } from "../s3-server/index.ts";
import { openLibrary, serveLibrary } from "./pages.ts";
import type { RunningBrowser } from "./suite.ts";

const URI = "s3://data/repo";
const ROWS = 30_000;

const OPEN = `
  window.repo = await lakota.connect(uri, { ...options, writeOffline: true, retries: 0 });
  window.collection = await repo.collection("c");
  window.series = collection.series("s");`;

/** Calls each part that is loaded on demand, for the first time. */
const USE = `
  return {
    where: (await series.read({ where: "x < 0", columns: ["x"] })).length,
    reduce: (await series.reduce({ columns: { rows: "(count)" }, numbers: true })).numbers("rows")[0],
    downsample: (await series.downsample({ points: 100, columns: ["x"] })).columns.x.y.length,
    text: (await series.read({ columns: ["note"] })).get("note")[1],
    written: (await series.write({ t: [1e12], x: [1], note: ["offline"] }), (await series.tail(1)).get("note")[0]),
    waiting: (await repo.status()).waiting > 0,
  };`;

/** The built package on a plain web host: what was pinned is read and written without a network, and sent later. */
export function describeOffline(browser: RunningBrowser): void {
  describe("offline", () => {
    let s3: S3Server;
    let host: StaticServer;
    let tab: Tab;
    let repo: Repo;

    beforeEach(async () => {
      s3 = await startS3({ keys: { id: "secret" } });
      s3.objects.createBucket("data");
      repo = await openRepo(URI, { ...options(), cache: false, maxAge: 0 });
      const schema = new Schema({ t: "int*", x: "float", note: "str | vlen-utf8 | zstd" });
      const rows = Array.from({ length: ROWS }, (_, row) => row);
      await (await repo.createCollection(schema, "c")).series("s").write({
        t: rows,
        x: rows.map((row) => Math.sin(row)),
        note: rows.map((row) => `row ${row}`),
      });
      host = await serveLibrary();
      tab = await browser().newTab();
      await openLibrary(tab, host);
    });
    afterEach(async () => {
      await tab.close();
      repo.close();
      await host.close();
      await s3.close();
    });

    const options = () => ({
      endpoint: s3.url,
      credentials: { accessKeyId: "id", secretAccessKey: "secret" },
    });
    const run = <T>(body: string) =>
      tab.evaluate<T>(`const uri = ${JSON.stringify(URI)}, options = ${JSON.stringify(options())}; ${body}`);

    test("what is pinned is read and written without a network, and sent afterwards", async () => {
      await run(`${OPEN} await collection.pin();`);
      const restore = s3.faults.add({ reset: "before" });
      await host.close();
      expect(await run(USE)).toEqual({
        where: Array.from({ length: ROWS }, (_, row) => Math.sin(row)).filter((x) => x < 0).length,
        reduce: ROWS,
        downsample: 100,
        text: "row 1",
        written: "offline",
        waiting: true,
      });
      restore();
      expect(await run("await repo.send(); return (await repo.status()).waiting")).toBe(0);
      const last = await (await repo.collection("c")).series("s").tail(1);
      expect(last.get("note")).toEqual(["offline"]);
    });

    test("after a reload, what was written offline is still there, and is sent", async () => {
      await run(`${OPEN} await collection.pin();`);
      const restore = s3.faults.add({ reset: "before" });
      await run(`await series.write({ t: [-1], x: [0], note: ["first tab"] }); repo.close();`);
      await openLibrary(tab, host);
      expect(await run(`${OPEN} return (await series.read({ stop: 0 })).get("note")`)).toEqual(["first tab"]);
      restore();
      await run("await repo.send()");
      expect((await (await repo.collection("c")).series("s").read({ stop: 0 })).get("note")).toEqual([
        "first tab",
      ]);
    });
  });
}
