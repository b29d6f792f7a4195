import { describe, expect, test } from "vitest";
import { ExpectedHistory, NUMBERS, numbers } from "./expected-history.ts";
import { describeOnEachStorage, ROLES } from "./fixtures.ts";
import { expectFrame, frameOf } from "./frames.ts";
import { noise } from "./samples.ts";

describeOnEachStorage((newRepo) => {
  describe.each(ROLES)("a history written by $writer, read by $reader", (roles) => {
    const libraries = () => {
      const shared = newRepo();
      return { writer: shared[roles.writer], reader: shared[roles.reader] };
    };

    test("of overlapping writes and deletions can be read as of each revision", async () => {
      const { writer, reader } = libraries();
      const history = await ExpectedHistory.begin(writer);
      const random = noise(7);
      const key = () => Math.floor(random() * 40);
      for (let i = 0; i < 14; i++) {
        const [start, stop] = [key(), key()].sort((a, b) => a - b) as [number, number];
        const keys = Array.from({ length: stop - start + 1 }, (_, n) => start + n).filter(
          () => random() < 0.7,
        );
        if (i % 5 === 4) await history.delete(writer, start, stop);
        else if (keys.length > 0) await history.write(writer, start, stop, keys);
        expectFrame(await reader.read("c", "s"), history.frame(), reader.name, `after change ${i}`);
      }
      await history.expectStates(reader);
      await history.expectStates(writer);
    });

    test("can be read by range, tail, page and column", async () => {
      const { writer, reader } = libraries();
      await writer.create("c", NUMBERS);
      await writer.write("c", "s", numbers(0, 30));
      await writer.write("c", "s", numbers(30, 60));
      await writer.write("c", "s", numbers(20, 25, 100));
      const all = [...row(0, 20), ...row(20, 25, 100), ...row(25, 60)];
      const expected = (rows: [string, string][]) =>
        frameOf(NUMBERS, { t: rows.map(([t]) => t), v: rows.map(([, v]) => v) });
      const check = async (options: Parameters<typeof reader.read>[2], from: number, to: number) => {
        const frame = await reader.read("c", "s", options);
        expectFrame(frame, expected(all.slice(from, to)), reader.name, JSON.stringify(options));
      };
      await check({}, 0, 60);
      for (const [start, stop] of [
        [0, 60],
        [5, 25],
        [19, 20],
        [29, 31],
        [-5, 3],
        [58, 99],
        [25, 25],
      ] as const) {
        const [lo, hi] = [Math.max(0, start), Math.min(59, stop)];
        const range = { start: [String(start)], stop: [String(stop)] };
        await check({ ...range, closed: "both" }, lo, hi + 1);
        if (start < stop) {
          await check({ ...range, closed: "left" }, lo, Math.min(60, stop));
          await check({ ...range, closed: "right" }, start < 0 ? 0 : lo + 1, hi + 1);
          await check({ ...range, closed: "none" }, start < 0 ? 0 : lo + 1, Math.min(60, stop));
        }
      }
      await check({ start: ["50"], closed: "left" }, 50, 60);
      await check({ limit: 7, offset: 18 }, 18, 25);
      await check({ limit: 100, offset: 55 }, 55, 60);
      expectFrame(await reader.tail("c", "s", 45), expected(all.slice(15)), reader.name);
      const pages = await reader.pages("c", "s", 16);
      expect(pages.map(({ length }) => length)).toEqual(expect.arrayContaining([16]));
      const values = pages.flatMap(({ columns }) => columns.v!.values);
      expect(values).toEqual(all.map(([, v]) => v));
      const { columns } = await reader.read("c", "s", { select: ["v"] });
      expect(Object.keys(columns)).toEqual(["v"]);
    });

    test("over two index columns replaces all between its first and last key", async () => {
      const { writer, reader } = libraries();
      const types = { place: "str*", t: "i4*", v: "float" };
      await writer.create("c", types);
      const frame = (keys: readonly (readonly [string, number])[], value: number) => ({
        place: keys.map(([place]) => place),
        t: keys.map(([, t]) => String(t)),
        v: keys.map(() => `${value}.0`),
      });
      const keys = ["a", "b", "é", "日"].flatMap((place) => [1, 2, 3].map((t) => [place, t] as const));
      await writer.write("c", "s", frame(keys, 1));
      expectFrame(await reader.read("c", "s"), frameOf(types, frame(keys, 1)), reader.name);
      const later = [
        ["a", 3],
        ["é", 1],
      ] as const;
      await writer.write("c", "s", frame(later, 2));
      const whole = {
        place: ["a", "a", "a", "é", "é", "é", "日", "日", "日"],
        t: ["1", "2", "3", "1", "2", "3", "1", "2", "3"],
        v: ["1.0", "1.0", "2.0", "2.0", "1.0", "1.0", "1.0", "1.0", "1.0"],
      };
      expectFrame(await reader.read("c", "s"), frameOf(types, whole), reader.name);
      const range = { start: ["a", "2"], stop: ["é", "2"], closed: "both" } as const;
      const part = Object.fromEntries(
        Object.entries(whole).map(([name, values]) => [name, values.slice(1, 5)]),
      );
      expectFrame(await reader.read("c", "s", range), frameOf(types, part), reader.name);
    });

    test("keeps a series that was emptied", async () => {
      const { writer, reader } = libraries();
      await writer.create("c", NUMBERS);
      await writer.write("c", "emptied", numbers(0, 10));
      await writer.delete("c", "emptied", { start: ["0"], stop: ["9"] });
      await writer.write("c", "other", numbers(0, 3));
      expect(await reader.series("c")).toEqual(["emptied", "other"]);
      const nothing = {
        length: 0,
        columns: { t: { dt: "int64", values: [] }, v: { dt: "float64", values: [] } },
      };
      expectFrame(await reader.read("c", "emptied"), nothing, reader.name);
      await reader.write("c", "emptied", numbers(5, 7));
      for (const library of [reader, writer])
        expectFrame(await library.read("c", "emptied"), frameOf(NUMBERS, numbers(5, 7)), library.name);
    });
  });

  test("300 appends by JavaScript, compacted, can be read and extended by both", async () => {
    const { javascript, python, location } = newRepo();
    await javascript.create("c", NUMBERS);
    const repo = await location.open();
    const series = (await repo.collection("c")).series("s");
    for (let key = 0; key < 300; key++) await series.write({ t: [key], v: [key] });
    repo.close();
    const frame = (to: number) => frameOf(NUMBERS, numbers(0, to));
    expectFrame(await python.read("c", "s"), frame(300), "Python");
    for (let key = 300; key < 320; key++) {
      const library = key % 2 ? javascript : python;
      await library.write("c", "s", numbers(key, key + 1));
    }
    expectFrame(await python.read("c", "s"), frame(320), "Python");
    expectFrame(await javascript.read("c", "s"), frame(320), "JavaScript");
  });
});

const row = (from: number, to: number, more = 0): [string, string][] =>
  Array.from({ length: to - from }, (_, i) => [String(from + i), `${from + i + more}.0`]);
