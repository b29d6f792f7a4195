import { describe, expect, test } from "vitest";
import { expectFrame, frameOf } from "./frames.ts";
import { type Meeting, onEachGround, ROLES } from "./grounds.ts";
import { NUMBERS, numbers, rowsOf } from "./history.ts";
import type { Columns } from "./side.ts";

const wanted = (...parts: Columns[]) => {
  const rows = parts.flatMap(({ t, v }) =>
    t!.map((key, i) => [Number(key), Number.parseFloat(String(v![i]))] as const),
  );
  return frameOf(NUMBERS, rowsOf(rows));
};

/** Makes two heads: one side writes here, the other to a copy, and the copy is pulled by `puller`. */
async function part(
  meeting: Meeting,
  { here, there, puller }: { here: "python" | "ours"; there: "python" | "ours"; puller: "python" | "ours" },
  label = "s",
): Promise<void> {
  const copy = meeting.at(`${meeting.name}-copy-${label}`);
  await meeting.ours.push(copy.name);
  await copy[there].write("c", label, numbers(100, 110));
  await meeting[here].write("c", label, numbers(200, 210));
  await meeting[puller].pull(copy.name);
}

onEachGround((meet) => {
  const WHO = ["python", "ours"] as const;
  const CASES = WHO.flatMap((here) => WHO.flatMap((there) => WHO.map((puller) => ({ here, there, puller }))));

  describe.each(CASES)("$here here, $there elsewhere, pulled by $puller", (who) => {
    test("both are seen by us, and by Python once we have merged; both write on", async () => {
      const meeting = meet();
      const { ours, python } = meeting;
      await python.create("c", NUMBERS);
      await python.write("c", "s", numbers(0, 10));
      await part(meeting, who);
      const both = wanted(numbers(0, 10), numbers(100, 110), numbers(200, 210));
      expectFrame(await ours.read("c", "s"), both, "ours");
      await ours.merge("c");
      expectFrame(await python.read("c", "s"), both, "Python");
      for (const [i, side] of [ours, python, ours, python].entries()) {
        const more = numbers(300 + 10 * i, 310 + 10 * i);
        await side.write("c", "s", more);
        const now = wanted(numbers(0, 10), numbers(100, 110), numbers(200, 210), numbers(300, 310 + 10 * i));
        expectFrame(await ours.read("c", "s"), now, "ours");
        expectFrame(await python.read("c", "s"), now, "Python");
      }
    });

    test("the next write of ours joins them too, again and again", async () => {
      const meeting = meet();
      const { ours, python } = meeting;
      await ours.create("c", NUMBERS);
      await ours.write("c", "first", numbers(0, 10));
      for (const label of ["a", "b", "c"]) {
        await part(meeting, who, label);
        await ours.write("c", "first", numbers(10, 20));
        await ours.write("c", "first", numbers(20, 30, label.charCodeAt(0)));
        for (const side of [ours, python])
          expectFrame(
            await side.read("c", label),
            wanted(numbers(100, 110), numbers(200, 210)),
            side.name,
            label,
          );
        await python.write("c", label, numbers(0, 5));
        for (const side of [ours, python])
          expectFrame(
            await side.read("c", label),
            wanted(numbers(0, 5), numbers(100, 110), numbers(200, 210)),
            side.name,
            label,
          );
      }
      expect(await python.series("c")).toEqual(["a", "b", "c", "first"]);
    });
  });

  test("three heads of one millisecond, merged by us, are read and built on by Python", async () => {
    const meeting = meet();
    const { ours, python, place } = meeting;
    await ours.create("c", NUMBERS);
    await ours.write("c", "s", numbers(0, 3));
    const repos = await Promise.all([1, 2, 3].map(() => place.open()));
    await Promise.all(
      repos.map(async (repo, i) => (await repo.collection("c")).series(`by ${i}`).write({ t: [i], v: [i] })),
    );
    for (const repo of repos) repo.close();
    await ours.merge("c");
    for (const [i, side] of [python, ours, python].entries()) {
      await side.write("c", "s", numbers(10 * i, 10 * i + 10));
      for (const reader of [ours, python]) {
        expectFrame(await reader.read("c", "s"), frameOf(NUMBERS, numbers(0, 10 * i + 10)), reader.name);
        expectFrame(await reader.read("c", "by 2"), frameOf(NUMBERS, numbers(2, 3)), reader.name);
      }
    }
  });

  describe("a merge by Python", () => {
    test("is read by us; where it makes Python blind to what follows (B4, B5), our next write heals it", async () => {
      const meeting = meet();
      const { ours, python } = meeting;
      await python.create("c", NUMBERS);
      await python.write("c", "s", numbers(0, 10));
      await part(meeting, { here: "python", there: "ours", puller: "python" });
      await python.merge("c");
      const both = [numbers(0, 10), numbers(100, 110), numbers(200, 210)];
      expectFrame(await ours.read("c", "s"), wanted(...both), "ours");
      expectFrame(await python.read("c", "s"), wanted(...both), "Python");
      // If both files of the merge are of one millisecond, Python sees neither of these two.
      await python.write("c", "s", numbers(300, 310));
      await ours.write("c", "s", numbers(400, 410));
      await python.write("c", "s", numbers(500, 510));
      const all = wanted(...both, ...[300, 400, 500].map((from) => numbers(from, from + 10)));
      expectFrame(await ours.read("c", "s"), all, "ours");
      expectFrame(await python.read("c", "s"), all, "Python");
    });
  });

  describe.each(ROLES)("collections made apart, pulled by $writer", (roles) => {
    test("are all there once a write has joined the registry", async () => {
      const meeting = meet();
      const other = meeting.at(`${meeting.name}-other`);
      await meeting.ours.create("both", NUMBERS);
      await meeting.ours.push(other.name);
      await meeting.python.create("python's", NUMBERS);
      await meeting.python.write("python's", "s", numbers(0, 5));
      await other.ours.create("ours", NUMBERS);
      await other.ours.write("ours", "s", numbers(5, 9));
      await meeting[roles.writer].pull(other.name, { labels: ["both"] });
      await meeting.ours.pull(other.name);
      expect(await meeting.ours.collections()).toEqual(["both", "ours", "python's"]);
      await meeting.ours.create("last", NUMBERS); // a write to the registry, which joins its heads
      expect(await meeting.python.collections()).toEqual(["both", "last", "ours", "python's"]);
      await meeting.python.create("one more", NUMBERS);
      for (const side of [meeting.ours, meeting.python])
        expect(await side.collections()).toEqual(["both", "last", "one more", "ours", "python's"]);
      expectFrame(await meeting.python.read("ours", "s"), frameOf(NUMBERS, numbers(5, 9)), "Python");
      expectFrame(await meeting.ours.read("python's", "s"), frameOf(NUMBERS, numbers(0, 5)), "ours");
    });
  });
});
