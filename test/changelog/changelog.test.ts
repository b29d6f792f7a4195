import { expect, it } from "vitest";
import { Changelog } from "../../src/changelog/changelog.ts";
import { EMPTY_COMMIT } from "../../src/changelog/commit.ts";
import { parseName } from "../../src/changelog/revision.ts";
import { Schema } from "../../src/model/schema.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";

/** A store that delays the results of listings, and writes, until they are released. */
class HeldStore extends MemoryStore {
  lists: (() => void)[] | undefined;
  puts: (() => void)[] | undefined;

  override async list(prefix: string) {
    const found = await super.list(prefix);
    await new Promise<void>((resolve) => (this.lists ? this.lists.push(resolve) : resolve()));
    return found;
  }

  override async put(path: string, bytes: Uint8Array) {
    await new Promise<void>((resolve) => (this.puts ? this.puts.push(resolve) : resolve()));
    return super.put(path, bytes);
  }

  async untilHeld(what: "lists" | "puts", count: number): Promise<void> {
    while ((this[what]?.length ?? 0) < count) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A store whose listings leave out some files. */
class LaggingStore extends MemoryStore {
  hidden = "nothing";

  override async list(prefix: string) {
    return (await super.list(prefix)).filter(({ path }) => !path.endsWith(this.hidden));
  }
}

it("an own revision is seen however late listings include it, until it is trimmed", async () => {
  const store = new LaggingStore();
  const changelog = new Changelog(store, "aa/bb/c", new Schema({ t: "int*", v: "float" }), 0);
  const first = await changelog.commit(EMPTY_COMMIT, []);
  const second = await changelog.commit({ ...EMPTY_COMMIT, about: { message: "second" } }, [first]);
  store.hidden = second;
  for (const _ of "123") {
    changelog.refresh();
    expect((await changelog.log()).heads).toEqual([second]);
  }
  const { files } = await changelog.log();
  changelog.forget([parseName(files.get(second)!)!]);
  expect((await changelog.log()).heads).toEqual([first]);
});

it("an own revision is seen at once, however many listings are under way", async () => {
  const store = new HeldStore();
  const schema = new Schema({ t: "int*", v: "float" });
  const changelog = new Changelog(store, "aa/bb/c", schema, Number.POSITIVE_INFINITY);
  const first = await changelog.commit(EMPTY_COMMIT, []);
  await changelog.log();
  store.puts = [];
  const committing = changelog.commit({ ...EMPTY_COMMIT, about: { message: "second" } }, [first]);
  await store.untilHeld("puts", 1);
  store.lists = [];
  changelog.refresh();
  const one = changelog.log();
  await store.untilHeld("lists", 1);
  changelog.refresh();
  const other = changelog.log();
  await store.untilHeld("lists", 2);
  store.lists[0]!();
  await one;
  store.puts[0]!();
  const second = await committing;
  store.lists[1]!();
  await other;
  expect((await changelog.log()).heads).toEqual([second]);
});
