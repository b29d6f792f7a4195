import { mkdir, readdir, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FileStore } from "../../src/stores/file/file-store.ts";
import { conforms } from "./suite.ts";
import { folders, text } from "./tools.ts";

const folder = folders();

conforms("FileStore", async () => new FileStore(await folder()));
conforms(
  "FileStore without sync",
  async () => new FileStore(join(await folder(), "made/later"), { sync: false }),
);

describe("FileStore", () => {
  test("has the URI of its folder", async () => {
    expect(new FileStore("/some/where").uri).toBe("file:///some/where");
  });

  test("leaves no temporary files and no empty folders", async () => {
    const root = await folder();
    const store = new FileStore(root);
    await store.put("a/b/c", text("x"));
    await store.put("a/b/c", text("y"));
    expect(await readdir(join(root, ".lakota/tmp/writes"))).toEqual([]);
    await store.delete("a/b/c");
    expect(await readdir(root)).toEqual([".lakota"]);
    await store.put("a/b/c", text("x"));
    await store.move("a/b/c", "d");
    expect((await readdir(root)).sort()).toEqual([".lakota", "d"]);
  });

  test("never lists unfinished files, and removes old ones only", async () => {
    const root = await folder();
    const unfinished = join(root, ".lakota/tmp/writes");
    await mkdir(unfinished, { recursive: true });
    await writeFile(join(unfinished, "young"), "x");
    await writeFile(join(unfinished, "old"), "x");
    await utimes(join(unfinished, "old"), new Date(0), new Date(0));
    const store = new FileStore(root);
    expect(await store.list("")).toEqual([]);
    await store.put("a", text("x"));
    expect(await store.list("")).toEqual([{ path: "a", size: 1 }]);
    expect(await readdir(unfinished)).toEqual(["young"]);
  });

  test("two stores on one folder: exactly one writer succeeds, while folders are created and pruned", async () => {
    const root = await folder();
    const stores = [new FileStore(root), new FileStore(root)];
    for (let round = 0; round < 50; round++) {
      const won = await Promise.all(stores.map((store, i) => store.put("race/deep/file", text(`${i}`))));
      expect(won.filter(Boolean)).toHaveLength(1);
      await Promise.all([stores[0]!.delete("race/deep/file"), stores[1]!.put("race/other", text("x"))]);
      await stores[1]!.delete("race/other");
    }
  });

  test("reports a name that is too long, and a file in place of a folder", async () => {
    const store = new FileStore(await folder());
    await expect(store.put(`a/${"x".repeat(300)}`, text("x"))).rejects.toMatchObject({
      code: "invalid-argument",
    });
    await store.put("f", text("x"));
    await expect(store.put("f/b", text("x"))).rejects.toMatchObject({ code: "invalid-argument" });
    await store.put("c/d", text("x"));
    await expect(store.put("c", text("x"))).rejects.toMatchObject({ code: "invalid-argument" });
    await expect(store.put("c", text("x"), { overwrite: true })).rejects.toMatchObject({
      code: "invalid-argument",
    });
    expect(await store.get("c/d")).toEqual(text("x"));
  });

  test("lists a linked file with the size of its target, and ignores a broken link", async () => {
    const root = await folder();
    await writeFile(join(root, "real"), "12345");
    await symlink(join(root, "real"), join(root, "link"));
    await symlink(join(root, "nowhere"), join(root, "broken"));
    expect(await new FileStore(root).list("")).toEqual([
      { path: "link", size: 5 },
      { path: "real", size: 5 },
    ]);
  });
});
