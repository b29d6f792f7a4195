import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { filesUnder } from "../../scripts/files.ts";
import { commands } from "../../src/cli/commands.ts";
import { parse } from "../../src/cli/parsing/parse.ts";
import { ROOT } from "./snippets.ts";

const PAGES = [
  "README.md",
  "docs/first-hour.md",
  "docs/guide.md",
  "docs/troubleshooting.md",
  ...filesUnder("docs/tasks", ".md"),
];

/** Returns the blocks of a language. */
const blocksOf = (page: string, language: string): string[] =>
  [...readFileSync(ROOT + page, "utf8").matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)]
    .filter(([, name]) => name === language)
    .map(([, , text]) => text!);

/** The command lines of `lakota` in the shell blocks of a page, as words. */
function commandLines(page: string): string[][] {
  const lines = blocksOf(page, "sh").join("\n").split("\n");
  return lines.flatMap((line) => {
    const [, rest] = /(?:^|\| |npx )lakota (.*)/.exec(line) ?? [];
    const plain = rest?.replace(/ (#|[<>|] ).*/, "");
    return plain === undefined
      ? []
      : [plain.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)!.map((word) => word.replace(/["']/g, ""))];
  });
}

test("the command lines of the documents are valid", () => {
  const lines = PAGES.flatMap((page) => commandLines(page).map((words) => ({ page, words })));
  expect(lines.length).toBeGreaterThan(20);
  for (const { page, words } of lines) {
    expect(() => parse(words, commands), `${page}: lakota ${words.join(" ")}`).not.toThrow();
  }
});

test("the JSON of the documents is valid", () => {
  const blocks = PAGES.flatMap((page) => blocksOf(page, "json"));
  expect(blocks.length).toBeGreaterThan(5);
  for (const text of blocks) expect(() => JSON.parse(text), text).not.toThrow();
});
