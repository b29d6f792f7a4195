import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareSegments, cutOut, joinCuts, subtract } from "../../src/changelog/segment-edits.ts";
import { type Segment, segmentsOf } from "../../src/changelog/segment-table.ts";
import { diffSegments } from "../../src/changelog/table-diff.ts";
import { contains, type Interval, type Key } from "../../src/model/key.ts";

/** Small key spaces of one and of two index columns, so that bounds coincide often. */
const spaces: Record<string, Key[]> = {
  "one index column": [0, 1, 2, 3, 4, 5, 6, 7].map((k) => [k]),
  "two index columns": [0, 1, 2].flatMap((a) => [0, 1, 2].map((b) => [a, b])),
};

const labels = ["a", "b"];
let stamp = 0;

const interval = (keys: Key[]): fc.Arbitrary<Interval> =>
  fc
    .tuple(fc.nat(keys.length - 1), fc.nat(keys.length - 1), fc.boolean(), fc.boolean())
    .filter(([i, j, left, right]) => i < j || (i === j && left && right))
    .map(([i, j, left, right]) => ({
      lo: { key: keys[i]!, side: left ? -1 : 1 },
      hi: { key: keys[j]!, side: right ? 1 : -1 },
    }));

/** A write, or a deletion: a segment without rows. */
const write = (keys: Key[]): fc.Arbitrary<Segment> =>
  fc.tuple(interval(keys), fc.constantFrom(...labels), fc.boolean()).map(([range, label, rows]) => {
    stamp++;
    return { ...range, label, length: rows ? 1 : 0, digests: rows ? [`d${stamp}`] : ["empty"] };
  });

/** What a table shows at each key of each label: the digest seen there, "" where there is nothing. */
function shown(table: readonly Segment[], keys: Key[]): string[] {
  return labels.flatMap((label) =>
    keys.map((key) => {
      const there = table.filter((segment) => segment.label === label && contains(segment, key));
      expect(there.length).toBeLessThanOrEqual(1); // segments of a label are disjoint
      return there[0]?.length ? there[0].digests[0]! : "";
    }),
  );
}

/** A table in which each segment hides what lay below it. */
const overlay = (table: readonly Segment[], added: readonly Segment[]): readonly Segment[] =>
  added.reduce<readonly Segment[]>((below, segment) => {
    const rest = below.flatMap((old) => (old.label === segment.label ? subtract(old, segment) : [old]));
    return [...rest, segment].sort(compareSegments);
  }, table);

describe.each(Object.entries(spaces))("segments over %s", (_, keys) => {
  const writes = fc.array(write(keys), { maxLength: 12 });

  it("cut by others keep what lies outside of them", () => {
    fc.assert(
      fc.property(writes, writes, (all, holes) => {
        const table = overlay([], all);
        for (const label of labels) {
          const own = overlay([], holes).filter((hole) => hole.label === label);
          const cut = cutOut(segmentsOf(table, label), own);
          const oneByOne = own.reduce<Segment[]>(
            (left, hole) => left.flatMap((piece) => subtract(piece, hole)),
            segmentsOf(table, label),
          );
          expect(cut).toEqual(oneByOne);
          expect(shown(joinCuts(cut), keys)).toEqual(shown(cut, keys));
        }
      }),
    );
  });

  it("differ just where their content differs", () => {
    fc.assert(
      fc.property(writes, writes, (before, after) => {
        const from = overlay([], before);
        const to = overlay(from, after);
        const changes = diffSegments(from, to);
        const [was, is] = [shown(from, keys), shown(to, keys)];
        labels.forEach((label, l) => {
          keys.forEach((key, k) => {
            const i = l * keys.length + k;
            const change = changes.find((one) => one.label === label && contains(one, key));
            expect([change !== undefined, label, key]).toEqual([was[i] !== is[i], label, key]);
          });
        });
      }),
    );
  });
});
