import { mapLimit } from "../async/map-limit.ts";
import { compareCuts, compareStrings } from "../model/key.ts";
import { AncestryIndex } from "./ancestry.ts";
import { type Commit, EMPTY_COMMIT } from "./commit.ts";
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
} from "./segment-table.ts";
import { diffTables } from "./table-diff.ts";
import { type OverlaidRange, overlayTouchedRanges, type TouchedRange } from "./touched-ranges.ts";

/** Finds the commit of a revision. */
export type LoadCommit = (id: string) => Promise<Commit>;

/** A range that two revisions have touched, neither knowing of the other. */
export interface MergeConflict extends TouchedRange {
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

/** Who claims a range. */
interface Claimant {
  id: string;
  /** Where it only shows what it was built on, and that is missing: the missing revision. */
  base?: string;
}

/**
 * One commit that shows what all of `heads` show. Each revision that not all of them know counts with the
 * ranges that it touched; the last one to touch a range says what is there. Whatever else its segments hold
 * (rows that were stored anew together with its own) does not count.
 */
export async function mergeHeads(log: Log, heads: readonly string[], load: LoadCommit): Promise<Merged> {
  const [only] = heads;
  if (only === undefined) return { commit: EMPTY_COMMIT, conflicts: [] };
  if (heads.length === 1) return { commit: await load(only), conflicts: [] };
  const commits = await mapLimit(heads, load);
  const lines = heads.map(
    (head, i): Line => ({ head, reach: ancestors(log, head), table: commits[i]!.table }),
  );
  const open = log.ids.filter((id) => {
    const known = lines.filter(({ reach }) => reach.has(id)).length;
    return known > 0 && known < lines.length;
  });
  const words = await mapLimit(open, async (id) => ({ id, ...(await wordOf(log, id, load)) }));
  const orphans = words
    .filter(({ inherited }) => inherited.length > 0)
    .map(({ id, inherited }) => ({ by: { id, base: baseOf(log, id) }, claims: inherited }))
    .sort((a, b) => compareStrings(a.by.base, b.by.base));
  const told = words.map(({ id, touched }): { by: Claimant; claims: readonly TouchedRange[] } => ({
    by: { id },
    claims: touched,
  }));
  // What was only inherited is as old as what is missing, and lies below all that a revision says itself.
  const laid = overlayTouchedRanges([...orphans, ...told]);
  const latest = Math.max(...heads.map((head) => log.ids.indexOf(head)));
  const mine = lines.find(({ head }) => head === log.ids[latest])!;
  const embedded = new Map(commits.flatMap((commit) => [...commit.embedded]));
  return {
    commit: { table: assemble(mine, lines, laid), embedded },
    conflicts: findConflicts(
      new AncestryIndex(log, open),
      lines,
      laid,
      orphans.map(({ by }) => by),
    ),
  };
}

/** The last of the missing revisions that one was built on: its time sorts first. */
const baseOf = (log: Log, id: string): string =>
  log.parents
    .get(id)!
    .reduce((last, parent) => (log.parents.has(parent) || parent < last ? last : parent), "");

/**
 * What revisions touched: by their own word, or for those by Python by comparing them with what they were built on. Where
 * that is missing (after a trim, in a shallow copy) they answer for all that they show.
 */
export async function touchedRangesOf(
  log: Log,
  ids: readonly string[],
  load: LoadCommit,
): Promise<readonly TouchedRange[]> {
  const words = await mapLimit(ids, (id) => wordOf(log, id, load));
  return words.flatMap(({ touched, inherited }) => [...inherited, ...touched]);
}

/**
 * What a revision touched, and what it shows besides where a revision that it was built on is missing: some of
 * that may have been touched by it, or by others that are missing too.
 */
async function wordOf(
  log: Log,
  id: string,
  load: LoadCommit,
): Promise<{ touched: readonly TouchedRange[]; inherited: readonly TouchedRange[] }> {
  const { table, touched } = await load(id);
  const parents = log.parents.get(id)!.filter((parent) => parent !== ROOT);
  if (parents.some((parent) => !log.parents.has(parent))) return { touched: touched ?? [], inherited: table };
  if (touched) return { touched, inherited: [] };
  if (parents.length === 0) return { touched: table, inherited: [] };
  const before = await mergeHeads(log, parents, load);
  return { touched: diffTables(before.commit.table, table), inherited: [] };
}

/** `mine`, and where others were the last to touch a range, what they show there. */
function assemble(
  mine: Line,
  lines: readonly Line[],
  laid: ReadonlyMap<string, OverlaidRange<Claimant>[]>,
): SegmentTable {
  const changed = new Map<string, Segment[]>();
  for (const [label, claimed] of laid) {
    const theirs = new Map<Line, TouchedRange[]>();
    for (const { lo, hi, touchedBy: by } of claimed) {
      const last = by[0]!.id;
      if (mine.reach.has(last)) continue;
      // Whoever was built on the last claim shows it: times along a branch go up, so a later claim would be the last.
      const line = lines.find(({ reach }) => reach.has(last))!;
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

/** Of what several have touched, each who did not know of the one that is seen, nor was known to another who is told. */
function findConflicts(
  reaches: AncestryIndex,
  lines: readonly Line[],
  laid: ReadonlyMap<string, OverlaidRange<Claimant>[]>,
  orphans: readonly Required<Claimant>[],
): MergeConflict[] {
  /** Whoever stands on a missing revision is taken to know those before it: only what all know is forgotten. */
  const knows = (id: string, { id: other, base }: Claimant) =>
    reaches.isAncestorOrSelf(id, other) ||
    (base !== undefined && orphans.some((one) => one.base >= base && reaches.isAncestorOrSelf(id, one.id)));
  const shown = (id: string, range: TouchedRange) =>
    clip(segmentsOf(lines.find(({ reach }) => reach.has(id))!.table, range.label), range);
  return [...laid.values()].flat().flatMap(({ touchedBy: by, ...range }): MergeConflict[] => {
    const [kept] = by;
    const lost: string[] = [];
    if (kept === undefined || kept.base !== undefined) return []; // all only inherited it
    for (const one of by) if (![kept.id, ...lost].some((id) => knows(id, one))) lost.push(one.id);
    if (lost.length === 0) return [];
    const seen = shown(kept.id, range);
    return lost
      .filter((id) => !same(seen, shown(id, range)))
      .map((id): MergeConflict => ({ ...range, kept: kept.id, lost: id }));
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
