import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { type Collection, type Repo, Schema } from "lakota/engine";
import { expect } from "vitest";
import type { Store } from "../../src/stores/store.ts";
import { check } from "../checker/check.ts";
import { filesOf } from "../checker/files.ts";

const WRITERS = 8;
const WRITES = 25;
export const MINUTES = 60_000;
const script = new URL("writer.ts", import.meta.url).pathname;

/** Runs a writing process. Returns the keys of the writes that were acknowledged to it. */
async function runWriter(uri: string, endpoint: string, number: number): Promise<number[]> {
  const args = ["--import", "tsx", script, uri, endpoint, String(number), String(WRITES)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const keys: number[] = [];
  createInterface(child.stdout).on("line", (line) => keys.push(Number(line)));
  const [code] = await once(child, "close");
  expect(code).toBe(0);
  return keys;
}

const keysOf = async (collection: Collection) => {
  const frame = await collection.series("s").read({ numbers: true, missing: "empty" }); // before the first write
  return [...frame.numbers("t")];
};

/**
 * Lets eight processes write to one series of a new repository, while this one reads.
 *
 * @param endpoint of an S3 server; empty for a folder
 */
export async function soak(repo: Repo, uri: string, endpoint: string, store: Store): Promise<void> {
  const collection = await repo.createCollection(new Schema({ t: "int*", v: "float" }), "c");
  let running = true;
  const all = Promise.all(Array.from({ length: WRITERS }, (_, number) => runWriter(uri, endpoint, number)));
  const ended = all.finally(() => {
    running = false;
  });
  let seen = 0;
  const read = async () => {
    while (running) {
      await collection.refresh();
      const keys = await keysOf(collection);
      // No row disappears again, and none is read twice.
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys.length).toBeGreaterThanOrEqual(seen);
      seen = keys.length;
    }
  };
  const [written] = await Promise.all([ended, read()]);
  const expected = written.flat().sort((a, b) => a - b);
  expect(expected.length).toBe(WRITERS * WRITES);
  await collection.refresh();
  expect(await keysOf(collection)).toEqual(expected);
  await collection.merge();
  await collection.refresh();
  expect(await keysOf(collection)).toEqual(expected);
  expect((await collection.log()).filter(({ head }) => head).length).toBe(1);
  expect(await check(await filesOf(store))).toEqual([]);
}
