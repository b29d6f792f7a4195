import { type Repo, Schema } from "lakota/engine";
import { expect, it } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { Store } from "../../src/stores/store.ts";

const schema = new Schema({ t: "int*", v: "float" });
const open = (store: Store) => new EngineRepo(store, decodeChunk, { maxAge: 0 });
const create = (repo: Repo) => repo.createCollection(schema, "c");

/**
 * The store as seen by a writer that listed it before the others wrote, and lists it again only after its own
 * write.
 */
function outdated(store: Store): Store {
  const lists = new Map<string, ReturnType<Store["list"]>>();
  let wrote = false;
  return new Proxy(store, {
    get(target, name: keyof Store) {
      if (name === "list") {
        return (prefix: string) => {
          const known = wrote ? target.list(prefix) : (lists.get(prefix) ?? target.list(prefix));
          lists.set(prefix, known);
          return known;
        };
      }
      const value = target[name];
      if (typeof value !== "function") return value;
      if (name === "put") wrote = wrote || lists.size > 0;
      return value.bind(target);
    },
  });
}

/** Both writers write to the collection that they got. Checks that a third one finds the rows of both. */
async function expectOne(
  store: Store,
  [one, other]: [Awaited<ReturnType<typeof create>>, Awaited<ReturnType<typeof create>>],
) {
  await one.series("a").write({ t: [1], v: [1] });
  await other.series("b").write({ t: [1], v: [1] });
  const repo = open(store);
  expect(await repo.ls()).toEqual(["c"]);
  expect(await (await repo.collection("c")).ls()).toEqual(["a", "b"]);
}

it("one repo that creates a collection twice concurrently gets the same one", async () => {
  const store = new MemoryStore();
  const repo = open(store);
  await expectOne(store, await Promise.all([create(repo), create(repo)]));
});

it("two repos that create a collection concurrently get the same one", async () => {
  const store = new MemoryStore();
  await expectOne(store, await Promise.all([create(open(outdated(store))), create(open(outdated(store)))]));
});

it("a writer that has not seen that the collection exists gets the existing one", async () => {
  const store = new MemoryStore();
  const stale = open(outdated(store));
  await stale.ls();
  const one = await create(open(store));
  const other = await create(stale);
  await expectOne(store, [one, other]);
});

it("so it does if a third writer has merged the two heads meanwhile", async () => {
  const store = new MemoryStore();
  const stale = outdated(store);
  await open(stale).ls();
  const one = await create(open(store));
  const put = store.put.bind(store);
  store.put = async (...args) => {
    store.put = put;
    const made = await put(...args); // the outdated writer's revision of the registry
    await open(store).createCollection(schema, "d");
    return made;
  };
  const other = await create(open(stale));
  await one.series("a").write({ t: [1], v: [1] });
  await other.series("b").write({ t: [1], v: [1] });
  const repo = open(store);
  expect(await repo.ls()).toEqual(["c", "d"]);
  expect(await (await repo.collection("c")).ls()).toEqual(["a", "b"]);
});

it("of two writers that create it with different schemas, one gets an error", async () => {
  const store = new MemoryStore();
  const stale = open(outdated(store));
  await stale.ls();
  await create(open(store));
  const made = stale.createCollection(new Schema({ t: "int*", w: "float" }), "c");
  await expect(made).rejects.toMatchObject({ code: "exists" });
  expect((await open(store).collection("c")).schema.equals(schema)).toBe(true);
});
