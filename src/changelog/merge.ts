import { compareCuts } from "../model/key.ts";
import { type Claim, type Claimed, layClaims } from "./claims.ts";
import { type Commit, EMPTY_COMMIT } from "./commit.ts";
import { diffTables } from "./diff.ts";
import { ancestors, type Log } from "./log.ts";
import { ROOT } from "./revision.ts";
import {
  clip,
  compareSegments,
  cutOut,
  joinCuts,
  type Segment,
  type SegmentTable,
  sameContent,
  segmentsOf,
} from "./segments.ts";

/** Finds the commit of a revision. */
export type Load = (id: string) => Promise<Commit>;

/** A range that two revisions have touched, neither knowing of the other. */
export interface MergeConflict extends Claim {
  /** The later of them, whose rows are seen. */
  readonly kept: string;
  readonly lost: string;
}

export interface Merged {
  readonly commit: Commit;
  readonly conflicts: readonly MergeConflict[];
}

/** A head, and all that it was built on. */
interface Line {
  head: string;
  reach: ReadonlySet<string>;
  table: SegmentTable;
}

/**
 * One commit that shows what all of `heads` show. Each revision that not all of them know counts with the
 * ranges that it touched; the last one to touch a range says what is there. Whatever else its segments hold
 * (rows that were stored anew together with its own) does not count.
 */
export async function mergeHeads(log: Log, heads: readonly string[], load: Load): Promise<Merged> {
  const [only] = heads;
  if (only === undefined) return { commit: EMPTY_COMMIT, conflicts: [] };
  if (heads.length === 1) return { commit: await load(only), conflicts: [] };
  const commits = await Promise.all(heads.map(load));
  const lines = heads.map(
    (head, i): Line => ({ head, reach: ancestors(log, head), table: commits[i]!.table }),
  );
  const open = log.ids.filter((id) => {
    const known = lines.filter(({ reach }) => reach.has(id)).length;
    return known > 0 && known < lines.length;
  });
  const claims = await Promise.all(
    open.map(async (id) => ({ by: id, claims: await claimsOf(log, id, load) })),
  );
  const latest = Math.max(...heads.map((head) => log.ids.indexOf(head)));
  const mine = lines.find(({ head }) => head === log.ids[latest])!;
  const laid = layClaims(claims);
  const embedded = new Map(commits.flatMap((commit) => [...commit.embedded]));
  return {
    commit: { table: assemble(mine, lines, laid), embedded },
    conflicts: findConflicts(log, lines, laid),
  };
}

/**
 * What a revision touched: by its own word, or for revisions by Python by comparing it with what it was built on. Where
 * that is missing (after a trim, in a shallow copy) it answers for all that it shows.
 */
export async function claimsOf(log: Log, id: string, load: Load): Promise<readonly Claim[]> {
  const commit = await load(id);
  const parents = log.parents.get(id)!.filter((parent) => parent !== ROOT);
  if (parents.some((parent) => !log.parents.has(parent))) return [...commit.table, ...(commit.touched ?? [])];
  if (commit.touched) return commit.touched;
  if (parents.length === 0) return commit.table;
  const before = await mergeHeads(log, parents, load);
  return diffTables(before.commit.table, commit.table);
}

/** `mine`, and where others were the last to touch a range, what they show there. */
function assemble(
  mine: Line,
  lines: readonly Line[],
  laid: ReadonlyMap<string, Claimed<string>[]>,
): SegmentTable {
  const changed = new Map<string, Segment[]>();
  for (const [label, claimed] of laid) {
    const theirs = new Map<Line, Claim[]>();
    for (const { lo, hi, by } of claimed) {
      if (mine.reach.has(by[0]!)) continue;
      // Whoever was built on the last claim shows it: times along a branch go up, so a later claim would be the last.
      const line = lines.find(({ reach }) => reach.has(by[0]!))!;
      const ranges = theirs.get(line);
      const before = ranges?.at(-1);
      if (!ranges) theirs.set(line, [{ label, lo, hi }]);
      else if (before && compareCuts(before.hi, lo) === 0) ranges[ranges.length - 1] = { ...before, hi };
      else ranges.push({ label, lo, hi });
    }
    if (theirs.size === 0) continue;
    const holes = [...theirs.values()].flat().sort((a, b) => compareCuts(a.lo, b.lo));
    const parts = [...theirs].flatMap(([line, ranges]) => {
      const segments = segmentsOf(line.table, label);
      return ranges.flatMap((range) => clip(segments, range));
    });
    const kept = cutOut(segmentsOf(mine.table, label), holes);
    changed.set(label, joinCuts([...kept, ...parts].sort(compareSegments)));
  }
  if (changed.size === 0) return mine.table;
  const rest = mine.table.filter(({ label }) => !changed.has(label));
  return [...rest, ...[...changed.values()].flat()].sort(compareSegments);
}

function findConflicts(
  log: Log,
  lines: readonly Line[],
  laid: ReadonlyMap<string, Claimed<string>[]>,
): MergeConflict[] {
  const reaches = new Map<string, ReadonlySet<string>>();
  const knows = (id: string, other: string) => {
    const reach = reaches.get(id) ?? ancestors(log, id);
    reaches.set(id, reach);
    return reach.has(other);
  };
  const shown = (id: string, range: Claim) =>
    clip(segmentsOf(lines.find(({ reach }) => reach.has(id))!.table, range.label), range);
  return [...laid.values()].flat().flatMap(({ by: [kept, ...others], ...range }): MergeConflict[] => {
    const lost = others.find((other) => !knows(kept!, other));
    if (kept === undefined || lost === undefined || same(shown(kept, range), shown(lost, range))) return [];
    return [{ ...range, kept, lost }];
  });
}

const same = (a: readonly Segment[], b: readonly Segment[]): boolean =>
  a.length === b.length &&
  a.every((one, i) => {
    const other = b[i]!;
    return (
      sameContent(one, other) && compareCuts(one.lo, other.lo) === 0 && compareCuts(one.hi, other.hi) === 0
    );
  });
