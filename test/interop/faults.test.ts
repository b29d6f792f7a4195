import { describe, expect, test } from "vitest";
import { expectFrame, frameOf } from "./frames.ts";
import { onEachGround } from "./grounds.ts";
import { NUMBERS, numbers, rowsOf } from "./history.ts";
import { PythonError } from "./python.ts";

/** Python's own faults, which docs/decisions.md names by these numbers: what they do, and that ours has none of them. */
onEachGround((meet) => {
  describe("Python's faults", () => {
    test("B1: an end shared with a half-open write loses a row, which ours keeps for Python too", async () => {
      const rows = [1, 2, 3, 5].map((key) => [key, key] as const);
      for (const writer of ["python", "ours"] as const) {
        const { [writer]: side, python, ours } = meet();
        await side.create("c", NUMBERS);
        await side.write("c", "s", rowsOf(rows.slice(0, 3)));
        await side.write("c", "s", rowsOf(rows.slice(3)));
        await side.write("c", "s", rowsOf([[4, 4]]), { start: ["4"], stop: ["5"], closed: "left" });
        const kept = writer === "python" ? [1, 2, 3, 4] : [1, 2, 3, 4, 5];
        for (const reader of [python, ours])
          expectFrame(
            await reader.read("c", "s"),
            frameOf(NUMBERS, rowsOf(kept.map((key) => [key, key]))),
            reader.name,
          );
      }
    });

    test("B2: an open edge brings an old row back, which ours does not", async () => {
      for (const writer of ["python", "ours"] as const) {
        const { [writer]: side, python, ours } = meet();
        await side.create("c", NUMBERS);
        await side.write("c", "s", numbers(1, 6));
        await side.write("c", "s", numbers(5, 9, 100));
        await side.write("c", "s", numbers(6, 9, 200), { start: ["5"], stop: ["8"], closed: "right" });
        const five = writer === "python" ? 5 : 105;
        const rows = [
          ...[1, 2, 3, 4].map((key) => [key, key]),
          [5, five],
          ...[6, 7, 8].map((key) => [key, key + 200]),
        ];
        for (const reader of [python, ours])
          expectFrame(
            await reader.read("c", "s"),
            frameOf(NUMBERS, rowsOf(rows as [number, number][])),
            reader.name,
          );
      }
    });

    test("B3: equal numbers in two codecs are one chunk, which only ours can read; ours writes two", async () => {
      const types = { t: "int*", a: "float", b: "float | zstd" };
      const { t, v } = numbers(0, 20);
      const columns = { t: t!, a: v!, b: v! };
      const [theirs, own] = [meet(), meet()];
      await theirs.python.create("c", types);
      await theirs.python.write("c", "s", columns);
      await expect(theirs.python.read("c", "s")).rejects.toThrow(PythonError);
      expectFrame(await theirs.ours.read("c", "s"), frameOf(types, columns), "ours");
      await own.ours.create("c", types);
      await own.ours.write("c", "s", columns);
      expectFrame(await own.python.read("c", "s"), frameOf(types, columns), "Python");
    });

    test("B6: it cannot merge what ends half-open, which ours can, and then Python reads it", async () => {
      const here = meet();
      const there = here.at(`${here.name}-there`);
      await here.python.create("c", NUMBERS);
      await here.python.write("c", "s", numbers(0, 10));
      await here.ours.push(there.name);
      await here.python.write("c", "s", numbers(20, 30));
      await there.python.write("c", "s", numbers(5, 7, 100)); // cuts the first segment
      await here.python.pull(there.name);
      await expect(here.python.merge("c")).rejects.toThrow("from_ci");
      await here.ours.merge("c");
      const rows = [...Array(10).keys()].map(
        (key) => [key, key === 5 || key === 6 ? key + 100 : key] as const,
      );
      const more = Array.from({ length: 10 }, (_, i) => [20 + i, 20 + i] as const);
      for (const reader of [here.python, here.ours])
        expectFrame(await reader.read("c", "s"), frameOf(NUMBERS, rowsOf([...rows, ...more])), reader.name);
    });

    test("B9: its pages are of now, whatever `before` says; ours are of then", async () => {
      const { python, ours } = meet();
      await ours.create("c", NUMBERS);
      await ours.write("c", "s", numbers(0, 10));
      await ours.write("c", "s", numbers(5, 15, 100));
      const before = (await ours.log("c"))[1]!.slice(0, 11);
      const rows = (pages: { length: number }[]) => pages.reduce((sum, { length }) => sum + length, 0);
      expect(rows(await python.pages("c", "s", 4, { before }))).toBe(15);
      expect(rows(await ours.pages("c", "s", 4, { before }))).toBe(10);
    });

    test("B10: a prefix of a key misses rows; ours finds them", async () => {
      const { python, ours } = meet();
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
      const asked = { stop: ["2"], closed: "both" } as const;
      expect((await python.read("c", "s", asked)).length).toBe(2);
      expect((await ours.read("c", "s", asked)).length).toBe(4);
    });
  });

  describe("what Python makes of what people give it", () => {
    test("lists in lists of one length, which numpy takes for a table", async () => {
      const { ask, ours } = meet();
      const pair = (a: number, b: number) => ({
        t: "list",
        v: [a, b].map((one) => ({ t: "int", v: String(one) })),
      });
      await ask("create", { collection: "c", columns: { t: "int*", v: "O" } });
      const frame = { t: ["1", "2"], v: [pair(1, 4), pair(2, 3)] };
      await ask("write_lists", { collection: "c", series: "s", frame });
      expectFrame(await ours.read("c", "s"), frameOf({ t: "int*", v: "O" }, frame), "ours");
    });

    test("times in nanoseconds, as pandas has them, for a column of seconds", async () => {
      const { ask, ours, python } = meet();
      const types = { time: "timestamp*", v: "float" };
      await python.create("c", types);
      const time = Array.from({ length: 2_000 }, (_, i) => String(1_600_000_000 + 61 * i + (i % 7)));
      const frame = { time, v: time.map((_, i) => `${i}.5`) };
      await ask("write_nanoseconds", { collection: "c", series: "s", frame });
      for (const reader of [ours, python])
        expectFrame(await reader.read("c", "s"), frameOf(types, frame), reader.name);
      await ours.write("c", "s", { time: ["1700000000"], v: ["0.0"] });
      const longer = { time: [...time, "1700000000"], v: [...frame.v, "0.0"] };
      for (const reader of [ours, python])
        expectFrame(await reader.read("c", "s"), frameOf(types, longer), reader.name);
    });
  });
});
