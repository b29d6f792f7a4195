import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { type Collection, type Repo, Schema } from "lakota/engine";
import { expect } from "vitest";
import type { Store } from "../../src/stores/store.ts";
import { check } from "../checker/check.ts";
import { filesOf } from "../checker/files.ts";

const WRITERS = 8;
const WRITES = 50;
export const MINUTES = 60_000;
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

/** Eight processes write to one series of a new repository, while this one reads. @param endpoint of an S3, else empty */
export async function soak(repo: Repo, uri: string, endpoint: string, store: Store): Promise<void> {
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
