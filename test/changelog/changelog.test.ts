import { expect, it } from "vitest";
import { Changelog } from "../../src/changelog/changelog.ts";
import { EMPTY_COMMIT } from "../../src/changelog/commit.ts";
import { Schema } from "../../src/model/schema.ts";
import { MemoryStore } from "../../src/stores/memory.ts";

/** A store whose listings, once looked up, are held back until told. */
class HeldStore extends MemoryStore {
  held: (() => void)[] | undefined;

  override async list(prefix: string) {
    const found = await super.list(prefix);
    await new Promise<void>((resolve) => (this.held ? this.held.push(resolve) : resolve()));
    return found;
  }

  async untilHeld(count: number): Promise<void> {
    while ((this.held?.length ?? 0) < count) await Promise.resolve();
  }
}

it("an own revision is seen at once, however many listings are under way", async () => {
  const store = new HeldStore();
  const schema = new Schema({ t: "int*", v: "float" });
  const changelog = new Changelog(store, "aa/bb/c", schema, Number.POSITIVE_INFINITY);
  const first = await changelog.commit(EMPTY_COMMIT, []);
  store.held = [];
  changelog.refresh();
  const one = changelog.log();
  await store.untilHeld(1);
  changelog.refresh();
  const other = changelog.log();
  await store.untilHeld(2);
  store.held[0]!();
  await one;
  const second = await changelog.commit({ ...EMPTY_COMMIT, about: { message: "second" } }, [first]);
  store.held[1]!();
  await other;
  expect((await changelog.log()).heads).toEqual([second]);
});
