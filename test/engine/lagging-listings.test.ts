import { LakotaError, type Repo, Schema } from "lakota/engine";
import { describe, expect, it } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { Entry, Store } from "../../src/stores/store.ts";

const schema = new Schema({ t: "int*", v: "float" });
const row = (t: number) => ({ t: [t], v: [t] });

/** Whether a listing includes a file, by the number of listings that could have included it before. */
type Shows = (listings: number) => boolean;

/** A store whose listings include new files late. `catchUp` ends that. */
function lagging(store: Store, shows: Shows): { store: Store; catchUp: () => void } {
  const fresh = new Map<string, number>();
  const overrides: Partial<Store> = {
    put: async (path, bytes, options) => {
      const created = await store.put(path, bytes, options);
      if (created) fresh.set(path, 0);
      return created;
    },
    list: async (prefix, options) => {
      const isShown = ({ path }: Entry) => {
        const listings = fresh.get(path);
        if (listings === undefined) return true;
        fresh.set(path, listings + 1);
        return shows(listings);
      };
      return (await store.list(prefix, options)).filter(isShown);
    },
  };
  const proxy = new Proxy(store, {
    get(target, name: keyof Store) {
      const value = overrides[name] ?? target[name];
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { store: proxy, catchUp: () => fresh.clear() };
}

const open = (store: Store) =>
  new EngineRepo(store, decodeChunk, { maxAge: 0, openStore: () => store, onWarning: () => {} });

const LATE: [string, Shows][] = [
  ["one listing late", (listings) => listings >= 1],
  ["three listings late", (listings) => listings >= 3],
  ["after all that is done here", () => false],
];
/** Replicas that lag behind each other. */
const FLICKERING: [string, Shows][] = [
  ["every other time", (listings) => listings % 2 === 0],
  ["every other time, at first not", (listings) => listings % 2 === 1],
];

/** What a repo holds: the rows of each series by collection. */
async function contents(repo: Repo): Promise<Record<string, Record<string, number[]>>> {
  const found: Record<string, Record<string, number[]>> = {};
  for (const label of await repo.ls()) {
    const collection = await repo.collection(label);
    const series: Record<string, number[]> = {};
    for (const name of await collection.ls())
      series[name] = Array.from((await collection.series(name).read()).get("t"), Number);
    found[label] = series;
  }
  return found;
}

describe.each(LATE)("listings that include new files %s", (_, shows) => {
  it("lose nothing of one repo object: it sees its own changes, and later everyone does", async () => {
    const memory = new MemoryStore();
    await open(memory).createCollection(schema, "before");
    const { store, catchUp } = lagging(memory, shows);
    const repo = open(store);
    const expected: Awaited<ReturnType<typeof contents>> = { before: {} };
    for (const label of ["c", "d"]) {
      const collection = await repo.createCollection(schema, label);
      for (const t of [1, 2, 3]) await collection.series("s").write(row(t));
      expected[label] = { s: [1, 2, 3] };
    }
    expect(await contents(repo)).toEqual(expected);
    await repo.rename("d", "e");
    const { d, ...others } = expected;
    expect(await contents(repo)).toEqual({ ...others, e: d });
    catchUp();
    expect(await contents(open(memory))).toEqual({ ...others, e: d });
  });
});

describe.each([...LATE, ...FLICKERING])("listings that include new files %s", (_, shows) => {
  it("make several repo objects neither fail with a bare error nor lose what they acknowledged", async () => {
    const memory = new MemoryStore();
    const { store, catchUp } = lagging(memory, shows);
    const created = new Set<string>();
    for (const label of ["a", "b", "c", "a"]) {
      try {
        await open(store).createCollection(schema, label);
        created.add(label);
      } catch (error) {
        expect(error).toBeInstanceOf(LakotaError);
        expect(error).not.toMatchObject({ code: "internal" });
      }
    }
    catchUp();
    expect(await open(memory).ls()).toEqual(expect.arrayContaining([...created]));
    await open(memory).createCollection(schema, "later");
    expect(await open(memory).ls()).toContain("later");
  });

  it("make a pull and a push fail with a LakotaError at most; repeated, they complete", async () => {
    const memory = new MemoryStore();
    const source = open(memory);
    for (const label of ["c", "d"])
      for (const t of [1, 2]) await (await source.createCollection(schema, label)).series("s").write(row(t));
    for (const direction of ["pull", "push"] as const) {
      for (const labels of [undefined, ["c", "d"]]) {
        const target = new MemoryStore();
        await open(target).createCollection(schema, "own");
        const { store, catchUp } = lagging(target, shows);
        const copy = async () => {
          if (direction === "pull")
            await new EngineRepo(store, decodeChunk, { maxAge: 0, openStore: () => memory }).pull(
              "memory://",
              { labels },
            );
          else
            await new EngineRepo(memory, decodeChunk, { openStore: () => store }).push("memory://", {
              labels,
            });
        };
        for (let i = 0; i < 3; i++) {
          await copy().catch((error) => {
            expect(error).toBeInstanceOf(LakotaError);
            expect(error).not.toMatchObject({ code: "internal" });
          });
        }
        catchUp();
        await copy();
        expect(await contents(open(target))).toEqual({ c: { s: [1, 2] }, d: { s: [1, 2] }, own: {} });
      }
    }
  });
});
