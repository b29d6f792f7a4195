import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EngineCollection } from "../../src/engine/collection/collection.ts";
import { openRepo } from "../../src/engine.ts";
import type { ImportProgress } from "../../src/interchange.ts";
import { filesIn, importFiles } from "../../src/interchange-node.ts";
import { errorOf } from "./helpers.ts";

const FILES = 3_000;
const labelOf = (i: number) => `sensor-${String(i).padStart(5, "0")}`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lakota-many-"));
  for (let i = 0; i < FILES; i++)
    await writeFile(join(folder, `${labelOf(i)}.csv`), `t,v\n1,${i}.5\n2,${i}.25\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("thousands of files become the series of one revision, and progress counts them twice", async () => {
  const repo = await openRepo("memory://");
  const seen: ImportProgress[] = [];
  const report = await importFiles(repo, await filesIn(folder), {
    collection: "c",
    table: "tree",
    onProgress: (progress) => seen.push(progress),
  });
  expect(report.series).toHaveLength(FILES);
  const collection = await repo.collection("c");
  expect(collection instanceof EngineCollection && collection.tableKind).toBe("tree");
  expect(await collection.ls()).toEqual(Array.from({ length: FILES }, (_, i) => labelOf(i)));
  expect(await collection.log()).toHaveLength(1);
  expect((await collection.series(labelOf(1_234)).read()).get("v")).toEqual(
    Float64Array.of(1_234.5, 1_234.25),
  );
  const inspected = seen.filter(({ files, rows }) => files + rows === 0).map(({ inspected }) => inspected);
  expect(inspected.slice(0, FILES)).toEqual(Array.from({ length: FILES }, (_, i) => i + 1));
  expect(seen.at(-1)).toEqual({
    files: FILES,
    totalFiles: FILES,
    inspected: FILES,
    path: `${labelOf(FILES - 1)}.csv`,
    rows: 2 * FILES,
  });
});

test("an import that is aborted in the middle of thousands of files leaves no series", async () => {
  const repo = await openRepo("memory://");
  const controller = new AbortController();
  const error = await errorOf(
    importFiles(repo, await filesIn(folder), {
      collection: "c",
      table: "tree",
      signal: controller.signal,
      onProgress: ({ files }) => {
        if (files === FILES - 100) controller.abort();
      },
    }),
  );
  expect(error).toMatchObject({ code: "aborted" });
  const collection = await repo.collection("c");
  expect([await collection.ls(), await collection.log()]).toEqual([[], []]);
});

test("two of many files with one label are an error that names both", async () => {
  const repo = await openRepo("memory://");
  const error = await errorOf(
    importFiles(repo, await filesIn(folder), { collection: "c", label: (path) => path.replace(/5$/, "4") }),
  );
  expect(error).toMatchObject({
    code: "exists",
    message: expect.stringMatching(/sensor-00004\.csv and sensor-00005\.csv/),
  });
});

test("a collection that exists keeps its kind of table: an import that asks for another one fails", async () => {
  const repo = await openRepo("memory://");
  const files = (await filesIn(folder)).slice(0, 2);
  const into = (table?: "flat" | "tree", dryRun = false) =>
    importFiles(repo, files, { collection: "c", dryRun, ...(table && { table }) });
  await into();
  for (const dryRun of [false, true])
    expect(await errorOf(into("tree", dryRun))).toMatchObject({
      code: "exists",
      message: expect.stringMatching(/"c" exists, whose table is flat/),
    });
  expect(await (await repo.collection("c")).log()).toHaveLength(1);
  expect((await into("flat")).series).toHaveLength(2);
  expect((await into()).series).toHaveLength(2);
});
