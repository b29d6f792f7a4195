import { readdirSync, readFileSync } from "node:fs";
import { openRepo, Schema } from "lakota/engine";
import ts from "typescript";
import { expect, test } from "vitest";
import { inCommandWords, inWordsOfCommand } from "../../src/cli/output/command-words.ts";

test.each([
  ["Sort them, or set sort: true, which takes", "Sort them, or set --sort, which takes"],
  ["(choose with columns: [...])", "(choose with --columns NAME,…)"],
  ['with clock: "earlier", "later" or "order".', "with --clock earlier, later or order."],
  ["as in fill: { a b: … }", "as in --fill 'a b=…'"],
  ['types: { price: "str" }', "--types price=str"],
  ['formats: { t: "%d/%m/%Y %H:%M" }', "--format 't=%d/%m/%Y %H:%M'"],
  ["set header: false; else set header: true", "set --no-header; else set --header"],
  ['Set decimal: "," or decimal: "."', "Set --decimal , or --decimal ."],
  ['encoding: "ebcdic" is not supported', "--encoding ebcdic is not supported"],
  ['fill: there is no column "x"', '--fill: there is no column "x"'],
  ['Line 2: "sorted: yes" is not a number', 'Line 2: "sorted: yes" is not a number'],
])("%s", (message, expected) => {
  expect(inCommandWords(message)).toBe(expected);
});

test("a table of another kind than asked for", async () => {
  const repo = await openRepo("memory://");
  const schema = new Schema({ t: "int*" });
  await repo.createCollection(schema, "c");
  const create = () => repo.createCollection(schema, "c", { table: "tree" });
  await expect(create()).rejects.toMatchObject({
    code: "exists",
    message: expect.stringContaining("option"),
  });
  await expect(inWordsOfCommand(create)).rejects.toMatchObject({
    code: "exists",
    message: expect.stringMatching(
      /whose table is flat\. Leave --table out, or change it with repo\.clone\(\)/,
    ),
  });
});

test("no message of the readers advises an option that the command has not", () => {
  const folder = new URL("../../src/interchange/", import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (path) => path.endsWith(".ts") && !/write-|export-|to-arrow|format-cell/.test(path),
  );
  const advice = /(?:[Ss]et|[Ww]ith|as in) [a-zA-Z]+: (?:["{[]|true|false)/;
  const told = files.flatMap((path) =>
    readFileSync(new URL(path, folder), "utf8")
      .split("\n")
      .filter((line) => !/^\s*(?:\*|\/)/.test(line) && advice.test(line)),
  );
  expect(told.length).toBeGreaterThan(10);
  for (const line of told) expect(inCommandWords(line)).not.toMatch(advice);
});

test("no message of the library names calls or options of its API in the command", () => {
  const folder = new URL("../../src/", import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (path) =>
      /^(changelog|codecs|engine|model|query|stores)\/.*\.ts$/.test(path) &&
      // What the command never calls, and what only callers of the library can get wrong.
      !/(forget|emptied|downsample|resolve-revision|arguments|frame|schema|open-address)\.ts$/.test(path),
  );
  const api = /\b(?!clone\()[a-zA-Z]+\(\)|\bthe option [`a-z]|`credentials`/;
  const told = files
    .flatMap((path) => textsIn(readFileSync(new URL(path, folder), "utf8")))
    .filter((text) => /( [a-z]+){3}/.test(text) && api.test(text));
  expect(told.length).toBeGreaterThan(5);
  expect(told.map(inCommandWords).filter((text) => api.test(text))).toEqual([]);
});

/** Returns the texts in a source file: its strings, and its templates with … for what is inserted. */
function textsIn(source: string): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) texts.push(node.text);
    if (ts.isTemplateExpression(node))
      texts.push([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join("…"));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("source.ts", source, ts.ScriptTarget.Latest));
  return texts;
}
