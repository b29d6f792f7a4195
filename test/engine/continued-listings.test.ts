import fc from "fast-check";
import { Schema } from "lakota/engine";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CONTINUED } from "../../src/changelog/changelog.ts";
import { LIMITS } from "../../src/changelog/continued-listings.ts";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import type { EngineCollection } from "../../src/engine/collection/collection.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { LakotaError } from "../../src/model/errors.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { Entry, ListOptions, Store } from "../../src/stores/store.ts";
import { staleStore } from "./stale-store.ts";

/** Listings that have only the end of a history: what readers see of it, whatever writers do. */

const schema = new Schema({ t: "int*", v: "int" });
const KEYS = 4;
const RUNS = Number(process.env.LAKOTA_HISTORIES ?? 150);
const normal = { ...LIMITS, continued: CONTINUED.revisions };

/** Records how many files each listing of a collection had. */
class CountingStore extends MemoryStore {
  readonly listed: number[] = [];

  override async list(prefix: string, options?: ListOptions): Promise<Entry[]> {
    const entries = await super.list(prefix, options);
    if (!prefix.startsWith("00/00/")) this.listed.push(entries.length);
    return entries;
  }
}

let clock = 0;
let tick = 1;
beforeEach(() => {
  clock = Date.UTC(2026, 0, 1);
  tick = 1;
  vi.spyOn(Date, "now").mockImplementation(() => (clock += tick));
});
afterEach(() => {
  vi.restoreAllMocks();
  LIMITS.period = normal.period;
  LIMITS.pause = normal.pause;
  LIMITS.revisions = normal.revisions;
  CONTINUED.revisions = normal.continued;
});

/** Makes listings of short histories as those of long ones. */
function shorten(): void {
  LIMITS.period = 0;
  LIMITS.pause = 0;
  LIMITS.revisions = 1;
  CONTINUED.revisions = 3;
}

const repoOn = (store: Store) => new EngineRepo(store, decodeChunk, { maxAge: 0, onWarning: () => {} });
const open = async (store: Store) => (await repoOn(store).collection("c")) as EngineCollection;
const put = (collection: EngineCollection, t: number, v: number) =>
  collection.series("s").write({ t: [t], v: [v] });

/** Returns the value of each key, 0 where it was never written. */
async function read(collection: EngineCollection): Promise<number[]> {
  const frame = await collection.series("s").read({ numbers: true });
  const values = new Array<number>(KEYS).fill(0);
  frame.numbers("t").forEach((key, i) => {
    values[key] = frame.numbers("v")[i]!;
  });
  return values;
}

type Step =
  | { kind: "write"; writer: number; key: number }
  /** The writer sees all again. */
  | { kind: "refresh"; writer: number }
  | { kind: "merge" | "defrag"; writer: number }
  | { kind: "trim"; age: number }
  | { kind: "read"; reader: number }
  | { kind: "wait"; seconds: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("write" as const),
      writer: fc.nat(3),
      key: fc.nat(KEYS - 1),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("refresh" as const), writer: fc.nat(3) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom("merge" as const, "defrag" as const), writer: fc.nat(3) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("trim" as const), age: fc.nat(20_000) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("read" as const), reader: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("wait" as const), seconds: fc.nat(70) }) },
);

describe("a reader and a writer that list only the end of a history", () => {
  it("never go back, and lose nothing, also where others build on old revisions and trim", {
    timeout: 120_000,
  }, async () => {
    let continued = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 10, maxLength: 40 }),
        fc.constantFrom(1, 100, 700),
        async (steps, pace) => {
          shorten();
          tick = pace;
          const store = new CountingStore();
          const first = (await repoOn(store).createCollection(schema, "c")) as EngineCollection;
          for (let i = 0; i < 4; i++) await put(first, 0, 0);
          // Writers 0 and 1 go on from what they know; the others write on what they saw when they were made.
          const renewed = () => open(staleStore(store));
          const writers = [first, await open(store), await renewed(), await renewed()];
          const readers = [await open(store), await open(store)];
          const seen = await Promise.all(readers.map(read));
          let number = 0;
          const written = new Array<number>(KEYS).fill(0);
          for (const current of steps) {
            if (current.kind === "write") {
              const { writer, key } = current;
              const write = () => put(writers[writer]!, key, ++number);
              await write().catch(async (error: unknown) => {
                if (!(error instanceof LakotaError) || error.code !== "not-found") throw error;
                writers[writer] = await renewed(); // what it saw was trimmed
                await write();
              });
              written[key] = number;
              // A writer sees its own rows.
              expect((await read(writers[writer]!))[key]).toBe(number);
            } else if (current.kind === "refresh") {
              const { writer } = current;
              if (writer > 1) writers[writer] = await renewed();
            } else if (current.kind === "merge") await writers[current.writer % 2]!.merge();
            else if (current.kind === "defrag") await writers[current.writer % 2]!.defrag();
            else if (current.kind === "trim") await (await open(store)).trim({ before: clock - current.age });
            else if (current.kind === "wait") clock += current.seconds * 1_000;
            else if (current.kind === "read") {
              const { reader } = current;
              const all = (await store.list(`${first.path}/`)).length;
              const shown = await read(readers[reader]!);
              if (store.listed.at(-1)! < all) continued++;
              expect(shown.every((value, key) => value >= seen[reader]![key]!)).toBe(true);
              seen[reader] = shown;
            }
          }
          const truth = await read(await open(store));
          expect(truth).toEqual(written);
          for (const session of [...readers, ...writers.slice(0, 2)]) {
            clock += 61_000;
            await read(session); // lists all in the background
            await new Promise((resolve) => setTimeout(resolve));
            expect(await read(session)).toEqual(truth);
          }
        },
      ),
      { numRuns: RUNS },
    );
    expect(continued).toBeGreaterThan(RUNS / 10);
  });
});
