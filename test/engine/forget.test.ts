import { Schema } from "lakota/engine";
import { afterEach, describe, expect, it } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { CacheStore } from "../../src/stores/cache/cache-store.ts";
import { emptied } from "../../src/stores/emptied.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { Store } from "../../src/stores/store.ts";
import { plugged } from "../stores/plugged.ts";

const schema = new Schema({ t: "int*", v: "float" });
/** Rows whose chunks are files. */
const rows = {
  t: Array.from({ length: 2_000 }, (_, row) => row * 7_919 + (row % 13)),
  v: Array.from({ length: 2_000 }, (_, row) => Math.sin(row)),
};

/** As IndexedDB, it refuses to read, too, after it was cleared. */
class TabStore extends MemoryStore {
  #isCleared = false;

  override async clear(unless?: string) {
    const done = await super.clear(unless);
    this.#isCleared ||= done;
    return done;
  }

  override async list(prefix: string) {
    if (this.#isCleared) throw emptied(this.uri);
    return super.list(prefix);
  }

  override async get(path: string) {
    if (this.#isCleared) throw emptied(this.uri);
    return super.get(path);
  }
}

const opened: EngineRepo[] = [];
afterEach(() => {
  for (const repo of opened.splice(0)) repo.close();
});

function open(store: Store, onWarning: (message: string) => void = () => {}): EngineRepo {
  const repo = new EngineRepo(store, decodeChunk, { maxAge: 0, onWarning });
  opened.push(repo);
  return repo;
}

/** A device with a cache on a repo that has a series "s" in a collection "c". */
async function device(local = new MemoryStore()) {
  const there = new MemoryStore();
  await (await open(there).createCollection(schema, "c")).series("s").write(rows);
  const { remote, plug } = plugged(there);
  const warnings: string[] = [];
  const repo = open(new CacheStore(local, remote, { writeOffline: true }), (message) =>
    warnings.push(message),
  );
  return { there, local, remote, plug, repo, warnings };
}

const paths = async (store: Store) => (await store.list("")).map(({ path }) => path);
const flush = (repo: EngineRepo) => repo.store.local?.flush();

/** Writes a row while the remote store cannot be reached. */
async function writeOffline({ repo, plug }: Awaited<ReturnType<typeof device>>) {
  const collection = await repo.collection("c");
  await collection.ls();
  plug.out = true;
  await collection.series("s").write({ t: [-1], v: [1] });
  await collection.series("other").write({ t: [-2], v: [2] });
}

describe("forget", () => {
  it("removes files, listings, pins, summaries and what older versions left, and closes the repo", async () => {
    const { local, repo, warnings } = await device();
    const collection = await repo.collection("c");
    await collection.series("s").read();
    const length = 70_000; // beyond 2 ** 16 rows, charts are drawn from summaries
    const counts = Array.from({ length }, (_, row) => row);
    await collection.series("long").write({ t: counts, v: counts });
    await collection.series("long").downsample({ points: 10, columns: ["v"] });
    await collection.pin();
    await flush(repo);
    await local.put("keepsakes/summaries/x", new Uint8Array(1));
    const kept = await paths(local);
    for (const kind of [
      "derived/",
      ".lakota/cache/state/pins/",
      ".lakota/cache/state/list-",
      ".lakota/cache/state/used",
    ])
      expect(kept).toContainEqual(expect.stringMatching(`^${kind}`));
    expect(await repo.forget()).toBeUndefined();
    expect(await paths(local)).toEqual([]);
    for (const call of [repo.ls(), collection.series("s").read(), repo.status(), repo.forget()])
      await expect(call).rejects.toMatchObject({ code: "closed" });
    repo.close();
    await flush(repo);
    expect(await paths(local)).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it("ends calls in progress, and saves nothing that they fetch", async () => {
    const { local, remote } = await device();
    let answer = () => {};
    const gate = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let asked = () => {};
    const fetching = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const slow: Store = Object.assign(Object.create(remote), {
      get: async (path: string) => {
        asked();
        await gate;
        return remote.get(path);
      },
    });
    const warnings: string[] = [];
    const repo = open(new CacheStore(local, slow), (message) => warnings.push(message));
    const reading = repo.ls();
    await fetching;
    await repo.forget();
    await expect(reading).rejects.toMatchObject({ code: "closed" });
    answer();
    await new Promise((resolve) => setImmediate(resolve));
    await flush(repo);
    expect(await paths(local)).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it("refuses while changes wait to be sent, counts them, and leaves everything as it is", async () => {
    const one = await device();
    await writeOffline(one);
    const { repo, local, plug } = one;
    await flush(repo);
    const before = await paths(local);
    const files = (await repo.status()).waiting;
    await expect(repo.forget()).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(
        new RegExp(
          `^2 changes \\(${files} files\\) wait .* send\\(\\) .* forget\\(\\{ discardPending: true \\}\\)`,
        ),
      ),
    });
    await flush(repo);
    expect(await paths(local)).toEqual(before);
    plug.out = false;
    expect((await repo.send()).waiting).toBe(0);
    await repo.forget();
    expect(await paths(local)).toEqual([]);
  });

  it("counts what a repo without `writeOffline` finds, too", async () => {
    const one = await device();
    await writeOffline(one);
    const later = open(new CacheStore(one.local, one.remote));
    await expect(later.forget()).rejects.toMatchObject({ code: "conflict" });
    expect((await one.repo.status()).waiting).toBeGreaterThan(1);
  });

  it("refuses what another tab adds while it is at work", async () => {
    const one = await device();
    const { local, remote } = one;
    const clear = local.clear.bind(local);
    local.clear = async (unless) => {
      if (unless) await writeOffline(one);
      return clear(unless);
    };
    const repo = open(new CacheStore(local, remote));
    await expect(repo.forget()).rejects.toMatchObject({ code: "conflict" });
    expect((await one.repo.status()).waiting).toBeGreaterThan(1);
  });

  it("is not kept from it by a file that a closed page was adding", async () => {
    const { local, repo } = await device();
    const record = new TextEncoder().encode(JSON.stringify({ keeping: "a/b" }));
    await local.put(".lakota/cache/state/outbox/0-000000-x", record);
    await repo.forget();
    expect(await paths(local)).toEqual([]);
  });

  it("discards pending changes on demand, which then are nowhere", async () => {
    const one = await device();
    await writeOffline(one);
    await one.repo.forget({ discardPending: true });
    expect(await paths(one.local)).toEqual([]);
    one.plug.out = false;
    expect(await (await open(one.there).collection("c")).ls()).toEqual(["s"]);
    expect(one.warnings).toEqual([]);
  });

  it("after another tab's, a repo neither sends nor writes, and warns", async () => {
    const one = await device(new TabStore());
    await writeOffline(one);
    await open(new CacheStore(one.local, one.remote)).forget({ discardPending: true });
    one.plug.out = false;
    const collection = await one.repo.collection("c");
    await expect(collection.series("s").write({ t: [-3], v: [3] })).rejects.toMatchObject({ code: "closed" });
    await expect(collection.pin()).rejects.toMatchObject({ code: "closed" });
    expect(one.warnings).toContainEqual(expect.stringMatching(/was emptied by forget\(\)/));
  });

  it("empties every cache of a stack", async () => {
    const { local, remote } = await device();
    const nearest = new MemoryStore();
    const repo = open(new CacheStore(nearest, new CacheStore(local, remote)));
    await (await repo.collection("c")).series("s").read();
    await flush(repo);
    expect((await paths(nearest)).length).toBeGreaterThan(3);
    await repo.forget();
    expect([await paths(nearest), await paths(local)]).toEqual([[], []]);
  });

  it("does not touch a store that may be a repo itself, and says how to delete it", async () => {
    const { remote } = await device();
    const named = Object.assign(new MemoryStore("indexeddb://mine"), {});
    const repo = open(new CacheStore(named, remote, { quota: Number.POSITIVE_INFINITY }));
    const collection = await repo.collection("c");
    await collection.series("s").read();
    await expect(repo.forget()).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringMatching(/indexeddb:\/\/mine.*deleteDatabase\("lakota:mine"\)/),
    });
    expect((await collection.series("s").read()).length).toBe(2_000);
  });

  it("can be aborted before it has removed anything", async () => {
    const { local, repo } = await device();
    await repo.ls();
    await flush(repo);
    const before = await paths(local);
    await expect(repo.forget({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "aborted" });
    expect(await paths(local)).toEqual(before);
    expect(await repo.ls()).toEqual(["c"]);
  });
});
