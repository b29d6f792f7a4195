import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Collection, type Repo, Schema } from "lakota/engine";
import { openRepo } from "lakota/node";
import { describe, expect, it } from "vitest";
import { FileStore } from "../../src/stores/file.ts";
import { S3Store } from "../../src/stores/s3.ts";
import type { Store } from "../../src/stores/store.ts";
import { check } from "../checker/check.ts";
import { filesOf } from "../checker/files.ts";
import { startS3 } from "../s3-server/index.ts";

const WRITERS = 8;
const WRITES = 50;
const MINUTES = 60_000;
const script = new URL("writer.ts", import.meta.url).pathname;

/** Starts a process; answers the keys that it was told are written, once it has ended well. */
async function writer(uri: string, endpoint: string, number: number): Promise<number[]> {
  const args = ["--import", "tsx", script, uri, endpoint, String(number), String(WRITES)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const keys: number[] = [];
  createInterface(child.stdout).on("line", (line) => keys.push(Number(line)));
  const [code] = await once(child, "close");
  expect(code).toBe(0);
  return keys;
}

const keysOf = async (collection: Collection) => {
  const frame = await collection.series("s").read({ numbers: true });
  return [...frame.numbers("t")];
};

async function soak(repo: Repo, uri: string, endpoint: string, store: Store): Promise<void> {
  const collection = await repo.createCollection(new Schema({ t: "int*", v: "float" }), "c");
  let running = true;
  const all = Promise.all(Array.from({ length: WRITERS }, (_, number) => writer(uri, endpoint, number)));
  const ended = all.finally(() => {
    running = false;
  });
  let seen = 0;
  const read = async () => {
    while (running) {
      await collection.refresh();
      const keys = await keysOf(collection);
      // What was seen once is never gone again, and nothing is seen twice.
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys.length).toBeGreaterThanOrEqual(seen);
      seen = keys.length;
    }
  };
  const [written] = await Promise.all([ended, read()]);
  const wanted = written.flat().sort((a, b) => a - b);
  expect(wanted.length).toBe(WRITERS * WRITES);
  await collection.refresh();
  expect(await keysOf(collection)).toEqual(wanted);
  await collection.merge();
  await collection.refresh();
  expect(await keysOf(collection)).toEqual(wanted);
  expect((await collection.log()).filter(({ head }) => head).length).toBe(1);
  expect(await check(await filesOf(store))).toEqual([]);
}

describe("eight processes that write to one series, and a reader", () => {
  it("lose nothing on disk", { timeout: 3 * MINUTES }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "lakota-soak-"));
    const repo = await openRepo(folder);
    await soak(repo, folder, "", new FileStore(folder));
    repo.close();
    await rm(folder, { recursive: true });
  });

  it("lose nothing on an S3 that fails now and then", { timeout: 3 * MINUTES }, async () => {
    const s3 = await startS3({ keys: { id: "secret" } });
    s3.objects.createBucket("data");
    const credentials = { accessKeyId: "id", secretAccessKey: "secret" };
    const repo = await openRepo("s3://data/repo", { endpoint: s3.url, credentials, cache: false });
    for (const fault of [
      { status: 503, probability: 0.02 },
      { reset: "before", probability: 0.01 },
      { reset: "after", probability: 0.01 },
      { latency: 20, probability: 0.05 },
    ] as const) {
      s3.faults.add({ ...fault, times: Number.POSITIVE_INFINITY });
    }
    const store = new S3Store("data", "repo", { endpoint: s3.url, credentials });
    await soak(repo, "s3://data/repo", s3.url, store);
    repo.close();
    await s3.close();
  });
});
