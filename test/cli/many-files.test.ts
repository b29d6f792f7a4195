import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { shells } from "./helpers.ts";

const newShell = shells();

test("a folder of thousands of files is imported to a tree where that is asked for, and else with a hint", async () => {
  const shell = await newShell();
  mkdirSync(join(shell.folder, "in/sensors"), { recursive: true });
  for (let i = 0; i < 5_000; i++)
    writeFileSync(join(shell.folder, `in/sensors/s${i}.csv`), "t,v\n2026-01-01,1.5\n");
  const done = "sensors: 5,000 series, 5,000 rows.\n";
  expect(await shell.ok(["import", "in", "--table", "tree"])).toBe(done);
  expect(await shell.json(["ls", "sensors"])).toHaveLength(5_000);
  expect(await shell.json(["rev", "sensors"])).toHaveLength(1);
  const other = await shell.run(["import", "in", "--table", "flat"]);
  expect([other.code, other.stderr]).toEqual([
    1,
    expect.stringContaining("whose table is tree. Leave --table out"),
  ]);
  const { code, stdout, stderr } = await shell.run(["-r", "flat", "import", "in"]);
  expect([code, stdout, stderr]).toEqual([0, done, expect.stringContaining("--table tree")]);
}, 240_000);
