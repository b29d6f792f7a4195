import fc from "fast-check";
import { Schema } from "lakota/engine";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { listFiles } from "../../src/changelog/changelog-queries.ts";
import { buildLog } from "../../src/changelog/log.ts";
import { ancestors } from "../../src/changelog/log-lookup.ts";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import type { EngineCollection } from "../../src/engine/collection/collection.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { LakotaError } from "../../src/model/errors.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { Store } from "../../src/stores/store.ts";
import { staleStore } from "./stale-store.ts";

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
  const frame = await (await repo.collection("c")).series("s").read({ numbers: true, missing: "empty" });
  const [keys, numbers] = [frame.numbers("t"), frame.numbers("v")];
  keys.forEach((key, i) => {
    values[key] = numbers[i]!;
  });
  return values;
}

const pathsOf = async (store: Store) => (await store.list("")).map(({ path }) => path);

const copyOf = async (store: Store): Promise<MemoryStore> => {
  const copy = new MemoryStore();
  for (const { path } of await store.list("")) await copy.put(path, (await store.get(path))!);
  return copy;
};

/** How a test interferes with the changes of a store. */
interface Interference {
  /** The change that fails, by its position in the order of taking effect; and whether all later ones fail too. */
  cut: number;
  forGood: boolean;
  /** Which of the changes in progress takes effect next. */
  order: Iterator<number, undefined>;
}

const interference: fc.Arbitrary<Interference> = fc.record({
  cut: fc.nat(40),
  forGood: fc.boolean(),
  order: fc.infiniteStream(fc.nat()),
});

/**
 * A store whose changes take effect one at a time, in any order where several are in progress. It calls `after`
 * for each.
 */
class ObservedStore extends MemoryStore {
  changes = 0;
  fails: (change: number) => boolean = () => false;
  /** Which changes are confirmed, but not made. */
  isLost: (change: number) => boolean = () => false;
  order: Iterator<number, undefined> | undefined;
  after: () => Promise<void> = async () => {};
  readonly #pending: (() => Promise<void>)[] = [];
  #isRunning = false;

  #changed<T>(change: () => Promise<T>): Promise<T> {
    const result = new Promise<T>((resolve, reject) => {
      this.#pending.push(async () => {
        try {
          const number = this.changes++;
          if (this.fails(number)) throw new LakotaError("network", "The connection was cut.");
          if (this.isLost(number)) return resolve(undefined as T);
          const changed = await change();
          await this.after();
          resolve(changed);
        } catch (error) {
          reject(error);
        }
      });
    });
    void this.#run();
    return result;
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    while (this.#pending.length > 0) {
      await new Promise((resolve) => setImmediate(resolve)); // until all concurrent calls were made
      const next = (this.order?.next().value ?? 0) % this.#pending.length;
      await this.#pending.splice(next, 1)[0]!();
    }
    this.#isRunning = false;
  }

  /** Returns the same files, whose changes take effect at once. */
  unobserved(): Store {
    return {
      uri: this.uri,
      get: (...args) => super.get(...args),
      list: (...args) => super.list(...args),
      put: (...args) => super.put(...args),
      delete: (...args) => super.delete(...args),
      move: (...args) => super.move(...args),
    };
  }

  interfere({ cut, forGood, order }: Interference): void {
    this.changes = 0;
    this.order = order;
    this.fails = (change) => change === cut || (forGood && change > cut);
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

/** Ignores that the connection was cut. */
const unlessCut = (error: unknown) => {
  if (!(error instanceof LakotaError) || error.code !== "network") throw error;
};

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
  /** A write to the copy, if there is one. */
  | { kind: "own"; key: number }
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
  const renewed = async () => (await open(staleStore(source)).collection("c")) as EngineCollection;
  const writers: EngineCollection[] = [first, await renewed(), await renewed()];
  let number = 0;
  for (const current of steps) {
    if (current.kind === "write") {
      const { writer, key } = current;
      const rows = { t: [key], v: [++number] };
      const write = () => writers[writer]!.series("s").write(rows);
      await write().catch(async (error: unknown) => {
        if (!(error instanceof LakotaError) || error.code !== "not-found") throw error;
        writers[writer] = await renewed(); // what it saw was trimmed
        await write();
      });
    } else if (current.kind === "own") {
      const copy = open(target);
      if ((await copy.ls()).includes("c"))
        await (await copy.collection("c")).series("s").write({ t: [current.key], v: [++number] });
    } else if (current.kind === "refresh") {
      if (current.writer > 0) writers[current.writer] = await renewed();
    } else if (current.kind === "snapshot")
      await open(target, { source }).pull("source", { labels: ["c"], shallow: current.shallow });
    else if (current.kind === "trim") await first.trim({ before: clock });
    else await first[current.kind]();
  }
  return { source, target };
}

/** Checks at every change of `store` that no key shows a lower number than before. */
function watchValues(store: ObservedStore, start: number[]): void {
  let last = start;
  store.after = async () => {
    const values = await read(store);
    values.forEach((value, key) => {
      if (value < last[key]!) throw new Error(`key ${key} shows ${value} after ${last[key]}`);
    });
    last = values;
  };
}

/**
 * Checks the same, and that what is missing of a history makes no difference; not where it was trimmed, since what
 * the trim forgot does make one for writes on revisions that are gone.
 */
function watchCopy(store: ObservedStore, source: Store, start: number[], steps: readonly Step[] = []): void {
  watchValues(store, start);
  if (steps.some(({ kind }) => kind === "trim")) return;
  const look = store.after;
  store.after = async () => {
    await look();
    expect(await read(store)).toEqual(await read(await withAncestors(store, source)));
  };
}

/** Returns a copy of a store with all ancestors of its revisions that `source` has. */
async function withAncestors(store: Store, source: Store): Promise<Store> {
  const all = await copyOf(store);
  for (const { path } of await source.list("")) await all.put(path, (await source.get(path))!);
  const { changelog } = (await open(all).collection("c")) as EngineCollection;
  const files = await listFiles(changelog);
  const present = new Set(await pathsOf(store));
  const landed = files.filter(({ path }) => present.has(path)).map(({ child }) => child);
  const wanted = ancestors(buildLog(files), landed);
  for (const { path, child } of files) if (!wanted.has(child)) await all.delete(path);
  return all;
}

const mixedHistory = fc.array(step, { minLength: 2, maxLength: 14 });
/** Two writers who do not see each other's writes. */
const branches: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    kind: fc.constant("write" as const),
    writer: fc.constantFrom(1, 2),
    key: fc.nat(KEYS - 1),
  }),
  { minLength: 4, maxLength: 10 },
);
const history = fc.oneof({ weight: 3, arbitrary: mixedHistory }, { weight: 1, arbitrary: branches });
/**
 * A history of a repo and its copy, with writes of their own. Without trims: these forget what was touched when, so
 * that a merge with the other side cannot tell.
 */
const divergedHistory = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: step.filter(({ kind }) => kind !== "trim") },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("own" as const), key: fc.nat(KEYS - 1) }) },
  ),
  { minLength: 2, maxLength: 18 },
);
const runs = { numRuns: Number(process.env.LAKOTA_HISTORIES ?? 60) };
/** Milliseconds that all histories of a test may take. */
const TIMEOUT = 30_000 + 1_000 * runs.numRuns;

describe("a reader never sees an older value over a newer one", { timeout: TIMEOUT }, () => {
  it("while a copy is made, nor when it is cut at any call", async () => {
    await fc.assert(
      fc.asyncProperty(history, history, fc.boolean(), interference, async (before, after, shallow, how) => {
        const { source, target } = await run([...before, { kind: "snapshot", shallow: true }, ...after]);
        const observed = await observedCopy(target);
        const start = await read(observed);
        watchCopy(observed, source, start, [...before, ...after]);
        observed.interfere(how);
        const pull = () => open(observed, { source }).pull("source", { labels: ["c"], shallow });
        await pull().catch(unlessCut);
        observed.fails = () => false;
        await pull();
        expect(await read(observed)).toEqual(await read(source));
      }),
      runs,
    );
  });

  it("while two repos with writes of their own are copied into each other", async () => {
    await fc.assert(
      fc.asyncProperty(
        history,
        divergedHistory,
        fc.boolean(),
        interference,
        async (before, after, shallow, how) => {
          const { source, target } = await run([...before, { kind: "snapshot", shallow }, ...after]);
          const observed = await observedCopy(target);
          watchValues(observed, await read(observed));
          observed.order = how.order;
          await open(observed, { source }).pull("source", { labels: ["c"] });
          const back = await observedCopy(source);
          watchCopy(back, observed, await read(back), [...before, ...after]);
          back.order = how.order;
          await open(observed, { back }).push("back", { labels: ["c"], shallow });
          expect(await read(back)).toEqual(await read(observed));
        },
      ),
      runs,
    );
  });

  it("while a copy is made, and another writer writes to the target meanwhile", async () => {
    await fc.assert(
      fc.asyncProperty(
        history,
        history,
        fc.nat(20),
        fc.nat(KEYS - 1),
        interference,
        async (before, after, at, key, { order }) => {
          const { source, target } = await run([...before, { kind: "snapshot", shallow: true }, ...after]);
          const observed = await observedCopy(target);
          watchCopy(observed, source, await read(observed), [...before, ...after]);
          const look = observed.after;
          let isWritten = false;
          observed.changes = 0;
          observed.order = order;
          observed.after = async () => {
            await look();
            if (observed.changes !== at) return;
            const other = await open(observed.unobserved()).collection("c");
            await other.series("s").write({ t: [key], v: [1_000] });
            isWritten = true;
            await look();
          };
          await open(observed, { source }).pull("source", { labels: ["c"] });
          const expected = await read(source);
          if (isWritten) expected[key] = 1_000;
          expect(await read(observed)).toEqual(expected);
        },
      ),
      runs,
    );
  });

  it("while old revisions are trimmed, nor when the trim is cut or loses a deletion", async () => {
    await fc.assert(
      fc.asyncProperty(history, interference, fc.boolean(), async (steps, how, isLost) => {
        const { source } = await run(steps);
        const observed = await observedCopy(source);
        const before = await read(observed);
        watchValues(observed, before);
        observed.interfere(how);
        if (isLost) [observed.isLost, observed.fails] = [observed.fails, () => false];
        const trim = async () => (await open(observed).collection("c")).trim({ before: clock + 1e6 });
        await trim().catch(unlessCut);
        expect(await read(observed)).toEqual(before);
        // What is left are ancestors, which the next trim deletes.
        observed.isLost = observed.fails = () => false;
        await trim();
        expect(await read(observed)).toEqual(before);
        const clean = await copyOf(source);
        await (await open(clean).collection("c")).trim({ before: clock + 1e6 });
        expect(await pathsOf(observed)).toEqual(await pathsOf(clean));
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
          for (const { path, child } of await listFiles(collection.changelog))
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
    const files = await listFiles(collection.changelog);
    const torn = await copyOf(source);
    await torn.delete(files.at(-2)!.path);
    expect(await read(torn)).toEqual(await read(source));
  });
});
