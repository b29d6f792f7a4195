import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openRepo } from "lakota/engine";
import { beforeAll, expect, test } from "vitest";
import { outcomeOf, type Shell, shells } from "./helpers.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const newShell = shells();
let shell: Shell;
beforeAll(async () => {
  shell = await newShell();
  await mkdir(join(shell.folder, "bin"));
  const bin = `#!/bin/sh\nexec "${process.execPath}" "${ROOT}dist/lakota.js" "$@"\n`;
  await writeFile(join(shell.folder, "bin/lakota"), bin, { mode: 0o755 });
});

/** Returns the first block of commands below a line of a document. */
async function commandsBelow(line: string, document: string): Promise<string> {
  const [, below] = (await readFile(ROOT + document, "utf8")).split(`${line}\n`);
  return /```sh\n([\s\S]*?)```/.exec(below!)![1]!;
}

function run(script: string): string {
  const env = { PATH: `${join(shell.folder, "bin")}:${process.env.PATH}`, HOME: join(shell.folder, "home") };
  return execFileSync("bash", ["-ec", script], { cwd: shell.folder, encoding: "utf8", env });
}

test("the commands from a spreadsheet to a chart work", async () => {
  const below = await commandsBelow(
    "# From a spreadsheet to a chart that others see",
    "docs/tasks/from-a-spreadsheet.md",
  );
  const commands = below.trim().split("\n");
  expect(commands.pop()).toBe("lakota serve");
  const output = run(commands.join("\n"));
  expect(output).toContain("2026-03-04   99.75   88200");
  expect(output).toMatch(/^Wrote lakota\/index\/v2\/index\.json: 1 collection/m);
  expect(run("lakota ls --long")).toContain("day date*, close float, volume int");

  const child = shell.start(["serve", "--port", "0"]);
  const outcome = outcomeOf(child);
  const [text] = await once(child.stdout!, "data");
  const [, url, page] = /is at (\S+)\nExplore it at (\S+)/.exec(String(text))!;
  const repo = await openRepo(url!);
  const series = (await repo.collection("stocks")).series("ACME");
  expect((await series.read({ numbers: true })).get("close")).toEqual(
    new Float64Array([101.5, 102.25, 99.75, 100.5, 103]),
  );
  repo.close();
  expect(await (await fetch(page!)).text()).toMatch(/<html/);
  child.kill("SIGINT");
  expect((await outcome).code).toBe(0);
});

test("the README's overview of commands works", async () => {
  await writeFile(join(shell.folder, "brussels.csv"), "timestamp,value\n2026-03-01,1\n");
  const script = (await commandsBelow("### From the command line", "README.md"))
    .replaceAll("s3://my-bucket/weather", "./elsewhere")
    .replaceAll("…", "");
  run(`export LAKOTA_REPO=overview\n${script}`);
  expect(await readFile(join(shell.folder, "march.csv"), "utf8")).toBe(
    "timestamp,value\n2026-03-01T00:00:00Z,1\n",
  );
});
