import fc from "fast-check";
import { Schema } from "lakota/engine";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import type { EngineCollection } from "../../src/engine/collection/collection.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { LakotaError } from "../../src/model/errors.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { Store } from "../../src/stores/store.ts";

/**
 * What readers see while files are copied or deleted, and after it ended half-way. Every write sets one key to the number of
 * the write, and every later write has a later time. So a key must never show a lower number than it did.
 */

const schema = new Schema({ t: "int*", v: "int" });
const KEYS = 4;

let clock = 0;
beforeEach(() => {
  clock = Date.UTC(2026, 0, 1);
  // Every look at the clock is later than the one before, so that times order the writes.
  vi.spyOn(Date, "now").mockImplementation(() => (clock += 5));
});
afterEach(() => vi.restoreAllMocks());

const silent = { maxAge: 0, onWarning: () => {} };
const open = (store: Store, others: Record<string, Store> = {}) =>
  new EngineRepo(store, decodeChunk, { ...silent, openStore: (address) => others[String(address)]! });

/** Returns the value of each key, 0 where it was never written. */
async function read(store: Store): Promise<number[]> {
  const repo = open(store);
  const values = new Array<number>(KEYS).fill(0);
  if (!(await repo.ls()).includes("c")) return values;
  const frame = await (await repo.collection("c")).series("s").read({ numbers: true });
  const [keys, numbers] = [frame.numbers("t"), frame.numbers("v")];
  keys.forEach((key, i) => {
    values[key] = numbers[i]!;
  });
  return values;
}

const copyOf = async (store: Store): Promise<MemoryStore> => {
  const copy = new MemoryStore();
  for (const { path } of await store.list("")) await copy.put(path, (await store.get(path))!);
  return copy;
};

/** A store that calls `after` when a file was stored, moved or deleted, and fails from the n-th change on. */
class ObservedStore extends MemoryStore {
  changes = 0;
  failFrom = Number.POSITIVE_INFINITY;
  after: () => Promise<void> = async () => {};

  async #changed<T>(change: () => Promise<T>): Promise<T> {
    if (this.changes++ >= this.failFrom) throw new LakotaError("network", "The connection was cut.");
    const result = await change();
    await this.after();
    return result;
  }

  override put(...args: Parameters<MemoryStore["put"]>) {
    return this.#changed(() => super.put(...args));
  }
  override delete(...args: Parameters<MemoryStore["delete"]>) {
    return this.#changed(() => super.delete(...args));
  }
  override move(...args: Parameters<MemoryStore["move"]>) {
    return this.#changed(() => super.move(...args));
  }
}

async function observedCopy(store: Store): Promise<ObservedStore> {
  const copy = new ObservedStore();
  for (const { path } of await store.list("")) await copy.put(path, (await store.get(path))!);
  return copy;
}

/** One step of a history. `writer` 0 always sees all heads; the others write on what they saw last. */
type Step =
  | { kind: "write"; writer: number; key: number }
  | { kind: "refresh"; writer: number }
  | { kind: "merge" | "trim" | "defrag" }
  | { kind: "snapshot"; shallow: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("write" as const),
      writer: fc.nat(2),
      key: fc.nat(KEYS - 1),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("refresh" as const), writer: fc.nat(2) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom("merge" as const, "trim" as const, "defrag" as const) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("snapshot" as const), shallow: fc.boolean() }) },
);

/** Runs a history. Returns its store, and a copy of it that was made by pulling at the last snapshot, if there was one. */
async function run(steps: readonly Step[]): Promise<{ source: MemoryStore; target: MemoryStore }> {
  const source = new MemoryStore();
  const target = new MemoryStore();
  const first = await open(source).createCollection(schema, "c");
  // A long listing age keeps a writer on the heads that it saw last.
  const writers: EngineCollection[] = [first];
  for (const _ of [1, 2])
    writers.push(
      (await new EngineRepo(source, decodeChunk, { maxAge: 1e15, onWarning: () => {} }).collection(
        "c",
      )) as EngineCollection,
    );
  let number = 0;
  for (const current of steps) {
    if (current.kind === "write") {
      const { writer, key } = current;
      const writing = writer === 0 ? writers[0]! : writers[writer]!;
      await writing.series("s").write({ t: [key], v: [++number] });
    } else if (current.kind === "refresh") await writers[current.writer]!.refresh();
    else if (current.kind === "snapshot")
      await open(target, { source }).pull("source", { labels: ["c"], shallow: current.shallow });
    else if (current.kind === "trim") await first.trim({ before: clock });
    else await first[current.kind]();
  }
  return { source, target };
}

/** Checks at every change of `store` that no key shows a lower number than before. Returns the check. */
function watchValues(store: ObservedStore, start: number[]): { states: number } {
  const seen = { states: 0 };
  let last = start;
  store.after = async () => {
    const values = await read(store);
    values.forEach((value, key) => {
      if (value < last[key]!) throw new Error(`key ${key} shows ${value} after ${last[key]}`);
    });
    last = values;
    seen.states++;
  };
  return seen;
}

const history = fc.array(step, { minLength: 2, maxLength: 14 });
const runs = { numRuns: Number(process.env.LAKOTA_HISTORIES ?? 60) };

describe("a reader never sees an older value over a newer one", () => {
  it("while a copy is made, nor when it is cut at any call", async () => {
    await fc.assert(
      fc.asyncProperty(history, history, fc.boolean(), fc.nat(40), async (before, after, shallow, cut) => {
        const { source, target } = await run([...before, { kind: "snapshot", shallow: true }, ...after]);
        const observed = await observedCopy(target);
        const start = await read(observed);
        watchValues(observed, start);
        observed.changes = 0;
        observed.failFrom = cut;
        const pull = () => open(observed, { source }).pull("source", { labels: ["c"], shallow });
        await pull().catch((error: unknown) => {
          if (!(error instanceof LakotaError) || error.code !== "network") throw error;
        });
        observed.failFrom = Number.POSITIVE_INFINITY;
        await pull();
        expect(await read(observed)).toEqual(await read(source));
      }),
      runs,
    );
  });

  it("while two repos with writes of their own are copied into each other", async () => {
    await fc.assert(
      fc.asyncProperty(history, history, fc.boolean(), async (before, after, shallow) => {
        const { source, target } = await run([...before, { kind: "snapshot", shallow }, ...after]);
        const observed = await observedCopy(target);
        // Its own writes, which the source lacks.
        const own = await open(observed).collection("c");
        await own.series("s").write({ t: [0], v: [1_000] });
        await own.series("s").write({ t: [1], v: [1_001] });
        watchValues(observed, await read(observed));
        await open(observed, { source }).pull("source", { labels: ["c"] });
        const back = await observedCopy(source);
        watchValues(back, await read(back));
        await open(observed, { back }).push("back", { labels: ["c"], shallow });
        expect(await read(back)).toEqual(await read(observed));
      }),
      runs,
    );
  });

  it("while old revisions are trimmed, nor when the trim is cut or loses a deletion", async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.nat(20), fc.boolean(), async (steps, cut, isLost) => {
        const { source } = await run(steps);
        const observed = await observedCopy(source);
        const before = await read(observed);
        watchValues(observed, before);
        observed.changes = 0;
        if (isLost) {
          const remove = observed.delete.bind(observed);
          const lose = async () => {
            observed.changes++;
          };
          observed.delete = (...args) => (observed.changes === cut ? lose() : remove(...args));
        } else observed.failFrom = cut;
        await (await open(observed).collection("c")).trim({ before: clock + 1e6 }).catch((error: unknown) => {
          if (!(error instanceof LakotaError) || error.code !== "network") throw error;
        });
        expect(await read(observed)).toEqual(before);
      }),
      runs,
    );
  });

  it("where files of a linear history are missing: the newest revision counts", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(KEYS - 1), { minLength: 3, maxLength: 20 }),
        fc.infiniteStream(fc.boolean()),
        async (keys, isMissing) => {
          const { source } = await run(keys.map((key) => ({ kind: "write", writer: 0, key })));
          const expected = await read(source);
          const collection = (await open(source).collection("c")) as EngineCollection;
          const newest = (await collection.log()).at(-1)!.id;
          for (const { path, child } of await collection.changelog.files())
            if (child !== newest && isMissing.next().value) await source.delete(path);
          expect(await read(source)).toEqual(expected);
        },
      ),
      runs,
    );
  });

  it("while a listing is read in pages and revisions are added", async () => {
    const { source } = await run([0, 1, 0, 2].map((key) => ({ kind: "write", writer: 0, key })));
    const collection = (await open(source).collection("c")) as EngineCollection;
    const files = await collection.changelog.files();
    const torn = await copyOf(source);
    await torn.delete(files.at(-2)!.path);
    expect(await read(torn)).toEqual(await read(source));
  });
});
