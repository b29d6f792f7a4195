import type { Repo } from "lakota/engine";
import { expect, test } from "vitest";
import { check } from "../checker/check.ts";
import { filesOf } from "../checker/files.ts";
import { NUMBERS, numbers } from "./expected-history.ts";
import { describeOnEachStorage, type SharedRepo } from "./fixtures.ts";
import { expectFrame, frameOf } from "./frames.ts";

/** Series enough that their descriptions are stored in files of their own, which a garbage collection could delete. */
const SERIES = Object.fromEntries(
  Array.from({ length: 400 }, (_, i) => [
    `sensor ${(i * 7_919) % 10_007}`,
    { title: `Sensor ${i}`, description: `At ${(i * 104_729) % 99_991} and ${(i * 1_299_709) % 99_991}` },
  ]),
);
const DESCRIPTION = {
  title: "Numbers 数",
  source: "A script",
  columns: { v: { title: "Value", unit: "m/s²" } },
  series: { ...SERIES, s: { title: "The series", tags: ["a", "b"] } },
};

describeOnEachStorage((newRepo) => {
  const inRepo = async <T>({ location }: SharedRepo, work: (repo: Repo) => Promise<T>): Promise<T> => {
    const repo = await location.open();
    try {
      return await work(repo);
    } finally {
      repo.close();
    }
  };
  const infoOf = (shared: SharedRepo, label: string) =>
    inRepo(shared, async (repo) => (await repo.collection(label)).info({ series: "all" }));
  const describeIn = (shared: SharedRepo, label: string) =>
    inRepo(shared, async (repo) => (await repo.collection(label)).describe(DESCRIPTION));

  test("Python works as before on a described repository, and keeps the descriptions", async () => {
    const shared = newRepo();
    const { python, javascript, location } = shared;
    await python.create("c", NUMBERS);
    await python.write("c", "s", numbers(0, 10));
    await describeIn(shared, "c");
    const expectDescribed = async (label: string) => expect(await infoOf(shared, label)).toEqual(DESCRIPTION);

    expect(await python.collections()).toEqual(["c"]);
    expect(await python.series("c")).toEqual(["s"]);
    await python.write("c", "s", numbers(10, 20));
    for (const library of [python, javascript])
      expectFrame(await library.read("c", "s"), frameOf(NUMBERS, numbers(0, 20)), library.name);
    await expectDescribed("c");

    // Writes to the registry.
    for (const label of ["a", "d", "z"]) await python.create(label, NUMBERS);
    expect(await python.collections()).toEqual(["a", "c", "d", "z"]);
    await expectDescribed("c");
    await python.rename("c", "m");
    await expectDescribed("m");
    await python.remove("d");
    await python.remove("a");
    expect(await python.collections()).toEqual(["m", "z"]);
    await expectDescribed("m");

    for (let i = 0; i < 3; i++) await python.gc(0);
    await expectDescribed("m");
    await python.trim("m", Date.now() + 60_000);
    for (let i = 0; i < 3; i++) await javascript.gc(0);
    await expectDescribed("m");
    const { problems } = await inRepo(shared, (repo) => repo.verify());
    expect(problems).toEqual([]);
    expect(await check(await filesOf(location.store()))).toEqual([]);
  });

  test("Python merges a registry whose branches have a description and a new collection", async () => {
    const shared = newRepo();
    const { python, javascript } = shared;
    await python.create("c", NUMBERS);
    await python.write("c", "s", numbers(0, 5));
    const other = shared.sibling(`${shared.name}-other`);
    await other.javascript.pull(shared.name);
    await describeIn(shared, "c");
    await other.python.create("made", NUMBERS);
    await javascript.pull(other.name);
    expect(await infoOf(shared, "c")).toEqual(DESCRIPTION);
    await shared.request("merge_registry", {});
    expect(await python.collections()).toEqual(["c", "made"]);
    expect(await javascript.collections()).toEqual(["c", "made"]);
    await python.write("c", "s", numbers(5, 10));
    for (let i = 0; i < 3; i++) await python.gc(0);
    expect(await infoOf(shared, "c")).toEqual(DESCRIPTION);
    expectFrame(await python.read("c", "s"), frameOf(NUMBERS, numbers(0, 10)), "Python");
  });

  test("Python pulls and pushes a described repository as before; this library then brings the descriptions", async () => {
    const shared = newRepo();
    const { python, javascript } = shared;
    await python.create("c", NUMBERS);
    await python.write("c", "s", numbers(0, 10));
    await describeIn(shared, "c");
    const pulled = shared.sibling(`${shared.name}-pulled`);
    await pulled.python.pull(shared.name);
    await pulled.python.write("c", "s", numbers(10, 20));
    expectFrame(await pulled.javascript.read("c", "s"), frameOf(NUMBERS, numbers(0, 20)), "JavaScript");
    expect(await infoOf(pulled, "c")).toEqual({});
    for (let i = 0; i < 3; i++) await pulled.python.gc(0);
    await pulled.javascript.pull(shared.name);
    expect(await infoOf(pulled, "c")).toEqual(DESCRIPTION);

    const pushed = shared.sibling(`${shared.name}-pushed`);
    await python.push(pushed.name);
    await javascript.push(pushed.name);
    expect(await infoOf(pushed, "c")).toEqual(DESCRIPTION);
    expect(await pushed.python.collections()).toEqual(["c"]);
    expectFrame(await pushed.python.read("c", "s"), frameOf(NUMBERS, numbers(0, 10)), "Python");
  });
});
