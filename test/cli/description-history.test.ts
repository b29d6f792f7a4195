import { beforeEach, describe, expect, test } from "vitest";
import { type Shell, shells, withRows } from "./helpers.ts";

const newShell = shells();
let shell: Shell;
beforeEach(async () => {
  shell = await withRows(await newShell());
});
const lines = (text: string) => text.trimEnd().split("\n");

describe("the history of descriptions", () => {
  test("tells who changed which field, and when", async () => {
    const describe = ["describe", "temperature"];
    await shell.ok([
      ...describe,
      "--title",
      "Old",
      "--column",
      "value.unit=K",
      "--author",
      "Ada",
      "-m",
      "first",
    ]);
    await shell.ok([...describe, "--title", "New", "--remove", "value.unit", "--author", "Bob"]);
    await shell.ok([...describe, "Brussels", "--tag", "a", "--tag", "b"]);
    const log = await shell.json(["log", "temperature", "--descriptions"]);
    expect(log).toMatchObject([
      {
        id: expect.any(String),
        head: false,
        note: { author: "Ada", message: "first" },
        changes: [
          { of: "collection", field: "title", after: "Old" },
          { of: "column", name: "value", field: "unit", after: "K" },
        ],
      },
      {
        note: { author: "Bob" },
        changes: [
          { of: "collection", field: "title", before: "Old", after: "New" },
          { of: "column", name: "value", field: "unit", before: "K" },
        ],
      },
      { head: true, changes: [{ of: "series", name: "Brussels", field: "tags", after: ["a", "b"] }] },
    ]);
    expect(lines(await shell.ok(["log", "temperature", "--descriptions", "-l", "2"]))).toEqual([
      "revision\ttime\thead\tchanged\tauthor\tmessage",
      expect.stringMatching(/\ttitle, value\.unit\tBob\t$/),
      expect.stringMatching(/\tBrussels: tags/),
    ]);
    const shown = [
      `revision ${log[1].id}`,
      "descriptions of: temperature",
      `time: ${log[1].time}`,
      "author: Bob",
      `parent: ${log[0].id}`,
      'changed title: "Old" → "New"',
      'removed column value, unit: "K"',
    ];
    expect(lines(await shell.ok(["show", "temperature", "head~1", "--descriptions"]))).toEqual(shown);
    expect(lines(await shell.ok(["show", log[1].id]))).toEqual(shown);
    expect(await shell.json(["show", "temperature", "--descriptions"])).toEqual({
      collection: "temperature",
      descriptions: true,
      ...log[2],
    });
    expect(lines(await shell.ok(["show", log[2].id])).at(-1)).toBe('added series Brussels, tags: "a" "b"');
    expect(await shell.json(["info", "temperature", "--at", log[0].id])).toEqual({
      title: "Old",
      columns: { value: { unit: "K" } },
    });
    // The rows have a history of their own.
    expect(await shell.json(["log", "temperature"])).toHaveLength(1);
  });

  test.each([
    [["log", "--descriptions"], 2, /--descriptions needs COLLECTION/],
    [["log", "temperature", "--descriptions"], 1, /"temperature" has no description\. `lakota describe/],
    [["show", "temperature", "--descriptions"], 1, /"temperature" has no description/],
    [["show", "registry", "--descriptions"], 2, /the registry has no descriptions/],
  ])("%j is refused", async (args, code, message) => {
    const outcome = await shell.run(args);
    expect([outcome.code, outcome.stdout, outcome.stderr]).toEqual([
      code,
      "",
      expect.stringMatching(message),
    ]);
  });

  test("is compared with another repo, and merged", async () => {
    await shell.ok(["describe", "temperature", "--title", "Temperatures"]);
    expect(lines(await shell.ok(["status"]))).toEqual([
      expect.stringMatching(/: 1 collection, 3 revisions, and 1 revision of descriptions\.$/),
      "Nothing to do.",
    ]);
    await shell.ok(["push", "./other"]);
    await shell.ok(["-r", "other", "describe", "temperature", "--title", "Theirs"]);
    await shell.ok(["describe", "temperature", "--column", "value.unit=K"]);
    await shell.ok(["describe", "temperature", "--title", "Ours"]);
    expect(lines(await shell.ok(["status", "other"])).slice(1)).toEqual([
      "descriptions of temperature: 2 revisions to push to other, 1 revision to pull from it.",
    ]);
    expect((await shell.json(["status", "other"])).compared.differences).toEqual([
      { label: "temperature", descriptions: true, toPush: 2, toPull: 1 },
    ]);
    await shell.ok(["pull", "other"]);
    expect(lines(await shell.ok(["status"]))[1]).toBe(
      "descriptions of temperature: 2 heads. Merge them: lakota merge 'temperature'",
    );
    expect((await shell.json(["status"])).descriptions).toMatchObject([
      { label: "temperature", revisions: 4, heads: { length: 2 } },
    ]);
    expect(lines(await shell.ok(["merge", "temperature"]))).toEqual([
      "temperature: nothing to merge.",
      expect.stringMatching(/^descriptions of temperature: joined 2 heads into \w+-\w+\.$/),
    ]);
    expect(await shell.json(["info", "temperature"])).toEqual({
      title: "Ours",
      columns: { value: { unit: "K" } },
    });
    expect(lines(await shell.ok(["status"])).at(-1)).toBe("Nothing to do.");
  });
});

describe("what was renamed", () => {
  test("is a series with its rows, unless it was changed as well", async () => {
    await shell.ok(["rename", "temperature/Brussels", "temperature/Uccle"]);
    expect(lines(await shell.ok(["show", "temperature"])).at(-1)).toBe("renamed Brussels → Uccle: 3 rows");
    expect((await shell.json(["show", "temperature"])).changes).toEqual([
      { kind: "renamed", label: "Uccle", from: "Brussels", rows: 3 },
    ]);
    await shell.ok(["delete", "temperature/Uccle"]);
    expect(lines(await shell.ok(["show", "temperature"])).at(-1)).toMatch(/^removed Uccle, /);
  });

  test("and what was created and deleted is shown of the registry", async () => {
    const last = async (...args: string[]) => lines(await shell.ok(["show", "registry", ...args])).at(-1);
    expect(await last()).toBe("created temperature");
    await shell.ok(["rename", "temperature", "weather"]);
    expect(await last()).toBe("renamed temperature → weather");
    expect((await shell.json(["show", "registry"])).collections).toEqual([
      { kind: "renamed", label: "weather", from: "temperature" },
    ]);
    await shell.ok(["delete", "weather"]);
    expect(await last()).toBe("deleted weather");
  });
});
