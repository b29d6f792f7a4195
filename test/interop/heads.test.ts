import { describe, expect, test } from "vitest";
import { NUMBERS, numbers, rowsOf } from "./expected-history.ts";
import { describeOnEachStorage, ROLES, type SharedRepo } from "./fixtures.ts";
import { expectFrame, frameOf } from "./frames.ts";
import type { Columns } from "./library.ts";

const expectedFrame = (...parts: Columns[]) => {
  const rows = parts.flatMap(({ t, v }) =>
    t!.map((key, i) => [Number(key), Number.parseFloat(String(v![i]))] as const),
  );
  return frameOf(NUMBERS, rowsOf(rows));
};

type Writer = "python" | "javascript";

/** Creates two heads: `here` writes to the repository, `there` to a copy, and `puller` pulls the copy. */
async function fork(
  shared: SharedRepo,
  { here, there, puller }: { here: Writer; there: Writer; puller: Writer },
  label = "s",
): Promise<void> {
  const copy = shared.sibling(`${shared.name}-copy-${label}`);
  await shared.javascript.push(copy.name);
  await copy[there].write("c", label, numbers(100, 110));
  await shared[here].write("c", label, numbers(200, 210));
  await shared[puller].pull(copy.name);
}

describeOnEachStorage((newRepo) => {
  const WRITERS: readonly Writer[] = ["python", "javascript"];
  const CASES = WRITERS.flatMap((here) =>
    WRITERS.flatMap((there) => WRITERS.map((puller) => ({ here, there, puller }))),
  );

  describe.each(CASES)("$here writes here, $there to a copy, $puller pulls", (roles) => {
    test("JavaScript reads both heads, Python reads them after a merge, and both can write afterwards", async () => {
      const shared = newRepo();
      const { javascript, python } = shared;
      await python.create("c", NUMBERS);
      await python.write("c", "s", numbers(0, 10));
      await fork(shared, roles);
      const both = expectedFrame(numbers(0, 10), numbers(100, 110), numbers(200, 210));
      expectFrame(await javascript.read("c", "s"), both, "JavaScript");
      await javascript.merge("c");
      expectFrame(await python.read("c", "s"), both, "Python");
      for (const [i, library] of [javascript, python, javascript, python].entries()) {
        const more = numbers(300 + 10 * i, 310 + 10 * i);
        await library.write("c", "s", more);
        const now = expectedFrame(
          numbers(0, 10),
          numbers(100, 110),
          numbers(200, 210),
          numbers(300, 310 + 10 * i),
        );
        expectFrame(await javascript.read("c", "s"), now, "JavaScript");
        expectFrame(await python.read("c", "s"), now, "Python");
      }
    });

    test("the next write by JavaScript joins the heads, repeatedly", async () => {
      const shared = newRepo();
      const { javascript, python } = shared;
      await javascript.create("c", NUMBERS);
      await javascript.write("c", "first", numbers(0, 10));
      for (const label of ["a", "b", "c"]) {
        await fork(shared, roles, label);
        await javascript.write("c", "first", numbers(10, 20));
        await javascript.write("c", "first", numbers(20, 30, label.charCodeAt(0)));
        for (const library of [javascript, python])
          expectFrame(
            await library.read("c", label),
            expectedFrame(numbers(100, 110), numbers(200, 210)),
            library.name,
            label,
          );
        await python.write("c", label, numbers(0, 5));
        for (const library of [javascript, python])
          expectFrame(
            await library.read("c", label),
            expectedFrame(numbers(0, 5), numbers(100, 110), numbers(200, 210)),
            library.name,
            label,
          );
      }
      expect(await python.series("c")).toEqual(["a", "b", "c", "first"]);
    });
  });

  test("Python reads and extends three heads of one millisecond that JavaScript merged", async () => {
    const shared = newRepo();
    const { javascript, python, location } = shared;
    await javascript.create("c", NUMBERS);
    await javascript.write("c", "s", numbers(0, 3));
    const repos = await Promise.all([1, 2, 3].map(() => location.open()));
    await Promise.all(
      repos.map(async (repo, i) => (await repo.collection("c")).series(`by ${i}`).write({ t: [i], v: [i] })),
    );
    for (const repo of repos) repo.close();
    await javascript.merge("c");
    for (const [i, library] of [python, javascript, python].entries()) {
      await library.write("c", "s", numbers(10 * i, 10 * i + 10));
      for (const reader of [javascript, python]) {
        expectFrame(await reader.read("c", "s"), frameOf(NUMBERS, numbers(0, 10 * i + 10)), reader.name);
        expectFrame(await reader.read("c", "by 2"), frameOf(NUMBERS, numbers(2, 3)), reader.name);
      }
    }
  });

  describe("a merge by Python", () => {
    test("is read by JavaScript; where it hides later writes from Python (B4, B5), the next write by JavaScript repairs it", async () => {
      const shared = newRepo();
      const { javascript, python } = shared;
      await python.create("c", NUMBERS);
      await python.write("c", "s", numbers(0, 10));
      await fork(shared, { here: "python", there: "javascript", puller: "python" });
      await python.merge("c");
      const both = [numbers(0, 10), numbers(100, 110), numbers(200, 210)];
      expectFrame(await javascript.read("c", "s"), expectedFrame(...both), "JavaScript");
      expectFrame(await python.read("c", "s"), expectedFrame(...both), "Python");
      // If both files of the merge have the same millisecond, Python sees neither of the next two writes.
      await python.write("c", "s", numbers(300, 310));
      await javascript.write("c", "s", numbers(400, 410));
      await python.write("c", "s", numbers(500, 510));
      const all = expectedFrame(...both, ...[300, 400, 500].map((from) => numbers(from, from + 10)));
      expectFrame(await javascript.read("c", "s"), all, "JavaScript");
      expectFrame(await python.read("c", "s"), all, "Python");
    });
  });

  describe.each(ROLES)("collections created in two copies, pulled by $writer", (roles) => {
    test("are all listed once a write has joined the heads of the registry", async () => {
      const shared = newRepo();
      const other = shared.sibling(`${shared.name}-other`);
      await shared.javascript.create("both", NUMBERS);
      await shared.javascript.push(other.name);
      await shared.python.create("made by Python", NUMBERS);
      await shared.python.write("made by Python", "s", numbers(0, 5));
      await other.javascript.create("made by JavaScript", NUMBERS);
      await other.javascript.write("made by JavaScript", "s", numbers(5, 9));
      await shared[roles.writer].pull(other.name, { labels: ["both"] });
      await shared.javascript.pull(other.name);
      expect(await shared.javascript.collections()).toEqual(["both", "made by JavaScript", "made by Python"]);
      await shared.javascript.create("last", NUMBERS); // a write to the registry, which joins its heads
      expect(await shared.python.collections()).toEqual([
        "both",
        "last",
        "made by JavaScript",
        "made by Python",
      ]);
      await shared.python.create("one more", NUMBERS);
      for (const library of [shared.javascript, shared.python])
        expect(await library.collections()).toEqual([
          "both",
          "last",
          "made by JavaScript",
          "made by Python",
          "one more",
        ]);
      expectFrame(
        await shared.python.read("made by JavaScript", "s"),
        frameOf(NUMBERS, numbers(5, 9)),
        "Python",
      );
      expectFrame(
        await shared.javascript.read("made by Python", "s"),
        frameOf(NUMBERS, numbers(0, 5)),
        "JavaScript",
      );
    });
  });
});
