import { describe, expect, test } from "vitest";
import { NUMBERS, numbers, rowsOf } from "./expected-history.ts";
import { describeOnEachStorage } from "./fixtures.ts";
import { expectFrame, frameOf } from "./frames.ts";
import { PythonError } from "./python-process.ts";

/**
 * Bugs of Python Lakota, numbered as in docs/decisions/0001-format-of-python-lakota.md: what they do, and that
 * this library does not have them.
 */
describeOnEachStorage((newRepo) => {
  describe("bugs of Python Lakota", () => {
    test("B1: a write whose open end is another segment's key loses a row in Python; JavaScript keeps it for both readers", async () => {
      const rows = [1, 2, 3, 5].map((key) => [key, key] as const);
      for (const writer of ["python", "javascript"] as const) {
        const { [writer]: library, python, javascript } = newRepo();
        await library.create("c", NUMBERS);
        await library.write("c", "s", rowsOf(rows.slice(0, 3)));
        await library.write("c", "s", rowsOf(rows.slice(3)));
        await library.write("c", "s", rowsOf([[4, 4]]), { start: ["4"], stop: ["5"], closed: "left" });
        const kept = writer === "python" ? [1, 2, 3, 4] : [1, 2, 3, 4, 5];
        for (const reader of [python, javascript])
          expectFrame(
            await reader.read("c", "s"),
            frameOf(NUMBERS, rowsOf(kept.map((key) => [key, key]))),
            reader.name,
          );
      }
    });

    test("B2: a range with an open start restores an old row in Python, but not in JavaScript", async () => {
      for (const writer of ["python", "javascript"] as const) {
        const { [writer]: library, python, javascript } = newRepo();
        await library.create("c", NUMBERS);
        await library.write("c", "s", numbers(1, 6));
        await library.write("c", "s", numbers(5, 9, 100));
        await library.write("c", "s", numbers(6, 9, 200), { start: ["5"], stop: ["8"], closed: "right" });
        const five = writer === "python" ? 5 : 105;
        const rows = [
          ...[1, 2, 3, 4].map((key) => [key, key]),
          [5, five],
          ...[6, 7, 8].map((key) => [key, key + 200]),
        ];
        for (const reader of [python, javascript])
          expectFrame(
            await reader.read("c", "s"),
            frameOf(NUMBERS, rowsOf(rows as [number, number][])),
            reader.name,
          );
      }
    });

    test("B3: Python writes one chunk for equal numbers in two codecs and cannot read it; JavaScript reads it, and writes two", async () => {
      const types = { t: "int*", a: "float", b: "float | zstd" };
      const { t, v } = numbers(0, 20);
      const columns = { t: t!, a: v!, b: v! };
      const [theirs, own] = [newRepo(), newRepo()];
      await theirs.python.create("c", types);
      await theirs.python.write("c", "s", columns);
      await expect(theirs.python.read("c", "s")).rejects.toThrow(PythonError);
      expectFrame(await theirs.javascript.read("c", "s"), frameOf(types, columns), "JavaScript");
      await own.javascript.create("c", types);
      await own.javascript.write("c", "s", columns);
      expectFrame(await own.python.read("c", "s"), frameOf(types, columns), "Python");
    });

    test("B6: Python cannot merge segments with half-open ranges; JavaScript can, and Python reads the result", async () => {
      const here = newRepo();
      const there = here.sibling(`${here.name}-there`);
      await here.python.create("c", NUMBERS);
      await here.python.write("c", "s", numbers(0, 10));
      await here.javascript.push(there.name);
      await here.python.write("c", "s", numbers(20, 30));
      await there.python.write("c", "s", numbers(5, 7, 100)); // cuts the first segment
      await here.python.pull(there.name);
      await expect(here.python.merge("c")).rejects.toThrow("from_ci");
      await here.javascript.merge("c");
      const rows = [...Array(10).keys()].map(
        (key) => [key, key === 5 || key === 6 ? key + 100 : key] as const,
      );
      const more = Array.from({ length: 10 }, (_, i) => [20 + i, 20 + i] as const);
      for (const reader of [here.python, here.javascript])
        expectFrame(await reader.read("c", "s"), frameOf(NUMBERS, rowsOf([...rows, ...more])), reader.name);
    });

    test("B9: pages by Python ignore `before`; those by JavaScript do not", async () => {
      const { python, javascript } = newRepo();
      await javascript.create("c", NUMBERS);
      await javascript.write("c", "s", numbers(0, 10));
      await javascript.write("c", "s", numbers(5, 15, 100));
      const before = (await javascript.log("c"))[1]!.slice(0, 11);
      const rows = (pages: { length: number }[]) => pages.reduce((sum, { length }) => sum + length, 0);
      expect(rows(await python.pages("c", "s", 4, { before }))).toBe(15);
      expect(rows(await javascript.pages("c", "s", 4, { before }))).toBe(10);
    });

    test("B10: Python misses rows in a range given by a prefix of a key; JavaScript finds them", async () => {
      const { python, javascript } = newRepo();
      const types = { a: "int*", b: "int*", v: "float" };
      await python.create("c", types);
      const write = (keys: [number, number][]) =>
        python.write("c", "s", {
          a: keys.map(([a]) => String(a)),
          b: keys.map(([, b]) => String(b)),
          v: keys.map(([a, b]) => `${10 * a + b}.0`),
        });
      await write([
        [1, 1],
        [1, 2],
      ]);
      await write([
        [2, 5],
        [2, 6],
      ]);
      const options = { stop: ["2"], closed: "both" } as const;
      expect((await python.read("c", "s", options)).length).toBe(2);
      expect((await javascript.read("c", "s", options)).length).toBe(4);
    });
  });

  describe("conversions by numpy and pandas", () => {
    test("nested lists of equal length, which numpy would convert to two dimensions", async () => {
      const { request, javascript } = newRepo();
      const pair = (a: number, b: number) => ({
        t: "list",
        v: [a, b].map((one) => ({ t: "int", v: String(one) })),
      });
      await request("create", { collection: "c", columns: { t: "int*", v: "O" } });
      const frame = { t: ["1", "2"], v: [pair(1, 4), pair(2, 3)] };
      await request("write_lists", { collection: "c", series: "s", frame });
      expectFrame(await javascript.read("c", "s"), frameOf({ t: "int*", v: "O" }, frame), "JavaScript");
    });

    test("times in nanoseconds, as in pandas, written to a column of seconds", async () => {
      const { request, javascript, python } = newRepo();
      const types = { time: "timestamp*", v: "float" };
      await python.create("c", types);
      const time = Array.from({ length: 2_000 }, (_, i) => String(1_600_000_000 + 61 * i + (i % 7)));
      const frame = { time, v: time.map((_, i) => `${i}.5`) };
      await request("write_nanoseconds", { collection: "c", series: "s", frame });
      for (const reader of [javascript, python])
        expectFrame(await reader.read("c", "s"), frameOf(types, frame), reader.name);
      await javascript.write("c", "s", { time: ["1700000000"], v: ["0.0"] });
      const longer = { time: [...time, "1700000000"], v: [...frame.v, "0.0"] };
      for (const reader of [javascript, python])
        expectFrame(await reader.read("c", "s"), frameOf(types, longer), reader.name);
    });
  });
});
