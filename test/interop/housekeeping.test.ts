import { describe, expect, test } from "vitest";
import { check } from "../checker/check.ts";
import { filesOf } from "../checker/files.ts";
import { expectFrame, frameOf } from "./frames.ts";
import { type Meeting, onEachGround, ROLES } from "./grounds.ts";
import { NUMBERS, numbers } from "./history.ts";
import { noise } from "./samples.ts";
import type { Columns, Side } from "./side.ts";

/** Numbers that do not compress, so that their chunks are files. */
function bulky(from: number, to: number, seed: number): Columns {
  const random = noise(seed);
  const { t } = numbers(from, to);
  return { t: t!, v: t!.map(() => `${Math.floor(random() * 1e9)}.5`) };
}

const join = (...parts: Columns[]): Columns => ({
  t: parts.flatMap(({ t }) => t!),
  v: parts.flatMap(({ v }) => v!),
});

const chunkFiles = async ({ place }: Meeting) =>
  [...(await filesOf(place.store())).keys()].filter((path) => /^..\/..\/[0-9a-f]{36}(\.|$)/.test(path));

async function expectSeries(
  sides: readonly Side[],
  series: Readonly<Record<string, Columns>>,
): Promise<void> {
  for (const side of sides) {
    expect(await side.series("c")).toEqual(Object.keys(series).sort());
    for (const [label, columns] of Object.entries(series))
      expectFrame(await side.read("c", label), frameOf(NUMBERS, columns), side.name, label);
  }
}

onEachGround((meet) => {
  describe.each(ROLES)("what $writer wrote, kept by $reader", (roles) => {
    const sides = () => {
      const meeting = meet();
      return { meeting, writer: meeting[roles.writer], reader: meeting[roles.reader] };
    };

    /** Small series and large ones, written over and cut. */
    async function fill(writer: Side): Promise<Record<string, Columns>> {
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

    test("is all there after two collections without grace, and so is what is written then", async () => {
      const { meeting, writer, reader } = sides();
      const series = await fill(writer);
      const before = await chunkFiles(meeting);
      await reader.gc(0);
      await reader.gc(0);
      await writer.gc(0);
      expect(await chunkFiles(meeting)).toEqual(before); // its history refers to all of it
      await expectSeries([reader, writer], series);
      const more = bulky(2_000, 3_000, 9);
      await writer.write("c", "large", more);
      await expectSeries([reader, writer], { ...series, large: join(series.large!, more) });
    });

    test("loses what a trim leaves to nobody, and no more", async () => {
      const { meeting, writer, reader } = sides();
      const series = await fill(writer);
      await reader.trim("c", Date.now() + 60_000);
      expect(await reader.log("c")).toHaveLength(1);
      const before = (await chunkFiles(meeting)).length;
      await reader.gc(0);
      await expectSeries([reader, writer], series);
      await reader.gc(0);
      expect((await chunkFiles(meeting)).length).toBeLessThan(before);
      await expectSeries([reader, writer], series);
    });

    test("is found while a collection has set it aside", async () => {
      const { writer, reader } = sides();
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

    test("is defragmented, and read before that", async () => {
      const { writer, reader } = sides();
      await writer.create("c", NUMBERS);
      const parts = Array.from({ length: 12 }, (_, i) => numbers(10 * i, 10 * i + 10));
      // Downwards: appends of ours are folded as they come.
      for (const part of parts.toReversed()) await writer.write("c", "s", part);
      const last = (await writer.log("c")).length;
      await reader.defrag("c");
      await reader.write("c", "s", numbers(120, 125));
      const [now, then] = [numbers(0, 125), numbers(0, 120)];
      const epoch = (await reader.log("c"))[last]!.slice(0, 11);
      for (const side of [reader, writer]) {
        expectFrame(await side.read("c", "s"), frameOf(NUMBERS, now), side.name);
        expectFrame(await side.read("c", "s", { before: epoch }), frameOf(NUMBERS, then), side.name);
      }
    });

    test("is copied, whole and shallow, and the copies written on and brought back", async () => {
      const { meeting, writer, reader } = sides();
      const series = await fill(writer);
      for (const shallow of [false, true]) {
        const copy = meeting.at(`${meeting.name}-${shallow}`);
        await copy[roles.reader].pull(meeting.name, { shallow });
        await expectSeries([copy.ours, copy.python], series);
        const more = bulky(2_000 + Number(shallow), 2_900, 20);
        await copy[roles.writer].write("c", "large", more);
        await meeting[roles.reader].pull(copy.name, { shallow });
        const { large, ...rest } = series;
        Object.assign(series, { large: join(cut(large!, 2_000 + Number(shallow)), more), ...rest });
        await expectSeries([meeting.ours], series);
        series["small 00"] = bulky(0, 70, 30);
        await reader.write("c", "small 00", series["small 00"]);
        await expectSeries([meeting.ours, meeting.python], series);
      }
    });
  });

  test("small chunks of ours that no commit embeds are found, and kept by Python's collection", async () => {
    const meeting = meet();
    const { ours, python } = meeting;
    await ours.create("c", NUMBERS);
    const series = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [`s${String(i).padStart(2, "0")}`, bulky(0, 50, i)]),
    );
    for (const [label, columns] of Object.entries(series)) await ours.write("c", label, columns);
    const sizes = [...(await filesOf(meeting.place.store()))].filter(([path]) =>
      /^..\/..\/[0-9a-f]{36}$/.test(path),
    );
    expect(sizes.filter(([, { length }]) => length < 1024).length).toBeGreaterThan(20);
    await python.gc(0);
    await python.gc(0);
    await expectSeries([python, ours], series);
    await python.write("c", "s59", bulky(0, 80, 99));
    await expectSeries([python, ours], { ...series, s59: bulky(0, 80, 99) });
  });

  test("the index of a published repository is in nobody's way", async () => {
    const meeting = meet();
    const { ours, python, place } = meeting;
    await python.create("c", NUMBERS);
    const repo = await place.open();
    await repo.publish();
    await python.write("c", "s", bulky(0, 900, 1));
    await repo.publish();
    repo.close();
    await python.gc(0);
    await python.gc(0);
    expect([...(await filesOf(place.store())).keys()]).toContain("lakota/index/v1/index.json");
    await expectSeries([ours, python], { s: bulky(0, 900, 1) });
    expect(await python.collections()).toEqual(["c"]);
    expect(await check(await filesOf(place.store()))).toEqual([]);
  });
});

const cut = ({ t, v }: Columns, before: number): Columns => {
  const end = t!.findIndex((key) => Number(key) >= before);
  return end < 0 ? { t: t!, v: v! } : { t: t!.slice(0, end), v: v!.slice(0, end) };
};
