import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { type BatchSeries, type ChangeOptions, type Closed, Schema } from "lakota/engine";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import type { EngineCollection } from "../../src/engine/collection/collection.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { FileStore } from "../../src/stores/file/file-store.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import { S3Store } from "../../src/stores/s3/s3-store.ts";
import type { Store } from "../../src/stores/store.ts";
import { check } from "../checker/check.ts";
import { filesOf } from "../checker/files.ts";
import { staleStore } from "../engine/stale-store.ts";
import { startS3 } from "../s3-server/index.ts";

const schema = new Schema({ t: "int*", v: "float" });
const KEYS = 24;
const LABELS = ["a", "b"];
/** Without warnings: these histories merge conflicting heads all the time. */
const QUIET = { maxAge: 0, onWarning: () => undefined };

/** One change of one series. */
type Op =
  | { kind: "write"; label: string; keys: number[]; wide: number; closed: Closed }
  | { kind: "update"; label: string; keys: number[] }
  | { kind: "deleteKeys"; label: string; keys: number[] }
  | { kind: "deleteRange"; label: string; start: number; stop: number; closed: Closed };

/** A step of a history. */
type Step =
  | { kind: "change"; ops: Op[] }
  /** Two writers that build on the same state. */
  | { kind: "fork"; one: Op[]; other: Op[] }
  | { kind: "drop"; label: string }
  | { kind: "rename"; label: string; to: string }
  | { kind: "merge" | "defrag" | "gc" | "trim" };

const label = fc.constantFrom(...LABELS);
const closed = fc.constantFrom<Closed>("left", "right", "both", "none");
const key = fc.nat(KEYS - 1);
const keys = fc.uniqueArray(key, { minLength: 1, maxLength: 6 }).map((all) => all.sort((a, b) => a - b));

const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("write"), label, keys, wide: fc.nat(4), closed }) },
  fc.record({ kind: fc.constant("update"), label, keys }),
  fc.record({ kind: fc.constant("deleteKeys"), label, keys }),
  fc.record({ kind: fc.constant("deleteRange"), label, start: key, stop: key, closed }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant("change"), ops: fc.array(op, { minLength: 1, maxLength: 3 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("fork"),
      one: fc.array(op, { minLength: 1, maxLength: 3 }),
      other: fc.array(op, { minLength: 1, maxLength: 3 }),
    }),
  },
  fc.record({ kind: fc.constant("drop"), label }),
  fc.record({ kind: fc.constant("rename"), label, to: label }),
  fc.record({ kind: fc.constantFrom("merge", "defrag", "gc", "trim") }),
);

/** The effect of a revision: the values at each key that it touched. */
type Event = Map<string, readonly number[]>;
/** The values at each key. */
type State = ReadonlyMap<string, readonly number[]>;
const at = (label: string, key: number) => `${label} ${key}`;
const keysOf = (state: State, label: string) =>
  Array.from({ length: KEYS }, (_, key) => key).filter((key) => (state.get(at(label, key)) ?? []).length > 0);

function inRange(key: number, start: number, stop: number, closed: Closed): boolean {
  const left = closed === "left" || closed === "both" ? key >= start : key > start;
  const right = closed === "right" || closed === "both" ? key <= stop : key < stop;
  return left && right;
}

/**
 * Runs a history on a store and compares it with a naive model, in which the last revision that touched a key
 * decides.
 */
class History {
  readonly #store: Store;
  readonly #events = new Map<string, Event>();
  readonly #trimmed = new Set<string>();
  #collection!: EngineCollection;
  #value = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  async run(steps: readonly Step[]): Promise<void> {
    this.#collection = await new EngineRepo(this.#store, decodeChunk, QUIET).createCollection(schema, "c");
    for (const one of steps) {
      await this.#step(one);
      expect(await this.#read(), JSON.stringify(one)).toEqual(this.#rows(await this.#state()));
    }
    await this.#checkEarlierStates();
    await this.#collection.merge();
    expect(await this.#read()).toEqual(this.#rows(await this.#state()));
    expect(await check(await filesOf(this.#store))).toEqual([]);
  }

  async #step(one: Step): Promise<void> {
    switch (one.kind) {
      case "change":
        return this.#change(this.#collection, one.ops);
      case "fork": {
        // The other writer has seen the current state, and sees no later writes.
        const stale = new EngineRepo(staleStore(this.#store), decodeChunk, QUIET);
        const theirs = await stale.collection("c");
        await theirs.ls();
        const before = await this.#state();
        for (const ops of one.one) await this.#change(this.#collection, [ops]);
        return this.#changeFrom(theirs, one.other, before);
      }
      case "drop":
      case "rename":
        return this.#changeWholeSeries(one);
      case "gc":
        await new EngineRepo(this.#store, decodeChunk).gc();
        return;
      case "trim": {
        // Only with one head: trim keeps the revisions that a merge needs, and the model does not know which.
        if ((await this.#heads()) > 1) return;
        const { removed } = await this.#collection.trim({ before: Date.now() + 10_000 });
        for (const id of removed) this.#trimmed.add(id);
        return;
      }
      default:
        await this.#collection[one.kind]();
    }
  }

  async #heads(): Promise<number> {
    return (await this.#collection.log()).filter(({ head }) => head).length;
  }

  /** Makes several changes as one revision. */
  async #change(collection: EngineCollection, ops: readonly Op[]): Promise<void> {
    const event: Event = new Map();
    let view: State = await this.#state();
    const before = await this.#ids();
    await collection.batch(async (batch) => {
      for (const one of ops) {
        const value = ++this.#value;
        await apply(batch.series(one.label), one, value);
        for (const [key, values] of effect(one, value, view)) event.set(key, values);
        view = new Map([...view, ...event]);
      }
    });
    await this.#record(before, event);
  }

  /** Makes changes, each as a revision, by a writer that sees only `view`. */
  async #changeFrom(collection: EngineCollection, ops: readonly Op[], view: State): Promise<void> {
    let seen = view;
    for (const one of ops) {
      const value = ++this.#value;
      const event: Event = new Map(effect(one, value, seen));
      const before = await this.#ids();
      // Equal commits of two writers within a millisecond would count as twins: one revision.
      await apply(collection.series(one.label), one, value, { note: { author: "other" } });
      if (await this.#record(before, event)) seen = new Map([...seen, ...event]);
    }
  }

  /**
   * Drops or renames a series. Merges first: which ranges these touch depends on segments, which the model
   * lacks.
   */
  async #changeWholeSeries(one: Extract<Step, { kind: "drop" | "rename" }>): Promise<void> {
    await this.#collection.merge();
    const labels = await this.#collection.ls();
    if (!labels.includes(one.label)) return;
    const state = await this.#state();
    const before = await this.#ids();
    const event: Event = new Map();
    for (let key = 0; key < KEYS; key++) event.set(at(one.label, key), []);
    if (one.kind === "drop") await this.#collection.drop(one.label);
    else {
      if (labels.includes(one.to)) return;
      for (const key of keysOf(state, one.label)) event.set(at(one.to, key), state.get(at(one.label, key))!);
      await this.#collection.rename(one.label, one.to);
    }
    await this.#record(before, event);
  }

  async #ids(): Promise<Set<string>> {
    await this.#collection.refresh();
    return new Set((await this.#collection.log()).map(({ id }) => id));
  }

  /** Records the effect of the new revision. Returns whether there is one. */
  async #record(before: ReadonlySet<string>, event: Event): Promise<boolean> {
    const made = [...(await this.#ids())].filter((id) => !before.has(id));
    expect(made.length).toBeLessThanOrEqual(1);
    if (made[0] !== undefined) this.#events.set(made[0], event);
    return made[0] !== undefined;
  }

  /** Returns the state of the model: for each key the last event in the order of the log. */
  async #state(before?: string): Promise<State> {
    await this.#collection.refresh();
    const log = (await this.#collection.log()).map(({ id }) => id);
    const order = [...[...this.#trimmed].sort(), ...log];
    const state = new Map<string, readonly number[]>();
    for (const id of order) {
      if (before !== undefined && id.slice(0, 11) >= before) continue;
      for (const [key, values] of this.#events.get(id) ?? []) state.set(key, values);
    }
    return state;
  }

  #rows(state: State): [string, number, number][] {
    return LABELS.flatMap((label) =>
      keysOf(state, label).flatMap((key) =>
        state.get(at(label, key))!.map((v) => [label, key, v] as [string, number, number]),
      ),
    );
  }

  async #read(before?: string): Promise<[string, number, number][]> {
    const out: [string, number, number][] = [];
    for (const label of LABELS) {
      const frame = await this.#collection
        .series(label)
        .read({ numbers: true, missing: "empty", ...(before && { before }) });
      const v = frame.numbers("v");
      frame.numbers("t").forEach((t, row) => {
        out.push([label, t, v[row]!]);
      });
    }
    return out;
  }

  /** Checks the state right before each revision. */
  async #checkEarlierStates(): Promise<void> {
    if (this.#trimmed.size > 0) return;
    for (const { epoch } of await this.#collection.log())
      expect(await this.#read(epoch), epoch).toEqual(this.#rows(await this.#state(epoch)));
  }
}

type Target = Pick<ReturnType<EngineCollection["series"]> | BatchSeries, "write" | "update" | "delete">;

async function apply(series: Target, one: Op, value: number, options: ChangeOptions = {}): Promise<void> {
  switch (one.kind) {
    case "write": {
      const { start, stop } = rangeOf(one);
      const inside = one.keys.filter((key) => inRange(key, start, stop, one.closed));
      if (start > stop || (start === stop && one.closed !== "both")) return;
      await series.write(
        { t: inside, v: inside.map(() => value) },
        { ...options, start, stop, closed: one.closed },
      );
      return;
    }
    case "update":
      await series.update({ t: one.keys, v: one.keys.map(() => value) }, options);
      return;
    case "deleteKeys":
      await series.delete({ ...options, keys: one.keys });
      return;
    default:
      await series.delete({ ...options, start: one.start, stop: one.stop, closed: one.closed });
  }
}

const rangeOf = ({ keys, wide }: { keys: number[]; wide: number }) => ({
  start: keys[0]!,
  stop: keys.at(-1)! + wide,
});

/** Returns the effect of an operation on each key that it touches, for a writer that sees `view`. */
function effect(one: Op, value: number, view: State): [string, readonly number[]][] {
  const all = Array.from({ length: KEYS + 4 }, (_, key) => key);
  switch (one.kind) {
    case "write": {
      const { start, stop } = rangeOf(one);
      const touched = all.filter((key) => inRange(key, start, stop, one.closed));
      return touched.map((key) => [at(one.label, key), one.keys.includes(key) ? [value] : []]);
    }
    case "update":
      return one.keys.map((key) => {
        const there = view.get(at(one.label, key)) ?? [];
        return [at(one.label, key), there.length > 0 ? there.map(() => value) : [value]];
      });
    case "deleteKeys":
      return one.keys
        .filter((key) => (view.get(at(one.label, key)) ?? []).length > 0)
        .map((key) => [at(one.label, key), []]);
    default: {
      const there = keysOf(view, one.label).filter((key) => inRange(key, one.start, one.stop, one.closed));
      const [first, last] = [there[0], there.at(-1)];
      if (first === undefined || last === undefined) return [];
      return all.filter((key) => key >= first && key <= last).map((key) => [at(one.label, key), []]);
    }
  }
}

declare module "vitest" {
  interface TaskMeta {
    /** Number of random histories that the test compared with the model. scripts/tally.mjs adds them up. */
    histories?: number;
  }
}

const histories = async (task: Readonly<TestContext["task"]>, runs: number, open: () => Store) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), (steps) =>
      new History(open()).run(steps),
    ),
    { numRuns: runs },
  );
  task.meta.histories = runs;
};

describe("random histories read as the naive model does, now and in every earlier state", () => {
  // The tables of the collections are trees with `--mode trees`.
  const count = process.env.MODE === "trees" ? 120 : 400;
  it("in memory", { timeout: 300_000 }, ({ task }) => histories(task, count, () => new MemoryStore()));

  describe("in a folder", () => {
    let folder = "";
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "lakota-history-"));
    });
    afterAll(() => rm(folder, { recursive: true }));
    let count = 0;
    it("20 of them", { timeout: 60_000 }, ({ task }) =>
      histories(task, 20, () => new FileStore(join(folder, String(count++)))),
    );
  });

  it("on S3", { timeout: 60_000 }, async ({ task }) => {
    const s3 = await startS3({ keys: { id: "secret" } });
    s3.objects.createBucket("data");
    const credentials = { accessKeyId: "id", secretAccessKey: "secret" };
    let count = 0;
    await histories(task, 15, () => new S3Store("data", String(count++), { endpoint: s3.url, credentials }));
    await s3.close();
  });
});
