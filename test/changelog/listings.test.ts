import { expect, it, vi } from "vitest";
import { Changelog } from "../../src/changelog/changelog.ts";
import { EMPTY_COMMIT } from "../../src/changelog/commit.ts";
import { parseName, ROOT } from "../../src/changelog/revision.ts";
import { Schema } from "../../src/model/schema.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";

const FOLDER = `ab/cd/${"0".repeat(36)}`;
const schema = new Schema({ t: "int*", v: "float" });
const noted = (message: string) => ({ ...EMPTY_COMMIT, about: { message } });

/** Commits on all heads, as a write does. */
async function commit(changelog: Changelog, message: string): Promise<string> {
  changelog.refresh();
  const { heads } = await changelog.state();
  return changelog.commit(noted(message), heads);
}

it("a commit lists its folder once, and for paths alone", async () => {
  const store = new MemoryStore();
  const list = vi.spyOn(store, "list");
  const changelog = new Changelog(store, FOLDER, schema, 1_000);
  for (let i = 0; i < 5; i++) {
    await commit(changelog, `commit ${i}`);
    expect(list.mock.calls).toEqual([[`${FOLDER}/`, { detail: "path", signal: expect.any(AbortSignal) }]]);
    list.mockClear();
  }
  const { heads } = await changelog.log();
  expect(heads).toHaveLength(1);
  expect(list).not.toHaveBeenCalled();
});

it("a commit merges what others committed since the last one, before its own and beside it", async () => {
  const store = new MemoryStore();
  const [own, other] = [0, 1].map(() => new Changelog(store, FOLDER, schema, 0)) as [Changelog, Changelog];
  await commit(own, "first");
  for (let i = 0; i < 4; i++) {
    const before = await commit(own, `own ${i}`);
    const theirs = await commit(other, `other ${i}`);
    expect((await other.log()).parents.get(theirs)).toEqual([before]);
    const after = await commit(own, `again ${i}`);
    expect((await own.log()).parents.get(after)).toEqual([theirs]);
    const base = await commit(own, `base ${i}`);
    await other.commit(noted(`fork ${i}`), [after]);
    own.refresh();
    expect((await own.log()).heads).toHaveLength(2);
    const merged = await commit(own, `merge ${i}`);
    const parents = (await own.log()).parents.get(merged)!;
    expect(parents).toHaveLength(2);
    expect(parents).toContain(base);
    expect((await own.log()).heads).toEqual([merged]);
  }
  // A reader who sees all files for the first time agrees.
  const fresh = new Changelog(store, FOLDER, schema, 0);
  const [seen, known] = [await fresh.log(), await own.log()];
  expect(seen.ids).toEqual(known.ids);
  expect(seen.heads).toEqual(known.heads);
});

it("revisions that others have trimmed are gone after the next listing", async () => {
  const store = new MemoryStore();
  const changelog = new Changelog(store, FOLDER, schema, 0);
  const ids: string[] = [];
  for (let i = 0; i < 4; i++) ids.push(await commit(changelog, `commit ${i}`));
  changelog.refresh();
  await changelog.log();
  await store.delete(`${FOLDER}/${ROOT}.${ids[0]}`);
  changelog.refresh();
  expect((await changelog.log()).ids).toEqual(ids.slice(1));
  const next = await commit(changelog, "after");
  expect((await changelog.log()).parents.get(next)).toEqual([ids[3]]);
});

it("a listing that adds one revision parses one name", async () => {
  const store = new MemoryStore();
  const changelog = new Changelog(store, FOLDER, schema, 0);
  for (let i = 0; i < 50; i++) await commit(changelog, `commit ${i}`);
  const exec = vi.spyOn(RegExp.prototype, "exec");
  await commit(changelog, "one more");
  const parsed = exec.mock.calls.filter(([text]) => parseName(text));
  exec.mockRestore();
  expect(parsed.length).toBeGreaterThan(0);
  expect(parsed.length).toBeLessThan(10);
});
