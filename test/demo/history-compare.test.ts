import { type Collection, openRepo, Schema } from "lakota/node";
import { expect, test, vi } from "vitest";
import type { ChartSource } from "../../demo/chart/chart-data.ts";
import { overlaySource } from "../../demo/data/overlay-source.ts";
import { compareStates } from "../../demo/history/compare-states.ts";
import { unionRanges } from "../../demo/history/ranges.ts";
import { planRevert } from "../../demo/history/revert-change.ts";
import { momentAfter, nameMoment, positionOf } from "../../demo/state/moment.ts";

const { signal } = new AbortController();
const day = (date: string) => Date.parse(date);

/** A collection whose second revision is wrong in two rows, of which the third corrects one. */
async function corrected(): Promise<Collection> {
  const repo = await openRepo("memory://");
  const collection = await repo.createCollection(new Schema({ day: "date*", value: "float" }), "c");
  const series = collection.series("s");
  await series.write({ day: ["2026-01-01", "2026-01-02", "2026-01-03"], value: [1, 2, 3] });
  await series.write({ day: ["2026-01-02", "2026-01-03", "2026-01-04"], value: [20, 30, 4] });
  await series.write({ day: ["2026-01-03"], value: [3] }, { note: { author: "Ben", message: "Correct" } });
  await series.write({ day: ["2026-01-05"], value: [5] });
  return collection;
}

const stateOf = (log: Awaited<ReturnType<Collection["log"]>>, position: number) => ({
  heads: [log[position]!],
  before: momentAfter(log[position]!),
});

test("two states differ in rows, which are marked where they are", async () => {
  const collection = await corrected();
  const log = await collection.log();
  const found = await compareStates(collection, ["s"], [stateOf(log, 0), stateOf(log, 3)], signal);
  expect(found.counts).toEqual({ added: 2, changed: 1, removed: 0 });
  expect(found.exact).toBe(true);
  expect(
    found.rows.map(({ kind, old, current }) => [kind, old?.get("value"), current?.get("value")]),
  ).toEqual([
    ["changed", 2, 20],
    ["added", undefined, 4],
    ["added", undefined, 5],
  ]);
  // The row that was corrected back is not marked, though two revisions touched it.
  expect(found.marks[0]).toEqual({ kind: "changed", range: [day("2026-01-02"), day("2026-01-02")] });
  const back = await compareStates(collection, ["s"], [stateOf(log, 3), stateOf(log, 0)], signal);
  expect(back.counts).toEqual({ added: 0, changed: 1, removed: 2 });
});

test("keys of text are compared in the order in which they are stored", async () => {
  const repo = await openRepo("memory://");
  const collection = await repo.createCollection(new Schema({ name: "str*", value: "float" }), "c");
  // By UTF-16 units, the emoji would be first.
  await collection.series("s").write({ name: ["\u{ff21}", "\u{1f600}"], value: [1, 2] });
  await collection.series("s").write({ name: ["\u{1f600}"], value: [3] });
  await collection.series("s").delete({ keys: ["\u{ff21}"] });
  const log = await collection.log();
  const found = await compareStates(collection, ["s"], [stateOf(log, 0), stateOf(log, 2)], signal);
  expect(found.rows.map(({ kind, old }) => [kind, old?.get("name")])).toEqual([
    ["removed", "\u{ff21}"],
    ["changed", "\u{1f600}"],
  ]);
  const range = (start: string, stop: string) => ({ label: "s", start: [start], stop: [stop] });
  expect(unionRanges([range("\u{1f600}", "\u{1f602}"), range("\u{ff21}", "\u{1f601}")])).toEqual([
    range("\u{ff21}", "\u{1f602}"),
  ]);
});

test("a change is reverted with its own rows, unless some were changed again", async () => {
  const collection = await corrected();
  const log = await collection.log({ details: true });
  const plan = async (position: number) => planRevert(collection, log, log[position]!, signal);
  expect(await plan(0)).toMatchObject({
    kind: "impossible",
    reason: expect.stringMatching(/first revision/),
  });
  expect(await plan(1)).toMatchObject({
    kind: "impossible",
    reason: expect.stringMatching(/by Ben: Correct .*2026-01-03/),
  });
  const correction = await plan(2);
  if (correction.kind === "impossible") throw new Error(correction.reason);
  await correction.run({ message: "Revert" });
  expect([...(await collection.series("s").read()).numbers("value")]).toEqual([1, 20, 30, 4, 5]);
  // Now the second revision's rows are as it left them.
  const longer = await collection.log({ details: true });
  const second = await planRevert(collection, longer, longer[1]!, signal);
  if (second.kind === "impossible") throw new Error(second.reason);
  expect(await second.run({ message: "Revert" })).toBe("");
  expect([...(await collection.series("s").read()).numbers("value")]).toEqual([1, 2, 3, 5]);
});

test("reverting the newest change that is known leaves what others have written meanwhile", async () => {
  const collection = await corrected();
  const values = async () => [...(await collection.series("s").read()).numbers("value")];
  const log = await collection.log({ details: true });
  const newest = log.at(-1)!;
  const early = await planRevert(collection, log, newest, signal);
  if (early.kind === "impossible") throw new Error(early.reason);
  expect(early.effect).toMatch(/^There are no later changes/);
  await collection.series("s").write({ day: ["2026-01-06"], value: [6] });
  await expect(early.run({})).rejects.toThrow("Others have changed this collection meanwhile");
  expect(await values()).toEqual([1, 20, 3, 4, 5, 6]);
  // Planned with the same list, which is no longer current.
  const plan = await planRevert(collection, log, newest, signal);
  if (plan.kind === "impossible") throw new Error(plan.reason);
  expect(plan.effect).toMatch(/Later changes stay\.$/);
  await collection.series("s").write({ day: ["2026-01-05"], value: [50] });
  await expect(plan.run({})).rejects.toThrow("Some of these rows were changed again");
  await collection.series("s").write({ day: ["2026-01-05"], value: [5] });
  await plan.run({});
  expect(await values()).toEqual([1, 20, 3, 4, 6]);
});

test("reverting says what it replaced that others wrote after the last check", async () => {
  const collection = await corrected();
  const log = await collection.log({ details: true });
  const plan = await planRevert(collection, log, log[2]!, signal);
  if (plan.kind === "impossible") throw new Error(plan.reason);
  const batch = collection.batch.bind(collection);
  const race = async (...args: Parameters<typeof batch>) => {
    await collection.series("s").write({ day: ["2026-01-03"], value: [33] });
    return batch(...args);
  };
  vi.spyOn(collection, "batch").mockImplementationOnce(race);
  expect(await plan.run({})).toBe("“s”, 2026-01-03");
  expect([...(await collection.series("s").read()).numbers("value")]).toEqual([1, 20, 30, 4, 5]);
});

test("reverting succeeds once the revision is made, whatever becomes of the last check", async () => {
  const collection = await corrected();
  const log = await collection.log({ details: true });
  const dialog = new AbortController();
  const plan = await planRevert(collection, log, log[2]!, dialog.signal);
  if (plan.kind === "impossible") throw new Error(plan.reason);
  const batch = collection.batch.bind(collection);
  vi.spyOn(collection, "batch").mockImplementationOnce(async (...args: Parameters<typeof batch>) => {
    const report = await batch(...args);
    dialog.abort(); // it is closed
    const unreachable = { read: () => Promise.reject(new Error("No response")) };
    vi.spyOn(collection, "series").mockReturnValueOnce(unreachable as never);
    return report;
  });
  expect(await plan.run({})).toBe("");
  expect([...(await collection.series("s").read()).numbers("value")]).toEqual([1, 20, 30, 4, 5]);
});

test("rows that a change removed count for the limit of what can be reverted", async () => {
  const repo = await openRepo("memory://");
  const collection = await repo.createCollection(new Schema({ n: "int*", value: "float" }), "c");
  const n = Array.from({ length: 100_001 }, (_, i) => i);
  await collection.series("s").write({ n, value: n });
  await collection.series("s").delete({ start: 0 });
  await collection.series("other").write({ n: [1], value: [1] });
  const log = await collection.log();
  expect(await planRevert(collection, log, log[1]!, signal)).toMatchObject({
    kind: "impossible",
    reason: expect.stringMatching(/too many rows/),
  });
});

test("a moment names the state with a revision, and stays the same when others follow", () => {
  const log = [{ epoch: "16e8ec9cc40" }, { epoch: "171dec92480" }];
  const moment = momentAfter(log[0]!);
  expect(moment).toBe("16e8ec9cc41");
  expect(positionOf(log, moment)).toBe(0);
  expect(positionOf(log, undefined)).toBe(1);
  expect(positionOf(log, momentAfter(log[1]!))).toBe(1);
  expect(positionOf(log, `${log[1]!.epoch}-${"0".repeat(40)}`)).toBe(0);
  expect(positionOf(log, "2019-12-01")).toBe(0);
  expect(positionOf(log, "1999-12-01")).toBe(0);
  expect(nameMoment(moment)).toBe("as of 2019-11-21 16:27");
  expect(nameMoment(undefined)).toBe("now");
});

test("ranges of several comparisons are joined where they overlap", () => {
  const range = (label: string, start: number[], stop: number[]) => ({ label, start, stop });
  expect(
    unionRanges([range("b", [1], [2]), range("a", [5], [9]), range("a", [1], [5]), range("a", [11], [])]),
  ).toEqual([range("a", [1], [9]), range("a", [11], []), range("b", [1], [2])]);
  expect(unionRanges([range("a", [5], [9]), range("a", [], [5])])).toEqual([range("a", [], [9])]);
});

test("two states share a chart: the rows counted are those of the first", async () => {
  const source = (rows: number, y: number): ChartSource => ({
    lines: [{ name: "v", unit: undefined, column: "v", bool: false, shape: "line" }],
    time: true,
    zone: "UTC",
    step: 1,
    full: [0, 1],
    load: async (range) => ({
      range,
      rows,
      step: undefined,
      points: [
        { x: Float64Array.of(0), y: Float64Array.of(y), low: Float64Array.of(0), high: Float64Array.of(9) },
      ],
    }),
    summarise: async () => [{ rows, missing: 0, min: y, max: y, mean: y, sum: y, last: y }],
  });
  const both = overlaySource(source(1, 10), source(2, 20), "now");
  expect(both.lines.map(({ name, otherStateOf }) => [name, otherStateOf])).toEqual([
    ["v", undefined],
    ["v (now)", 0],
  ]);
  const { rows, points } = await both.load([0, 1], 100, signal);
  expect(rows).toBe(1);
  expect(points.map(({ y, low }) => [y[0], low?.[0]])).toEqual([
    [10, 0],
    [20, undefined],
  ]);
  expect((await both.summarise([0, 1], signal)).map(({ rows }) => rows)).toEqual([1, 2]);
});
