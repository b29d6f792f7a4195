import { describe, expect, test } from "vitest";
import { expectFrame, frameOf } from "./frames.ts";
import { onEachGround, ROLES } from "./grounds.ts";
import { NUMBERS, numbers } from "./history.ts";

/** In the order of code points, which is that of Python's text, and not that of JavaScript's. */
const ODD = ["A b", "a/b", "é", "e\u0301", "日本語", "\uff5e", "😀"].sort((a, b) =>
  Buffer.compare(Buffer.from(a), Buffer.from(b)),
);

onEachGround((meet) => {
  describe.each(ROLES)("collections by $writer, seen by $reader", (roles) => {
    const sides = () => {
      const meeting = meet();
      return { writer: meeting[roles.writer], reader: meeting[roles.reader] };
    };

    test("and series have any name", async () => {
      const { writer, reader } = sides();
      for (const name of ODD) {
        await writer.create(name, { "k é": "str*", "v 日": "str" });
        await writer.write(name, name, { "k é": ODD, "v 日": ODD.toReversed() });
      }
      expect(await reader.collections()).toEqual(ODD);
      for (const name of ODD) {
        expect(await reader.series(name)).toEqual([name]);
        const wanted = frameOf({ "k é": "str*", "v 日": "str" }, { "k é": ODD, "v 日": ODD.toReversed() });
        expectFrame(await reader.read(name, name), wanted, reader.name);
      }
      for (const name of ODD) await reader.write(ODD[0]!, name, { "k é": [name], "v 日": ["later"] });
      expect(await writer.series(ODD[0]!)).toEqual(ODD);
    });

    test("take many writes as one revision", async () => {
      const { writer, reader } = sides();
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
        const wanted = values.map((key) => `${i < 5 && key >= 10 && key < 15 ? key + 500 : key}.0`);
        const frame = { t: values.map(String), v: wanted };
        expectFrame({ length: values.length, columns }, frameOf(NUMBERS, frame), reader.name, label);
      }
    });

    test("have columns updated", async () => {
      const { writer, reader } = sides();
      const types = { t: "int*", v: "float", quality: "i2" };
      await writer.create("c", types);
      await writer.write("c", "s", { ...numbers(0, 10), quality: Array(10).fill("1") });
      await writer.update("c", "s", { t: ["4", "5", "6"], quality: ["2", "2", "2"] });
      const quality = Array.from({ length: 10 }, (_, i) => (i >= 4 && i <= 6 ? "2" : "1"));
      expectFrame(await reader.read("c", "s"), frameOf(types, { ...numbers(0, 10), quality }), reader.name);
    });

    test("lose and rename series", async () => {
      const { writer, reader } = sides();
      await writer.create("c", NUMBERS);
      for (const [i, label] of ["a", "b", "c", "d"].entries())
        await writer.write("c", label, numbers(i, 1_000 + i));
      await writer.drop("c", ["a", "c"]);
      await writer.renameSeries("c", "b", "😀");
      expect(await reader.series("c")).toEqual(["d", "😀"]);
      expectFrame(await reader.read("c", "😀"), frameOf(NUMBERS, numbers(1, 1_001)), reader.name);
      await reader.write("c", "a", numbers(0, 3)); // a new one of an old name
      expectFrame(await writer.read("c", "a"), frameOf(NUMBERS, numbers(0, 3)), writer.name);
    });

    test("are renamed, cloned and deleted", async () => {
      const { writer, reader } = sides();
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

    test("of keys and values keep one row a key", async () => {
      const { writer, reader } = sides();
      const types = { label: "str*", meta: "O" }; // the only names that Python can delete keys with (B13)
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
      const wanted = frameOf(types, frame({ a: 1, b: 4, é: 5, "😀": 3 }));
      expectFrame(await reader.read("c", "s"), wanted, reader.name);
      await reader.write("c", "s", frame({ a: 6, z: 7 }));
      await writer.deleteKeys("c", "s", ["b", "z"]);
      for (const side of [reader, writer])
        expectFrame(await side.read("c", "s"), frameOf(types, frame({ a: 6, é: 5, "😀": 3 })), side.name);
      await reader.deleteKeys("c", "s", ["a"]);
      for (const side of [reader, writer])
        expectFrame(await side.read("c", "s"), frameOf(types, frame({ é: 5, "😀": 3 })), side.name);
    });
  });
});
