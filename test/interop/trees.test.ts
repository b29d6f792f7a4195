import { expect, test } from "vitest";
import { NUMBERS, numbers } from "./expected-history.ts";
import { describeOnEachStorage } from "./fixtures.ts";
import { expectFrame, frameOf } from "./frames.ts";

describeOnEachStorage((newRepo) => {
  test("Python fails clearly on a collection whose tables are trees, and works with all others", async () => {
    const { python, javascript, location } = newRepo();
    await python.create("flat", NUMBERS);
    await python.write("flat", "s", numbers(0, 10));
    const repo = await location.open();
    try {
      await repo.clone("flat", "tree", { table: "tree" });
    } finally {
      repo.close();
    }
    await javascript.write("tree", "s", numbers(10, 20));
    await javascript.write("tree", "s2", numbers(0, 5));

    expect(await python.collections()).toEqual(["flat", "tree"]);
    for (const call of [
      () => python.series("tree"),
      () => python.read("tree", "s"),
      () => python.write("tree", "s", numbers(0, 1)),
    ])
      await expect(call()).rejects.toThrow(/lakota-js-tree-table/);
    // What its garbage collection does not know it must not delete.
    await python.gc(0).catch(() => {});
    await python.gc(0).catch(() => {});

    await python.write("flat", "s", numbers(10, 20, 100));
    for (const library of [python, javascript])
      expectFrame(
        await library.read("flat", "s"),
        frameOf(NUMBERS, joined(numbers(0, 10), numbers(10, 20, 100))),
        library.name,
      );
    expectFrame(await javascript.read("tree", "s"), frameOf(NUMBERS, numbers(0, 20)), "JavaScript");
    expectFrame(await javascript.read("tree", "s2"), frameOf(NUMBERS, numbers(0, 5)), "JavaScript");
    expect(await javascript.series("tree")).toEqual(["s", "s2"]);
  });
});

const joined = (...parts: ReturnType<typeof numbers>[]) => ({
  t: parts.flatMap(({ t }) => t!),
  v: parts.flatMap(({ v }) => v!),
});
