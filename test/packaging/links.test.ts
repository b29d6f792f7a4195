import { describe, expect, test } from "vitest";
import { anchorsOf, checkLinks, linksOf } from "../../scripts/links.ts";

const PAGES = new Map([
  ["README.md", "# Lakota\n## Getting `npm` started\n## Twice\n## Twice\n"],
  ["docs/api.md", '# The API\n<a id="by-hand"></a>\n'],
]);
const broken = (page: string, text: string) =>
  checkLinks(new Map([...PAGES, [page, text]]), (path) => PAGES.has(path) || path === "LICENSE").broken;

test.each([
  ["an inline link", "[a](b.md)", ["b.md"]],
  ["a link with a title", '[a](b.md "title")', ["b.md"]],
  ["a link around an image", "[![a](b.svg)](c.md)", ["b.svg", "c.md"]],
  ["parentheses in an address", "[a](b_(c).md)", ["b_(c).md"]],
  ["angle brackets", "[a](<b c.md>)", ["b c.md"]],
  ["a definition", "[a]: b.md", ["b.md"]],
  ["an element", '<img width="2" src="a.png">', ["a.png"]],
  ["a code span", "`[a](b.md)`", []],
  ["a fenced block", "```\n[a](b.md)\n```\n[c](d.md)", ["d.md"]],
  ["a comment", "<!-- [a](b.md) -->", []],
])("finds the links in %s", (_, text, links) => {
  expect(linksOf(text)).toEqual(links);
});

test("makes anchors as GitHub does", () => {
  const text = "# Été, at 5 o'clock: `a_b`\n## [A](b.md) link\n## C\n## C\n```\n# no heading\n```\n";
  expect([...anchorsOf(text)]).toEqual(["été-at-5-oclock-a_b", "a-link", "c", "c-1"]);
});

describe("accepts", () => {
  test.each([
    ["a file beside the page", "docs/cli.md", "[a](api.md)"],
    ["a file above", "docs/cli.md", "[a](../LICENSE)"],
    ["a heading", "docs/cli.md", "[a](../README.md#getting-npm-started)"],
    ["a repeated heading", "docs/cli.md", "[a](../README.md#twice-1)"],
    ["an element's id", "docs/cli.md", "[a](api.md#by-hand)"],
    ["a heading of the same page", "docs/cli.md", "# A b\n[a](#a-b)"],
    ["another site", "docs/cli.md", "[a](https://example.org/none.md)"],
  ])("%s", (_, page, text) => {
    expect(broken(page, text)).toEqual([]);
  });
});

describe("reports", () => {
  test.each([
    ["a missing file", "[a](none.md)", "none.md"],
    ["a file outside of the project", "[a](../../other.md)", "../other.md"],
    ["a missing heading", "[a](api.md#none)", "#none"],
    ["a missing heading of the same page", "[a](#none)", "#none"],
  ])("%s", (_, text, part) => {
    const lines = broken("docs/cli.md", text);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("docs/cli.md links to");
    expect(lines[0]).toContain(part);
  });
});
