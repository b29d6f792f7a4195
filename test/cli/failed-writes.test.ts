import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { outcomeOf, type Shell, shells } from "./helpers.ts";

const newShell = shells();
let shell: Shell;
beforeEach(async () => {
  shell = await newShell();
});

/** CSV of more rows than are read to infer the types (1 MiB). */
const longCsv = () => `t,v\n${Array.from({ length: 120_000 }, (_, i) => `${i},${i / 7}`).join("\n")}\n`;

describe("a collection that was created for a write that fails late keeps what others wrote", () => {
  /** Starts a write of endless input, and writes another series once its collection exists. */
  async function started() {
    const child = shell.start(["write", "prices/SLOW", "--create"]);
    const outcome = outcomeOf(child);
    if (!child.stdin!.write(longCsv())) await once(child.stdin!, "drain");
    while (!(await shell.json(["ls"])).includes("prices"));
    await shell.ok(["write", "prices/FAST"], { input: "t,v\n1,1.5\n2,2.5\n" });
    return { child, outcome };
  }

  test("if a row is invalid", async () => {
    const { child, outcome } = await started();
    child.stdin!.end("oops,not a number\n");
    const { code, stderr } = await outcome;
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/"prices" was created .* and remains[\s\S]*oops/),
    ]);
    expect(await shell.json(["ls", "prices"])).toEqual(["FAST"]);
    expect(await shell.json(["len", "prices/FAST"])).toBe(2);
  });

  test("if it is interrupted", async () => {
    const { child, outcome } = await started();
    child.kill("SIGINT");
    const { code, stderr } = await outcome;
    expect([code, stderr]).toEqual([130, expect.stringContaining('"prices" was created')]);
    expect(await shell.json(["ls", "prices"])).toEqual(["FAST"]);
  });
});

test("an import that fails late leaves the collection, and says so", async () => {
  await mkdir(join(shell.folder, "in/prices"), { recursive: true });
  await writeFile(join(shell.folder, "in/prices/A.csv"), `${longCsv()}oops,1\n`);
  const { code, stderr } = await shell.run(["import", "in"]);
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/"prices" was created .* and remains[\s\S]*oops/),
  ]);
  expect(await shell.json(["ls"])).toEqual(["prices"]);
  await shell.ok(["delete", "prices"]);
});
