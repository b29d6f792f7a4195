import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ROWS, type Shell, shells, TEMPERATURE, withRows } from "./helpers.ts";

const newShell = shells();
const lines = (text: string) => text.trimEnd().split("\n");

/** Writes one row. */
const write = (shell: Shell, value: number, ...options: string[]) =>
  shell.ok(["write", "temperature/Brussels", ...options], {
    input: `timestamp,value\n2026-03-02,${value}\n`,
  });

describe("revisions are named as in git", () => {
  let shell: Shell;
  let ids: string[];
  beforeAll(async () => {
    shell = await withRows(await newShell());
    for (const value of [7, 8, 9]) await write(shell, value);
    ids = (await shell.json(["rev", "temperature"])).map(({ id }: { id: string }) => id);
  });
  const shown = async (...args: string[]) => (await shell.json(["show", "temperature", ...args])).id;

  test("by steps back, ids and times", async () => {
    expect(await shown()).toBe(ids[3]);
    expect(await shown("head~1")).toBe(ids[2]);
    expect(await shown("@~")).toBe(ids[2]);
    expect(await shown("head^^")).toBe(ids[1]);
    expect(await shown(`${ids[3]}~3`)).toBe(ids[0]);
    expect(await shown("@{now}")).toBe(ids[3]);
    expect(await shown("@{2999-01-01}")).toBe(ids[3]);
    expect((await shell.json(["show", ids[1]!])).id).toBe(ids[1]);
    expect((await shell.json(["show", ids[1]!.slice(0, 30)])).collection).toBe("temperature");
  });

  test("in --at, with what the revision wrote", async () => {
    const values = (...at: string[]) =>
      shell.ok(["read", "temperature/Brussels", "value", "--no-header", "--at", ...at]);
    expect(lines(await values("head"))).toEqual(["4.5", "9", "5"]);
    expect(lines(await values("head~1"))).toEqual(["4.5", "8", "5"]);
    expect(lines(await values(ids[1]!))).toEqual(["4.5", "7", "5"]);
    expect(lines(await values(ids[0]!.slice(0, 11)))).toEqual(["4.5", "6.1", "5"]);
    expect(lines(await values("now"))).toEqual(["4.5", "9", "5"]);
    expect(await shell.ok(["len", "temperature", "--at", "head~3"])).toBe("3\n");
    expect((await shell.run(["len", "temperature", "--at", "head", "--before", "head"])).stderr).toContain(
      "--before and --at cannot be combined.",
    );
    const soon = await shell.run(["len", "temperature", "--at", "soon"]);
    expect([soon.code, soon.stderr]).toEqual([
      2,
      expect.stringMatching(/"soon" is neither a time nor a revision/),
    ]);
  });

  test("in --before and diff", async () => {
    const values = ["read", "temperature/Brussels", "value", "--no-header", "--before"];
    expect(lines(await shell.ok([...values, "head"]))).toEqual(["4.5", "8", "5"]);
    expect(lines(await shell.ok([...values, "head~1"]))).toEqual(["4.5", "7", "5"]);
    expect(await shell.json(["diff", "temperature", "head~1", "--rows"])).toMatchObject([
      {
        kind: "changed",
        label: "Brussels",
        start: ["2026-03-02T00:00:00Z"],
        stop: ["2026-03-02T00:00:00Z"],
        rows: { removed: [{ value: 8 }], added: [{ value: 9 }] },
      },
    ]);
  });

  test.each([
    [
      ["show", "temperature", "head~9"],
      1,
      /no revision head~9.*only 3 revisions before.*lakota rev temperature/,
    ],
    [
      ["show", "temperature", "@{2000-01-01}"],
      1,
      /no revision @\{2000-01-01\}.*the first one was made at \d{4}-/,
    ],
    [
      ["show", "temperature", "heads"],
      2,
      /"heads" does not name a revision\. Write head \(the newest\), head~2/,
    ],
    [["show", "temperature", "@{soon}"], 2, /@\{yesterday\}/],
    [["diff", "temperature", "-1h"], 2, /"-1h" looks like an option\. Write "@\{-1h\}"\.$/m],
    [["help", "shwo"], 2, /no verb "shwo"\. Did you mean show\?/],
    [["show", "head~1"], 2, /needs COLLECTION before head~1/],
    [["show", "00000000"], 1, /No collection has a revision 00000000/],
    [["diff", "temperature", "0123abcd"], 1, /no revision 0123abcd/],
    [["read", "temperature/Brussels", "--before", "head~9"], 1, /no revision head~9/],
  ])("%j is refused", async (args, code, message) => {
    const outcome = await shell.run(args);
    expect([outcome.code, outcome.stdout]).toEqual([code, ""]);
    expect(outcome.stderr).toMatch(message);
  });
});

describe("an earlier state", () => {
  test("has series that were deleted or renamed since, and not those of later", async () => {
    const shell = await withRows(await newShell());
    await shell.ok(["write", "temperature/Ghent"], { input: ROWS });
    await shell.ok(["describe", "temperature/Ghent", "--title", "Ghent!"]);
    await shell.ok(["rename", "temperature/Brussels", "temperature/Brux"]);
    await shell.ok(["delete", "temperature/Ghent"]);
    for (const series of ["Brussels", "Bru", "Ghent"])
      expect(await shell.ok(["read", `temperature/${series}`, "--before", "head~1"])).toBe(ROWS);
    expect(await shell.ok(["len", "temperature/Ghent", "--before", "head"])).toBe("3\n");
    expect(await shell.ok(["len", "temperature", "--before", "head"])).toBe("6\n");
    expect(await shell.ok(["info", "temperature/Ghent", "--before", "head"])).toContain("Ghent");
    expect(await shell.ok(["export", "out", "--before", "head~1"])).toBe("temperature: 2 series, 6 rows.\n");
    expect(await readFile(join(shell.folder, "out/temperature/Brussels.csv"), "utf8")).toBe(ROWS);
    // A state at a revision has what it wrote.
    expect(await shell.ok(["len", "temperature", "--at", "head"])).toBe("3\n");
    expect(await shell.ok(["read", "temperature/Ghent", "--at", "head~1"])).toBe(ROWS);
    expect(await shell.ok(["export", "out2", "--at", "head~1"])).toBe("temperature: 2 series, 6 rows.\n");
    expect(await shell.json(["info", "temperature/Ghent", "--at", "head~1"])).toEqual({
      series: { Ghent: { title: "Ghent!" } },
    });
    expect(await shell.json(["ls", "temperature"])).toEqual(["Brux"]);
    expect(await shell.json(["ls", "temperature", "--at", "head~1"])).toEqual(["Brux", "Ghent"]);
    expect(await shell.json(["ls", "temperature", "--before", "head~1", "--prefix", "B"])).toEqual([
      "Brussels",
    ]);
    expect(await shell.json(["ls", "temperature", "--at", "head~2", "--long"])).toEqual([
      { series: "Brussels", rows: 3 },
      { series: "Ghent", rows: 3 },
    ]);
    expect((await shell.run(["ls", "temperature", "--at", "head", "--tag", "x"])).stderr).toContain(
      "--tag and --text search the current descriptions",
    );
    const unknown = await shell.run(["read", "temperature/Nowhere", "--at", "head~1"]);
    expect(unknown.stderr).toBe('lakota: There is no series "Nowhere" in "temperature" at head~1.\n');
    for (const verb of ["read", "len", "info"]) {
      const outcome = await shell.run([verb, "temperature/Brux", "--before", "2020-01-01"]);
      expect(outcome).toEqual({
        code: 1,
        stdout: "",
        stderr: 'lakota: There is no series "Brux" in "temperature" before 2020-01-01.\n',
      });
    }
  });
});

test("earlier collections are listed", async () => {
  const shell = await withRows(await newShell());
  const first = new Date().toISOString();
  await shell.ok(["create", "other", "n int*"]);
  await shell.ok(["rename", "temperature", "weather"]);
  expect(await shell.json(["ls"])).toEqual(["other", "weather"]);
  expect(await shell.json(["ls", "--at", first])).toEqual(["temperature"]);
  expect(await shell.json(["ls", "--before", "head"])).toEqual(["other", "temperature"]);
  expect(await shell.json(["ls", "--long", "--at", first])).toEqual([
    { collection: "temperature", series: 1, columns: "timestamp timestamp*, value float" },
  ]);
});

describe("one revision", () => {
  let shell: Shell;
  beforeEach(async () => {
    shell = await withRows(await newShell());
  });

  test("is shown with what it changed", async () => {
    await write(shell, 7, "-m", "wrong sensor", "--author", "Ada");
    const [first, second] = await shell.json(["rev", "temperature"]);
    expect(lines(await shell.ok(["show", "temperature"]))).toEqual([
      `revision ${second.id} (head)`,
      "collection: temperature",
      `time: ${second.time}`,
      "author: Ada",
      "message: wrong sensor",
      `parent: ${first.id}`,
      expect.stringMatching(/^wrote: 1 row/),
      "changed Brussels, 2026-03-02T00:00:00Z to 2026-03-02T00:00:00Z: 1 → 1 row",
    ]);
    expect(await shell.json(["show", "temperature", "head"])).toEqual({
      collection: "temperature",
      ...second,
      changes: [
        {
          kind: "changed",
          label: "Brussels",
          start: ["2026-03-02T00:00:00Z"],
          stop: ["2026-03-02T00:00:00Z"],
          closed: "both",
          rowsBefore: 1,
          rowsAfter: 1,
        },
      ],
    });
    const start = await shell.ok(["show", "temperature", "head~1"]);
    expect(start).toMatch(/added Brussels, .*: 0 → 3 rows\n$/);
    expect(lines(start)).toContain("parent: none");
    expect(lines(await shell.ok(["rev", "temperature", "-e"]))[1]).toMatch(/\tnone$/);
    expect(await shell.run(["rev", "temperature/Brussels"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        '"temperature/Brussels" is a series, and this verb takes a collection.',
      ),
    });
    expect((await shell.json(["show", "registry"])).collection).toBe("registry");
  });

  test("is reverted to, after a dry run", async () => {
    await write(shell, 7);
    const revert = ["revert", "temperature", "head~1"];
    expect(await shell.ok([...revert, "--dry-run"])).toMatch(
      /^Would revert temperature to the state of \d{4}-.*: 1 range of 1 series\.\n$/,
    );
    expect(await shell.json(["rev", "temperature"])).toHaveLength(2);
    expect(await shell.json([...revert, "-m", "back"])).toMatchObject({
      collection: "temperature",
      revision: expect.any(String),
      changes: [{ kind: "changed", label: "Brussels" }],
    });
    expect(await shell.ok(["read", "temperature/Brussels"])).toBe(ROWS);
    expect(await shell.json(["show", "temperature"])).toMatchObject({ note: { message: "back" } });
    expect(await shell.ok(["revert", "temperature", "head"])).toMatch(
      /^Nothing changed: temperature has the state of/,
    );
    expect((await shell.run(["revert", "temp", "head"])).stderr).toMatch(/No collection "temp"/);
  });

  test("of the registry brings a deleted collection back", async () => {
    await shell.ok(["create", "other", "n int*"]);
    await shell.ok(["rename", "temperature", "weather"]);
    await shell.ok(["revert", "registry", "head~1"]);
    expect(await shell.json(["ls"])).toEqual(["other", "temperature"]);
  });
});

describe("status", () => {
  let shell: Shell;
  beforeEach(async () => {
    shell = await withRows(await newShell());
  });

  test("tells that there is nothing to do", async () => {
    expect(lines(await shell.ok(["status"]))).toEqual([
      expect.stringMatching(/^file:.*\.lakota: 1 collection, 2 revisions\.$/),
      "Nothing to do.",
    ]);
  });

  test("tells heads to be merged, and what a push and a pull would copy", async () => {
    await shell.ok(["push", "./other"]);
    expect(lines(await shell.ok(["status", "other"]))).toContain(
      "Nothing to push to other, or to pull from it.",
    );
    const theirs = { input: "timestamp,value\n2026-03-02,20\n" };
    await shell.ok(["-r", "other", "write", "temperature/Brussels"], theirs);
    await write(shell, 10);
    await write(shell, 11);
    expect(lines(await shell.ok(["status", "other"])).slice(1)).toEqual([
      "temperature: 2 revisions to push to other, 1 revision to pull from it.",
    ]);
    await shell.ok(["pull", "other"]);
    const [, heads, ...ids] = lines(await shell.ok(["status"]));
    expect(heads).toBe("temperature: 2 heads. Merge them: lakota merge 'temperature'");
    expect(ids).toHaveLength(2);
    expect(await shell.run(["revert", "temperature", "head~1"])).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "lakota: temperature has 2 heads, so head~1 would also undo what the other one wrote. Run `lakota merge temperature` first, or name a revision by its id.\n",
    });
    const report = await shell.json(["status", "other"]);
    expect(report.collections).toMatchObject([
      { label: "registry" },
      { label: "temperature", heads: { length: 2 } },
    ]);
    expect(report.compared).toEqual({
      repo: "other",
      differences: [{ label: "temperature", toPush: 2, toPull: 0 }],
    });
  });

  test("tells that history was trimmed, and that the index lacks what Python wrote", async () => {
    await shell.ok(["publish"]);
    expect(lines(await shell.ok(["status"])).at(-1)).toBe("Nothing to do.");
    const index = join(shell.folder, ".lakota/lakota/index/v2/index.json");
    const before = await readFile(index);
    await write(shell, 10);
    await writeFile(index, before); // as after a write that does not renew it
    expect(lines(await shell.ok(["status"])).slice(1)).toEqual([
      "The published index lacks 1 revision. Renew it: lakota publish",
    ]);
    await shell.ok(["trim", "temperature", "--before", "2999-01-01"]);
    expect(lines(await shell.ok(["status"]))[1]).toMatch(
      /^temperature: the history begins after 1 revision that/,
    );
  });

  test("of a stack counts what its cache holds", async () => {
    expect(await shell.json(["-r", "cache", "-r", `file://${shell.folder}/.lakota`, "status"])).toMatchObject(
      {
        cache: { uri: expect.stringMatching(/\/cache$/), waiting: 0 },
      },
    );
  });
});

test("of two first revisions made at once, neither is shown as trimmed", async () => {
  const shell = await newShell();
  await shell.ok(TEMPERATURE);
  await cp(join(shell.folder, ".lakota"), join(shell.folder, "other"), { recursive: true });
  await write(shell, 1);
  await write(shell, 2, "--repo", "other");
  await shell.ok(["pull", "other"]);
  const revisions = await shell.json(["rev", "temperature"]);
  expect(revisions).toHaveLength(2);
  for (const { id } of revisions) {
    const shown = await shell.ok(["show", "temperature", id]);
    expect(shown).toContain("temperature");
    expect(shown).not.toContain("trimmed");
  }
});

test("what is not there is told apart from an empty repo", async () => {
  const shell = await newShell();
  const { code, stdout, stderr } = await shell.run(["ls"]);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(
    /^lakota: There is no repository at .*\.lakota, which does not exist\. .*--repo.*lakota create/,
  );
  for (const args of [
    ["status"],
    ["rev"],
    ["read", "a/b"],
    ["write", "a/b"],
    ["delete", "a"],
    ["export", "out"],
    ["gc"],
    ["verify"],
    ["merge"],
    ["push", "./other"],
    ["pull", "./nowhere"],
    ["show", "a"],
    ["revert", "a", "head"],
  ])
    expect(await shell.run(args), args.join(" ")).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("There is no repository at"),
    });
  expect((await shell.run(["-r", "home", "ls"])).stderr).toContain("home, a folder of something else.");
  await shell.ok(TEMPERATURE);
  expect((await shell.run(["-r", ".lakota", "delete", "temperature"])).code).toBe(0);
  expect(await shell.ok(["ls"])).toBe("collection\n");
});
