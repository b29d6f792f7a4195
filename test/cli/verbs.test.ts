import { mkdir, readdir, readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, test } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { FileStore } from "../../src/stores/file/file-store.ts";
import { timesSchema, UNVERIFIED_PATH, writeUnverifiedTimes } from "../engine/unverified-times.ts";
import { manyRows, ROWS, type Shell, shells, TEMPERATURE, withRows } from "./helpers.ts";

const newShell = shells();
let shell: Shell;
beforeEach(async () => {
  shell = await newShell();
});

const lines = (text: string) => text.trimEnd().split("\n");
const body = (text: string) => lines(text).slice(1);

describe("rows", () => {
  beforeEach(() => withRows(shell));

  test("are written and read", async () => {
    expect(await shell.ok(["read", "temperature/Brussels"])).toBe(ROWS);
    expect(await shell.ok(["len", "temperature/Brussels"])).toBe("3\n");
    expect(await shell.ok(["write", "temperature/Ghent"], { input: ROWS })).toBe("");
    expect(await shell.ok(["length", "temperature"])).toBe("6\n");
  });

  test("are read in part", async () => {
    const read = async (...options: string[]) =>
      body(await shell.ok(["read", "temperature/Brussels", ...options]));
    expect(await read("value", "--limit", "1")).toEqual(["4.5"]);
    expect(await read("--columns", "value", "-o", "1", "-l", "1")).toEqual(["6.1"]);
    expect(await read("value", "--tail", "2")).toEqual(["6.1", "5"]);
    expect(await read("value", "--start", "2026-03-02")).toEqual(["6.1", "5"]);
    expect(await read("value", "--gt", "2026-03-02", "--lt", "2026-03-03")).toEqual(["6.1"]);
    expect(await read("value", "--start", "2026-03-01", "--stop", "2026-03-03", "-c", "RIGHT")).toEqual([
      "6.1",
      "5",
    ]);
    expect(await read("value", "-p", "1", "-o", "1")).toEqual(["6.1", "5"]);
    expect(await read("value", "--mask", "(> self.value 4.5)")).toEqual(["6.1", "5"]);
    expect(await read("value", "--where", "value > 4.5 and not value = 5")).toEqual(["6.1"]);
    expect(await read("max(value) - 1", "count() as n")).toEqual(["5.1,3"]);
    expect(await read("value", "-m", "(> self.value 4.5)", "--tail", "1")).toEqual(["5"]);
    expect(await read("(max self.value)", "--where", "(< self.value 6)")).toEqual(["5"]);
    expect(lines(await shell.ok(["read", "temp/Br", '(as (count) "n")']))).toEqual(["n", "3"]);
    expect(await read("value", "--limit", "0")).toEqual([]);
    expect(lines(await shell.ok(["read", "temp/Br", "--no-header", "value"]))).toEqual(["4.5", "6.1", "5"]);
  });

  test("are read in pages, with limits across them", async () => {
    await shell.ok(["create", "long", "n int*", "v int"]);
    const rows = Array.from({ length: 250_000 }, (_, n) => `${n},${n % 7}`);
    await shell.ok(["write", "long/s"], { input: `n,v\n${rows.join("\n")}\n` });
    const read = async (...options: string[]) => body(await shell.ok(["read", "long/s", ...options]));
    expect(await read()).toEqual(rows);
    expect(await read("--tail", "150000")).toEqual(rows.slice(-150_000));
    expect(await read("-o", "99990", "-l", "120000")).toEqual(rows.slice(99_990, 219_990));
    expect(await read("-o", "240000")).toEqual(rows.slice(240_000));
    expect(await read("-o", "300000")).toEqual([]);
  });

  test("are printed as JSON and as tables", async () => {
    expect(lines(await shell.ok(["read", "temperature/Brussels", "--json"]))).toEqual([
      '{"timestamp":"2026-03-01T00:00:00Z","value":4.5}',
      '{"timestamp":"2026-03-02T00:00:00Z","value":6.1}',
      '{"timestamp":"2026-03-03T00:00:00Z","value":5}',
    ]);
    expect(await shell.ok(["-P", "read", "temperature/Brussels", "-l", "1"])).toBe(
      "timestamp             value\n--------------------  -----\n2026-03-01T00:00:00Z    4.5\n",
    );
  });

  test("of all types are printed as JSON", async () => {
    const columns = ["i int*", "f float", "t M8[ms]", "b bool", "s str", "o O", "u u8"];
    await shell.ok(["create", "kinds", ...columns]);
    const input =
      'i,f,t,b,s,o,u\n1,,,true,"a,""b","{""k"": [1]}",18446744073709551615\n2,inf,2026-01-01T00:00:00.5Z,false,,null,0\n';
    await shell.ok(["write", "kinds/s"], { input });
    expect(lines(await shell.ok(["read", "kinds/s", "--json"]))).toEqual([
      '{"i":1,"f":null,"t":null,"b":true,"s":"a,\\"b","o":{"k":[1]},"u":18446744073709551615}',
      '{"i":2,"f":null,"t":"2026-01-01T00:00:00.500Z","b":false,"s":"","o":null,"u":0}',
    ]);
  });

  test("are read, compared and listed by revision", async () => {
    const [{ id: revision }] = await shell.json(["rev", "temperature"]);
    await shell.ok(["write", "temperature/Brussels", "-m", "wrong sensor", "--author", "Ada"], {
      input: "timestamp,value\n2026-03-02,7\n",
    });
    const log = await shell.json(["rev", "temperature"]);
    expect(log).toMatchObject([
      { id: revision, head: false, rows: 3 },
      { head: true, rows: 1, note: { author: "Ada", message: "wrong sensor" }, parents: [revision] },
    ]);
    expect(await shell.ok(["read", "temperature/Brussels", "--before", log[1].id])).toBe(ROWS);
    expect(await shell.ok(["len", "temperature", "--before", "2020-01-01"])).toBe("0\n");
    const values = ["read", "temperature/Brussels", "value", "--no-header"];
    expect(lines(await shell.ok(values))).toEqual(["4.5", "7", "5"]);

    expect(body(await shell.ok(["diff", "temperature", revision]))).toEqual([
      "changed\tBrussels\t2026-03-02T00:00:00Z\t2026-03-02T00:00:00Z\tboth",
    ]);
    expect(
      lines(await shell.ok(["diff", "temperature/Brussels", revision.slice(0, 20), "head", "--rows"])),
    ).toEqual(["@ Brussels", "-2026-03-02T00:00:00Z,6.1", "+2026-03-02T00:00:00Z,7"]);
    const [change] = await shell.json(["diff", "temperature", revision, "9999-01-01", "--rows"]);
    expect([change.rows.removed, change.rows.added].map(([row]) => row.value)).toEqual([6.1, 7]);
    expect(body(await shell.ok(["diff", "temperature", "head", "head"]))).toEqual([]);
    expect(lines(await shell.ok(["rev", "temperature", "--limit", "1"]))).toHaveLength(2);
    expect(body(await shell.ok(["rev", "temperature", "-e"]))[1]).toContain(`\t${revision}`);
    expect(body(await shell.ok(["log"]))).toHaveLength(1); // the registry's
  });

  test("are replaced in a range", async () => {
    const input = "timestamp,value\n2026-03-02,0\n";
    await shell.ok(["write", "temperature/Brussels", "--stop", "2026-04-01"], { input });
    const values = ["read", "temperature/Brussels", "value", "--no-header"];
    expect(lines(await shell.ok(values))).toEqual(["4.5", "0"]);
    await shell.ok(["write", "temperature/Brussels", "--start", "2026-01-01", "--stop", "2027-01-01"], {
      input: "timestamp,value\n",
    });
    expect(await shell.ok(["len", "temperature/Brussels"])).toBe("0\n");
  });

  test("are deleted as a range, a series and a collection, each after a dry run", async () => {
    const length = () => shell.ok(["len", "temperature"]);
    const range = ["delete", "temperature/Brussels", "--start", "2026-03-02"];
    expect(await shell.ok([...range, "--dry-run"])).toMatch(
      /^Would delete 2 rows from temperature\/Brussels/,
    );
    expect(await length()).toBe("3\n");
    expect(await shell.json(range)).toMatchObject({ rows: 2, dryRun: false });
    expect(await length()).toBe("1\n");
    expect(await shell.ok(["delete", "temperature/Brussels", "-n"])).toMatch(/^Would delete 1 row/);
    expect(await shell.ok(["del", "temperature/Brussels", "--message", "gone"])).toMatch(/^Deleted 1 row/);
    expect(await shell.ok(["ls", "temperature"])).toBe("series\n");
    expect(await shell.ok(["delete", "temperature", "--dry-run"])).toMatch(/^Would delete the collection/);
    expect(await shell.ok(["ls"])).toBe("collection\ntemperature\n");
    expect(await shell.ok(["delete", "temperature"])).toMatch(/3 revisions/);
    expect(await shell.ok(["ls"])).toBe("collection\n");
  });
});

describe("collections", () => {
  test("are created, listed and renamed", async () => {
    await withRows(shell);
    await shell.ok(TEMPERATURE); // a second time changes nothing
    expect(await shell.json(["create", "k", "name str*", "o O", "--kv"])).toMatchObject({
      schema: { kind: "kv" },
    });
    expect(await shell.ok(["ls", "-l"])).toBe(
      "collection\tseries\tcolumns\nk\t0\tname str*, o O\ntemperature\t1\ttimestamp timestamp*, value float\n",
    );
    expect(await shell.json(["ls"])).toEqual(["k", "temperature"]);
    expect(await shell.json(["ls", "temperature", "--long"])).toEqual([{ series: "Brussels", rows: 3 }]);
    expect(await shell.ok(["rename", "temperature", "weather", "-n"])).toBe(
      "Would rename temperature to weather.\n",
    );
    expect(await shell.json(["rename", "temperature/Brussels", "Uccle", "--dry-run"])).toEqual({
      from: "temperature/Brussels",
      to: "Uccle",
      dryRun: true,
    });
    expect(await shell.json(["ls", "temperature"])).toEqual(["Brussels"]);
    expect(await shell.ok(["rename", "temperature", "weather"])).toBe("Renamed temperature to weather.\n");
    await shell.ok(["rename", "weather/Brussels", "weather/Uccle"]);
    await shell.ok(["rename", "weather/Uccle", "Ukkel", "--quiet"]);
    expect(await shell.ok(["ls", "weather"])).toBe("series\nUkkel\n");
    expect(await shell.ok(["read", "weather/Ukkel"])).toBe(ROWS);
  });

  test("are created for a file, unless it is invalid", async () => {
    await writeFile(join(shell.folder, "a.csv"), "day;price;note\n2026-01-01;1,5;x\n2026-01-02;;y\n");
    const decimalComma = ["--decimal", ","];
    await shell.ok(["write", "stocks/ACME", "a.csv", "--create", ...decimalComma]);
    expect(await shell.ok(["ls", "-l"])).toContain("day date*, price float, note str");
    await shell.ok([
      "write",
      "typed/a",
      "a.csv",
      "--create",
      ...decimalComma,
      "--types",
      "day=timestamp",
      "--types",
      "price=f4",
      "--index",
      "day,note",
    ]);
    expect(await shell.ok(["ls", "-l"])).toContain("day timestamp*, price float32, note str*");
    const { code, stderr } = await shell.run(["write", "broken/a", "--create"], {
      input: "t,v\n2,1\n1,1\n",
    });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^lakota: .*order/im)]);
    expect(stderr).toContain(`"broken" was created before this failed, and remains`);
    expect(await shell.json(["ls", "broken"])).toEqual([]);
  });

  test("are merged after concurrent writes", async () => {
    await withRows(shell);
    await shell.ok(["push", "./other"]);
    const write = (repo: string, value: number) =>
      shell.ok(["-r", repo, "write", "temperature/Brussels"], {
        input: `timestamp,value\n2026-03-02,${value}\n`,
      });
    await write(".lakota", 10);
    await write("other", 20);
    expect(await shell.json(["pull", "other", "temperature"])).toMatchObject({
      collections: [{ label: "temperature", revisions: 1 }],
    });
    const report = await shell.ok(["merge", "temperature"]);
    expect(report).toMatch(/^temperature: joined 2 heads/);
    expect(report).toMatch(/conflict in temperature\/Brussels, 2026-03-02T00:00:00Z to 2026-03-02T00:00:00Z/);
    expect(await shell.json(["merge", "-a"])).toMatchObject([
      { collection: "temperature", conflicts: [] },
      { collection: "registry", conflicts: [] },
    ]);
    expect(lines(await shell.ok(["read", "temperature/Brussels", "value"]))).toContain("20");
    expect(await shell.ok(["pull", "other"])).toBe("Nothing new.\n");
  });

  test("are trimmed, defragmented and collected, each after a dry run", async () => {
    await shell.ok(TEMPERATURE);
    for (let i = 0; i < 6; i++)
      await shell.ok(["write", "temperature/s"], { input: manyRows(40_000, i * 40_000) });
    expect(await shell.ok(["defrag", "temperature", "-n"])).toMatch(
      /^temperature\/s: would go from \d+ segments to \d.*\ntemperature: would write about [\d.]+ [kM]B; only older/,
    );
    expect(await shell.ok(["defrag", "temperature"])).toMatch(
      /^temperature\/s: went.*\ntemperature: wrote [\d.]+ [kM]B; only older revisions need \d+ chunks \([\d.]+ [kM]B\)/,
    );
    expect(await shell.ok(["defrag", "temperature"])).toBe("temperature: nothing to do.\n");
    const before = ["--before", "9999-01-01"];
    expect(await shell.ok(["trim", "temperature", ...before, "--dry-run"])).toMatch(
      /would forget 6 revisions/,
    );
    expect(await shell.json(["rev", "temperature"])).toHaveLength(7);
    expect(await shell.json(["trim", "--all", ...before])).toMatchObject([
      { collection: "temperature", removed: { length: 6 } },
      { collection: "registry", removed: [] },
    ]);
    const dry = await shell.json(["gc", "--dry-run"]);
    expect(dry.setAside.files).toBeGreaterThan(0);
    expect(await shell.json(["gc"])).toEqual({ ...dry, dryRun: false });
    expect((await shell.json(["gc", "--grace", "0"])).deleted.files).toBeGreaterThan(0);
    expect(await shell.ok(["len", "temperature"])).toBe("240000\n");
    expect(await shell.ok(["verify"])).toMatch(/^All is well: read 1 collection, 2 revisions/);
  });
});

describe("folders of files", () => {
  test("are exported and imported, whatever the labels", async () => {
    await withRows(shell);
    const labels = ["_a", ".b", "50%", "a/b", 'q"uote', "é 日本", "dot."];
    for (const label of labels) await shell.ok(["write", `temperature/${label}`], { input: ROWS });
    await shell.ok(["create", "x/y", "n int*"]);
    expect(await shell.ok(["export", "out"])).toBe(
      "temperature: 8 series, 24 rows.\nx/y: 0 series, 0 rows.\n",
    );
    expect((await readdir(join(shell.folder, "out"))).sort()).toEqual(["temperature", "x%2Fy"]);
    expect(await readFile(join(shell.folder, "out/temperature/Brussels.csv"), "utf8")).toBe(ROWS);
    const copy = ["-r", "copy"];
    const { collections } = await shell.json([...copy, "import", "out"]);
    expect(collections).toEqual([
      {
        collection: "temperature",
        series: 8,
        rows: 24,
        revision: expect.any(String),
        types: expect.anything(),
      },
      { collection: "x/y", series: 0, rows: 0, types: { n: "int*" } },
    ]);
    expect(await shell.json([...copy, "ls", "temperature"])).toEqual(await shell.json(["ls", "temperature"]));
    expect(await shell.ok([...copy, "ls", "-l"])).toBe(await shell.ok(["ls", "-l"]));
    for (const label of labels) expect(await shell.ok([...copy, "read", `temperature/${label}`])).toBe(ROWS);
    expect(await shell.json([...copy, "rev", "temperature"])).toHaveLength(1);
    await shell.ok(["export", "out", "-c", "temperature", "--file-type", "csv"]); // replaces
    expect(await shell.json([...copy, "import", "out", "-c", "temperature", "-m", "again"])).toMatchObject({
      collections: [{ rows: 24 }],
    });
    expect(await shell.json([...copy, "rev", "temperature"])).toHaveLength(1); // nothing new, no revision
  });

  test("are exported as Parquet and imported again", async () => {
    await withRows(shell);
    await shell.ok(["export", "out", "-T", "parquet"]);
    expect(await shell.ok(["-r", "copy", "import", "out"])).toBe("temperature: 1 series, 3 rows.\n");
    expect(await shell.ok(["-r", "copy", "read", "temperature/Brussels"])).toBe(ROWS);
    await shell.ok(["write", "temperature/again", "out/temperature/Brussels.parquet"]);
    expect(await shell.ok(["read", "temperature/again"])).toBe(ROWS);
  });

  test("are imported if gzipped", async () => {
    await mkdir(join(shell.folder, "in/c"), { recursive: true });
    await writeFile(join(shell.folder, "in/c/Brussels.csv.gz"), gzipSync(ROWS));
    await shell.ok(["import", "in"]);
    await shell.ok(["write", "c/again", "in/c/Brussels.csv.gz"]);
    expect(await shell.ok(["read", "c/again"])).toBe(await shell.ok(["read", "c/Brussels"]));
    await writeFile(join(shell.folder, "torn.csv.gz"), gzipSync(ROWS).subarray(0, 40));
    expect((await shell.run(["write", "c/torn", "torn.csv.gz"])).code).toBe(1);
    expect(await shell.json(["ls", "c"])).toEqual(["Brussels", "again"]);
  });

  test("are imported without a schema", async () => {
    await mkdir(join(shell.folder, "in/prices"), { recursive: true });
    await writeFile(join(shell.folder, "in/prices/A.csv"), "day,price\n2026-01-01,1.5\n");
    await writeFile(join(shell.folder, "in/prices/B.csv"), "day,price\n2026-01-01,2\n");
    expect(await shell.ok(["import", "in"])).toBe("prices: 2 series, 2 rows.\n");
    expect(await shell.ok(["ls", "-l"])).toContain("day date*, price float");
    await shell.ok(["-r", "typed", "import", "in", "--types", "price=f4"]);
    expect(await shell.ok(["-r", "typed", "ls", "-l"])).toContain("day date*, price float32");
    await writeFile(join(shell.folder, "in/prices/C.csv"), "day,cost\n2026-01-01,2\n");
    const { code, stderr } = await shell.run(["-r", "other", "import", "in"]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/C\.csv.*cost/)]);
    expect((await shell.run(["-r", "./other", "ls"])).stderr).toContain("There is no repository");
    expect(await shell.ok(["read", "prices/B"])).toBe("day,price\n2026-01-01,2\n");
  });
});

describe("verify", () => {
  test("reports each missing or damaged file, and exits with 1", async () => {
    await shell.ok(TEMPERATURE);
    await shell.ok(["write", "temperature/s"], { input: manyRows(2_000) });
    await shell.ok(["write", "temperature/t"], { input: ROWS });
    await shell.ok(["write", "temperature/u"], { input: ROWS });
    expect(await shell.ok(["verify"])).toMatch(/^All is well/);
    const root = join(shell.folder, ".lakota");
    const files = (await readdir(root, { recursive: true })).filter((path) =>
      /^..\/..\/[^/]{36}$/.test(path),
    );
    const log = await shell.json(["rev", "temperature"]);
    const all = await readdir(root, { recursive: true });
    const chunks = files.filter((path) => !all.some((other) => other.startsWith(`${path}/`)));
    const second = all.find((path) => path.endsWith(`.${log[1].id}`))!;
    await unlink(join(root, chunks[0]!));
    const bytes = await readFile(join(root, chunks[1]!));
    bytes[100]! ^= 1;
    await writeFile(join(root, chunks[1]!), bytes);
    await unlink(join(root, second));
    const { code, stdout, stderr } = await shell.run(["verify"]);
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toMatch(new RegExp(`^missing\t${chunks[0]}\t`, "m"));
    expect(stdout).toMatch(new RegExp(`^corrupt\t${chunks[1]}\t`, "m"));
    expect(stdout).toMatch(new RegExp(`^missing\t.*${log[1].id}\t`, "m"));
    expect(lines(stdout).at(-1)).toMatch(/^3 problems: read 1 collection/);
    const report = await shell.run(["verify", "temperature", "--json"]);
    expect([report.code, JSON.parse(report.stdout).problems.length]).toEqual([1, 3]);
    expect((await shell.run(["verify", "--pretty"])).stdout).toMatch(/^kind +path +message/);
  });

  describe("of times that Python has rounded", () => {
    const write = async (days: number) => {
      const root = join(shell.folder, ".lakota");
      const store = new FileStore(root);
      const repo = new EngineRepo(store, decodeChunk, { maxAge: 0 });
      await writeUnverifiedTimes(store, await repo.createCollection(timesSchema, "c"), days);
      repo.close();
    };

    test("lists those that reads return, and exits with 0", async () => {
      await write(0);
      const { code, stdout, stderr } = await shell.run(["verify"]);
      expect([code, stderr]).toEqual([0, ""]);
      const [first, ...rest] = lines(stdout);
      expect(first).toMatch(new RegExp(`^unverified\t${UNVERIFIED_PATH}\t`));
      expect(rest).toEqual([expect.stringMatching(/^All is well: .* 1 chunk cannot be verified/)]);
    });

    test("counts those that reads refuse, unless --allow-unverified is given", async () => {
      await write(10_000);
      const { code, stdout } = await shell.run(["verify"]);
      expect([code, lines(stdout).at(-1)]).toEqual([1, expect.stringMatching(/^1 problem:/)]);
      const refused = await shell.run(["read", "c/s"]);
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/--allow-unverified/)]);
      expect((await shell.run(["verify", "--allow-unverified"])).code).toBe(0);
      const read = await shell.run(["--allow-unverified", "read", "c/s"]);
      expect([read.code, read.stderr]).toEqual([0, expect.stringMatching(/warning: .*cannot be verified/)]);
    });
  });
});

test("publish writes an index", async () => {
  await withRows(shell);
  expect(await shell.ok(["publish"])).toMatch(
    /^Wrote lakota\/index\/v2\/index.json: 1 collection, 2 revisions/,
  );
});

test("publish --overviews makes overviews, which writes keep up, verify counts and gc deletes once they are old", async () => {
  await shell.ok(TEMPERATURE);
  const rows = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => `${new Date((from + i) * 60_000).toISOString()},${i}\n`).join(
      "",
    );
  await shell.ok(["write", "temperature/Ghent"], { input: `timestamp,value\n${rows(0, 40_000)}` });
  expect(lines(await shell.ok(["publish", "--overviews"]))).toEqual([
    expect.stringMatching(/^Wrote .*index.json: 1 collection, /),
    expect.stringMatching(/^Made 1 overview, /),
  ]);
  expect(await shell.json(["publish"])).not.toHaveProperty("overviews");
  await shell.ok(["write", "temperature/Ghent"], { input: `timestamp,value\n${rows(50_000, 80_000)}` });
  expect(await shell.ok(["verify"])).toMatch(/, 2 overviews, /);
  expect(await shell.ok(["gc", "--grace", "0"])).toMatch(/ Deleted 1 overview /);
  expect(await shell.json(["publish", "--overviews"])).toMatchObject({ overviews: { files: 0, failed: 0 } });
  const both = await shell.run(["publish", "--overviews", "--no-overviews"]);
  expect(both).toMatchObject({ code: 2, stderr: expect.stringMatching(/exclude each other/) });
});

test("every verb has help, and every example is a command line that parses", async () => {
  const overview = await shell.ok(["help"]);
  for (const { name, summary, hidden } of commands) {
    if (hidden) continue;
    expect(overview).toContain(`  ${name} `);
    expect(overview).toContain(summary.split(" ").slice(0, 3).join(" "));
  }
  expect(await shell.ok([])).toBe(overview);
  expect(await shell.ok(["--help"])).toBe(overview);
  expect(await shell.ok(["read", "--help"])).toBe(await shell.ok(["help", "read"]));
  expect(await shell.ok(["version"])).toBe(await shell.ok(["--version"]));
});
