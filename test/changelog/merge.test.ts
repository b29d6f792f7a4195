import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Commit, EMPTY_COMMIT, touchedRanges } from "../../src/changelog/commit.ts";
import { buildLog } from "../../src/changelog/log.ts";
import { mergeHeads } from "../../src/changelog/merge.ts";
import { type RevisionName, ROOT } from "../../src/changelog/revision.ts";
import { compareSegments, subtract } from "../../src/changelog/segment-edits.ts";
import type { Segment } from "../../src/changelog/segment-table.ts";
import type { TouchedRange } from "../../src/changelog/touched-ranges.ts";
import { contains, type Interval } from "../../src/model/key.ts";
import { hextime } from "../../src/model/layout.ts";
import { segmentsIn, tableOf } from "./tables.ts";

const KEYS = [0, 1, 2, 3, 4, 5, 6, 7].map((key) => [key]);
const label = "s";
const id = (n: number) => `${hextime(n)}-${n.toString(16).padStart(40, "0")}`;

/** What chunks hold: a value a key. */
type Content = ReadonlyMap<number, number>;
const chunks = new Map<string, Content>();

const segment = ({ lo, hi }: Interval, content: Content): Segment => {
  const digest = JSON.stringify([...content]);
  chunks.set(digest, content);
  return { label, lo, hi, length: content.size, digests: [digest] };
};

/** The value at each key, or undefined. */
const shown = (table: readonly Segment[]) =>
  KEYS.map((key) => {
    const there = table.filter((one) => contains(one, key));
    expect(there.length).toBeLessThanOrEqual(1);
    return there[0] && chunks.get(there[0].digests[0]!)?.get(key[0]!);
  });

/** A write of the keys of a range, or their deletion; `compact`: its neighbours are stored again with it. */
interface Write {
  range: Interval;
  filled: boolean;
  compact: boolean;
  /** The heads that it is based on; several are merged. */
  on: readonly number[];
  /** Whether it says what it touched, as Python does not. */
  recordsTouched: boolean;
}

const write: fc.Arbitrary<Write> = fc.record({
  range: fc
    .tuple(fc.nat(7), fc.nat(7), fc.boolean(), fc.boolean())
    .filter(([i, j, left, right]) => i < j || (i === j && left && right))
    .map(([i, j, left, right]) => ({
      lo: { key: [i], side: left ? (-1 as const) : (1 as const) },
      hi: { key: [j], side: right ? (1 as const) : (-1 as const) },
    })),
  filled: fc.boolean(),
  compact: fc.boolean(),
  on: fc.subarray([0, 1, 2], { minLength: 1 }),
  recordsTouched: fc.boolean(),
});

function apply(table: readonly Segment[], { range, filled, compact }: Write, value: number): Segment[] {
  const content = new Map(
    filled ? KEYS.filter((key) => contains(range, key)).map(([key]) => [key!, value]) : [],
  );
  const rest = table.flatMap((old) => subtract(old, range));
  if (!compact) return [...rest, segment(range, content)].sort(compareSegments);
  const all = [...rest, segment(range, content)].sort(compareSegments);
  const values = new Map(shown(all).flatMap((one, key) => (one === undefined ? [] : [[key, one] as const])));
  return [segment({ lo: all[0]!.lo, hi: all.at(-1)!.hi }, values)];
}

describe("heads shown together", () => {
  it("have at each key what the last write of it left there, however it was stored", {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(write, { minLength: 2, maxLength: 12 }), async (writes) => {
        const commits = new Map<string, Commit>();
        const names: RevisionName[] = [];
        // The model: at each key, the last write.
        const model: (number | undefined)[] = KEYS.map(() => undefined);
        /** What each revision shows, by the same rule. */
        const values = new Map<string, (number | undefined)[]>();
        const ancestry = new Map<string, Set<number>>();
        let heads: string[] = [];
        const load = async (one: string) => commits.get(one)!;
        for (const [n, one] of writes.entries()) {
          const child = id(n + 1);
          const parents = [
            ...new Set(one.on.map((i) => heads[i] ?? heads[0]).filter((head) => head !== undefined)),
          ];
          const base =
            parents.length > 0 ? (await mergeHeads(buildLog(names), parents, load)).commit : EMPTY_COMMIT;
          const table = tableOf(apply(await segmentsIn(base.table), one, n + 1));
          // Tables alone show neither which rows were only stored again, nor that a deletion removed nothing.
          const records = one.recordsTouched || one.compact || !one.filled;
          const touched: TouchedRange[] | undefined = records ? [{ label, ...one.range }] : undefined;
          commits.set(child, { table, touched: touched && touchedRanges(touched) });
          for (const parent of parents.length > 0 ? parents : [ROOT])
            names.push({ parent, child, name: `${parent}.${child}` });
          const known = new Set([n, ...parents.flatMap((parent) => [...ancestry.get(parent)!])]);
          ancestry.set(child, known);
          values.set(child, replay(writes, known));
          KEYS.forEach((key, k) => {
            if (contains(one.range, key)) model[k] = one.filled ? n + 1 : undefined;
          });
          const log = buildLog(names);
          const { table: own } = (await mergeHeads(log, [child], load)).commit;
          expect(shown(await segmentsIn(own))).toEqual(values.get(child));
          // Also what is no head any more, so that the history forks.
          heads = [...log.heads, ...log.ids.slice(-3)].slice(0, 3);
        }
        const log = buildLog(names);
        const { commit } = await mergeHeads(log, log.heads, load);
        expect(shown(await segmentsIn(commit.table))).toEqual(model);
      }),
      { numRuns: 2_000 },
    );
  });
});

function replay(writes: readonly Write[], known: ReadonlySet<number>): (number | undefined)[] {
  const out: (number | undefined)[] = KEYS.map(() => undefined);
  writes.forEach((one, n) => {
    if (!known.has(n)) return;
    KEYS.forEach((key, k) => {
      if (contains(one.range, key)) out[k] = one.filled ? n + 1 : undefined;
    });
  });
  return out;
}
