import { type Revision, Schema } from "lakota/engine";
import { describe, expect, it } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";

const schema = new Schema({ t: "int*", v: "float" });

/** Writes five revisions and removes the file of the third: the second then looks like a head. */
async function setUp() {
  const store = new MemoryStore();
  const open = async () => {
    const repo = new EngineRepo(store, decodeChunk, { maxAge: 0, onWarning: () => {} });
    return { repo, collection: await repo.collection("c") };
  };
  const first = new EngineRepo(store, decodeChunk, { maxAge: 0 });
  const written = await first.createCollection(schema, "c");
  for (const v of [1, 2, 3, 4, 5]) await written.series("s").write({ t: [0], v: [v] });
  const log = await written.log();
  expect(log).toHaveLength(5);
  const [gone] = (await store.list("")).filter(({ path }) => path.endsWith(`.${log[2]!.id}`));
  await store.delete(gone!.path);
  return { store, log, open, ...(await open()) };
}

const idsOf = (revisions: readonly Revision[]) => revisions.map(({ id }) => id);
const headsOf = (revisions: readonly Revision[]) => idsOf(revisions.filter(({ head }) => head));

describe("a revision beyond a gap in the history", () => {
  it("is no head, for log, state, merge and reads alike", async () => {
    const { collection, log } = await setUp();
    const [, second, , fourth, fifth] = idsOf(log);
    const after = await collection.log();
    expect(headsOf(after)).toEqual([fifth]);
    expect(after.find(({ id }) => id === fourth)!.parents).toEqual([log[2]!.id, second]);
    expect((await collection.state()).heads).toEqual([fifth]);
    expect((await collection.merge()).revision).toBeUndefined();
    expect([...(await collection.series("s").read()).numbers("v")]).toEqual([5]);
    const before = { before: fifth! };
    expect([...(await collection.series("s").read(before)).numbers("v")]).toEqual([4]);
  });

  it("is trimmed like other ancestors", async () => {
    const { collection, log } = await setUp();
    const { removed } = await collection.trim({ before: log[4]! });
    expect(removed).toEqual(idsOf([log[0]!, log[1]!, log[3]!]));
  });

  it("is no change for a watcher", async () => {
    const { collection, log } = await setUp();
    const { heads, change } = await collection.nextChange(undefined, { every: 1 });
    expect([heads, change]).toEqual([[log[4]!.id], undefined]);
  });

  it("becomes a parent of the next write, which closes the gap for every reader", async () => {
    const { collection, log, store, open } = await setUp();
    await collection.series("s").write({ t: [1], v: [6] });
    const names = (await store.list(`${collection.path}/`)).map(({ path }) => path.split("/").at(-1)!);
    const named = new Set(names.map((name) => name.split(".")[0]));
    expect([named.has(log[1]!.id), named.has(log[4]!.id)]).toEqual([true, true]);
    const { collection: fresh } = await open();
    expect(headsOf(await fresh.log())).toHaveLength(1);
    expect([...(await fresh.series("s").read()).numbers("v")]).toEqual([5, 6]);
  });

  it("is a problem for verify, which says that reads are right", async () => {
    const { repo, log } = await setUp();
    const { problems } = await repo.verify();
    expect(problems).toMatchObject([{ kind: "missing", revision: log[2]!.id }]);
    expect(problems[0]!.message).toMatch(/Reads are right/);
  });

  it("counts as a head while the revision after the gap cannot be read, and reads fail", async () => {
    const { store, log, open } = await setUp();
    const [after] = (await store.list("")).filter(({ path }) => path.endsWith(`.${log[3]!.id}`));
    await store.put(after!.path, new Uint8Array([1]), { overwrite: true });
    const { collection } = await open();
    expect(headsOf(await collection.log())).toEqual([log[1]!.id, log[4]!.id]);
    await expect(collection.series("s").read()).rejects.toMatchObject({ code: "corrupt" });
  });
});
