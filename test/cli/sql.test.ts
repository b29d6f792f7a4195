import { spawnSync } from "node:child_process";
import { cp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { neededBy } from "../../src/cli/sql/scan-plan.ts";
import { manyRows, type Shell, shells, withRows } from "./helpers.ts";

const newShell = shells();
let shell: Shell;
beforeAll(async () => {
  shell = await withRows(await newShell());
  const ghent = "timestamp,value\n2026-03-02T00:00:00Z,7\n2026-03-04T12:00:00Z,\n";
  await shell.ok(["write", "temperature/Ghent"], { input: ghent });
  await shell.ok([
    "create",
    "kinds",
    "i int*",
    "f f4",
    "b bool",
    "s str",
    "o O",
    "u u8",
    "d date",
    "n M8[ns]",
  ]);
  await shell.ok(["write", "kinds/s"], {
    input:
      'i,f,b,s,o,u,d,n\n1,1.5,true,"a,""b","{""k"": [1]}",18446744073709551615,2026-01-02,2026-01-01T00:00:00.123456789Z\n' +
      "2,,false,,null,0,,\n",
  });
});

const query = (sql: string, ...options: string[]) => shell.ok(["sql", sql, ...options]);

describe("sql", () => {
  test("queries a series and a collection", async () => {
    expect(await query('select * from "temperature/Brussels" order by timestamp')).toBe(
      "timestamp,value\n2026-03-01T00:00:00Z,4.5\n2026-03-02T00:00:00Z,6.1\n2026-03-03T00:00:00Z,5.0\n".replaceAll(
        "5.0",
        "5",
      ),
    );
    expect(
      await query(
        "select series, max(value) as top, count(*) as n from temperature group by series order by series",
      ),
    ).toBe("series,top,n\nBrussels,6.1,3\nGhent,7,2\n");
    expect(await query("select count(*) from temperature", "--no-header")).toBe("5\n");
  });

  test("missing values are NULL, and types fit", async () => {
    expect(JSON.parse(await query("select * exclude series from kinds where i = 1", "--json"))).toEqual({
      i: 1,
      f: 1.5,
      b: true,
      s: 'a,"b',
      o: '{"k":[1]}',
      u: 18446744073709552000,
      d: "2026-01-02",
      n: "2026-01-01T00:00:00.123456789Z",
    });
    expect(
      await query("select f is null, s = '', d is null, n is null from kinds where i = 2", "--no-header"),
    ).toBe("true,true,true,true\n");
    expect(await query("select value from temperature where value is null")).toBe("value\n\n");
    expect(await query("select u from kinds where i = 1", "--json")).toBe('{"u":18446744073709551615}\n');
  });

  test("rows arrive as they are stored, whatever their type", async () => {
    const units = ["s", "ms", "us", "ns", "D", "W", "h", "M"].map((unit) => `t_${unit} M8[${unit}]`);
    await shell.ok(["create", "types", "k i2*", "f f2", "c c16", "d m8[s]", "u u1", "s str", ...units]);
    const header = `k,f,c,d,u,s,${units.map((unit) => unit.split(" ")[0]).join()}`;
    const times =
      "2026-03-01T10:00:00Z,2026-03-01T10:00:00.125Z,1969-12-31T23:59:59.999999Z,2026-03-01T10:00:00.000000001Z,2026-03-01,2026-02-26,2026-03-01T10:00Z,2026-03";
    const input = `${header}\n-3,inf,(1+2j),90,255,"a\nb",${times}\n4,-0.5,,,0,é,${",".repeat(7)}\n`;
    await shell.ok(["write", "types/x"], { input });
    expect(await shell.json(["sql", "select * exclude series from types where k < 0"])).toEqual({
      ...{ k: -3, f: null, c: "(1+2j)", d: 90, u: 255, s: "a\nb", t_h: "2026-03-01T10:00Z", t_M: "2026-03" },
      ...{
        t_s: "2026-03-01T10:00:00Z",
        t_ms: "2026-03-01T10:00:00.125Z",
        t_us: "1969-12-31T23:59:59.999999Z",
      },
      ...{ t_ns: "2026-03-01T10:00:00.000000001Z", t_D: "2026-03-01", t_W: "2026-02-26" },
    });
    expect(await query("select isinf(f) from types where k < 0", "--no-header")).toBe("true\n");
    expect(await query("select * exclude (series, k) from types where k > 0", "--no-header")).toBe(
      "-0.5,,,0,é,,,,,,,,\n",
    );
    await shell.ok(["create", "far", "k int*", "t M8[s]"]);
    await shell.ok(["write", "far/x"], { input: "k,t\n1,+294247-01-11\n" });
    const { code, stderr } = await shell.run(["sql", "select t from far"]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/out of int64 range/)]);
  });

  test("many rows are read in pages", async () => {
    await shell.ok(["create", "many", "timestamp M8[ms]*", "value float"]);
    for (const [series, first] of [
      ["a", 0],
      ["b", 7],
    ] as const)
      await shell.ok(["write", `many/${series}`], { input: manyRows(130_000, first) });
    const [lines, expected] = [manyRows(130_000), manyRows(130_000, 7)].map((text) =>
      text.trim().split("\n").slice(1),
    );
    const sum = [...lines!, ...expected!].reduce((total, line) => total + Number(line.split(",")[1]), 0);
    const found = await shell.json([
      "sql",
      "select count(*) as n, count(distinct timestamp) as t, count(distinct series) as s, sum(value) as sum from many",
    ]);
    expect(found).toEqual({ n: 260_000, t: 130_007, s: 2, sum: expect.closeTo(sum, 6) });
  });

  test("earlier states", async () => {
    await shell.ok(["create", "past", "k int*", "v int"]);
    await shell.ok(["write", "past/a"], { input: "k,v\n1,1\n" });
    await shell.ok(["write", "past/b"], { input: "k,v\n1,2\n" });
    await shell.ok(["rename", "past/b", "past/c"]);
    const all = (...moment: string[]) =>
      query("select series, v from past order by 1", "--no-header", ...moment);
    expect(await all()).toBe("a,1\nc,2\n");
    expect(await all("--at", "head")).toBe("a,1\nc,2\n");
    expect(await all("--before", "head")).toBe("a,1\nb,2\n");
    expect(await all("--at", "head~2")).toBe("a,1\n");
    expect(await query('select v from "past/b"', "--no-header", "--at", "head~1")).toBe("2\n");
  });

  test("joins, aliases and common table expressions work", async () => {
    expect(
      await query(
        'with temperature as (select 1 as one) select b.value - g.value as d, one from "temperature/Brussels" b ' +
          'join "temperature/Ghent" g using (timestamp), temperature',
        "--no-header",
      ),
    ).toMatch(/^-0\.9\d*,1\n$/);
  });

  test("only the columns, series and range that the query needs are read", async () => {
    const plan = async (sql: string) => JSON.parse(await query(sql, "--plan", "--json"));
    expect(await plan("select value from temperature where timestamp >= '2026-03-02'")).toEqual([
      {
        table: "temperature",
        columns: ["timestamp", "value"],
        ranges: [expect.stringMatching(/^timestamp: 2026-03-02 00:00:00\.\.$/)],
      },
    ]);
    expect(
      await plan(
        "select max(timestamp) from temperature where series = 'Ghent' and timestamp between '2026-03-01' and '2026-03-03'",
      ),
    ).toEqual([
      {
        table: "temperature",
        columns: ["series", "timestamp"],
        ranges: expect.arrayContaining([
          "series: Ghent..Ghent",
          expect.stringMatching(/^timestamp: 2026-03-01.*\.\.2026-03-03/),
        ]),
      },
    ]);
    expect(
      (
        await plan("select value from \"temperature/Brussels\" where value > 1 or timestamp < '2020-01-01'")
      )[0],
    ).toMatchObject({
      ranges: [],
    });
    expect(
      await query("select value from temperature where series = 'Ghent' and timestamp < '2026-03-04'"),
    ).toBe("value\n7\n");
    expect(await query("select count(*) as n from temperature where timestamp > '2099-01-01'")).toBe(
      "n\n0\n",
    );
  });

  test("an aligned table is printed with --pretty", async () => {
    expect(
      await query("select series, count(*) as n from temperature group by 1 order by 1", "--pretty"),
    ).toBe("series    n\n--------  -\nBrussels  3\nGhent     2\n");
  });

  test.each([
    ["select * from nowhere", 1, /no collection "nowhere"\. Existing collections: .*kinds, .*temperature/m],
    ["select * from temprature", 1, /no collection "temprature"\. Did you mean temperature\?$/m],
    [
      'select * from "temperature/Brusels"',
      1,
      /no series "Brusels" in "temperature"\. Did you mean "temperature\/Brussels"\?/,
    ],
    ["select nope from temperature", 1, /"nope" not found/],
    ["selec 1", 2, /syntax error/],
    ["drop table temperature", 2, /sql only reads: write a SELECT\./],
  ])("%s is refused", async (sql, code, message) => {
    const outcome = await shell.run(["sql", sql]);
    expect([outcome.code, outcome.stdout]).toEqual([code, ""]);
    expect(outcome.stderr).toMatch(message);
  });

  test("names of collections and columns do not collide with its own", async () => {
    await shell.ok(["create", "lakota_0", "k int*"]);
    await shell.ok(["write", "lakota_0/x"], { input: "k\n7\n" });
    expect(await query("select series, k from lakota_0")).toBe("series,k\nx,7\n");
    expect(
      await query('select a.k, b.value from "temperature/Ghent" b join lakota_0 a on a.k = b.value'),
    ).toBe("k,value\n7,7\n");
    await shell.ok(["create", "named", "k int*", "Series float", "_SERIES float"]);
    await shell.ok(["write", "named/x"], { input: "k,Series,_SERIES\n1,2,3\n" });
    expect(await query("select * from named")).toBe("__series,k,Series,_SERIES\nx,1,2,3\n");
    await shell.ok(["create", "cases", "k int*", "V float", "v float"]);
    const { code, stderr } = await shell.run(["sql", "select k from cases"]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/The columns V and v of the collection "cases" differ only by case/),
    ]);
  });

  test("leaves no temporary files", async () => {
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith("lakota-sql-"));
    await query("select count(*) from temperature");
    await shell.run(["sql", "select * from nowhere"]);
    expect((await readdir(tmpdir())).filter((name) => name.startsWith("lakota-sql-"))).toEqual(before);
  });
});

describe("the plan of DuckDB", () => {
  const table = { columns: ["t", "v", 'odd "name"'] };
  const needs = (info: object) => {
    const plan = JSON.stringify([
      { name: "X", children: [{ name: "SEQ_SCAN", extra_info: { Table: "db.main.t1", ...info } }] },
    ]);
    const { columns, bounds } = neededBy(plan, (name) => (name.endsWith("t1") ? table : undefined)).get(
      table,
    )!;
    return { columns: columns && [...columns].sort(), bounds: Object.fromEntries(bounds) };
  };

  test("tells columns and comparisons", () => {
    expect(
      needs({
        Projections: "v",
        Filters: "t>='2026-01-01 00:00:00'::TIMESTAMP AND t<'2026-02-01'::TIMESTAMP",
      }),
    ).toEqual({
      columns: ["t", "v"],
      bounds: { t: { low: "2026-01-01 00:00:00", high: "2026-02-01" } },
    });
    expect(needs({ Projections: ["v", "t"], Filters: ["v=5", "t IS NOT NULL"] })).toEqual({
      columns: ["t", "v"],
      bounds: { v: { low: "5", high: "5" } },
    });
  });

  test("is not cut short by what is not understood", () => {
    expect(needs({ Projections: ["v"], Filters: "t>5 OR t<3" })).toEqual({ columns: ["t", "v"], bounds: {} });
    expect(needs({ Projections: ["v"], Filters: 'length("odd ""name""")=5' })).toEqual({
      columns: ['odd "name"', "t", "v"], // "t" is in "length", too
      bounds: {},
    });
    expect(needs({})).toEqual({ columns: undefined, bounds: {} });
  });
});

test("without DuckDB it tells what to install", async () => {
  // A copy from which no package can be imported.
  const copy = join(shell.folder, "copy");
  await cp(fileURLToPath(new URL("../../dist", import.meta.url)), join(copy, "dist"), { recursive: true });
  await writeFile(join(copy, "package.json"), '{ "type": "module" }');
  const command = [join(copy, "dist/lakota.js"), "sql", "select 1"];
  const env = { PATH: join(shell.folder, "nowhere"), HOME: shell.folder };
  const { status, stderr } = spawnSync(process.execPath, command, {
    cwd: shell.folder,
    env,
    encoding: "utf8",
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^lakota: sql needs DuckDB, which is not installed: npm install --global @duckdb\/node-api/,
  );
});
