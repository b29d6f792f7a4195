import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { changeConfig, readConfig } from "../../src/cli/config/config-file.ts";
import { ROWS, type Shell, shells, withRows } from "./helpers.ts";

const newShell = shells();
let shell: Shell;
beforeEach(async () => {
  shell = await withRows(await newShell());
});

const CONFIG = "home/.config/lakota/config.json";
const config = async () => JSON.parse(await readFile(join(shell.folder, CONFIG), "utf8"));

test("a remote stands for a repo wherever one is named", async () => {
  expect(await shell.ok(["remote", "add", "prod", "data/weather"])).toBe(
    `Added prod: ${join(shell.folder, "data/weather")}.\n`,
  );
  const pushed = await shell.ok(["push", "prod"]);
  expect(pushed).toMatch(/^temperature: 1 revision/);
  expect(pushed).not.toContain("0 chunks");
  expect(pushed.endsWith(`Copied to ${join(shell.folder, "data/weather")}.\n`)).toBe(true);
  expect((await shell.run(["push", "prd"])).stderr).toBe(
    'lakota: There is no remote "prd" (there is: prod), and no folder of that name. To make a new folder, write ./prd.\n',
  );
  expect(await shell.ok(["-r", "prod", "read", "temperature/Brussels"])).toBe(ROWS);
  expect(await shell.ok(["ls"], { env: { LAKOTA_REPO: "prod" } })).toBe("collection\ntemperature\n");
  expect(await shell.ok(["pull", "prod"])).toBe("Nothing new.\n");
  expect(await shell.ok(["status", "prod"])).toContain("Nothing to push to prod");
  await mkdir(join(shell.folder, "prod"));
  expect((await shell.run(["-r", "./prod", "ls"])).stderr).toContain("There is no repository");
  expect(await shell.json(["remote", "list"])).toEqual([
    { name: "prod", uris: [join(shell.folder, "data/weather")] },
  ]);
  expect(await shell.ok(["remote", "rm", "prod"])).toMatch(/^Removed prod: .*The repo is still there\.\n$/);
  expect(await shell.ok(["remote"])).toBe("name\turis\n");
  expect(await shell.json(["-r", "data/weather", "ls"])).toEqual(["temperature"]);
});

test("a remote may be a stack", async () => {
  await shell.ok(["push", "./origin"]);
  await shell.ok(["remote", "add", "cached", "cache", "origin"]);
  expect(await shell.ok(["-r", "cached", "read", "temperature/Brussels"])).toBe(ROWS);
  expect((await readdir(join(shell.folder, "cache"))).length).toBeGreaterThan(0);
});

test("the file is where XDG says, and no half of it is ever seen", async () => {
  const env = { XDG_CONFIG_HOME: join(shell.folder, "xdg") };
  await shell.ok(["remote", "add", "a", "s3://bucket/x?endpoint=http://minio:9000&region=eu"], { env });
  const folder = join(shell.folder, "xdg/lakota");
  expect(await readdir(folder)).toEqual(["config.json"]);
  expect((await stat(join(folder, "config.json"))).mode & 0o077).toBe(0);
  expect(await shell.ok(["remote", "list"])).toBe("name\turis\n"); // the other file
  await mkdir(join(shell.folder, "home/.config/lakota"), { recursive: true });
  await writeFile(join(shell.folder, CONFIG), '{"later": 1, "remotes": {"b": "x"}}');
  await shell.ok(["remote", "add", "c", "y"]);
  expect(await config()).toEqual({ later: 1, remotes: { b: "x", c: join(shell.folder, "y") } });
});

test.each([
  [["add", "a", "https://user:pass@host/x"], /a login before the @, and the configuration stores no secrets/],
  [["add", "a", "s3://KEY:SECRET@bucket/x"], /stores no secrets/],
  [["add", "a", "https://host/x?X-Amz-Signature=1"], /the parameter "X-Amz-Signature"/],
  [["add", "a", "s3://bucket/x?token=1"], /the parameter "token"/],
  [["add", "a", "s3://bucket/x?endpoint=http://u:p@host"], /a login or a query in its endpoint/],
  [["add", "a", "s3://bucket/p?region=eu https://user:SECRET@host/x"], /a login before the @/],
  [["add", "a", "cache https://user:SECRET@host/x"], /a login before the @/],
  [["add", "a", "cache,https://user:SECRET@host/x"], /a login before the @, as it seems/],
  [["add", "a", "https:/user:SECRET@host"], /lacks :\/\//],
  [["add", "a", "htps:/user:SECRET@host"], /a login before the @, as it seems/],
  [["add", "a", "user:SECRET@host"], /a login before the @, as it seems/],
  [["add", "a", "https://host/x#token=SECRET"], /a part after #/],
  [["add", "a", "https://host/x\n?token=SECRET"], /white space/],
  [["add", "a", "s3://bucket/p SECRET"], /white space/],
  [
    ["add", "a", "s3://b/p?endpoint=https://ok&endpoint=https://u:SECRET@h"],
    /the parameter "endpoint" more than once/,
  ],
  [["add", "a", "s3://b/p?region=eu?token=SECRET"], /a login or a query in its region/],
  [["add", "a", "s3://b/p?endpoint=https%3A%2F%2Fu%3ASECRET%40h"], /a login or a query in its endpoint/],
  [["add", "a", "s3://b/p?SECRET"], /a parameter without value/],
  [["add", "https://user:SECRET@host/x", "y"], /an address is not a name/],
  [["add", "a", "ftp://host/x"], /cannot be at ftp:\/\//],
  [["add", "a/b", "x"], /"a\/b" is not a name/],
  [["add", "a"], /needs NAME and URI/],
  [["remove"], /needs NAME/],
  [["remove", "a", "b"], /takes no argument "b"/],
  [["list", "a"], /takes no argument "a"/],
  [["rename"], /"rename" is not one of add, list, remove, rm/],
])("remote %j is refused", async (args, message) => {
  const { code, stdout, stderr } = await shell.run(["remote", ...args]);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain("SECRET");
  expect(await shell.ok(["remote"])).toBe("name\turis\n");
});

test("one argument may be a stack, as with --repo", async () => {
  await shell.ok(["remote", "add", "cached", "my cache s3://bucket/x?region=eu"]);
  expect((await config()).remotes.cached).toEqual([
    join(shell.folder, "my cache"),
    "s3://bucket/x?region=eu",
  ]);
});

test("remotes that are added at the same time are all kept", async () => {
  const names = Array.from({ length: 8 }, (_, i) => `r${i}`);
  const path = join(shell.folder, "shared/config.json");
  await Promise.all(
    names.map((name) =>
      changeConfig((config) => ({ ...config, remotes: { ...config.remotes, [name]: "x" } }), path),
    ),
  );
  expect(Object.keys((await readConfig(path)).remotes ?? {}).sort()).toEqual(names);
  expect(await readdir(join(shell.folder, "shared"))).toEqual(["config.json"]);
  await writeFile(`${path}.lock`, "");
  await expect(changeConfig((config) => config, path, 50)).rejects.toThrow(
    /Another command is changing .*remove .*config\.json\.lock/,
  );
});

test("names that exist, or do not, and damaged files are told", async () => {
  await shell.ok(["remote", "add", "prod", "x"]);
  const twice = await shell.run(["remote", "add", "prod", "y"]);
  expect([twice.code, twice.stderr]).toEqual([
    1,
    expect.stringMatching(/"prod" exists: .*lakota remote remove prod/),
  ]);
  const missing = await shell.run(["remote", "remove", "prd"]);
  expect([missing.code, missing.stderr]).toEqual([
    1,
    expect.stringMatching(/no remote "prd"\. Did you mean prod\?/),
  ]);
  await writeFile(join(shell.folder, CONFIG), "{");
  for (const args of [["remote"], ["-r", "prod", "ls"]]) {
    const { code, stderr } = await shell.run(args);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/config\.json is not valid JSON: .*Correct or remove it/),
    ]);
  }
  await writeFile(join(shell.folder, CONFIG), '{"remotes": {"prod": 1}}');
  expect((await shell.run(["remote"])).stderr).toMatch(
    /must be of the form \{"remotes": \{"NAME": "ADDRESS"\}\}/,
  );
  expect(await shell.ok(["ls"])).toBe("collection\ntemperature\n"); // a path is no name: the file is not read
});

test("remotes are completed", async () => {
  await shell.ok(["remote", "add", "prod", "x"]);
  const complete = async (...words: string[]) =>
    (await shell.ok(["complete", "--", ...words])).split("\n").filter(Boolean);
  expect(await complete("-r", "p")).toEqual(["prod"]);
  expect(await complete("-r", "x")).toEqual([":folders"]);
  expect(await complete("push", "")).toEqual(["prod"]);
  expect(await complete("remote", "remove", "")).toEqual(["prod"]);
  expect(await complete("remote", "")).toEqual(["add", "list", "remove", "rm"]);
});
