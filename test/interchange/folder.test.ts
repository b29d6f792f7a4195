import { mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openRepo, Schema } from "../../src/engine.ts";
import { exportCollection, filesIn, folderSink, importFiles, toRows } from "../../src/interchange-node.ts";
import { errorOf } from "./helpers.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lakota-folder-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test.each(["csv", "parquet"] as const)("a collection as %s in a folder, and back", async (format) => {
  const schema = new Schema({ time: "timestamp*", value: "f4" });
  const labels = ["a", "b/c", ".hidden", "..", "odd?name"];
  const repo = await openRepo("memory://");
  const collection = await repo.createCollection(schema, "first");
  await collection.batch(async (batch) => {
    for (const [i, label] of labels.entries()) {
      await batch.series(label).write({ time: ["2026-03-01", "2026-03-02"], value: [i, 0.1] });
    }
  });
  await exportCollection(collection, folderSink(folder), { format });
  const types = { time: "timestamp*", value: "f4" };
  await importFiles(repo, await filesIn(folder), { collection: "second", types });
  const again = await repo.collection("second");
  expect(await again.ls()).toEqual(await collection.ls());
  expect(again.schema.equals(schema)).toBe(true);
  for (const label of labels) {
    expect(toRows(await again.series(label).read())).toEqual(toRows(await collection.series(label).read()));
  }
});

test("gzip; hidden files and other formats are skipped", async () => {
  await writeFile(join(folder, "a.csv.gz"), gzipSync("t,v\n1,2\n"));
  await writeFile(join(folder, ".b.csv"), "x");
  await writeFile(join(folder, "notes.md"), "x");
  const repo = await openRepo("memory://");
  const report = await importFiles(repo, await filesIn(folder), { collection: "c" });
  expect([report.series, report.skipped]).toEqual([
    [
      {
        path: "a.csv.gz",
        label: "a",
        format: "csv",
        rows: 1,
        dialect: { delimiter: ",", decimal: ".", formats: {} },
      },
    ],
    ["notes.md"],
  ]);
});

test("a column of integers in one file, with missing ones in another, is a column of floats", async () => {
  const repo = await openRepo("memory://");
  const small = await repo.createCollection(new Schema({ t: "int*", v: "i4" }), "small");
  await small.series("a").write({ t: [1], v: [2] });
  await exportCollection(small, folderSink(folder), { format: "parquet" });
  await writeFile(join(folder, "b.csv"), "t,v\n1,\n2,1\n");
  const { types } = await importFiles(repo, await filesIn(folder), { collection: "c" });
  expect(types).toEqual({ t: "int*", v: "float" });
  expect(toRows(await (await repo.collection("c")).series("a").read())).toEqual([{ t: 1n, v: 2 }]);
});

test("links are followed, each folder once; links to nothing are left out", async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), "lakota-links-"));
  try {
    await writeFile(join(elsewhere, "b.csv"), "t,v\n1,2\n");
    await symlink(join(elsewhere, "b.csv"), join(folder, "a.csv"));
    await symlink(elsewhere, join(folder, "linked"));
    await symlink(folder, join(elsewhere, "back"));
    await symlink(join(elsewhere, "nothing"), join(folder, "nothing.csv"));
    expect((await filesIn(folder)).map((file) => "path" in file && file.path)).toEqual([
      "a.csv",
      "linked/b.csv",
    ]);
  } finally {
    await rm(elsewhere, { recursive: true });
  }
});

test("a file that fails midway leaves nothing behind", async () => {
  const repo = await openRepo("memory://");
  const collection = await repo.createCollection(new Schema({ k: "int*", time: "M8[s]" }), "c");
  // Beyond the years of ISO 8601.
  await collection.series("a").write({ k: [1, 2], time: [0n, 2n ** 60n] });
  expect(await errorOf(exportCollection(collection, folderSink(folder)))).toMatchObject({
    code: "invalid-frame",
  });
  expect(await readdir(folder)).toEqual([]);
  await exportCollection(collection, folderSink(folder), { times: "count" });
  expect(await readdir(folder)).toEqual(["a.csv"]);
});
