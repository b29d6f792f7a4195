import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { type Shell, shells, withRows } from "./helpers.ts";

const newShell = shells();
let shell: Shell;
beforeAll(async () => {
  shell = await withRows(await newShell());
  const at = (path: string) => join(shell.folder, path);
  await mkdir(at("folder/c"), { recursive: true });
  await writeFile(at("folder/c/a.csv"), "timestamp,value\n2026-01-02,1\n2026-01-01,1\n");
  await writeFile(at("epochs.csv"), "timestamp,value\n2026-01-02T00:00:00Z,1\n2026-01-01T00:00:00Z,2\n");
  await writeFile(at("words.csv"), "timestamp,value\n2026-01-01,one\n");
  await writeFile(at("empty.csv"), "");
  await writeFile(at("file"), "x");
  await symlink(at("loop"), at("loop"));
});

/** Words of the API, of the operating system and of the format: none of them helps who types a command. */
const FOREIGN = [
  /\bE(?:NOENT|ISDIR|ACCES|NOTDIR|EXIST|LOOP|PERM|ADDR\w+|CONN\w+)\b/,
  /\b(?!clone\(\))[a-z]+[A-Z]\w*\b(?=:| must)/, // an option, such as timeZone:
  /\b\w+: (?:true|false|\{|\[)/,
  /\b\d{10,}\b/, // an epoch
  /\b[\da-f]{2}\/[\da-f]{2}\/[\da-f]{36}/, // a path in the repo
  /datetime64|\[object|undefined|at .*\.js/,
];

/** Common mistakes by verb. Each must be told in one line, in the words of the command. */
const MISTAKES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  create: [["x"], ["x", "value float"], ["x", "t time*"], ["temperature", "n int*"], ["", "n int*"]],
  write: [
    ["temperature/Brussels", "epochs.csv"],
    ["temperature/Brussels", "words.csv"],
    ["temperature/Brussels", "empty.csv"],
    ["temperature/Brussels", "folder"],
    ["temperature/Brussels", "missing.csv"],
    ["temperature/Brussels", "loop"],
    ["temperature/Brussels", "epochs.csv", "--sort", "--start", "2027"],
    ["temperature/Brussels", "epochs.csv", "--time-zone", "Mars"],
    ["temperature/Brussels", "epochs.csv", "--format", "timestamp=%Q"],
    ["temperature/Brussels", "epochs.csv", "--columns", "nope"],
    ["temperature/Brussels", "epochs.csv", "--encoding", "morse"],
    ["temperature/Brussels", "epochs.csv", "--delimiter", "ab"],
    ["temperature", "epochs.csv"],
    ["nowhere/x", "epochs.csv"],
  ],
  read: [
    ["temperature/Brussels", "nope"],
    ["temperature/Brussels", "max(nope)"],
    ["temperature/Brussels", "--where", "nope > 1"],
    ["temperature/Brussels", "--where", "value >"],
    ["temperature/Brussels", "--start", "1772323200"],
    ["temperature/Brussels", "--start", "01/03/2026"],
    ["temperature/Brussels", "--before", "1960"],
    ["temperature/Brussels", "--before", "head~9"],
    ["temperature/Brussels", "--tail", "1", "--offset", "-1"],
    ["temperature/Brussels", "max(value)", "--tail", "1"],
    ["temperature/Ghent"],
  ],
  ls: [["nowhere"], ["temperature/Brussels"]],
  len: [["nowhere"], ["temperature/Brussels", "--start", "soon"]],
  status: [["nowhere"], ["gs://bucket"]],
  rev: [["nowhere"]],
  show: [["temperature", "head~9"], ["temperature", "nope"], ["temperature/Brussels"], ["0198a3b4c5d"]],
  diff: [
    ["temperature", "head~9"],
    ["temperature", "2000-01-01"],
    ["nowhere", "head"],
  ],
  revert: [
    ["temperature", "head~9"],
    ["temperature", "nope"],
    ["nowhere", "head"],
  ],
  rename: [
    ["nowhere", "x"],
    ["temperature/x", "y"],
    ["temperature", ""],
    ["temperature/Brussels", "temperature/"],
  ],
  delete: [
    ["nowhere"],
    ["temperature/x"],
    ["temperature", "--start", "-7d"],
    ["temperature/Brussels", "--end", "x"],
  ],
  import: [
    ["missing"],
    ["file"],
    ["folder"],
    ["folder", "-c", "x"],
    ["gs://bucket"],
    ["folder", "--types", "v"],
  ],
  export: [["file"], ["out", "-c", "x"], ["gs://bucket"], ["out", "-T", "xls"], ["loop/x"]],
  push: [["gs://bucket"], ["file"], ["other", "nowhere"]],
  pull: [["gs://bucket"], ["missing"], ["file"]],
  remote: [["add", "a"], ["remove", "a"], ["nope"]],
  merge: [["nowhere"]],
  verify: [["nowhere"]],
  defrag: [["nowhere"], ["temperature/Brussels"]],
  trim: [["nowhere"], ["temperature", "--before", "1960"], ["temperature", "--before", "soon"]],
  gc: [["--grace", "soon"]],
  publish: [["--overviews", "--no-overviews"]],
  serve: [
    ["--port", "99999"],
    ["--host", "1.2.3.4", "--port", "0"],
    ["--allow-origin", "x"],
  ],
  info: [["nowhere"], ["temperature", "--before", "soon"]],
  describe: [
    ["temperature"],
    ["temperature", "--unit", "K"],
    ["temperature", "--file", "missing"],
    ["nowhere", "-t", "x"],
  ],
  help: [["nope"]],
  completion: [["csh"]],
};

const cases = Object.entries(MISTAKES).flatMap(([verb, lines]) => lines.map((args) => [verb, ...args]));

test.each(cases.map((args) => [args.join(" "), args] as const))("lakota %s", async (_, args) => {
  const { code, stdout, stderr } = await shell.run(args);
  expect(stdout).toBe("");
  expect(code, stderr).toBeGreaterThan(0);
  expect(stderr).toMatch(/^lakota: \S.*\.?\n/);
  expect(stderr).not.toContain("internal error");
  // What the user has typed may be anything.
  const text = args.reduce((rest, arg) => (arg === "" ? rest : rest.replaceAll(arg, "…")), stderr);
  for (const foreign of FOREIGN) expect(text).not.toMatch(foreign);
});

test("repositories that are not there, or are something else", async () => {
  for (const repo of [
    "missing",
    "file",
    "folder",
    "file/x",
    "loop",
    "http://127.0.0.1:1/x",
    "ftp://host/x",
  ]) {
    const { code, stdout, stderr } = await shell.run(["-r", repo, "ls"]);
    expect([code, stdout], repo).toEqual([1, ""]);
    for (const foreign of FOREIGN) expect(stderr).not.toMatch(foreign);
  }
});

test("every verb has its mistakes here", () => {
  const without = ["version", "complete", "sql"]; // nothing to get wrong, or tests of their own
  const verbs = commands.map(({ name }) => name).filter((name) => !without.includes(name));
  expect(verbs.filter((name) => !(name in MISTAKES))).toEqual([]);
});
