import { mkdtemp, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { readClock } from "../../src/engine/repo/store-clock.ts";
import { hashedPath } from "../../src/model/layout.ts";
import { parseChunkPath, setAsidePath } from "../../src/model/parse-layout.ts";
import { FileStore } from "../../src/stores/file/file-store.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { Entry, ListOptions, PutOptions, SignalOptions, Store } from "../../src/stores/store.ts";

const MINUTE = 60_000;
const GRACE = 10 * MINUTE;
const START = Date.UTC(2026, 0, 31);
const CHUNK = hashedPath("ab".repeat(20));
const NEVER = new AbortController().signal;

/** A store with a clock of its own, which gives files times cut to seconds, as S3 does. */
class ClockedStore extends MemoryStore {
  now = START;
  readonly times = new Map<string, number>();
  /** Called before each change. */
  beforeChange: () => Promise<void> = async () => {};

  override async put(path: string, bytes: Uint8Array, options?: PutOptions): Promise<boolean> {
    this.times.set(path, this.now);
    return super.put(path, bytes, options);
  }

  override async list(prefix: string, options?: ListOptions): Promise<Entry[]> {
    const entries = await super.list(prefix, options);
    if (options?.detail !== "modified") return entries;
    return entries.map((entry) => ({
      ...entry,
      modified: Math.floor(this.times.get(entry.path)! / 1_000) * 1_000,
    }));
  }

  override async move(from: string, to: string, options?: SignalOptions): Promise<void> {
    await this.beforeChange();
    await super.move(from, to, options);
    this.times.set(to, this.now);
  }
}

const collect = (store: Store, grace?: number) =>
  new EngineRepo(store, decodeChunk, { maxAge: 0 }).gc(grace === undefined ? {} : { grace });
const chunksIn = async (store: Store) =>
  (await store.list("")).flatMap(({ path }) => (parseChunkPath(path) ? [path] : []));

afterEach(() => {
  vi.useRealTimers();
});

const setLocalClock = (time: number) => vi.useFakeTimers({ toFake: ["Date"], now: time });

describe("the grace of a garbage collection", () => {
  it("passes by the store's clock, whatever the clocks of the machines", async () => {
    const skews = fc.integer({ min: -30 * 24 * 60, max: 30 * 24 * 60 }).map((minutes) => minutes * MINUTE);
    const runs = fc.array(
      fc.record({ skew: skews, elapsed: fc.integer({ min: 0, max: 2 * GRACE }), pause: fc.boolean() }),
      { minLength: 1, maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(runs, async (collections) => {
        const store = new ClockedStore();
        await store.put(CHUNK, new Uint8Array(9));
        let setAsideAt: number | undefined;
        for (const { skew, elapsed } of collections) {
          store.now += elapsed;
          setLocalClock(store.now + skew);
          await collect(store);
          const [left] = await chunksIn(store);
          if (setAsideAt === undefined) {
            expect(left).toMatch(`${CHUNK}.`);
            setAsideAt = store.now;
            continue;
          }
          const age = store.now - setAsideAt;
          if (left === undefined) expect(age).toBeGreaterThan(GRACE);
          else expect(age).toBeLessThanOrEqual(GRACE + 5_000); // resolution, and the duration of a run
          if (left === undefined) break;
        }
      }),
      { numRuns: 200 },
    );
  });

  it("begins when a chunk was moved, also if the name says otherwise: a machine with another clock did it", async () => {
    const store = new ClockedStore();
    setLocalClock(START);
    await store.put(CHUNK, new Uint8Array(9));
    await store.move(CHUNK, setAsidePath(CHUNK, START - 60 * MINUTE));
    store.now += MINUTE;
    expect((await collect(store)).deleted.files).toBe(0);
    store.now += GRACE;
    expect((await collect(store)).deleted.files).toBe(1);
  });

  it("is by this machine's clock if the store has no times", async () => {
    const store = new MemoryStore();
    setLocalClock(START);
    await store.put(CHUNK, new Uint8Array(9));
    expect((await collect(store)).setAside.files).toBe(1);
    setLocalClock(START + GRACE);
    expect((await collect(store)).deleted.files).toBe(0);
    setLocalClock(START + GRACE + 1);
    expect((await collect(store)).deleted.files).toBe(1);
  });

  it("has not passed if the store's clock cannot be read, since a listing lags", async () => {
    class Lagging extends ClockedStore {
      override async list(prefix: string, options?: ListOptions): Promise<Entry[]> {
        return prefix === "" ? super.list(prefix, options) : [];
      }
    }
    const store = new Lagging();
    setLocalClock(START);
    await store.put(CHUNK, new Uint8Array(9));
    await collect(store);
    store.now += 10 * GRACE;
    setLocalClock(store.now);
    expect((await collect(store)).deleted.files).toBe(0);
  });

  it("leaves no file behind, and none that another collection would not remove", async () => {
    const store = new ClockedStore();
    const written: string[] = [];
    const put = store.put.bind(store);
    store.put = (path, bytes, options) => {
      written.push(path);
      return put(path, bytes, options);
    };
    await readClock(store, NEVER);
    expect(await store.list("")).toEqual([]);
    expect(parseChunkPath(written[0]!)?.setAsideAt).toBeDefined();
  });

  it("on a disk begins at the renaming, though the file stays as old as it was", async () => {
    const folder = await mkdtemp(join(tmpdir(), "lakota-gc-"));
    try {
      const store = new FileStore(folder);
      await store.put(CHUNK, new Uint8Array(9));
      await utimes(join(folder, CHUNK), 1, 1);
      await store.move(CHUNK, setAsidePath(CHUNK, 0)); // a clock that is far behind
      expect((await collect(store)).deleted.files).toBe(0);
      setLocalClock(Date.now() + 60 * MINUTE); // a clock that is an hour ahead
      expect((await collect(store)).deleted.files).toBe(0);
      expect((await collect(store, 0)).deleted.files).toBe(1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("two garbage collections at once", () => {
  const digests = Array.from({ length: 8 }, (_, i) => i.toString(16).padStart(2, "0").repeat(20));

  it("both end well, whoever moves a chunk first, and lose none", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const store = new ClockedStore();
        for (const digest of digests) await store.put(hashedPath(digest), new Uint8Array(9));
        store.beforeChange = () => scheduler.schedule(Promise.resolve());
        await scheduler.waitFor(Promise.all([collect(store), collect(store)]));
        const left = new Set((await chunksIn(store)).map((path) => parseChunkPath(path)!.digest));
        expect(left).toEqual(new Set(digests));
      }),
      { numRuns: 50 },
    );
  });

  it("that move needed chunks back both end well", async () => {
    const { Schema } = await import("../../src/model/schema.ts");
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const store = new ClockedStore();
        const repo = new EngineRepo(store, decodeChunk, { maxAge: 0 });
        const collection = await repo.createCollection(new Schema({ t: "int*", v: "float" }), "c");
        const rows = (from: number) => ({
          t: Array.from({ length: 2_000 }, (_, i) => from + i * 1_000 + ((i * 7_919) % 991)),
          v: Array.from({ length: 2_000 }, (_, i) => Math.sin(i + from)),
        });
        await collection.series("a").write(rows(0));
        await collection.series("b").write(rows(7));
        const needed = await chunksIn(store);
        expect(needed.length).toBeGreaterThan(2);
        for (const path of needed) await store.move(path, setAsidePath(path, START));
        store.beforeChange = () => scheduler.schedule(Promise.resolve());
        await scheduler.waitFor(Promise.all([collect(store), collect(store)]));
        expect(await chunksIn(store)).toEqual(needed);
      }),
      { numRuns: 20 },
    );
  });
});
