import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffTables } from "../../src/changelog/diff.ts";
import { applyChanges } from "../../src/changelog/merge.ts";
import {
  compareSegments,
  labelsOf,
  overlay,
  type Segment,
  type SegmentTable,
} from "../../src/changelog/segments.ts";
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
function shown(table: SegmentTable, keys: Key[]): string[] {
  return labels.flatMap((label) =>
    keys.map((key) => {
      const there = table.filter((segment) => segment.label === label && contains(segment, key));
      expect(there.length).toBeLessThanOrEqual(1); // segments of a label are disjoint
      return there[0]?.length ? there[0].digests[0]! : "";
    }),
  );
}

/** The plain meaning: each write sets the keys of its interval. */
function model(writes: readonly Segment[], keys: Key[], from: string[] = []): string[] {
  const seen = labels.flatMap((_, l) => keys.map((_, k) => from[l * keys.length + k] ?? ""));
  for (const segment of writes) {
    keys.forEach((key, k) => {
      if (contains(segment, key)) {
        seen[labels.indexOf(segment.label) * keys.length + k] = segment.length ? segment.digests[0]! : "";
      }
    });
  }
  return seen;
}

describe.each(Object.entries(spaces))("segments over %s", (_, keys) => {
  const writes = fc.array(write(keys), { maxLength: 12 });

  it("laid over each other show the last write at each key", () => {
    fc.assert(
      fc.property(writes, (all) => {
        const oneByOne = all.reduce<SegmentTable>((table, segment) => overlay(table, [segment]), []);
        expect(shown(oneByOne, keys)).toEqual(model(all, keys));
        expect(overlay([], all)).toEqual(oneByOne);
        expect([...oneByOne].sort(compareSegments)).toEqual(oneByOne);
        expect(labelsOf(oneByOne)).toEqual(labels.filter((label) => all.some((w) => w.label === label)));
      }),
    );
  });

  it("differ just where their content differs", () => {
    fc.assert(
      fc.property(writes, writes, (before, after) => {
        const from = overlay([], before);
        const to = overlay(from, after);
        const changes = diffTables(from, to);
        const [was, is] = [shown(from, keys), shown(to, keys)];
        labels.forEach((label, l) => {
          keys.forEach((key, k) => {
            const i = l * keys.length + k;
            const change = changes.find((one) => one.label === label && contains(one, key));
            expect([change !== undefined, label, key]).toEqual([was[i] !== is[i], label, key]);
          });
        });
        expect(shown(applyChanges(from, changes), keys)).toEqual(is);
      }),
    );
  });

  it("merge so that each side's changes are kept, and the later side wins where both changed", () => {
    fc.assert(
      fc.property(writes, writes, writes, (common, ours, theirs) => {
        const base = overlay([], common);
        const left = overlay(base, ours);
        const right = overlay(base, theirs);
        const merged = shown(applyChanges(left, diffTables(base, right)), keys);
        const [was, a, b] = [shown(base, keys), shown(left, keys), shown(right, keys)];
        expect(merged).toEqual(was.map((old, i) => (b[i] !== old ? b[i] : a[i])));
      }),
    );
  });
});
