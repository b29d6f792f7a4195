import type { Collection } from "../../src/model/api/collection.ts";
import type { Repo } from "../../src/model/api/repo.ts";
import type { Case } from "./conformance.ts";
import { type EntryPoint, expectError, expectSame, minutes, START, weather } from "./helpers.ts";

/** Creates a collection with an integer index and two value columns. */
async function table({ open, Schema }: EntryPoint): Promise<{ repo: Repo; collection: Collection }> {
  const repo = await open("memory://");
  const schema = new Schema({ key: "int*", a: "float", b: "str" });
  return { repo, collection: await repo.createCollection(schema, "table") };
}

const rows = async (collection: Collection, label = "s") => {
  const frame = await collection.series(label).read({ numbers: true });
  const [key, a, b] = ["key", "a", "b"].map((name) => Array.from(frame.get(name) as ArrayLike<unknown>));
  return key!.map((_, row) => [key![row], a![row], b![row]]);
};

const at = (row: number) => new Date((START + 60 * row) * 1000);

export const cases: readonly Case[] = [
  {
    name: "update: sets some columns of some keys; new keys get zeros in the others",
    async run(entryPoint) {
      const { collection } = await table(entryPoint);
      const series = collection.series("s");
      await series.write({ key: [1, 2, 4], a: [1, 2, 4], b: ["x", "y", "z"] });
      await series.update({ key: [2, 3], a: [20, 30] });
      expectSame(
        await rows(collection),
        [
          [1, 1, "x"],
          [2, 20, "y"],
          [3, 30, ""],
          [4, 4, "z"],
        ],
        "rows",
      );
      await series.update({ key: [0, 4, 9], b: ["o", "p", "q"] });
      expectSame(
        await rows(collection),
        [
          [0, 0, "o"],
          [1, 1, "x"],
          [2, 20, "y"],
          [3, 30, ""],
          [4, 4, "p"],
          [9, 0, "q"],
        ],
        "rows, again",
      );
      const before = (await collection.log()).length;
      await series.update({ key: [0, 4], b: ["o", "p"] });
      expectSame((await collection.log()).length, before, "an update to what is there makes no revision");
      await expectError(series.update({ a: [1] }), "invalid-frame", /"key"/);
      await expectError(series.update({ key: [1, 1], a: [1, 2] }), "invalid-frame", /second time/);
      await expectError(series.update({ key: [2, 1], a: [1, 2] }), "unsorted");
      await expectError(series.update({ key: [1], c: [1] }), "invalid-argument", /"c"/);
    },
  },
  {
    name: "update: sets all rows of a repeated key",
    async run(entryPoint) {
      const { collection } = await table(entryPoint);
      await collection.series("s").write({ key: [1, 1, 2], a: [1, 2, 3], b: ["x", "y", "z"] });
      await collection.series("s").update({ key: [1], a: [9] });
      expectSame(
        await rows(collection),
        [
          [1, 9, "x"],
          [1, 9, "y"],
          [2, 3, "z"],
        ],
        "rows",
      );
    },
  },
  {
    name: "delete: a range, with each value of `closed`",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const series = collection.series("Brussels");
      const values = async () => [...(await series.read()).numbers("value")];
      await series.write(minutes(9));
      await series.delete({ start: at(1), stop: at(2) });
      expectSame(await values(), [0.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5], "left");
      await series.delete({ start: at(2), stop: at(4), closed: "none" });
      expectSame(await values(), [0.5, 2.5, 4.5, 5.5, 6.5, 7.5, 8.5], "none");
      await series.delete({ stop: at(2), closed: "right" });
      expectSame(await values(), [4.5, 5.5, 6.5, 7.5, 8.5], "from the first row");
      await series.delete({ start: at(7), closed: "right" });
      expectSame(await values(), [4.5, 5.5, 6.5, 7.5], "to the last row");
      const revisions = (await collection.log()).length;
      await series.delete({ start: at(100), stop: at(200) });
      expectSame((await collection.log()).length, revisions, "where nothing is, no revision is made");
      await series.delete({});
      expectSame(
        [await series.length(), await collection.ls()],
        [0, ["Brussels"]],
        "an emptied series stays",
      );
      await series.write(minutes(2));
      expectSame(await values(), [0.5, 1.5], "and can be written again");
      await expectError(series.delete({ start: at(0), keys: [at(0)] }), "invalid-argument");
    },
  },
  {
    name: "delete: keys",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const series = collection.series("Brussels");
      await series.write(minutes(6));
      await series.delete({ keys: [at(4), at(1), at(77)] });
      expectSame([...(await series.read()).numbers("value")], [0.5, 2.5, 3.5, 5.5], "rows");
    },
  },
  {
    name: "delete: a range may be a prefix of the index, keys must be complete",
    async run({ open, Schema }) {
      const repo = await open("memory://");
      const schema = new Schema({ station: "str*", t: "int*", x: "float" });
      const series = (await repo.createCollection(schema, "stations")).series("s");
      const station = ["a", "a", "b", "b", "c"];
      await series.write({ station, t: [1, 2, 1, 2, 1], x: [1, 2, 3, 4, 5] });
      await series.delete({ start: "b", stop: "b", closed: "both" });
      expectSame([...(await series.read()).numbers("x")], [1, 2, 5], "rows");
      await series.delete({ keys: [["a", 2]] });
      expectSame([...(await series.read()).numbers("x")], [1, 5], "rows");
      await expectError(series.delete({ keys: ["a"] }), "invalid-argument", /station, t/);
    },
  },
  {
    name: "kv: new rows win, also in a first write; keys are deleted",
    async run({ open, Schema }) {
      const repo = await open("memory://");
      const collection = await repo.createCollection(Schema.kv({ name: "str*", value: "float" }), "settings");
      const series = collection.series("all");
      await series.write({ name: ["b", "a", "b"], value: [1, 2, 3] });
      await series.write({ name: ["c", "a"], value: [4, 5] });
      const state = async () => {
        const frame = await series.read();
        return [frame.get("name"), [...frame.numbers("value")]];
      };
      expectSame(
        await state(),
        [
          ["a", "b", "c"],
          [5, 3, 4],
        ],
        "rows",
      );
      await series.delete({ keys: ["a", "c"] });
      expectSame(await state(), [["b"], [3]], "rows after deletion");
    },
  },
  {
    name: "drop and rename series",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      await collection.batch(async (batch) => {
        for (const label of ["a", "b", "c"]) await batch.series(label).write(minutes(2));
      });
      await collection.rename("a", "z");
      await collection.drop(["b"]);
      expectSame(await collection.ls(), ["c", "z"], "labels");
      expectSame([...(await collection.series("z").read()).numbers("value")], [0.5, 1.5], "rows");
      await expectError(collection.drop("b"), "not-found", /"b".*c, z/);
      await expectError(collection.rename("c", "z"), "exists");
      await expectError(collection.rename("nobody", "x"), "not-found");
      await collection.drop("c");
      expectSame(await collection.ls(), ["z"], "labels");
    },
  },
  {
    name: "batch: makes one revision of all kinds of changes, in order",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      await collection.series("old").write(minutes(5));
      const revisions = (await collection.log()).length;
      await collection.batch(async (batch) => {
        const series = batch.series("s");
        await series.write(minutes(3));
        await series.write(minutes(3, 3));
        await series.delete({ start: at(1), stop: at(2) });
        await series.update({ timestamp: [at(0)], value: [7] });
        await batch.rename("old", "new");
        await batch.series("new").delete({ start: at(3) });
      });
      expectSame((await collection.log()).length, revisions + 1, "revisions");
      expectSame(
        [...(await collection.series("s").read()).numbers("value")],
        [7, 2.5, 3.5, 4.5, 5.5],
        "rows",
      );
      expectSame([...(await collection.series("new").read()).numbers("value")], [0.5, 1.5, 2.5], "renamed");
      await expectError(
        collection.batch(async (batch) => {
          await batch.series("s").delete({});
          await batch.drop("nobody");
        }),
        "not-found",
      );
      expectSame(await collection.series("s").length(), 5, "nothing of a batch that failed is seen");
    },
  },
  {
    name: "batch: a caller may reuse its arrays once a change has resolved",
    async run(entryPoint) {
      const { collection } = await table(entryPoint);
      const [key, a, b] = [BigInt64Array.of(1n, 2n), Float64Array.of(1, 2), ["x", "y"]];
      await collection.batch(async (batch) => {
        await batch.series("written").write({ key, a, b });
        a.fill(3);
        await batch.series("updated").update({ key, a });
        key.set([7n, 8n]);
        a.fill(4);
        await batch.series("later").update({ key, a });
        key.fill(0n);
        a.fill(0);
      });
      const values = async (label: string) => (await rows(collection, label)).map(([key, a]) => [key, a]);
      const both = (key: number, a: number) => [
        [key, a],
        [key + 1, a],
      ];
      expectSame(
        await values("written"),
        [
          [1, 1],
          [2, 2],
        ],
        "written",
      );
      expectSame(await values("updated"), both(1, 3), "updated");
      expectSame(await values("later"), both(7, 4), "later");
    },
  },
  {
    name: "many small appends leave few segments, and every row",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const series = collection.series("s");
      for (let i = 0; i < 40; i++) await series.write(minutes(5, 5 * i));
      expectSame([...(await series.read()).numbers("value")], [...minutes(200).value], "rows");
      const { series: left } = await collection.defrag({ dryRun: true });
      if ((left[0]?.was ?? 0) > 8) throw new Error(`40 appends left ${left[0]?.was} segments`);
    },
  },
];
