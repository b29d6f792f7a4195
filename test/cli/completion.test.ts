import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { ROWS, type Shell, shells, withRows } from "./helpers.ts";

const newShell = shells();
let shell: Shell;
beforeAll(async () => {
  shell = await withRows(await newShell());
  await shell.ok(["write", "temperature/New York"], { input: ROWS });
});

const completions = async (...words: string[]) =>
  (await shell.ok(["complete", "--", ...words])).split("\n").filter(Boolean);

describe("completes", () => {
  test("verbs, options, values, labels, files", async () => {
    expect(await completions("")).toEqual(expect.arrayContaining(["read", "write", "help"]));
    expect(await completions("")).not.toContain("complete");
    expect(await completions("-r", "x", "help", "")).toContain("read");
    expect(await completions("read", "--")).toEqual(expect.arrayContaining(["--limit", "--start", "--repo"]));
    expect(await completions("read", "x/y", "--closed", "")).toEqual(["left", "right", "both", "none"]);
    expect(await completions("read", "")).toEqual(["temperature"]);
    expect(await completions("read", "temperature/")).toEqual([
      "temperature/Brussels",
      "temperature/New York",
    ]);
    expect(await completions("trim", "temperature", "")).toEqual(["temperature"]);
    expect(await completions("write", "temperature/Brussels", "")).toEqual([":files"]);
    expect(await completions("read", "--repo", "")).toEqual([":folders"]);
    expect(await completions("-r", "elsewhere", "read", "")).toEqual([]);
    expect(await completions("rename", "temperature", "")).toEqual([]);
  });
});

test("bash completes with the script", async () => {
  const bin = fileURLToPath(new URL("../../dist/lakota.js", import.meta.url));
  await mkdir(join(shell.folder, "bin"));
  await writeFile(join(shell.folder, "bin/lakota"), `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`, {
    mode: 0o755,
  });
  const complete = (...words: string[]) =>
    execFileSync(
      "bash",
      [
        "-c",
        `eval "$(lakota completion bash)"; COMP_WORDS=(lakota "$@"); COMP_CWORD=$#; _lakota; printf '%s\\n' "\${COMPREPLY[@]}"`,
        "bash",
        ...words,
      ],
      {
        cwd: shell.folder,
        encoding: "utf8",
        env: { PATH: `${join(shell.folder, "bin")}:${process.env.PATH}`, HOME: join(shell.folder, "home") },
      },
    )
      .trimEnd()
      .split("\n");
  expect(complete("re")).toEqual(["read", "rev", "revert", "rename", "remote"]);
  expect(complete("read", "temperature/N")).toEqual(["temperature/New\\ York"]);
  expect(complete("gc", "--dry")).toEqual(["--dry-run"]);
});

test("there are scripts for zsh and fish", async () => {
  expect(await shell.ok(["completion", "zsh"])).toMatch(/^#compdef lakota\n/);
  expect(await shell.ok(["completion", "fish"])).toMatch(/complete -c lakota/);
});
