import type { Case } from "./conformance.ts";
import { type EntryPoint, expectError, expectSame, minutes, weather } from "./helpers.ts";

const LABELS = ["a/1", "a/2", "a/3", "b/1", "c"];

/** Creates five series of three rows, each with its position in the values. */
async function five(entryPoint: EntryPoint) {
  const { repo, collection } = await weather(entryPoint);
  await collection.batch(async (batch) => {
    for (const [i, label] of LABELS.entries())
      await batch.series(label).write({ ...minutes(3), value: [i, i + 10, i + 20] });
  });
  return { repo, collection };
}

export const cases: readonly Case[] = [
  {
    name: "ls: labels by prefix, and page by page",
    async run(entryPoint) {
      const { collection } = await five(entryPoint);
      expectSame(await collection.ls({ prefix: "a/" }), ["a/1", "a/2", "a/3"], "prefix");
      expectSame(await collection.ls({ limit: 2 }), ["a/1", "a/2"], "limit");
      expectSame(await collection.ls({ after: "a/2", limit: 2 }), ["a/3", "b/1"], "next page");
      expectSame(await collection.ls({ after: "a/2", prefix: "a" }), ["a/3"], "prefix and after");
      expectSame(await collection.ls({ after: "z" }), [], "after the last one");
      expectSame(await collection.ls({ limit: 0 }), [], "a limit of 0");
      await expectError(collection.ls({ limit: -1 }), "invalid-argument", /limit/);
      await expectError(collection.ls({ prefix: 5 as never }), "invalid-argument", /prefix/);
    },
  },
  {
    name: "read: several series at once, in one state",
    async run(entryPoint) {
      const { collection } = await five(entryPoint);
      const before = (await collection.log()).at(-1)!;
      const progress: number[] = [];
      const frames = await collection.read(["c", "a/2", "c", "none"], {
        columns: ["value"],
        missing: "empty",
        onProgress: ({ chunks, totalChunks }) => progress.push(totalChunks - chunks),
      });
      expectSame([...frames.keys()], ["c", "a/2", "none"], "labels");
      expectSame(Array.from(frames.get("a/2")!.numbers("value")), [1, 11, 21], "rows");
      expectSame(frames.get("none")!.length, 0, "rows of a series that is not there");
      expectSame(progress.at(-1), 0, "chunks left");
      const last = await collection.read(LABELS, { tail: 1, numbers: true });
      expectSame(
        [...last.values()].map((frame) => frame.numbers("value")[0]),
        [20, 21, 22, 23, 24],
        "last rows",
      );
      await collection.series("c").write({ ...minutes(1), value: [100] });
      const then = await collection.read(["c"], { before, limit: 1, missing: "empty" });
      expectSame(then.get("c")!.length, 0, "rows before the first revision");
      const filtered = await collection.read(["c", "a/1"], { where: "(> self.value 50)" });
      expectSame(
        [...filtered.values()].map(({ length }) => length),
        [1, 0],
        "rows with a condition",
      );
      await expectError(collection.read(["c"], { tail: 1, limit: 1 }), "invalid-argument", /tail/);
      await expectError(collection.read("c" as never), "invalid-argument", /labels/);
      await expectError(collection.read(["c"], { columns: ["no"] }), "invalid-argument", /no/);
      await expectError(collection.read(["c"], { signal: AbortSignal.abort() }), "aborted");
    },
  },
  {
    name: "table: a collection of either kind is cloned as the other one, with the same rows",
    async run(entryPoint) {
      const { repo, collection } = await five(entryPoint);
      const rows = async (label: string) => {
        const read = await (await repo.collection(label)).read(LABELS);
        return [...read].map(([series, frame]) => [series, [...frame.numbers("value")]]);
      };
      const expected = await rows(collection.label);
      await repo.clone(collection.label, "tree", { table: "tree" });
      expectSame(await rows("tree"), expected, "rows of the tree");
      await repo.clone("tree", "flat", { table: "flat" });
      expectSame(await rows("flat"), expected, "rows of the flat table");
      await repo.clone("tree", "again");
      expectSame(await rows("again"), expected, "rows of a clone of the same kind");
      for (const label of ["tree", "flat", "again"]) {
        const clone = await repo.collection(label);
        await clone.series("a/1").write({ ...minutes(1, 10), value: [7] });
        expectSame((await clone.series("a/1").read()).length, 4, "rows after a write");
        await clone.drop("b/1");
        expectSame(await clone.ls(), ["a/1", "a/2", "a/3", "c"], "series after a drop");
      }
      expectSame((await repo.verify()).problems, [], "problems");
      await expectError(
        repo.createCollection(collection.schema, "other", { table: "list" as never }),
        "invalid-argument",
        /table/,
      );
      await expectError(repo.clone("tree", "other", { table: "list" as never }), "invalid-argument", /table/);
    },
  },
];
