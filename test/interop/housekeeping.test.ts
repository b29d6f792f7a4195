import { describe, expect, test } from "vitest";
import { check } from "../checker/check.ts";
import { filesOf } from "../checker/files.ts";
import { NUMBERS, numbers } from "./expected-history.ts";
import { describeOnEachStorage, ROLES, type SharedRepo } from "./fixtures.ts";
import { expectFrame, frameOf } from "./frames.ts";
import type { Columns, Library } from "./library.ts";
import { noise } from "./samples.ts";

/** Numbers that do not compress, so that their chunks are stored as files. */
function bulky(from: number, to: number, seed: number): Columns {
  const random = noise(seed);
  const { t } = numbers(from, to);
  return { t: t!, v: t!.map(() => `${Math.floor(random() * 1e9)}.5`) };
}

const join = (...parts: Columns[]): Columns => ({
  t: parts.flatMap(({ t }) => t!),
  v: parts.flatMap(({ v }) => v!),
});

const chunkFiles = async ({ location }: SharedRepo) =>
  [...(await filesOf(location.store())).keys()].filter((path) => /^..\/..\/[0-9a-f]{36}(\.|$)/.test(path));

async function expectSeries(
  libraries: readonly Library[],
  series: Readonly<Record<string, Columns>>,
): Promise<void> {
  for (const library of libraries) {
    expect(await library.series("c")).toEqual(Object.keys(series).sort());
    for (const [label, columns] of Object.entries(series))
      expectFrame(await library.read("c", label), frameOf(NUMBERS, columns), library.name, label);
  }
}

describeOnEachStorage((newRepo) => {
  describe.each(ROLES)("a repository written by $writer, maintained by $reader", (roles) => {
    const libraries = () => {
      const shared = newRepo();
      return { shared, writer: shared[roles.writer], reader: shared[roles.reader] };
    };

    /** Writes small and large series, some partly overwritten or dropped. */
    async function fill(writer: Library): Promise<Record<string, Columns>> {
      await writer.create("c", NUMBERS);
      const [a, b, c] = [bulky(0, 900, 1), bulky(900, 1_500, 2), bulky(400, 500, 3)];
      for (const one of [a, b, c]) await writer.write("c", "large", one);
      const large = join(
        { t: a.t!.slice(0, 400), v: a.v!.slice(0, 400) },
        c,
        { t: a.t!.slice(500), v: a.v!.slice(500) },
        b,
      );
      const small: Record<string, Columns> = {};
      for (let i = 0; i < 12; i++) {
        const label = `small ${String(i).padStart(2, "0")}`;
        small[label] = bulky(0, 60, 10 + i);
        await writer.write("c", label, small[label]!);
      }
      await writer.write("c", "gone", bulky(0, 800, 4));
      await writer.drop("c", ["gone"]);
      return { large, ...small };
    }

    test("is intact after several gc runs without grace, and so are later writes", async () => {
      const { shared, writer, reader } = libraries();
      const series = await fill(writer);
      const before = await chunkFiles(shared);
      await reader.gc(0);
      await reader.gc(0);
      await writer.gc(0);
      expect(await chunkFiles(shared)).toEqual(before); // the history refers to all chunks
      await expectSeries([reader, writer], series);
      const more = bulky(2_000, 3_000, 9);
      await writer.write("c", "large", more);
      await expectSeries([reader, writer], { ...series, large: join(series.large!, more) });
    });

    test("loses only the chunks that a trim leaves unreferenced", async () => {
      const { shared, writer, reader } = libraries();
      const series = await fill(writer);
      await reader.trim("c", Date.now() + 60_000);
      expect(await reader.log("c")).toHaveLength(1);
      const before = (await chunkFiles(shared)).length;
      await reader.gc(0);
      await expectSeries([reader, writer], series);
      await reader.gc(0);
      expect((await chunkFiles(shared)).length).toBeLessThan(before);
      await expectSeries([reader, writer], series);
    });

    test("can be written again while gc has set its chunks aside", async () => {
      const { writer, reader } = libraries();
      await writer.create("c", NUMBERS);
      const rows = bulky(0, 900, 1);
      await writer.write("c", "s", rows);
      await writer.write("c", "other", numbers(0, 3));
      await writer.drop("c", ["s"]);
      await writer.trim("c", Date.now() + 60_000);
      await reader.gc(600); // sets the chunks of "s" aside
      await writer.write("c", "s", rows);
      await expectSeries([reader, writer], { other: numbers(0, 3), s: rows });
      await reader.gc(600);
      await writer.gc(600);
      await expectSeries([reader, writer], { other: numbers(0, 3), s: rows });
    });

    test("can be defragmented, and still read as of before", async () => {
      const { writer, reader } = libraries();
      await writer.create("c", NUMBERS);
      const parts = Array.from({ length: 12 }, (_, i) => numbers(10 * i, 10 * i + 10));
      // In descending order: JavaScript would compact ascending appends as they are written.
      for (const part of parts.toReversed()) await writer.write("c", "s", part);
      const last = (await writer.log("c")).length;
      await reader.defrag("c");
      await reader.write("c", "s", numbers(120, 125));
      const [now, then] = [numbers(0, 125), numbers(0, 120)];
      const epoch = (await reader.log("c"))[last]!.slice(0, 11);
      for (const library of [reader, writer]) {
        expectFrame(await library.read("c", "s"), frameOf(NUMBERS, now), library.name);
        expectFrame(await library.read("c", "s", { before: epoch }), frameOf(NUMBERS, then), library.name);
      }
    });

    test("can be copied, in full or shallowly, and changes of the copies pulled back", async () => {
      const { shared, writer, reader } = libraries();
      const series = await fill(writer);
      for (const shallow of [false, true]) {
        const copy = shared.sibling(`${shared.name}-${shallow}`);
        await copy[roles.reader].pull(shared.name, { shallow });
        await expectSeries([copy.javascript, copy.python], series);
        const more = bulky(2_000 + Number(shallow), 2_900, 20);
        await copy[roles.writer].write("c", "large", more);
        await shared[roles.reader].pull(copy.name, { shallow });
        const { large, ...rest } = series;
        Object.assign(series, { large: join(cut(large!, 2_000 + Number(shallow)), more), ...rest });
        await expectSeries([shared.javascript], series);
        series["small 00"] = bulky(0, 70, 30);
        await reader.write("c", "small 00", series["small 00"]);
        await expectSeries([shared.javascript, shared.python], series);
      }
    });
  });

  test("Python finds small chunks that no commit embeds, and its gc keeps them", async () => {
    const shared = newRepo();
    const { javascript, python } = shared;
    await javascript.create("c", NUMBERS);
    const series = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [`s${String(i).padStart(2, "0")}`, bulky(0, 50, i)]),
    );
    for (const [label, columns] of Object.entries(series)) await javascript.write("c", label, columns);
    const sizes = [...(await filesOf(shared.location.store()))].filter(([path]) =>
      /^..\/..\/[0-9a-f]{36}$/.test(path),
    );
    expect(sizes.filter(([, { length }]) => length < 1024).length).toBeGreaterThan(20);
    await python.gc(0);
    await python.gc(0);
    await expectSeries([python, javascript], series);
    await python.write("c", "s59", bulky(0, 80, 99));
    await expectSeries([python, javascript], { ...series, s59: bulky(0, 80, 99) });
  });

  test("Python ignores the index of a published repository", async () => {
    const shared = newRepo();
    const { javascript, python, location } = shared;
    await python.create("c", NUMBERS);
    const repo = await location.open();
    await repo.publish();
    await python.write("c", "s", bulky(0, 900, 1));
    await repo.publish();
    repo.close();
    await python.gc(0);
    await python.gc(0);
    expect([...(await filesOf(location.store())).keys()]).toContain("lakota/index/v2/index.json");
    await expectSeries([javascript, python], { s: bulky(0, 900, 1) });
    expect(await python.collections()).toEqual(["c"]);
    expect(await check(await filesOf(location.store()))).toEqual([]);
  });
});

const cut = ({ t, v }: Columns, before: number): Columns => {
  const end = t!.findIndex((key) => Number(key) >= before);
  return end < 0 ? { t: t!, v: v! } : { t: t!.slice(0, end), v: v!.slice(0, end) };
};
