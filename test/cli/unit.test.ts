import fc from "fast-check";
import { openRepo, Schema } from "lakota/engine";
import { describe, expect, test } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { chosenRepo } from "../../src/cli/options/repo-uri.ts";
import { systemErrorText, withoutErrno } from "../../src/cli/output/error-text.ts";
import { cutToWidth, Progress } from "../../src/cli/output/progress.ts";
import { plainTable, prettyTable } from "../../src/cli/output/table.ts";
import { textWidth } from "../../src/cli/output/text-width.ts";
import { bytesText } from "../../src/cli/output/units.ts";
import { parse } from "../../src/cli/parsing/parse.ts";
import { folderOf, labelOfFolder } from "../../src/cli/targets/folders.ts";
import { readFrames } from "../../src/cli/targets/read-frames.ts";
import { writeFrames } from "../../src/interchange/files/write-frames.ts";
import { closest } from "../../src/model/closest.ts";
import { Frame } from "../../src/model/frame.ts";

describe("parsing", () => {
  const verb = (line: string) => {
    const { command, args, options, globals } = parse(line.split(" "), commands);
    return { verb: command?.name, args, options, repo: globals.repo };
  };

  test("options are accepted before and after the verb, as in Python", () => {
    expect(verb("-r a read x/y --limit 3")).toEqual(verb("read --limit=3 x/y --repo a"));
    expect(verb("-r a -r b pull c d -s")).toEqual({
      verb: "pull",
      args: ["c", "d"],
      options: { repo: ["a", "b"], shallow: true },
      repo: ["a", "b"],
    });
    expect(verb("del x").verb).toBe("delete");
    expect(verb("read x/y --gt 1 --greater-than 2 --start 3").options).toEqual({
      start: ["3", "1", "2"].sort().reverse(),
    });
  });

  test("a timeout is given in seconds", () => {
    const timeout = (text: string) => parse(["ls", "--timeout", text], commands).globals.timeout;
    expect([timeout("2.5"), timeout("0")]).toEqual([2_500, 0]);
    for (const wrong of ["-1", "1s", "", "1e3", "Infinity"])
      expect(() => timeout(`=${wrong}`), wrong).toThrow(/not a number of seconds/);
  });

  test("every example is a valid command line", () => {
    for (const { name, examples } of commands) {
      for (const { command } of examples) {
        const line = command.replace(/^eval "\$\((.*)\)"$/, "$1").replace(/ [<>|].*/, "");
        const words = line.match(/"[^"]*"|\S+/g)!.map((word) => word.replaceAll('"', ""));
        expect(words[0]).toBe("lakota");
        expect(parse(words.slice(1), commands).command?.name, command).toBe(name);
      }
    }
  });
});

test("a repo is --repo, else LAKOTA_REPO, else .lakota; several are a stack", () => {
  expect(chosenRepo(undefined, undefined)).toEqual([".lakota"]);
  expect(chosenRepo(undefined, "")).toEqual([".lakota"]);
  expect(chosenRepo(undefined, "my folder/cache s3://b/p?x=y z")).toEqual([
    "my folder/cache",
    "s3://b/p?x=y z",
  ]);
  expect(chosenRepo(["a", "memory:// http://h"], "b")).toEqual(["a", "memory://", "http://h"]);
});

test.each([
  ["abc", 3],
  ["東京", 4],
  ["e\u0301", 1],
  ["👩‍👩‍👧", 2],
  ["🇧🇪", 2],
  ["co\u00adop", 4], // with a soft hyphen
  ["می\u200cخواهم", 7], // with a joiner that keeps letters apart
  ["한국".normalize("NFD"), 4],
])("on a terminal %j takes %i cells", (text, cells) => {
  expect(textWidth(text)).toBe(cells);
});

describe("the progress line", () => {
  test("is cut by the width of what a terminal shows, between characters", () => {
    expect(cutToWidth("abcdef", 4)).toBe("abcd");
    expect(cutToWidth("東京 3 of 5", 5)).toBe("東京 ");
    expect(cutToWidth("東京", 3)).toBe("東");
    expect(cutToWidth("a👩‍👩‍👧b", 2)).toBe("a");
    expect(cutToWidth("a👩‍👩‍👧b", 3)).toBe("a👩‍👩‍👧");
    expect(cutToWidth("e\u0301e\u0301", 1)).toBe("e\u0301");
    expect(cutToWidth("", 10)).toBe("");
  });

  test("fits into the terminal, and holds no control characters", () => {
    const written: string[] = [];
    const stream = { isTTY: true, columns: 12, write: (text: string) => written.push(text) };
    new Progress(stream as never, true).show(() => "\u001b[31m東京東京東京東京");
    const line = written.join("").replace("\r\u001b[2K", "");
    expect(line).not.toContain("\u001b");
    expect(textWidth(line)).toBeLessThan(12);
    expect(line).toMatch(/^\S+東/);
  });
});

test("the closest word is suggested", () => {
  expect(closest("raed", ["read", "rename"])).toBe("read");
  expect(closest("pub", ["push", "publish"])).toBe("publish");
  expect(closest("xyz", ["read", "log"])).toBeUndefined();
});

test("plain and pretty tables", () => {
  const columns = [{ name: "a" }, { name: "size", bytes: true }] as const;
  const rows = [
    { a: "x\ty", size: 1_234_567 },
    { a: undefined, size: 12 },
  ];
  expect(plainTable(columns, rows)).toBe("a\tsize\nx\\ty\t1234567\n\t12\n");
  expect(prettyTable(columns, rows)).toBe("a       size\n----  ------\nx\\ty  1.2 MB\n        12 B\n");
  expect([0, 999, 999_999, 1e15, 1e19].map(bytesText)).toEqual([
    "0 B",
    "999 B",
    "1.0 MB",
    "1.0 PB",
    "10000 PB",
  ]);
});

test("aligned tables count the cells of a terminal, not UTF-16 units", () => {
  const rows = [
    { label: "Brussels", rows: 3 },
    { label: "東京", rows: 1_234 }, // two cells a character
    { label: "e\u0301te\u0301", rows: 5 }, // combining accents take none
    { label: "👩‍🚀 lab", rows: 12 }, // one emoji of five UTF-16 units
  ];
  expect(prettyTable([{ name: "label" }, { name: "rows" }], rows).split("\n")).toEqual([
    "label      rows",
    "--------  -----",
    "Brussels      3",
    "東京      1,234",
    "e\u0301te\u0301           5",
    "👩‍🚀 lab       12",
    "",
  ]);
});

test("every collection label maps to one folder name and back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (label) => {
      const name = folderOf(label);
      expect(labelOfFolder(name)).toBe(label);
      expect(name).not.toMatch(/[/\\]|^\./);
    }),
  );
  expect(labelOfFolder("50% off")).toBe("50% off");
});

const schema = new Schema({ k: "int*", v: "int" });
const frameOf = (keys: readonly number[], value: number) =>
  new Frame([
    { name: "k", type: "int64", data: BigInt64Array.from(keys, BigInt) },
    { name: "v", type: "int64", data: BigInt64Array.from(keys, () => BigInt(value)) },
  ]);
const sorted = fc
  .uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 1 })
  .map((keys) => keys.sort((a, b) => a - b));

test("writing frames in pieces equals writing one frame", async () => {
  await fc.assert(
    fc.asyncProperty(
      sorted,
      sorted,
      fc.array(fc.nat(30)),
      fc.constantFrom("left", "right", "both", "none"),
      fc.tuple(fc.boolean(), fc.boolean()),
      async (old, keys, cuts, closed, [withStart, withStop]) => {
        const repo = await openRepo("memory://");
        const collection = await repo.createCollection(schema, "c");
        const range = {
          ...(withStart && { start: keys[0]! - (closed === "both" || closed === "left" ? 0 : 1) }),
          ...(withStop && { stop: keys.at(-1)! + (closed === "both" || closed === "right" ? 0 : 1) }),
          ...((withStart || withStop) && { closed: withStart && withStop ? closed : ("both" as const) }),
        };
        const bounds = [...new Set([0, ...cuts.map((cut) => Math.min(cut, keys.length)), keys.length])].sort(
          (a, b) => a - b,
        );
        const pieces = async function* () {
          for (let i = 1; i < bounds.length; i++) yield frameOf(keys.slice(bounds[i - 1], bounds[i]), 2);
        };
        for (const label of ["whole", "pieces"]) await collection.series(label).write(frameOf(old, 1));
        await collection.series("whole").write(frameOf(keys, 2), range);
        let rows: number | undefined;
        await collection.batch(async (batch) => {
          rows = await writeFrames(batch.series("pieces"), schema, pieces(), range);
        });
        expect(rows).toBe(keys.length);
        const [whole, inPieces] = await Promise.all(
          ["whole", "pieces"].map((label) => collection.series(label).read()),
        );
        for (const name of ["k", "v"] as const) expect(inPieces!.get(name)).toEqual(whole!.get(name));
      },
    ),
  );
});

test("reading in pages equals reading at once", async () => {
  const repo = await openRepo("memory://");
  const series = (await repo.createCollection(schema, "c")).series("s");
  await series.write(
    frameOf(
      Array.from({ length: 40 }, (_, k) => k),
      1,
    ),
  );
  const option = fc.option(fc.nat(50), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(
      option,
      option,
      option,
      fc.integer({ min: 1, max: 50 }),
      async (skip, limit, tail, pageLength) => {
        const keys: unknown[] = [];
        let frames = 0;
        for await (const frame of readFrames(series, { skip, limit, tail, pageLength })) {
          frames++;
          keys.push(...frame.get("k"));
        }
        const all = Array.from({ length: 40 }, (_, k) => BigInt(k));
        const from = tail === undefined ? all : all.slice(Math.max(0, 40 - tail));
        expect(keys).toEqual(from.slice(skip ?? 0).slice(0, limit ?? 50));
        expect(frames).toBeGreaterThan(0);
      },
    ),
  );
});

test("codes of the operating system become words", () => {
  expect(withoutErrno("Cannot list /x: ENOENT: no such file or directory, scandir '/x'")).toBe(
    "Cannot list /x: it does not exist",
  );
  expect(
    withoutErrno("Cannot write a in file:///r: permission denied. Change the permissions (EACCES)."),
  ).toBe("Cannot write a in file:///r: permission denied. Change the permissions.");
  expect(withoutErrno("EVERYTHING: fine (EUROPE)")).toBe("EVERYTHING: fine (EUROPE)");
  const error = Object.assign(new Error("EISDIR: illegal operation on a directory, read"), {
    code: "EISDIR",
    syscall: "read",
  });
  expect(systemErrorText(error)).toBe("it is a folder.");
  expect(systemErrorText(Object.assign(error, { path: "/x" }))).toBe("/x: it is a folder.");
});
