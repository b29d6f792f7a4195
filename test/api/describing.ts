import type { DescriptionChange } from "../../src/model/api/description.ts";
import type { Case } from "./conformance.ts";
import { expectError, expectSame, minutes, weather } from "./helpers.ts";

const ODD = ["__proto__", "constructor", "a/b c", "日本語 🌡", " x ", '"quoted"\n'];

export const cases: readonly Case[] = [
  {
    name: "describe: fields of a collection and its columns are merged, and null removes one",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      expectSame(await collection.info(), {}, "nothing known");
      const first = await collection.describe({
        title: "Weather",
        description: "Minute by minute.",
        source: "A roof",
        licence: "CC0",
        timeZone: "Europe/Brussels",
        columns: { value: { title: "Temperature", unit: "°C" } },
      });
      expectSame(first?.rows, 7, "rows");
      await collection.describe({ title: null, source: "Two roofs", columns: { value: { unit: "K" } } });
      const expected = {
        description: "Minute by minute.",
        source: "Two roofs",
        licence: "CC0",
        timeZone: "Europe/Brussels",
        columns: { value: { title: "Temperature", unit: "K" } },
      };
      expectSame(await collection.info(), expected, "merged");
      expectSame(await collection.describe(expected), undefined, "what is known makes no revision");
      expectSame(await collection.describe({ title: null }), undefined, "nothing to remove");
      await collection.describe({ columns: { value: null } });
      expectSame((await collection.info()).columns, undefined, "a column that is null");
      expectSame((await collection.log()).length, 0, "revisions of the data");
    },
  },
  {
    name: "describe: series, one or many, whatever their labels are",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const all = Object.fromEntries(ODD.map((label, i) => [label, { title: `Title ${i}` }]));
      await collection.describe({ series: all });
      const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
      expectSame((await collection.info({ series: "all" })).series, sorted, "all");
      for (const [i, label] of ODD.entries()) {
        const series = collection.series(label);
        expectSame(await series.info(), { title: `Title ${i}` }, label);
        await series.describe({ unit: "°C", tags: ["one", "two", "one"] });
        expectSame(await series.info(), { title: `Title ${i}`, unit: "°C", tags: ["one", "two"] }, label);
        await series.describe({ title: null, tags: [] });
        expectSame(await series.info(), { unit: "°C" }, label);
        await series.describe(null);
        expectSame(await series.info(), {}, label);
      }
      expectSame(await collection.info({ series: "all" }), {}, "nothing left");
      expectSame(await collection.ls(), [], "describing makes no series");
      await collection.describe({ title: "Weather", series: { a: { unit: "K" }, b: { unit: "°F" } } });
      expectSame(await collection.info(), { title: "Weather" }, "series only if asked for");
      expectSame(
        await collection.info({ series: ["b", "none"] }),
        { title: "Weather", series: { b: { unit: "°F" } } },
        "one of them",
      );
    },
  },
  {
    name: "describe: has a history, of its own",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      await collection.series("s").write(minutes(2));
      await collection.describe({ title: "One" }, { note: { author: "Ada", message: "first" } });
      const second = await collection.describe({ title: "Two" });
      expectSame((await collection.info({ before: second!.revision })).title, "One", "before the second");
      expectSame(await collection.info({ before: new Date(0) }), {}, "before all");
      expectSame((await collection.log()).length, 1, "revisions of the data");
      await expectError(collection.info({ before: "nonsense" }), "invalid-argument", /nonsense/);
    },
  },
  {
    name: "describe: a renamed series takes its description along, and its old label keeps it",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const before = await collection.batch(async (batch) => {
        for (const label of ["a", "b", "c"]) await batch.series(label).write(minutes(1));
      });
      await collection.describe({ series: { a: { title: "A" }, b: { title: "B" }, gone: { unit: "K" } } });
      await collection.rename("a", "a2");
      expectSame(
        (await collection.info({ series: ["a", "a2"] })).series,
        { a: { title: "A" }, a2: { title: "A" } },
        "renamed",
      );
      await collection.batch(async (batch) => {
        await batch.rename("a2", "t");
        await batch.rename("b", "a2");
        await batch.rename("t", "b");
        await batch.rename("c", "gone");
      });
      expectSame(
        (await collection.info({ series: "all" })).series,
        { a: { title: "A" }, a2: { title: "B" }, b: { title: "A" } },
        "exchanged; what was left of another series is not taken for its own",
      );
      await collection.revert(before!.revision);
      expectSame(await collection.series("a").info(), { title: "A" }, "reverted");
    },
  },
  {
    name: "ls: series by tag and text",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const labels = ["Brussels", "Ghent", "Liège", "Oostende"];
      await collection.batch(async (batch) => {
        for (const label of labels) await batch.series(label).write(minutes(1));
      });
      expectSame(await collection.ls({ text: "e" }), labels, "text in a label, nothing described");
      await collection.describe({
        series: {
          Brussels: { title: "Uccle", tags: ["synoptic", "inland"] },
          Ghent: { description: "By the river Scheldt", tags: ["inland"] },
          Oostende: { unit: "°C", tags: ["coast"] },
          unwritten: { tags: ["coast"] },
        },
      });
      expectSame(await collection.ls({ tag: "inland" }), ["Brussels", "Ghent"], "tag");
      expectSame(await collection.ls({ tag: "INLAND" }), [], "a tag is compared as it is");
      expectSame(await collection.ls({ text: "uccle" }), ["Brussels"], "title");
      expectSame(await collection.ls({ text: "SCHELDT" }), ["Ghent"], "description");
      expectSame(await collection.ls({ text: "coast" }), ["Oostende"], "text in a tag");
      expectSame(await collection.ls({ text: "°c" }), ["Oostende"], "unit");
      expectSame(
        await collection.ls({ text: "e", tag: "inland", limit: 1 }),
        ["Brussels"],
        "both, and a limit",
      );
      expectSame(await collection.ls({ tag: "inland", after: "Brussels" }), ["Ghent"], "after");
      expectSame(await collection.ls({ tag: "inland", prefix: "B" }), ["Brussels"], "prefix");
      expectSame(await collection.ls({ tag: "none" }), [], "a tag that no series has");
      await expectError(collection.ls({ tag: 5 as never }), "invalid-argument", /tag/);
      await expectError(collection.ls({ text: {} as never }), "invalid-argument", /text/);
    },
  },
  {
    name: "describe: what it cannot store is an error that names the field, and changes nothing",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const wrong: readonly [change: unknown, message: RegExp][] = [
        [{ titel: "x" }, /titel is no field.*title, description, source/],
        [{ title: 5 }, /title: 5 is no text/],
        [{ title: "" }, /title: "" is no text.*null/],
        [
          { timeZone: "Europe/Brusels" },
          /timeZone: "Europe\/Brusels" is no time zone\. .*"Europe\/Brussels" or "UTC"/,
        ],
        [{ timeZone: 5 }, /timeZone: 5 is no text/],
        [{ title: "x".repeat(201) }, /title has 201 characters.*200/],
        [{ description: "x".repeat(10_001) }, /description has 10001 characters/],
        [{ unit: "K" }, /unit is no field/],
        [{ columns: [] }, /columns/],
        [{ columns: { valeu: { unit: "K" } } }, /"valeu".*timestamp, value/],
        [{ columns: { value: "K" } }, /columns\.value: "K" is no object/],
        [{ columns: { value: { tags: ["x"] } } }, /columns\.value\.tags is no field/],
        [{ series: { "": { unit: "K" } } }, /label/],
        [{ series: { s: { tags: "x" } } }, /series\.s\.tags: "x" is no list/],
        [{ series: { s: { tags: [1] } } }, /series\.s\.tags\[0\]: 1 is no text/],
        [{ series: { s: { tags: new Array(101).fill("x") } } }, /101 tags/],
        [{ series: { s: { constructor: "x" } } }, /constructor is no field/],
        [{ title: "right", series: { s: 1 } }, /series\.s: 1 is no object/],
        [null, /./],
        ["text", /./],
        [[], /./],
      ];
      for (const [change, message] of wrong)
        await expectError(collection.describe(change as DescriptionChange), "invalid-argument", message);
      expectSame(await collection.describe({}), undefined, "nothing to describe");
      expectSame(await collection.info({ series: "all" }), {}, "nothing stored");
      await expectError(collection.series("s").describe(7 as never), "invalid-argument", /./);
      await expectError(collection.info({ series: 5 as never }), "invalid-argument", /series/);
      await expectError(collection.info({ series: [5] as never }), "invalid-argument", /./);
      await expectError(
        collection.describe({ title: "x" }, { note: { author: 5 as never } }),
        "invalid-argument",
        /author/,
      );
    },
  },
  {
    name: "describe: follows renames and clones of the collection, and ends with it",
    async run(entryPoint) {
      const { repo, collection } = await weather(entryPoint);
      await collection.series("s").write(minutes(1));
      await collection.describe({
        title: "Weather",
        columns: { value: { unit: "°C" } },
        series: { s: { tags: ["roof"] } },
      });
      await repo.rename("weather", "roof");
      const renamed = await repo.collection("roof");
      expectSame((await renamed.info()).title, "Weather", "renamed");
      const schema = new entryPoint.Schema({ timestamp: "timestamp*", celsius: "float", other: "float" });
      const clone = await repo.clone("roof", "copy", { schema, rename: { value: "celsius" } });
      const described = {
        title: "Weather",
        columns: { celsius: { unit: "°C" } },
        series: { s: { tags: ["roof"] } },
      };
      expectSame(await clone.info({ series: "all" }), described, "clone");
      await repo.delete("roof");
      const again = await repo.createCollection(renamed.schema, "roof");
      expectSame(await again.info({ series: "all" }), {}, "another one of the same name");
      expectSame(await clone.info({ series: "all" }), described, "the clone keeps its own");
      expectSame(await repo.ls(), ["copy", "roof"], "collections");
      expectSame((await repo.verify()).problems, [], "problems");
    },
  },
];
