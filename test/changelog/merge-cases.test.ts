import { describe, expect, it } from "vitest";
import { type Commit, touchedRanges } from "../../src/changelog/commit.ts";
import { buildLog } from "../../src/changelog/log.ts";
import { mergeHeads } from "../../src/changelog/merge.ts";
import { parseName, ROOT } from "../../src/changelog/revision.ts";
import type { Segment } from "../../src/changelog/segment-table.ts";
import type { TouchedRange } from "../../src/changelog/touched-ranges.ts";
import { hextime } from "../../src/model/layout.ts";
import { segmentsIn, tableOf } from "./tables.ts";

const idOf = (n: number) => `${hextime(n)}-${n.toString(16).padStart(40, "0")}`;
const [A, B, D, C] = [1, 2, 3, 4].map(idOf) as [string, string, string, string];
const missing = (n: number) => `${hextime(n)}-${"f".repeat(40)}`;
const range = (from: number, to: number): TouchedRange => ({
  label: "s",
  lo: { key: [from], side: -1 },
  hi: { key: [to], side: 1 },
});
const segment = (from: number, to: number, digest: string, length = 1): Segment => ({
  ...range(from, to),
  length,
  digests: [digest],
});

interface Revision {
  id: string;
  parents: string[];
  table: Segment[];
  touched: TouchedRange[];
}

/** Merges all heads. Returns the digests shown, and the conflicts as `kept > lost`. */
async function merge(revisions: Revision[]) {
  const names = revisions.flatMap(({ id, parents }) =>
    parents.map((parent) => parseName(`${parent}.${id}`)!),
  );
  const commits = new Map<string, Commit>(
    revisions.map(({ id, table, touched }) => [
      id,
      { table: tableOf(table), touched: touchedRanges(touched) },
    ]),
  );
  const log = buildLog(names);
  const { commit, conflicts } = await mergeHeads(log, log.heads, async (id) => commits.get(id)!);
  return {
    shown: (await segmentsIn(commit.table)).map(({ digests, length }) => (length > 0 ? digests[0] : "none")),
    conflicts: conflicts.map(({ kept, lost }) => `${kept} > ${lost}`),
  };
}

const all = range(1, 9);
const base: Revision = { id: A, parents: [ROOT], table: [segment(1, 9, "a")], touched: [all] };
const b: Revision = { id: B, parents: [A], table: [segment(1, 9, "b")], touched: [all] };
const c: Revision = { id: C, parents: [A], table: [segment(1, 9, "c")], touched: [all] };
const d: Revision = { id: D, parents: [B], table: [segment(1, 9, "d")], touched: [all] };

describe("the cases in the table of merge.ts", () => {
  it.each<[string, Revision[], string[], string[]]>([
    [
      "no unshared revision",
      [base, { ...b, touched: [] }, { ...c, table: base.table, touched: [] }],
      ["a"],
      [],
    ],
    ["revisions of one branch", [base, b, { ...c, table: base.table, touched: [] }], ["b"], []],
    ["B and C, concurrent", [base, b, c], ["c"], [`${C} > ${B}`]],
    ["B and C, with the same chunks", [base, b, { ...c, table: b.table }], ["b"], []],
    [
      "B wrote rows, C deleted them",
      [base, b, { ...c, table: [segment(1, 9, "e", 0)] }],
      ["none"],
      [`${C} > ${B}`],
    ],
    ["C, and both B and its descendant D", [base, b, d, c], ["c"], [`${C} > ${D}`]],
    [
      "B, and C after it merged B",
      [base, b, { ...c, parents: [B] }, { ...d, parents: [A], touched: [] }],
      ["c"],
      [],
    ],
    [
      "C; B stored the same rows with others",
      [base, { ...b, touched: [range(1, 1)] }, { ...c, touched: [range(2, 9)] }],
      ["b", "c"],
      [],
    ],
    [
      "C; B inherited it from a missing parent",
      [base, { ...b, parents: [missing(1)], touched: [] }, c],
      ["c"],
      [`${C} > ${B}`],
    ],
  ])("%s", async (_, revisions, shown, conflicts) => {
    expect(await merge(revisions)).toEqual({ shown, conflicts });
  });

  it("B and C both inherited it: the one with the later missing parent is shown", async () => {
    const early = { ...c, parents: [missing(1)], touched: [] };
    const late = { ...b, parents: [missing(9)], touched: [] };
    expect(await merge([late, early])).toEqual({ shown: ["b"], conflicts: [] });
  });

  it("B and C both inherited it: the one that includes all of the other's missing parents is shown", async () => {
    const part = { ...c, parents: [missing(9)], touched: [] };
    const all = { ...b, parents: [missing(9), missing(8)], touched: [] };
    expect(await merge([all, part])).toEqual({ shown: ["b"], conflicts: [] });
    const older: Revision = { ...d, id: A, parents: [missing(7)] };
    const both = { ...b, parents: [missing(9), A], touched: [] };
    expect(await merge([older, both, part])).toMatchObject({
      shown: expect.arrayContaining(["b"]),
      conflicts: [],
    });
  });
});
