/**
 * Merges concurrent heads into one table of segments, and reports what was overridden.
 *
 * ```
 *                +-- B --- D     branch 1, head D
 *   ROOT --- A --+
 *                +-- C           branch 2, head C: the latest head, so the base branch
 *
 *   keys              10 11 12 13 14 15 16 17 18 19
 *   B touched         [------------]
 *   D touched                           [------]
 *   C touched                  [------------]
 *   shown             B  B  B  C  C  C  C  C  D  A
 *   conflicts                  ^^^^^ C kept, B lost
 *                                       ^^^^^ C kept, D lost
 * ```
 *
 * A is an ancestor of all heads. B, C and D are not ("unshared"): only the ranges that they touched count,
 * and the last revision that touched a key decides what is shown there. The order is that of the log:
 * ancestors first, then by time. In the table, C is later than B and D.
 *
 * | who touched a range                     | what is shown           | conflict                         |
 * | --------------------------------------- | ----------------------- | -------------------------------- |
 * | no unshared revision                    | rows of the base branch | none                             |
 * | revisions of one branch                 | rows of that branch     | none                             |
 * | B and C, concurrent                     | rows of C               | C kept, B lost                   |
 * | B and C, with the same chunks           | those rows              | none                             |
 * | B wrote rows, C deleted them            | no rows                 | C kept, B lost                   |
 * | C, and both B and its descendant D      | rows of C               | C kept, D lost (D overrode B)    |
 * | B, and C after it merged B              | rows of C               | none                             |
 * | C; B stored the same rows with others   | rows of C               | none: B did not touch it         |
 * | C; B inherited it from a missing parent | rows of C               | C kept, B lost (see knows below) |
 * | B and C both inherited it               | later missing parent    | none                             |
 * | both, and C records B's missing parent  | rows of C               | none                             |
 *
 * A parent is missing after a trim and in a shallow copy. What was inherited lies below all touched ranges. A head that a
 * revision with a missing parent records as its ancestor is none (see recent-ancestors.ts).
 */

import { mapLimit } from "../async/map-limit.ts";
import { compareCuts } from "../model/key.ts";
import { AncestryIndex } from "./ancestry.ts";
import { changesBetween } from "./changed-series.ts";
import { type Commit, EMPTY_COMMIT, type LoadCommit } from "./commit.ts";
import { EditedTable } from "./edited-table.ts";
import { type InheritedBy, inheritedRanges } from "./inherited-ranges.ts";
import type { Log } from "./log.ts";
import { ancestors } from "./log-lookup.ts";
import { bridgeGaps } from "./recent-ancestors.ts";
import { ROOT } from "./revision.ts";
import { compareSegments, cutOut, joinCuts, sameSegments } from "./segment-edits.ts";
import {
  bySeries,
  clip,
  type EmbeddedChunks,
  loadAll,
  type Segment,
  type SegmentTable,
} from "./segment-table.ts";
import {
  type OverlaidRange,
  overlayTouchedRanges,
  type TouchedRange,
  type Touches,
} from "./touched-ranges.ts";

export { bridgeGaps };

/** A range that two concurrent revisions touched. */
export interface MergeConflict extends TouchedRange {
  /** The later revision, whose rows are shown. */
  readonly kept: string;
  /** The revision whose rows are overridden. */
  readonly lost: string;
}

export interface Merged {
  readonly commit: Commit;
  readonly conflicts: readonly MergeConflict[];
}

/** A head with its ancestors. */
interface Branch {
  head: string;
  /** Includes the head. */
  ancestors: ReadonlySet<string>;
  table: SegmentTable;
  /** Its series that unshared revisions have touched. */
  series: ReadonlyMap<string, readonly Segment[]>;
  embedded: EmbeddedChunks;
}

/** A revision that touched a range, or inherited it from a missing parent. */
interface TouchedBy {
  id: string;
  /** The latest missing parent; set where the revision inherited the range. */
  missingParent?: string;
}

/** All touched ranges of the unshared revisions, disjoint, by label. */
type Overlay = ReadonlyMap<string, readonly OverlaidRange<TouchedBy>[]>;

/**
 * Returns one commit that shows what all of `heads` show, and the conflicts among them. See the table above.
 *
 * @param load is called for the heads and for every revision that is an ancestor of some heads but not of all
 */
export async function mergeHeads(
  listed: Log,
  candidates: readonly string[],
  load: LoadCommit,
  signal?: AbortSignal,
): Promise<Merged> {
  if (candidates.length === 0) return { commit: EMPTY_COMMIT, conflicts: [] };
  const log = candidates.length > 1 ? await bridgeGaps(listed, load) : listed;
  const ancestorsOf = new Map(candidates.map((id) => [id, ancestors(log, id)]));
  const heads = candidates.filter(
    (id) => !candidates.some((other) => other !== id && ancestorsOf.get(other)!.has(id)),
  );
  const [only] = heads;
  if (heads.length === 1) return { commit: await load(only!), conflicts: [] };
  const commits = await mapLimit(heads, load);
  const unshared = log.ids.filter((id) => {
    const count = heads.filter((head) => ancestorsOf.get(head)!.has(id)).length;
    return count > 0 && count < heads.length;
  });
  const loaded = await mapLimit(unshared, async (id) => ({
    id,
    ...(await loadTouched(log, id, load, signal)),
  }));
  const inherited = inheritedRanges(
    log,
    loaded.filter((revision) => revision.inherited.length > 0),
  );
  const touched = loaded.map(({ id, touched }): Touches<TouchedBy> => ({ by: { id }, ranges: touched }));
  // Inherited ranges are as old as the missing parents, so they lie below all that the revisions touched.
  const overlay = overlayTouchedRanges<TouchedBy>([...inherited, ...touched]);
  const branches = await mapLimit(heads, async (head): Promise<Branch> => {
    const { table } = commits[heads.indexOf(head)]!;
    const { segments, embedded } = await table.load([...overlay.keys()], signal);
    return { head, ancestors: ancestorsOf.get(head)!, table, series: bySeries(segments), embedded };
  });
  const latest = Math.max(...heads.map((head) => log.ids.indexOf(head)));
  const base = branches.find(({ head }) => head === log.ids[latest])!;
  const heirs = inherited.map(({ by }) => by);
  return {
    commit: { table: assemble(base, branches, overlay) },
    conflicts: findConflicts(new AncestryIndex(log, unshared), branches, overlay, heirs),
  };
}

/**
 * Returns the ranges that revisions touched: as they record them, or, for revisions by Python, from a
 * comparison with their parents. A revision with a missing parent counts with all that it shows.
 */
export async function touchedRangesOf(
  log: Log,
  ids: readonly string[],
  load: LoadCommit,
  signal?: AbortSignal,
): Promise<readonly TouchedRange[]> {
  const loaded = await mapLimit(ids, (id) => loadTouched(log, id, load, signal));
  return loaded.flatMap(({ touched, inherited }) => [...inherited, ...touched]);
}

interface LoadedTouched {
  readonly touched: readonly TouchedRange[];
  readonly inherited: readonly TouchedRange[];
  /** The ancestors that the revision records, where it has inherited. */
  readonly ancestors?: Commit["ancestors"];
}

/**
 * Returns the ranges that a revision touched. `inherited` is its whole table where a parent is missing, else
 * empty: some of it may have been touched by this revision, some by missing ones.
 */
async function loadTouched(
  log: Log,
  id: string,
  load: LoadCommit,
  signal: AbortSignal | undefined,
): Promise<LoadedTouched> {
  const { table, touched, ancestors } = await load(id);
  const parents = log.parents.get(id)!.filter((parent) => parent !== ROOT);
  if (parents.some((parent) => !log.parents.has(parent)))
    return {
      touched: (await touched?.load(signal)) ?? [],
      inherited: (await loadAll(table, signal)).segments,
      ancestors,
    };
  if (touched) return { touched: await touched.load(signal), inherited: [] };
  if (parents.length === 0) return { touched: (await loadAll(table, signal)).segments, inherited: [] };
  const before = await mergeHeads(log, parents, load, signal);
  return { touched: await changesBetween(before.commit.table, table, signal), inherited: [] };
}

/** Returns the table of `base` with the segments of other branches in the ranges that those touched last. */
function assemble(base: Branch, branches: readonly Branch[], overlay: Overlay): SegmentTable {
  const changed = new Map<string, Segment[]>();
  for (const [label, ranges] of overlay) {
    const replaced = new Map<Branch, TouchedRange[]>();
    for (const { lo, hi, touchedBy } of ranges) {
      const last = touchedBy[0]!.id;
      if (base.ancestors.has(last)) continue;
      // Any descendant of the last revision shows its rows: a descendant that touched them would be the last
      // one itself.
      const branch = branches.find((branch) => branch.ancestors.has(last))!;
      const own = replaced.get(branch);
      const before = own?.at(-1);
      if (!own) replaced.set(branch, [{ label, lo, hi }]);
      else if (before && compareCuts(before.hi, lo) === 0) own[own.length - 1] = { ...before, hi };
      else own.push({ label, lo, hi });
    }
    if (replaced.size === 0) continue;
    const holes = [...replaced.values()].flat().sort((a, b) => compareCuts(a.lo, b.lo));
    const inserted = [...replaced].flatMap(([branch, own]) => {
      const segments = branch.series.get(label) ?? [];
      return own.flatMap((range) => clip(segments, range));
    });
    const kept = cutOut(base.series.get(label) ?? [], holes);
    changed.set(label, joinCuts([...kept, ...inserted].sort(compareSegments)));
  }
  if (changed.size === 0) return base.table;
  const embedded = new Map(branches.flatMap(({ embedded }) => [...embedded]));
  return new EditedTable(base.table, { series: changed, embedded });
}

/**
 * Returns a conflict for every revision whose range was overridden by a concurrent revision; overridden
 * ancestors of an already reported loser are left out.
 */
function findConflicts(
  ancestry: AncestryIndex,
  branches: readonly Branch[],
  overlay: Overlay,
  heirs: readonly InheritedBy[],
): MergeConflict[] {
  /**
   * Whether `id` was built on what `other` shows. A descendant of a revision with a missing parent is taken
   * to know all earlier missing revisions: a trim only removes what every head was built on.
   */
  const knows = (id: string, { id: other, missingParent }: TouchedBy) =>
    ancestry.descendsFrom(id, other) ||
    (missingParent !== undefined &&
      heirs.some((heir) => heir.missingParent >= missingParent && ancestry.descendsFrom(id, heir.id)));
  const shown = (id: string, range: TouchedRange) =>
    clip(branches.find((branch) => branch.ancestors.has(id))!.series.get(range.label) ?? [], range);
  return [...overlay.values()].flat().flatMap(({ touchedBy, ...range }): MergeConflict[] => {
    const [kept] = touchedBy;
    if (kept === undefined || kept.missingParent !== undefined) return []; // all of them inherited it
    const lost: string[] = [];
    for (const one of touchedBy) if (![kept.id, ...lost].some((id) => knows(id, one))) lost.push(one.id);
    if (lost.length === 0) return [];
    const rows = shown(kept.id, range);
    return lost
      .filter((id) => !sameSegments(rows, shown(id, range)))
      .map((id): MergeConflict => ({ ...range, kept: kept.id, lost: id }));
  });
}
