import type { Case } from "./conformance.ts";
import { expectError, expectSame, minutes, weather } from "./helpers.ts";

export const cases: readonly Case[] = [
  {
    name: "missing: reading a series that does not exist is an error that names similar ones",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const absent = collection.series("Brusels");
      await expectError(
        absent.read(),
        "not-found",
        /no series "Brusels" in the collection "weather".*has no series/,
      );
      await collection.series("Brussels").write(minutes(3));
      await collection.series("Ghent").write(minutes(3));
      const expected = ["not-found", /There is no series "Brusels".*Did you mean "Brussels"\?/] as const;
      await expectError(absent.read(), ...expected);
      await expectError(absent.read({ where: "value > 0", numbers: true }), ...expected);
      await expectError(absent.tail(5), ...expected);
      await expectError(absent.length(), ...expected);
      await expectError(absent.pages().next(), ...expected);
      await expectError(absent.downsample(), ...expected);
      await expectError(absent.reduce({ columns: { rows: "(count)" } }), ...expected);
      await expectError(collection.read(["Ghent", "Brusels"]), ...expected);
      await expectError(collection.downsample({ series: ["Ghent", "Brusels"] }), ...expected);
      await expectError(collection.downsample({ series: ["Brusels"], align: true }), ...expected);
      await expectError(collection.series("x").read(), "not-found", /"Brussels", /);
      await expectError(absent.read({ missing: "error" }), ...expected);
    },
  },
  {
    name: "missing: by choice it is read as a series without rows",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      await collection.series("Brussels").write(minutes(3));
      const absent = collection.series("none");
      const missing = "empty" as const;
      expectSame((await absent.read({ missing })).columns, ["timestamp", "value"], "columns");
      expectSame(
        [
          (await absent.read({ missing })).length,
          (await absent.read({ missing, where: "value > 0" })).length,
          (await absent.tail(5, { missing })).length,
          await absent.length({ missing }),
          (await absent.pages({ missing }).next()).done,
          (await absent.downsample({ missing })).rows,
          (await absent.reduce({ missing, columns: { rows: "(count)" } })).length,
          (await collection.read(["Brussels", "none"], { missing })).get("none")?.length,
          (await collection.downsample({ series: ["none"], missing })).get("none")?.rows,
          (await collection.downsample({ series: ["none"], missing, align: true })).x.length,
        ],
        [0, 0, 0, 0, true, 0, 0, 0, 0, 0],
        "rows",
      );
    },
  },
  {
    name: "missing: a series without rows exists, and one that was dropped or renamed does not",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const series = collection.series("a");
      expectSame(await collection.has("a"), false, "before the first write");
      await series.write(minutes(3));
      const [first] = await collection.log();
      expectSame(await collection.has("a"), true, "after it");
      await expectError(series.read({ before: first! }), "not-found", /before/);
      expectSame((await series.read({ before: first!, missing: "empty" })).length, 0, "earlier, by choice");
      await series.delete({ start: "2000-01-01" });
      expectSame([await collection.has("a"), (await series.read()).length], [true, 0], "without rows");
      expectSame(await series.length({ start: "2020-01-01", stop: "2019-01-01" }), 0, "an empty range");
      await collection.rename("a", "b");
      expectSame([await collection.has("a"), await collection.has("b")], [false, true], "renamed");
      await expectError(series.read(), "not-found", /"a"/);
      await collection.drop("b");
      expectSame(await collection.has("b"), false, "dropped");
      await expectError(collection.has(""), "invalid-argument", /label/);
      await expectError(collection.has("a", { signal: AbortSignal.abort() }), "aborted");
    },
  },
];
