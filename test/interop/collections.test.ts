import { describe, expect, test } from "vitest";
import { NUMBERS, numbers } from "./expected-history.ts";
import { describeOnEachStorage, ROLES } from "./fixtures.ts";
import { expectFrame, frameOf } from "./frames.ts";

/** Sorted by code point, as Python sorts text. JavaScript sorts by UTF-16 code unit. */
const UNUSUAL_NAMES = ["A b", "a/b", "é", "e\u0301", "日本語", "\uff5e", "😀"].sort((a, b) =>
  Buffer.compare(Buffer.from(a), Buffer.from(b)),
);

describeOnEachStorage((newRepo) => {
  describe.each(ROLES)("collections written by $writer, read by $reader", (roles) => {
    const libraries = () => {
      const shared = newRepo();
      return { writer: shared[roles.writer], reader: shared[roles.reader] };
    };

    test("and series may have any name", async () => {
      const { writer, reader } = libraries();
      for (const name of UNUSUAL_NAMES) {
        await writer.create(name, { "k é": "str*", "v 日": "str" });
        await writer.write(name, name, { "k é": UNUSUAL_NAMES, "v 日": UNUSUAL_NAMES.toReversed() });
      }
      expect(await reader.collections()).toEqual(UNUSUAL_NAMES);
      for (const name of UNUSUAL_NAMES) {
        expect(await reader.series(name)).toEqual([name]);
        const expected = frameOf(
          { "k é": "str*", "v 日": "str" },
          { "k é": UNUSUAL_NAMES, "v 日": UNUSUAL_NAMES.toReversed() },
        );
        expectFrame(await reader.read(name, name), expected, reader.name);
      }
      for (const name of UNUSUAL_NAMES)
        await reader.write(UNUSUAL_NAMES[0]!, name, { "k é": [name], "v 日": ["later"] });
      expect(await writer.series(UNUSUAL_NAMES[0]!)).toEqual(UNUSUAL_NAMES);
    });

    test("accept many writes in one revision", async () => {
      const { writer, reader } = libraries();
      await writer.create("c", NUMBERS);
      const labels = Array.from({ length: 30 }, (_, i) => `series ${String(i).padStart(2, "0")}`);
      await writer.batch(
        "c",
        labels.map((series, i) => ({ series, frame: numbers(i, i + 20) })),
      );
      const again = labels.slice(0, 5).map((series) => ({ series, frame: numbers(10, 15, 500) }));
      await writer.batch("c", again);
      expect(await reader.log("c")).toEqual(await writer.log("c"));
      expect(await reader.log("c")).toHaveLength(2);
      expect(await reader.series("c")).toEqual(labels);
      for (const [i, label] of labels.entries()) {
        const { columns } = await reader.read("c", label);
        const values = Array.from({ length: i < 5 ? Math.max(20, 15 - i) : 20 }, (_, n) => i + n);
        const expected = values.map((key) => `${i < 5 && key >= 10 && key < 15 ? key + 500 : key}.0`);
        const frame = { t: values.map(String), v: expected };
        expectFrame({ length: values.length, columns }, frameOf(NUMBERS, frame), reader.name, label);
      }
    });

    test("support updates of columns", async () => {
      const { writer, reader } = libraries();
      const types = { t: "int*", v: "float", quality: "i2" };
      await writer.create("c", types);
      await writer.write("c", "s", { ...numbers(0, 10), quality: Array(10).fill("1") });
      await writer.update("c", "s", { t: ["4", "5", "6"], quality: ["2", "2", "2"] });
      const quality = Array.from({ length: 10 }, (_, i) => (i >= 4 && i <= 6 ? "2" : "1"));
      expectFrame(await reader.read("c", "s"), frameOf(types, { ...numbers(0, 10), quality }), reader.name);
    });

    test("drop and rename series", async () => {
      const { writer, reader } = libraries();
      await writer.create("c", NUMBERS);
      for (const [i, label] of ["a", "b", "c", "d"].entries())
        await writer.write("c", label, numbers(i, 1_000 + i));
      await writer.drop("c", ["a", "c"]);
      await writer.renameSeries("c", "b", "😀");
      expect(await reader.series("c")).toEqual(["d", "😀"]);
      expectFrame(await reader.read("c", "😀"), frameOf(NUMBERS, numbers(1, 1_001)), reader.name);
      await reader.write("c", "a", numbers(0, 3)); // a new series with the label of a dropped one
      expectFrame(await writer.read("c", "a"), frameOf(NUMBERS, numbers(0, 3)), writer.name);
    });

    test("can be renamed, cloned and deleted", async () => {
      const { writer, reader } = libraries();
      for (const name of ["one", "two", "three"]) {
        await writer.create(name, NUMBERS);
        await writer.write(name, "s", numbers(0, 2_000));
      }
      await writer.rename("one", "zero");
      await writer.clone("two", "é");
      await writer.remove("three");
      expect(await reader.collections()).toEqual(["two", "zero", "é"]);
      for (const name of ["two", "zero", "é"]) {
        expectFrame(await reader.read(name, "s"), frameOf(NUMBERS, numbers(0, 2_000)), reader.name, name);
        await reader.write(name, "s", numbers(2_000, 2_010));
        expectFrame(await writer.read(name, "s"), frameOf(NUMBERS, numbers(0, 2_010)), writer.name, name);
      }
      await reader.create("three", { k: "str*", v: "O" });
      expect(await writer.collections()).toEqual(["three", "two", "zero", "é"]);
    });

    test("of key-value kind keep one row per key", async () => {
      const { writer, reader } = libraries();
      const types = { label: "str*", meta: "O" }; // Python can delete keys only with these column names (B13)
      const value = (n: number) => ({
        t: "dict",
        v: [
          [
            { t: "str", v: "n" },
            { t: "int", v: String(n) },
          ],
        ],
      });
      const frame = (rows: Record<string, number>) => {
        const keys = Object.keys(rows).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        return { label: keys, meta: keys.map((key) => value(rows[key]!)) };
      };
      await writer.create("c", types, true);
      await writer.write("c", "s", frame({ a: 1, é: 2, "😀": 3 }));
      await writer.write("c", "s", frame({ b: 4, é: 5 }));
      const expected = frameOf(types, frame({ a: 1, b: 4, é: 5, "😀": 3 }));
      expectFrame(await reader.read("c", "s"), expected, reader.name);
      await reader.write("c", "s", frame({ a: 6, z: 7 }));
      await writer.deleteKeys("c", "s", ["b", "z"]);
      for (const library of [reader, writer])
        expectFrame(
          await library.read("c", "s"),
          frameOf(types, frame({ a: 6, é: 5, "😀": 3 })),
          library.name,
        );
      await reader.deleteKeys("c", "s", ["a"]);
      for (const library of [reader, writer])
        expectFrame(await library.read("c", "s"), frameOf(types, frame({ é: 5, "😀": 3 })), library.name);
    });
  });
});
