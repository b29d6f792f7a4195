import { Schema } from "lakota/engine";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CONTINUED } from "../../src/changelog/changelog.ts";
import { LIMITS } from "../../src/changelog/continued-listings.ts";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import type { EngineCollection } from "../../src/engine/collection/collection.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import type { Downsampled } from "../../src/model/api/read.ts";
import { LakotaError, throwIfAborted } from "../../src/model/errors.ts";
import type { Frame } from "../../src/model/frame.ts";
import { isHashedPath } from "../../src/model/layout.ts";
import { OVERVIEWS_FOLDER } from "../../src/model/overview-path.ts";
import { CacheStore } from "../../src/stores/cache/cache-store.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import { staleStore } from "./stale-store.ts";

const schema = new Schema({ t: "int*", v: "float" });
/** Rows whose chunks are files. */
const rows = (from: number, count: number, seed = 0) => ({
  t: Array.from({ length: count }, (_, i) => (from + i) * 100_000 + (((from + i) * 7_919_113) % 99_991)),
  v: Array.from({ length: count }, (_, i) => Math.sin(from + i + seed)),
});

/** A remote store whose answers can be held back, or refused. */
class Remote extends MemoryStore {
  readonly asked: string[] = [];
  #held: Promise<void> | undefined;
  #release = () => {};
  failure: LakotaError | undefined;

  hold(): void {
    this.asked.length = 0;
    this.#held = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  release(): void {
    this.#release();
    this.#held = undefined;
  }

  async #answer(what: string): Promise<void> {
    this.asked.push(what);
    await this.#held;
    if (this.failure) throw this.failure;
  }

  override async list(...args: Parameters<MemoryStore["list"]>) {
    await this.#answer(`list ${args[0]}`);
    return super.list(...args);
  }

  override async get(...args: Parameters<MemoryStore["get"]>) {
    throwIfAborted(args[1]?.signal);
    const isOverview = args[0].startsWith(OVERVIEWS_FOLDER);
    await this.#answer(isHashedPath(args[0]) ? "chunk" : isOverview ? "overview" : "revision");
    return super.get(...args);
  }
}

let remote: Remote;
let local: MemoryStore;
/** Another device. */
let other: EngineRepo;
const open: { repo: EngineRepo; store: CacheStore }[] = [];

/** Opens the repo as a page that was just loaded. */
function visit(options: { maxAge?: number } = {}): EngineRepo {
  const store = new CacheStore(local, remote, {});
  const repo = new EngineRepo(store, decodeChunk, options);
  open.push({ repo, store });
  return repo;
}

/** Ends all visits, and starts another one. */
async function reload(options: { maxAge?: number } = {}): Promise<EngineRepo> {
  for (const { repo, store } of open.splice(0)) {
    await store.flush();
    repo.close();
  }
  return visit(options);
}

/** A visit that reads what the next one asks for. */
async function visitOnce(): Promise<void> {
  const collection = await visit().collection("c");
  for (const label of await collection.ls()) await collection.series(label).read();
}

const series = async (repo: EngineRepo) => (await repo.collection("c", { allowStale: true })).series("s");
const theirs = async () => (await other.collection("c")).series("s");

/** Starts a read and waits for what is known. */
async function firstOf<T>(read: (onStale: (known: T) => void) => Promise<T>) {
  let fresh: Promise<T> | undefined;
  const known = await new Promise<T>((resolve, reject) => {
    fresh = read(resolve);
    fresh.catch(reject);
  });
  return { known, fresh: fresh! };
}

beforeEach(async () => {
  remote = new Remote();
  local = new MemoryStore();
  other = new EngineRepo(remote, decodeChunk, { maxAge: 0 });
  const collection = await other.createCollection(schema, "c");
  await collection.series("s").write(rows(0, 5_000));
  await collection.series("more").write(rows(0, 1_000, 1));
});

afterEach(async () => {
  remote.failure = undefined;
  remote.release();
  await reload();
  open.pop()!.repo.close();
  other.close();
});

describe("after a reload", () => {
  it("the last rows are shown while nothing answers, and confirmed by two listings at once", async () => {
    await visitOnce();
    const repo = await reload();
    remote.hold();
    const s = await series(repo);
    const { known, fresh } = await firstOf<Frame>((onStale) => s.tail(1_000, { onStale }));
    expect([...known.get("v")]).toEqual(rows(4_000, 1_000).v);
    await vi.waitUntil(() => remote.asked.length === 2);
    expect(new Set(remote.asked).size).toBe(2);
    expect(remote.asked.every((asked) => asked.startsWith("list "))).toBe(true);
    remote.release();
    expect(await fresh).toBe(known);
    expect(remote.asked).toHaveLength(2);
  });

  it("read, length, downsample and where are shown at once, too", async () => {
    await visitOnce();
    const repo = await reload();
    remote.hold();
    const collection = await repo.collection("c", { allowStale: true });
    const s = collection.series("s");
    const all = await firstOf<Frame>((onStale) => s.read({ onStale }));
    const hot = await firstOf<Frame>((onStale) => s.read({ onStale, where: "(> self.v 0.5)" }));
    const count = await firstOf<number>((onStale) => s.length({ onStale }));
    const chart = await firstOf<Downsampled>((onStale) => s.downsample({ onStale, points: 100 }));
    expect([all.known.length, count.known, chart.known.rows]).toEqual([5_000, 5_000, 5_000]);
    expect(hot.known.length).toBe(rows(0, 5_000).v.filter((v) => v > 0.5).length);
    expect(remote.asked.every((asked) => asked.startsWith("list "))).toBe(true);
    remote.release();
    for (const { known, fresh } of [all, hot, count, chart]) expect(await fresh).toBe(known);
  });

  it.each([false, true])("a chart of many rows needs no request (overviews: %s)", async (overviews) => {
    await (await theirs()).write(rows(0, 150_000));
    if (overviews) await other.publish({ overviews });
    const before = visit();
    await (await series(before)).downsample({ points: 200 });
    await (await series(before)).downsample({ points: 200 });
    const repo = await reload();
    remote.hold();
    const s = await series(repo);
    const { known, fresh } = await firstOf<Downsampled>((onStale) => s.downsample({ onStale, points: 200 }));
    expect(known.rows).toBe(150_000);
    remote.release();
    expect(await fresh).toBe(known);
  });

  it("the labels of collections and series are shown, and stay where only rows were appended", async () => {
    await visitOnce();
    await (await theirs()).write(rows(5_000, 10));
    const repo = await reload();
    remote.hold();
    const collection = await repo.collection("c", { allowStale: true });
    const collections = await firstOf<string[]>((onStale) => repo.ls({ onStale }));
    const all = await firstOf<string[]>((onStale) => collection.ls({ onStale }));
    expect([collections.known, all.known]).toEqual([["c"], ["more", "s"]]);
    await vi.waitUntil(() => remote.asked.length === 2);
    remote.release();
    expect(await collections.fresh).toBe(collections.known);
    expect(await all.fresh).toBe(all.known);
    expect(remote.asked.filter((asked) => asked.startsWith("list "))).toHaveLength(2);
  });

  it("labels that were added meanwhile follow", async () => {
    await visitOnce();
    await other.createCollection(schema, "b");
    await (await other.collection("c")).series("new").write(rows(0, 1));
    const repo = await reload();
    remote.hold();
    const collection = await repo.collection("c", { allowStale: true });
    const collections = await firstOf<string[]>((onStale) => repo.ls({ onStale }));
    const all = await firstOf<string[]>((onStale) => collection.ls({ onStale }));
    expect([collections.known, all.known]).toEqual([["c"], ["more", "s"]]);
    remote.release();
    expect([await collections.fresh, await all.fresh]).toEqual([
      ["b", "c"],
      ["more", "new", "s"],
    ]);
  });

  it("overviews that are gone are asked for once, and not at the next visit", async () => {
    await (await theirs()).write(rows(0, 150_000));
    await other.publish({ overviews: true });
    await (await series(visit())).downsample({ points: 200 });
    await other.publish({ overviews: false });
    await other.gc({ grace: -1 });
    await other.gc({ grace: -1 });
    await (await theirs()).write(rows(150_000, 150_000));
    const overviewsAsked = () => remote.asked.filter((asked) => asked === "overview").length;
    const chart = async () => (await series(await reload())).downsample({ points: 200 });
    remote.asked.length = 0;
    expect((await chart()).rows).toBe(300_000);
    expect(overviewsAsked()).toBeGreaterThan(0);
    for (const { path } of await local.list("")) if (isHashedPath(path)) await local.delete(path);
    remote.asked.length = 0;
    expect((await chart()).rows).toBe(300_000);
    expect(overviewsAsked()).toBe(0);
  });

  it("overviews that were published meanwhile are used from the second chart on, and at the next visit", async () => {
    await (await theirs()).write(rows(0, 300_000));
    await (await series(visit())).downsample({ points: 200 });
    await other.publish({ overviews: true });
    await (await series(await reload())).downsample({ points: 200 });
    const repo = await reload();
    for (const { path } of await local.list(""))
      if (isHashedPath(path) || path.includes("summaries")) await local.delete(path);
    remote.asked.length = 0;
    expect((await (await series(repo)).downsample({ points: 200 })).rows).toBe(300_000);
    expect(remote.asked).toContain("overview");
  });

  it("rows that were appended meanwhile follow", async () => {
    await visitOnce();
    await (await theirs()).write(rows(5_000, 10));
    const repo = await reload();
    const onStale = vi.fn<(known: Frame) => void>();
    remote.hold();
    const s = await series(repo);
    const reading = s.tail(1_000, { onStale });
    await vi.waitUntil(() => onStale.mock.calls.length > 0);
    remote.release();
    const fresh = await reading;
    expect(onStale).toHaveBeenCalledTimes(1);
    expect([...onStale.mock.calls[0]![0].get("v")]).toEqual(rows(4_000, 1_000).v);
    expect([...fresh.get("v")]).toEqual(rows(4_010, 1_000).v);
  });

  it("what was shown stays the result where only other rows have changed", async () => {
    await visitOnce();
    await (await theirs()).write(rows(9_000, 10));
    await (await other.collection("c")).series("more").write(rows(9_000, 10));
    const repo = await reload();
    remote.hold();
    const s = await series(repo);
    const { known, fresh } = await firstOf<Frame>((onStale) => s.read({ onStale, stop: 4_000 * 100_000 }));
    remote.release();
    expect(await fresh).toBe(known);
    expect((await s.read()).length).toBe(5_010);
  });

  it("two series that are read together are of one state, before and after", async () => {
    await visitOnce();
    const collection = await other.collection("c");
    await collection.batch(async (batch) => {
      await batch.series("s").write(rows(5_000, 5));
      await batch.series("more").write(rows(5_000, 5));
    });
    const repo = await reload();
    const mine = await repo.collection("c", { allowStale: true });
    const shown: number[] = [];
    const read = (label: string) => mine.series(label).read({ onStale: ({ length }) => shown.push(length) });
    remote.hold();
    const reading = Promise.all(["s", "more"].map(read));
    await vi.waitUntil(() => shown.length === 2);
    remote.release();
    expect(shown.sort()).toEqual([1_000, 5_000]);
    expect((await reading).map(({ length }) => length)).toEqual([5_005, 1_005]);
  });

  it("heads that were not merged are shown merged", async () => {
    const elsewhere = new EngineRepo(remote, decodeChunk, { maxAge: 600_000 });
    const late = (await elsewhere.collection("c")).series("s");
    expect(await late.length()).toBe(5_000);
    await (await theirs()).write(rows(5_000, 10));
    await late.write(rows(6_000, 20));
    elsewhere.close();
    await visitOnce();
    const repo = await reload();
    remote.hold();
    const s = await series(repo);
    const { known, fresh } = await firstOf<Frame>((onStale) => s.read({ onStale }));
    expect(known.length).toBe(5_030);
    remote.release();
    expect(await fresh).toBe(known);
  });

  it("an error of the store rejects after what is known was shown, and later calls work", async () => {
    await visitOnce();
    const repo = await reload();
    remote.hold();
    const s = await series(repo);
    const { known, fresh } = await firstOf<Frame>((onStale) => s.read({ onStale }));
    remote.failure = new LakotaError("forbidden", "The key has expired.");
    remote.release();
    await expect(fresh).rejects.toMatchObject({ code: "forbidden" });
    expect(known.length).toBe(5_000);
    remote.failure = undefined;
    expect((await s.read()).length).toBe(5_000);
  });

  it("what is known stays where there is no network, and the status says since when", async () => {
    await visitOnce();
    const repo = await reload();
    remote.hold();
    const s = await series(repo);
    const { known, fresh } = await firstOf<Frame>((onStale) => s.read({ onStale }));
    remote.failure = new LakotaError("offline", "No network.");
    remote.release();
    expect(await fresh).toBe(known);
    expect((await repo.status()).staleSince).toBeInstanceOf(Date);
  });

  it("an abort ends a read whose rows are shown, and one whose rows are not", async () => {
    await visitOnce();
    const repo = await reload();
    remote.hold();
    const s = await series(repo);
    const [one, two] = [new AbortController(), new AbortController()];
    const { fresh } = await firstOf<Frame>((onStale) => s.read({ onStale, signal: one.signal }));
    const onStale = vi.fn();
    const reading = s.read({ onStale, signal: two.signal });
    two.abort();
    await expect(reading).rejects.toMatchObject({ code: "aborted" });
    one.abort();
    await expect(fresh).rejects.toMatchObject({ code: "aborted" });
    expect(onStale).not.toHaveBeenCalled();
    remote.release();
    expect((await s.read()).length).toBe(5_000);
  });

  it("what onStale throws rejects the read", async () => {
    await visitOnce();
    const repo = await reload();
    remote.hold();
    const s = await series(repo);
    const shown = vi.fn();
    const reading = s.read({
      onStale: () => {
        shown();
        throw new RangeError("a bug of the chart");
      },
    });
    await vi.waitUntil(() => shown.mock.calls.length > 0);
    remote.release();
    await expect(reading).rejects.toThrow("a bug of the chart");
  });

  it.each(["deleted", "replaced"])(
    "a collection that was %s is shown once, and then an error",
    async (how) => {
      await visitOnce();
      await other.delete("c");
      if (how === "replaced") await other.createCollection(new Schema({ x: "int*" }), "c");
      const repo = await reload();
      remote.hold();
      const s = await series(repo);
      const { known, fresh } = await firstOf<Frame>((onStale) => s.read({ onStale }));
      expect(known.length).toBe(5_000);
      remote.release();
      await expect(fresh).rejects.toMatchObject({ code: "not-found" });
      const onStale = vi.fn();
      await expect(s.read({ onStale })).rejects.toMatchObject({ code: "not-found" });
      await expect(s.write(rows(0, 1))).rejects.toMatchObject({ code: "not-found" });
      expect(onStale).not.toHaveBeenCalled();
      if (how === "replaced")
        expect((await repo.collection("c")).schema.columns.map(({ name }) => name)).toEqual(["x"]);
      else
        await expect(repo.collection("c", { allowStale: true })).rejects.toMatchObject({ code: "not-found" });
    },
  );

  it("a history that was trimmed, whose chunks are neither here nor there, is read as usual", async () => {
    const collection = await visit().collection("c");
    await collection.series("s").tail(1); // its first chunks are not fetched
    const mine = await other.collection("c");
    await mine.series("s").write(rows(0, 3_000, 9), { start: 0, stop: 1e12 });
    await mine.trim({ before: Date.now() + 1 });
    await other.gc({ grace: -1 });
    await other.gc({ grace: -1 });
    const repo = await reload();
    for (const { path } of await local.list("")) if (isHashedPath(path)) await local.delete(path);
    const onStale = vi.fn();
    const frame = await (await series(repo)).read({ onStale });
    expect([...frame.get("v")]).toEqual(rows(0, 3_000, 9).v);
    expect(onStale).not.toHaveBeenCalled();
  });
});

describe("a long history, of which a visit lists only the end", () => {
  const limits = { ...LIMITS };
  const { revisions } = CONTINUED;
  let path: string;
  /** A writer that builds on an old revision. */
  let late: EngineRepo;

  const lateSeries = async () => (await late.collection("long")).series("s");
  /** Returns the values at 0 and 1 hours. */
  const valuesOf = (frame: Frame) => [...frame.get("v")].slice(0, 2);
  const hour = 36e5;

  beforeEach(async () => {
    let clock = Date.now();
    vi.spyOn(Date, "now").mockImplementation(() => (clock += 1_000));
    Object.assign(LIMITS, { revisions: 1, period: 0, pause: 0 });
    CONTINUED.revisions = 3;
    const collection = (await other.createCollection(schema, "long")) as EngineCollection;
    path = collection.path;
    await collection.series("s").write({ t: [0, hour], v: [1, 1] });
    late = new EngineRepo(staleStore(remote), decodeChunk, { maxAge: 0 });
    await (await lateSeries()).length();
    for (let i = 2; i < 8; i++) await collection.series("s").write({ t: [i * hour], v: [i] });
  });

  afterEach(() => {
    Object.assign(LIMITS, limits);
    CONTINUED.revisions = revisions;
    late.close();
    vi.restoreAllMocks();
  });

  /** Notes whether each listing of the collection was complete. */
  function watchListings(refuse: (isComplete: boolean) => boolean = () => false): boolean[] {
    const complete: boolean[] = [];
    const list = remote.list.bind(remote);
    vi.spyOn(remote, "list").mockImplementation(async (prefix, options) => {
      if (prefix !== `${path}/`) return list(prefix, options);
      const isComplete = options?.startAfter === undefined;
      complete.push(isComplete);
      if (refuse(isComplete)) throw new LakotaError("forbidden", "The key has expired.");
      return list(prefix, options);
    });
    return complete;
  }

  it("the first listing after a reload is complete, whatever the last visit knew", async () => {
    const before = (await visit({ maxAge: 0 }).collection("long")).series("s");
    await before.read();
    await (await lateSeries()).write({ t: [0], v: [9] });
    const listings = watchListings();
    expect(valuesOf(await before.read())).toEqual([1, 1]);
    expect(listings).toEqual([false]);
    const repo = await reload({ maxAge: 0 });
    remote.hold();
    const s = (await repo.collection("long", { allowStale: true })).series("s");
    const { known, fresh } = await firstOf<Frame>((onStale) => s.read({ onStale }));
    expect(valuesOf(known)).toEqual([1, 1]);
    remote.release();
    expect(valuesOf(await fresh)).toEqual([9, 1]);
    expect(listings).toEqual([false, true]);
  });

  it("several heads at a recorded end, whose ancestors may be unknown, are not merged", async () => {
    const before = (await visit({ maxAge: 0 }).collection("long")).series("s");
    await before.read();
    // The first file sorts by an old parent, and is not listed again. The second is.
    for (const t of [0, hour]) await (await lateSeries()).write({ t: [t], v: [9] });
    const listings = watchListings((isComplete) => isComplete);
    await expect(before.read()).rejects.toMatchObject({ code: "forbidden" });
    expect(listings).toEqual([false, true]);
    vi.mocked(remote.list).mockRestore();
    const repo = await reload({ maxAge: 0 });
    const collection = (await repo.collection("long", { allowStale: true })) as EngineCollection;
    expect(await collection.changelog.known()).toBeUndefined();
    expect(valuesOf(await collection.series("s").read())).toEqual([9, 9]);
  });
});

describe("without an earlier visit", () => {
  it("a read is as without the option", async () => {
    const repo = visit();
    const onStale = vi.fn();
    const s = await series(repo);
    expect((await s.read({ onStale })).length).toBe(5_000);
    await expect(repo.collection("d", { allowStale: true })).rejects.toMatchObject({ code: "not-found" });
    expect(onStale).not.toHaveBeenCalled();
  });

  it("a later read in the same visit shows the last state", async () => {
    const s = await series(visit({ maxAge: 0 }));
    await s.read();
    await (await theirs()).write({ t: [1e12], v: [1] });
    remote.hold();
    const { known, fresh } = await firstOf<Frame>((onStale) => s.read({ onStale }));
    remote.release();
    expect([known.length, (await fresh).length]).toEqual([5_000, 5_001]);
  });
});

describe("without the option", () => {
  it("the registry and the collection are listed at once after a reload", async () => {
    await visitOnce();
    const repo = await reload({ maxAge: 60_000 });
    remote.hold();
    const reading = repo.collection("c").then((collection) => collection.series("s").tail(10));
    await vi.waitUntil(() => remote.asked.length === 2);
    remote.release();
    expect((await reading).length).toBe(10);
    expect(remote.asked.map((asked) => asked.slice(0, 5))).toEqual(["list ", "list "]);
  });

  it("the registry's answer decides", async () => {
    await visitOnce();
    await other.delete("c");
    await (await other.createCollection(schema, "c")).series("s").write(rows(0, 7));
    const repo = await reload();
    expect(await (await repo.collection("c")).series("s").length()).toBe(7);
  });
});
