import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const FOLDER = fileURLToPath(new URL("../../examples/", import.meta.url));
/** Code that examples share. */
const SHARED = ["folder.ts"];
const run = promisify(execFile);

const scripts = readdirSync(FOLDER).filter((name) => name.endsWith(".ts") && !SHARED.includes(name));

/** Returns the expected output: the comment at the end of an example. */
function expectedOutput(text: string): string[] {
  const [, prints = ""] = text.split("\n// Prints:\n");
  return prints
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/^\/\/ ?/, ""));
}

describe("examples", () => {
  test.each(scripts)("%s prints what its last comment says", { timeout: 30_000 }, async (name) => {
    const path = FOLDER + name;
    const { stdout } = await run(process.execPath, ["--import", "tsx", path]);
    const printed = stdout.trimEnd().split("\n");
    expect(printed.map((line) => line.trimEnd())).toEqual(expectedOutput(readFileSync(path, "utf8")));
  });

  test("are all listed in the README", () => {
    const readme = readFileSync(`${FOLDER}README.md`, "utf8");
    for (const name of scripts) expect(readme).toContain(`(${name})`);
  });
});
