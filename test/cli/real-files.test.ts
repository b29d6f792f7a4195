import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Shell, shells } from "./helpers.ts";

const newShell = shells();
let shell: Shell;
beforeAll(async () => {
  shell = await newShell();
});

/** Arguments as a shell splits them, from the advice in a message. */
const splitArgs = (text: string): string[] =>
  [...text.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word!);

describe("what the command advises, it can do", () => {
  test.each<[name: string, input: string | Buffer, advice: RegExp, rows: string, before?: string[]]>([
    [
      "day-month",
      "when;temp\n02/01/2026 10:00;1,5\n",
      /as in (--format '.*?')/,
      "when,temp\n2026-01-02T10:00:00Z,1.5\n",
    ],
    ["thousands", "t;v\n1;1,234\n", /Set (--decimal ,) or/, "t,v\n1,1.234\n"],
    [
      "bad-day",
      "t,v\n2023-02-28,1\n2023-02-29,2\n2023-03-01,3\n",
      /(--types t=str)/,
      "t,v\n2023-02-28,1\n2023-02-29,2\n2023-03-01,3\n",
    ],
    ["order", "t,v\n2026-01-02,1\n2026-01-01,2\n", /set (--sort)/, "t,v\n2026-01-01,2\n2026-01-02,1\n"],
    [
      "clock",
      "t,v\n2026-10-25T02:30,1\n",
      /with (--clock earlier)/,
      "t,v\n2026-10-25T00:30:00Z,1\n",
      ["--time-zone", "Europe/Brussels"],
    ],
    ["fill", "t,v\n1,\n", /as in (--fill v=)…/, "t,v\n1,7\n", ["--types", "v=int"]],
    [
      "encoding",
      Buffer.from("t,v\n1,caf\xe9\n", "latin1"),
      /as in (--encoding windows-1252)/,
      "t,v\n1,café\n",
    ],
    ["utf-16", Buffer.from("\ufefft,v\n1,é\n", "utf16le"), /with (--encoding utf-16le)/, "t,v\n1,é\n"],
    ["header", "2026-01-01,1\n", /set (--no-header)/, "column1,column2\n2026-01-01,1\n"],
    ["twice", "t,v,v\n1,2,3\n", /with (--names )NAME,…/, "a,b,c\n1,2,3\n"],
  ])("%s", async (name, input, advice, rows, before = []) => {
    await writeFile(join(shell.folder, `${name}.csv`), input);
    const write = ["write", `${name}/s`, `${name}.csv`, "--create", ...before];
    const { code, stderr } = await shell.run(write);
    expect([code, stderr]).toEqual([1, expect.stringMatching(advice)]);
    const advised = advice.exec(stderr)![1]!;
    const values: Record<string, string> = { fill: "7", twice: "a,b,c" };
    await shell.ok([...write, ...splitArgs(`${advised}${values[name] ?? ""}`)]);
    expect(await shell.ok(["read", `${name}/s`])).toBe(rows);
  });

  test("keys are named as text", async () => {
    const { stderr } = await shell.run(["write", "keys/s", "--create"], {
      input: "t,v\n2026-01-02,1\n2026-01-01,2\n",
    });
    expect(stderr).toContain("at line 3, 2026-01-01 comes after 2026-01-02");
  });

  test("further cells mean no value; a folder is told apart", async () => {
    await shell.ok(["write", "nulls/s", "--create", "--nulls", "nil,-"], {
      input: "t,v\n1,nil\n2,-\n3,\n4,NA\n5,1.5\n",
    });
    expect(await shell.ok(["read", "nulls/s"])).toBe("t,v\n1,\n2,\n3,\n4,\n5,1.5\n");
    expect((await shell.run(["write", "nulls/s", "."])).stderr).toMatch(/\. is a folder.*lakota import/);
  });
});

test("what was detected and created is printed", async () => {
  const input = "when;temp\n31/01/2026;1,5\n";
  expect(await shell.ok(["write", "eu/a", "--create"], { input })).toBe(
    "Detected: cells are separated by ;; the decimal mark is ,; when is %d/%m/%Y.\nCreated eu: when date*, temp float.\n",
  );
  expect(await shell.ok(["write", "eu/b"], { input })).toMatch(/^Detected: [^\n]*\n$/);
  const set = ["-d", ";", "--decimal", ",", "--format", "when=%d/%m/%Y"];
  expect(await shell.ok(["write", "eu/c", ...set], { input })).toBe("");
  expect(await shell.json(["write", "eu/d"], { input })).toEqual({
    collection: "eu",
    series: "d",
    rows: 1,
    revision: expect.any(String),
    dialect: { delimiter: ";", decimal: ",", formats: { when: "%d/%m/%Y" } },
  });
  expect(await shell.ok(["read", "eu/d"])).toBe("when,temp\n2026-01-31,1.5\n");
});

test("columns may be called as years, and as what every object has", async () => {
  await shell.ok(["write", "odd/s", "--create"], { input: "country,1960,constructor\nBE,1,x\n" });
  expect(await shell.ok(["read", "odd/s"])).toBe("1960,country,constructor\n1,BE,x\n");
  expect(await shell.ok(["read", "odd/s", "--where", '`1960` > 0 and constructor = "x"', "country"])).toBe(
    "country\nBE\n",
  );
});

test("import follows links, and says what it left out", async () => {
  const at = (path: string) => join(shell.folder, path);
  await mkdir(at("in/c/deep"), { recursive: true });
  await mkdir(at("elsewhere"));
  await writeFile(at("elsewhere/b.csv"), "t;v\n1;1,5\n");
  await writeFile(at("in/c/a.csv"), "t,v\n1,2.5\n");
  await writeFile(at("in/c/notes.dat"), "");
  await writeFile(at("in/c/deep/old.csv.bz2"), "");
  await writeFile(at("in/lost.csv"), "t,v\n1,2\n");
  await symlink(at("elsewhere/b.csv"), at("in/c/b.csv"));
  await symlink(at("elsewhere"), at("in/linked"));
  expect(await shell.ok(["-r", "imported", "import", "in"])).toBe(
    [
      "c: 2 series, 2 rows.",
      "Detected: cells are separated by ;; the decimal mark is ,.",
      "Left out, neither CSV nor Parquet: deep/old.csv.bz2, notes.dat.",
      "linked: 1 series, 1 row.",
      "Detected: cells are separated by ;; the decimal mark is ,.",
      "Left out, not in a folder of a collection: lost.csv.",
      "",
    ].join("\n"),
  );
  expect(await shell.ok(["-r", "imported", "read", "c/b"])).toBe("t,v\n1,1.5\n");
});

describe("day and month in a folder", () => {
  const importing = async (name: string, files: Readonly<Record<string, string>>, ...options: string[]) => {
    await mkdir(join(shell.folder, name, "c"), { recursive: true });
    for (const [file, times] of Object.entries(files))
      await writeFile(
        join(shell.folder, name, "c", file),
        `t,v\n${times
          .split(" ")
          .map((time) => `${time},1\n`)
          .join("")}`,
      );
    return shell.run(["-r", `${name}.repo`, "import", name, ...options]);
  };

  test("files that leave it open are read as the one that tells it, which is told on standard error", async () => {
    const { code, stdout, stderr } = await importing("evident", {
      "a.csv": "02/03/2026",
      "b.csv": "30/03/2026 31/03/2026",
      "c.csv": "03/03/2026 04/03/2026",
      "d.csv": "2026-03-05",
    });
    expect([code, stdout]).toEqual([0, "c: 4 series, 6 rows.\nDetected: t is %d/%m/%Y.\n"]);
    expect(stderr).toBe(
      "lakota: warning: a.csv, c.csv: t was read as %d/%m/%Y, as b.csv tells. If that is wrong, set --format.\n",
    );
    const read = (label: string) => shell.ok(["-r", "evident.repo", "read", label, "t", "--no-header"]);
    expect(await read("c/a")).toBe("2026-03-02\n");
    expect(await read("c/c")).toBe("2026-03-03\n2026-03-04\n");
    // Also into the collection that exists now.
    const again = await shell.run(["-r", "evident.repo", "import", "evident", "--json"]);
    expect(JSON.parse(again.stdout).collections[0].settled).toMatchObject([
      { path: "a.csv", by: "b.csv" },
      {},
    ]);
  });

  test("a time of day, or years of two digits, do not matter", async () => {
    const { stderr } = await importing("similar", { "a.csv": "02/03/26", "b.csv": "31/03/2026" });
    expect(stderr).toContain("a.csv: t was read as %d/%m/%y, as b.csv tells");
  });

  test("it is asked for where no file tells it, and where files differ", async () => {
    const none = await importing("open", { "a.csv": "02/03/2026", "b.csv": "03/03/2026" });
    expect([none.code, none.stderr]).toEqual([
      1,
      expect.stringMatching(
        /a\.csv: Column "t": 02\/03\/2026 may be .*--format t=%d\/%m\/%Y.*No other file tells it/,
      ),
    ]);
    const both = await importing("both", {
      "a.csv": "02/03/2026",
      "b.csv": "31/03/2026",
      "c.csv": "03/31/2026",
    });
    expect([both.code, both.stderr]).toEqual([
      1,
      expect.stringMatching(/Others have both: b\.csv has %d\/%m\/%Y, and c\.csv has %m\/%d\/%Y/),
    ]);
    const set = await importing("open", {}, "--format", "t=%m/%d/%Y");
    expect([set.code, set.stderr]).toEqual([0, ""]);
  });
});

test("quarters are times", async () => {
  await shell.ok(["write", "gdp/BE", "--create"], { input: "quarter,gdp\n2019-Q4,1.5\n2020-Q1,-3\n" });
  expect(await shell.ok(["read", "gdp/BE"])).toBe("quarter,gdp\n2019-10-01,1.5\n2020-01-01,-3\n");
  await shell.ok(["write", "gdp/FR", "--format", "quarter=Q%q/%Y"], { input: "quarter,gdp\nQ2/2020,2\n" });
  expect(await shell.ok(["read", "gdp/FR"])).toBe("quarter,gdp\n2020-04-01,2\n");
  const { stderr } = await shell.run(["write", "gdp/NL", "--format", "quarter=%Y-%m-Q%q"], {
    input: "quarter,gdp\n",
  });
  expect(stderr).toMatch(/has a quarter together with a month or a day/);
});
