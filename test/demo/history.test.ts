import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RangeChange } from "lakota";
import { openRepo, Schema } from "lakota/node";
import { expect, onTestFinished, test } from "vitest";
import { commonBase, findConflicts, headsOf, overlaps } from "../../demo/history/conflicts.ts";
import { layOut } from "../../demo/history/graph.ts";

test("a straight history is one lane", () => {
  const nodes = layOut([
    { id: "c", parents: ["b"] },
    { id: "b", parents: ["a"] },
    { id: "a", parents: [] },
  ]);
  expect(nodes.map(({ lane }) => lane)).toEqual([0, 0, 0]);
  expect(nodes[0]).toEqual({ lane: 0, above: [], below: [{ lane: 0, edge: 0 }] });
  expect(nodes[2]).toEqual({ lane: 0, above: [{ lane: 0, edge: 0 }], below: [] });
});

test("two heads are on two lanes, which meet where they parted", () => {
  const nodes = layOut([
    { id: "bob", parents: ["base"] },
    { id: "ada", parents: ["base"] },
    { id: "base", parents: [] },
  ]);
  expect(nodes.map(({ lane }) => lane)).toEqual([0, 1, 0]);
  expect(nodes[1]!.below).toContainEqual({ lane: 1, edge: 0 });
});

test("a merge joins the lanes", () => {
  const nodes = layOut([
    { id: "merge", parents: ["bob", "ada"] },
    { id: "bob", parents: ["base"] },
    { id: "ada", parents: ["base"] },
    { id: "base", parents: ["not listed"] },
  ]);
  expect(nodes.map(({ lane }) => lane)).toEqual([0, 0, 1, 0]);
  expect(nodes[0]!.below).toEqual([
    { lane: 0, edge: 0 },
    { lane: 0, edge: 1 },
  ]);
  expect(nodes[3]!.below).toEqual([]);
});

const change = (label: string, start: number[], stop: number[]): RangeChange => ({
  label,
  start,
  stop,
  closed: "both",
  kind: "changed",
});

test("conflicts are the common parts of what two sides have changed", () => {
  const mine = [change("a", [1], [10]), change("b", [1], [10])];
  expect(overlaps(mine, [change("a", [5], [20])])).toEqual([{ label: "a", start: [5], stop: [10] }]);
  expect(overlaps(mine, [change("a", [11], [20])])).toEqual([]);
  expect(overlaps(mine, [change("c", [1], [10])])).toEqual([]);
  expect(overlaps([change("a", [], [])], [change("a", [3], [4])])).toEqual([
    { label: "a", start: [3], stop: [4] },
  ]);
});

test("two writers who did not know of each other leave two heads, whose conflict is found", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lakota-history-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [mine, theirs] = [await openRepo(join(folder, "mine")), await openRepo(join(folder, "theirs"))];
  const schema = new Schema({ day: "date*", value: "float" });
  const here = await mine.createCollection(schema, "c");
  await here.series("s").write({ day: ["2026-01-01", "2026-01-02", "2026-01-03"], value: [1, 2, 3] });
  await theirs.pull(mine.uri);
  const there = await theirs.collection("c");
  await here.series("s").write({ day: ["2026-01-01", "2026-01-02"], value: [10, 20] });
  await there.series("s").write({ day: ["2026-01-02", "2026-01-03"], value: [21, 31] });
  await mine.pull(theirs.uri);
  await here.refresh();
  const log = await here.log();
  expect(headsOf(log)).toHaveLength(2);
  expect(commonBase(log)?.id).toBe(log[0]!.id);
  const { signal } = new AbortController();
  const conflicts = await findConflicts(here, log, signal);
  const day = BigInt(Date.parse("2026-01-02") / 86_400_000);
  expect(conflicts).toEqual([{ label: "s", start: [day], stop: [day] }]);
  await here.merge();
  expect(await findConflicts(here, await here.log(), signal)).toEqual([]);
});
