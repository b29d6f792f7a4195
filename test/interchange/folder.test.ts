import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LakotaError, openRepo, Schema } from "../../src/engine.ts";
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

test("the schema and the description come along", async () => {
  const repo = await openRepo("memory://");
  const schema = new Schema({ id: "int*", time: "M8[ms]*", value: "f4", name: "str" });
  const first = await repo.createCollection(schema, "first");
  await first.series("a").write({ id: [1], time: ["2026-03-01"], value: [1.5], name: ["x"] });
  await first.series("b").write({ id: [1], time: ["2026-03-01"], value: [2.5], name: ["y"] });
  const description = {
    title: "First",
    columns: { value: { unit: "K" } },
    series: { a: { title: "A" }, b: { tags: ["t"] } },
  };
  await first.describe(description);
  expect(await exportCollection(first, folderSink(folder))).toMatchObject({ isDescribed: true });
  expect((await readdir(folder)).sort()).toEqual(["_description.json", "_schema.json", "a.csv", "b.csv"]);
  const report = await importFiles(repo, await filesIn(folder), { collection: "second" });
  expect(report).toMatchObject({
    description: "stored",
    skipped: [],
    types: { id: "int*", time: "M8[ms]*" },
  });
  const second = await repo.collection("second");
  expect(second.schema.equals(schema)).toBe(true);
  expect(await second.info({ series: "all" })).toEqual(description);

  // What is described already may be newer.
  const again = () => importFiles(repo, [...files], { collection: "second" });
  const files = await filesIn(folder);
  expect((await again()).description).toBeUndefined();
  await second.describe({ title: "Newer" });
  expect((await again()).description).toBe("kept");
  expect((await second.info()).title).toBe("Newer");

  // Types that are asked for replace the schema, and a dry run writes nothing.
  const types = { id: "int*", time: "date*" };
  const plan = await importFiles(repo, files, { collection: "third", types, dryRun: true });
  expect(plan).toMatchObject({ description: undefined, types: { time: "date*", value: "float" } });
  expect(await repo.ls()).toEqual(["first", "second"]);
});

test("only what describes the exported columns, series and state is exported", async () => {
  const repo = await openRepo("memory://");
  const c = await repo.createCollection(new Schema({ t: "int*", v: "float", w: "float" }), "c");
  await c.batch(async (batch) => {
    for (const label of ["a", "b"]) await batch.series(label).write({ t: [1], v: [1], w: [1] });
  });
  const empty = await exportCollection(c, folderSink(join(folder, "empty")));
  expect(empty.isDescribed).toBe(false);
  expect((await readdir(join(folder, "empty"))).sort()).toEqual(["_schema.json", "a.csv", "b.csv"]);
  await c.describe({
    columns: { v: { unit: "K" }, w: { unit: "m" } },
    series: { a: { title: "A" }, b: { title: "B" } },
  });
  await exportCollection(c, folderSink(join(folder, "part")), { labels: ["a"], columns: ["t", "v"] });
  expect((await readdir(join(folder, "part"))).sort()).toEqual(["_description.json", "a.csv"]);
  expect(JSON.parse(await readFile(join(folder, "part/_description.json"), "utf8"))).toEqual({
    columns: { v: { unit: "K" } },
    series: { a: { title: "A" } },
  });
  const [first] = await c.log();
  const before = await exportCollection(c, folderSink(join(folder, "before")), { before: first!.time });
  expect(before.isDescribed).toBe(false);
});

test("a schema alone creates a collection without series; damaged files are refused before anything is written", async () => {
  const repo = await openRepo("memory://");
  const schema = new Schema({ t: "int*", v: "f4" });
  const file = (path: string, value: unknown) => ({
    path,
    open: () => new Blob([typeof value === "string" ? value : JSON.stringify(value)]),
  });
  const report = await importFiles(repo, [file("x/_schema.json", schema.dump())], { collection: "alone" });
  expect([report.series, report.types]).toEqual([[], { t: "int*", v: "float32" }]);
  expect((await repo.collection("alone")).schema.equals(schema)).toBe(true);
  const csv = file("x/a.csv", "t,v\n1,2\n");
  for (const [name, code] of [
    ["_schema.json", "invalid-schema"],
    ["_description.json", "invalid-argument"],
  ] as const) {
    expect(
      await errorOf(importFiles(repo, [csv, file(`x/${name}`, "{")], { collection: "c" })),
    ).toMatchObject({
      code,
      message: expect.stringContaining(`x/${name}`),
    });
    expect(await repo.ls()).toEqual(["alone"]);
  }
  // Of several, none is that of the collection.
  const several = [csv, file("x/_schema.json", schema.dump()), file("y/_schema.json", schema.dump())];
  const { skipped, types } = await importFiles(repo, several, { collection: "c" });
  expect([skipped, types]).toEqual([["x/_schema.json", "y/_schema.json"], { t: "int*", v: "int" }]);
});

test("a description that cannot be stored is refused before the rows are, and an error later is in the report", async () => {
  const repo = await openRepo("memory://");
  const files = (description: unknown) => [
    { path: "x/a.csv", open: () => new Blob(["t,v\n1,2\n"]) },
    { path: "x/_description.json", open: () => new Blob([JSON.stringify(description)]) },
  ];
  for (const [description, field] of [
    [{ colour: "red" }, "colour"],
    [{ columns: { other: { unit: "K" } } }, "other"],
    [{ series: { a: { tags: "x" } } }, "series.a.tags"],
  ] as const) {
    expect(await errorOf(importFiles(repo, files(description), { collection: "c" }))).toMatchObject({
      code: "invalid-argument",
      message: expect.stringMatching(new RegExp(`^x/_description.json: .*${field}`)),
    });
    expect(await repo.ls()).toEqual([]);
  }
  const create = repo.createCollection.bind(repo);
  Object.assign(repo, {
    createCollection: async (...args: Parameters<typeof create>) =>
      Object.assign(await create(...args), {
        describe: () => Promise.reject(new LakotaError("forbidden", "These keys do not allow it.")),
      }),
  });
  const report = await importFiles(repo, files({ title: "T" }), { collection: "c" });
  expect(report).toMatchObject({
    description: "failed",
    descriptionError: { code: "forbidden" },
    revisions: { length: 1 },
    series: [{ rows: 1 }],
  });
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
  await exportCollection(small, folderSink(folder), { format: "parquet", columns: ["t", "v"] }); // without the schema
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
  expect((await readdir(folder)).sort()).toEqual(["_schema.json", "a.csv"]);
});
