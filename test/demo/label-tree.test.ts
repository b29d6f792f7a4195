import { expect, test } from "vitest";
import { LabelTree, type TreeRow } from "../../demo/series/label-tree.ts";
import { pagesOf } from "./label-pages.ts";

const many = (count: number, label: (i: string) => string) =>
  Array.from({ length: count }, (_, i) => label(String(i).padStart(5, "0")));

const lines = (rows: readonly TreeRow[]) =>
  rows.map((row) => {
    const indent = "  ".repeat(row.depth);
    if (row.kind === "more") return `${indent}…`;
    return `${indent}${row.kind === "folder" ? (row.isOpen ? "▾ " : "▸ ") : ""}${row.name}`;
  });

/** A tree of labels of which the first `known` were listed before. */
function treeOf(labels: readonly string[], known = labels.length) {
  const pages = pagesOf(labels);
  return { tree: new LabelTree(pages, pages.sorted.slice(0, known), known >= labels.length), pages };
}

test("labels are divided at slashes; what is in a closed folder is not asked for", async () => {
  const { tree, pages } = treeOf(["b/2", "a", "b/1", "b/c/x", "b-1", "d/y"]);
  expect(lines(tree.rows)).toEqual(["a", "b-1", "▸ b/", "▸ d/"]);
  expect(pages.asked).toEqual([]);
  tree.toggle("b/");
  expect(lines(tree.rows)).toEqual(["a", "b-1", "▾ b/", "  …", "▸ d/"]);
  await tree.load("b/");
  expect(lines(tree.rows)).toEqual(["a", "b-1", "▾ b/", "  1", "  2", "  ▸ c/", "▸ d/"]);
  expect(tree.rows[3]).toMatchObject({ kind: "series", label: "b/1" });
  tree.toggle("b/");
  expect(lines(tree.rows)).toEqual(["a", "b-1", "▸ b/", "▸ d/"]);
});

test("a long level is listed page by page", async () => {
  const labels = many(1_200, (i) => `sensor ${i}`);
  const { tree, pages } = treeOf(labels, 100);
  expect(tree.rows.length).toBe(101);
  for (let isNew = true; isNew; ) isNew = await tree.load("");
  expect(tree.rows.map((row) => row.kind === "series" && row.label)).toEqual(labels);
  expect(pages.asked.map(({ limit }) => limit)).toEqual([500, 500, 500]);
  expect(pages.answered).toBe(1_100);
});

test("folders of thousands of series are skipped", async () => {
  const labels = ["a", "b", "c"].flatMap((site) => many(3_000, (i) => `${site}/${i}`));
  const { tree, pages } = treeOf([...labels, "d"], 1_000);
  for (let isNew = true; isNew; ) isNew = await tree.load("");
  expect(lines(tree.rows)).toEqual(["▸ a/", "▸ b/", "▸ c/", "d"]);
  expect(pages.answered).toBeLessThan(2_000);
});

test("a folder that is all there is, is open", async () => {
  const { tree } = treeOf(["site/a/1", "site/a/2"]);
  await tree.load("site/");
  await tree.load("site/a/");
  expect(lines(tree.rows)).toEqual(["▾ site/", "  ▾ a/", "    1", "    2"]);
});

test("the folders of a series are opened, also in a tree that takes the place of another", async () => {
  const labels = ["a/x", "b/c/y", "b/d"];
  const { tree } = treeOf(labels);
  tree.reveal("b/c/y");
  await tree.load("b/");
  await tree.load("b/c/");
  expect(lines(tree.rows)).toEqual(["▸ a/", "▾ b/", "  ▾ c/", "    y", "  d"]);
  const { tree: next } = treeOf([...labels, "e"]);
  next.openAs(tree);
  expect(lines(next.rows)).toEqual(["▸ a/", "▾ b/", "  …", "e"]);
});

test("odd labels are series all the same", async () => {
  const { tree } = treeOf(["/", "/x", "a/", "a//b"]);
  for (const prefix of ["/", "a/", "a//"]) {
    tree.toggle(prefix);
    await tree.load(prefix);
  }
  const series = tree.rows.filter((row) => row.kind === "series").map(({ label }) => label);
  expect(series).toEqual(["/", "/x", "a/", "a//b"]);
});

test("what could not be listed is listed by the next attempt", async () => {
  const { tree, pages } = treeOf(["a/x", "b"]);
  tree.toggle("a/");
  pages.failure = new Error("The network is away.");
  await expect(tree.load("a/")).rejects.toThrow("The network is away.");
  expect(tree.rows).toContainEqual({ kind: "more", prefix: "a/", depth: 1, hasFailed: true });
  pages.failure = undefined;
  await tree.load("a/");
  expect(lines(tree.rows)).toEqual(["▾ a/", "  x", "b"]);
});

test("says which folder to list next to show a series that is far down", async () => {
  const labels = ["a", "b", "c"].flatMap((site) => many(1_200, (i) => `x/${site}/${i}`));
  const { tree } = treeOf([...labels, "y/"], 1_000);
  const listed: string[] = [];
  const list = async (label: string) => {
    tree.reveal(label);
    for (let next = tree.nextToList(label); next !== undefined; next = tree.nextToList(label)) {
      listed.push(next);
      await tree.load(next);
    }
  };
  await list("x/c/01100");
  expect(listed).toEqual(["x/", "x/", "x/", "x/c/", "x/c/", "x/c/"]);
  expect(tree.rows.some((row) => row.kind === "series" && row.label === "x/c/01100")).toBe(true);
  await list("x/c/nothing");
  expect(listed.slice(6)).toEqual([]);
  await list("y/");
  expect(listed.slice(6)).toEqual(["", "y/"]);
  expect(tree.rows.at(-1)).toMatchObject({ kind: "series", label: "y/" });
});
