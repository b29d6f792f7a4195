import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type S3Server, startS3 } from "../s3-server/index.ts";
import { manyRows, ROWS, type Shell, shells, TEMPERATURE, withRows } from "./helpers.ts";

const newShell = shells();
let s3: S3Server;
let shell: Shell;
beforeAll(async () => {
  s3 = await startS3({ keys: { AKIA: "secret/+=" }, region: "eu-west-3" });
});
afterAll(() => s3.close());
beforeEach(async () => {
  shell = await newShell();
  s3.objects.createBucket("data");
});

const KEYS = { AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "secret/+=" };
const environment = () => ({ ...KEYS, AWS_REGION: "eu-west-3", AWS_ENDPOINT_URL: s3.url });

test("keys from the environment", async () => {
  const env = { ...environment(), LAKOTA_REPO: "s3://data/variables" };
  await shell.ok(TEMPERATURE, { env });
  await shell.ok(["write", "temperature/Brussels"], { env, input: ROWS });
  expect(await shell.ok(["read", "temperature/Brussels"], { env })).toBe(ROWS);
  expect(await shell.ok(["verify"], { env })).toMatch(/^All is well/);
});

test("a profile in the home directory, with the endpoint in the URI", async () => {
  await mkdir(join(shell.folder, "home/.aws"));
  await writeFile(
    join(shell.folder, "home/.aws/credentials"),
    `[work]\naws_access_key_id = AKIA\naws_secret_access_key = secret/+=\n`,
  );
  await writeFile(join(shell.folder, "home/.aws/config"), `[profile work]\nregion = eu-west-3\n`);
  const repo = ["-r", `s3://data/profile?endpoint=${encodeURIComponent(s3.url)}`];
  const env = { AWS_PROFILE: "work" };
  await shell.ok([...repo, ...TEMPERATURE], { env });
  expect(await shell.ok([...repo, "ls"], { env })).toBe("collection\ntemperature\n");
  const other = await shell.run([...repo, "ls"], { env: { AWS_PROFILE: "none" } });
  expect([other.code, other.stderr]).toEqual([1, expect.stringMatching(/^lakota: AWS_PROFILE is "none"/)]);
});

test("the default profile of files named by variables, with its endpoint", async () => {
  await writeFile(
    join(shell.folder, "keys"),
    `[default]\naws_access_key_id=AKIA\naws_secret_access_key=secret/+=\n`,
  );
  await writeFile(join(shell.folder, "config"), `[default]\nregion=eu-west-3\nendpoint_url=${s3.url}\n`);
  const env = {
    AWS_SHARED_CREDENTIALS_FILE: join(shell.folder, "keys"),
    AWS_CONFIG_FILE: join(shell.folder, "config"),
  };
  await shell.ok(["-r", "s3://data/default", ...TEMPERATURE], { env });
  const { code, stderr } = await shell.run(["-r", "s3://data/default", "ls"], {
    env: { AWS_ENDPOINT_URL: s3.url },
  });
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^lakota: [^\n]*\n$/)]); // without keys
});

test("push from a folder, pull to another, read through a cache", async () => {
  const env = environment();
  await withRows(shell);
  await shell.ok(["write", "temperature/long"], { input: manyRows(100_000) });
  expect(await shell.ok(["push", "s3://data/shared"], { env })).toMatch(
    /^temperature: 2 revisions, \d+ chunks/,
  );
  expect(await shell.ok(["push", "s3://data/shared"], { env })).toBe("Nothing new.\n");
  const copy = ["-r", "copy"];
  await shell.ok([...copy, "pull", "s3://data/shared", "temperature", "--shallow"], { env });
  expect(await shell.ok([...copy, "len", "temperature"])).toBe("100003\n");

  const stack = ["-r", "cache", "-r", "s3://data/shared"];
  const rows = await shell.ok([...stack, "read", "temperature/long"], { env });
  expect(rows).toBe(await shell.ok(["read", "temperature/long"]));
  expect((await readdir(join(shell.folder, "cache"))).length).toBeGreaterThan(0);
  s3.reset();
  const asVariable = { ...env, LAKOTA_REPO: "cache s3://data/shared" };
  expect(await shell.ok(["read", "temperature/long"], { env: asVariable })).toBe(rows);
  // Only listings: all chunks and revisions are in the cache.
  expect(
    s3.log.filter(({ status, path }) => status === 200 && path !== "/data" && path !== "/data/"),
  ).toEqual([]);
});

test("files are exported to a bucket, and imported from it", async () => {
  const env = environment();
  await withRows(shell);
  await shell.ok(["write", "temperature/a b/c%"], { input: ROWS });
  expect(await shell.ok(["export", "s3://data/files"], { env })).toBe("temperature: 2 series, 6 rows.\n");
  const copy = ["-r", "copy"];
  expect(await shell.ok([...copy, "import", "s3://data/files"], { env })).toBe(
    "temperature: 2 series, 6 rows.\n",
  );
  expect(await shell.json([...copy, "ls", "temperature"])).toEqual(["Brussels", "a b/c%"]);
  expect(await shell.ok([...copy, "read", "temperature/a b/c%"])).toBe(ROWS);
  await shell.ok(["export", "s3://data/files", "-T", "parquet"], { env }); // beside the others
  const twice = await shell.run(["-r", "other", "import", "s3://data/files"], { env });
  expect([twice.code, twice.stderr]).toEqual([1, expect.stringMatching(/would both be the series/)]);
  const nothing = await shell.run([...copy, "import", "s3://data/nothing"], { env });
  expect([nothing.code, nothing.stderr]).toEqual([
    1,
    expect.stringMatching(/no files in s3:\/\/data\/nothing/),
  ]);
});

test("a bucket without a repository is told apart from an empty one", async () => {
  const env = environment();
  const { code, stderr } = await shell.run(["-r", "s3://data/none", "ls"], { env });
  expect([code, stderr]).toEqual([1, expect.stringMatching(/no repository at s3:\/\/data\/none\. /)]);
});
