import { Schema } from "lakota/engine";
import { describe, expect, it } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";

const schema = new Schema({ t: "int*", v: "float" });

/** A repo with a collection "good", and "bad", whose registry entry is the given value. */
async function withEntry(entry: unknown) {
  const store = new MemoryStore();
  const other = new MemoryStore();
  const repo = new EngineRepo(store, decodeChunk, { openStore: () => other, maxAge: 0 });
  const good = await repo.createCollection(schema, "good");
  await good.series("s").write({ t: [1], v: [2] });
  await repo.registry.collection.series("collection").write({ label: ["bad"], meta: [entry] });
  return { repo, other };
}

const dump = schema.dump();

describe("a registry entry of a stranger", () => {
  it.each([
    ["leads out of the repo", { path: "../../other/repo", schema: dump }],
    ["is absolute", { path: "/", schema: dump }],
    ["has a path of another form", { path: "ab/cd", schema: dump }],
    ["leads to the registry", { path: `00/00/${"0".repeat(36)}`, schema: dump }],
    ["has no path", { schema: dump }],
    ["has no schema", { path: `ab/cd/${"e".repeat(36)}` }],
    ["is no object", "text"],
    ["is null", null],
  ])("that %s is corrupt for its label alone", async (_, entry) => {
    const { repo, other } = await withEntry(entry);
    expect(await repo.ls()).toEqual(["bad", "good"]);
    expect((await (await repo.collection("good")).series("s").read()).length).toBe(1);
    const corrupt = { code: "corrupt", message: expect.stringContaining('"bad"') };
    await expect(repo.collection("bad")).rejects.toMatchObject(corrupt);
    await expect(repo.createCollection(schema, "bad")).rejects.toMatchObject(corrupt);
    await expect(repo.rename("bad", "new")).rejects.toMatchObject(corrupt);
    await expect(repo.clone("bad", "new")).rejects.toMatchObject(corrupt);
    await expect(repo.delete("bad", { dryRun: true })).rejects.toMatchObject(corrupt);
    await expect(repo.push("other", { labels: ["bad"] })).rejects.toMatchObject(corrupt);
    await expect(repo.rename("good", "bad")).rejects.toMatchObject({ code: "exists" });
    expect((await repo.verify()).problems).toMatchObject([{ kind: "corrupt", collection: "bad" }]);
    expect(await repo.publish()).toMatchObject({ collections: 1 });
    expect((await repo.push("other")).collections).toMatchObject([{ label: "good" }]);
    expect((await other.list("")).length).toBeGreaterThan(0);
  });
});
