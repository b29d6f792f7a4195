import type { Changelog, State } from "../../changelog/changelog.ts";
import { listFiles, stateOf } from "../../changelog/changelog-queries.ts";
import type { Commit } from "../../changelog/commit.ts";
import { EditedTable } from "../../changelog/edited-table.ts";
import { buildLog, type Log } from "../../changelog/log.ts";
import { joinTwins } from "../../changelog/python/twins.ts";
import { parseName, type RevisionName } from "../../changelog/revision.ts";
import { compareSegments, cutOut, joinCuts } from "../../changelog/segment-edits.ts";
import { clip, segmentsOf } from "../../changelog/segment-table.ts";
import { overlayTouchedRanges } from "../../changelog/touched-ranges.ts";
import { allPins } from "../../stores/cache/pins.ts";
import { isUnreachable, type LocalCopies, type Store } from "../../stores/store.ts";

/**
 * A state that may be stored completely on this device. The store may have newer ones, but cannot be
 * reached.
 */
interface Candidate {
  heads: readonly string[];
  log: Log;
  /**
   * When the store was listed for the pin, in epoch milliseconds. Everything missing from the state is
   * later.
   */
  since: number;
  /** Pending revisions whose touched ranges replace those of the state, oldest first. */
  pending?: readonly string[];
}

/**
 * Runs `work` on a state stored on this device, after it failed with `error` on the last listed state because
 * the store cannot be reached. Tries the newest revisions stored here, then the pins, the latest first, each
 * with the revisions that are still to be sent. The store then reports since when its data is stale.
 *
 * @param forWriting whether the caller commits on top of the state's heads
 * @throws `error` if the store can be reached, nothing of the collection is pinned, or no stored state is enough
 */
export async function readLocalState<T>(
  changelog: Changelog,
  store: Store,
  error: unknown,
  work: (state: State) => Promise<T>,
  signal: AbortSignal,
  forWriting = false,
): Promise<T> {
  const { local } = store;
  if (!local || !isUnreachable(error)) throw error;
  for (const { heads, log, since, pending = [] } of await candidates(changelog, local, forWriting, signal)) {
    try {
      const [base, ...overlays] = await Promise.all(
        [heads, ...pending.map((id) => [id])].map((ids) => stateOf(changelog, ids, signal, log)),
      );
      let commit = base!;
      for (const above of overlays) commit = await overlay(commit, above, signal);
      const result = await work({ heads, commit, conflicts: [] });
      local.markStale(new Date(since));
      return result;
    } catch (failure) {
      if (!isUnreachable(failure)) throw failure;
    }
  }
  throw error;
}

/**
 * Returns the merged state of all heads or, if the store cannot be reached, the newest state stored on this
 * device. For writers.
 */
export const newestState = (changelog: Changelog, store: Store, signal: AbortSignal): Promise<State> =>
  changelog
    .state(undefined, signal)
    .catch((error) => readLocalState(changelog, store, error, async (state) => state, signal, true));

/** Returns the states to try, best first. None if the store can be reached. */
async function candidates(
  changelog: Changelog,
  local: LocalCopies,
  forWriting: boolean,
  signal: AbortSignal,
): Promise<Candidate[]> {
  const prefix = `${changelog.folder}/`;
  const namesIn = (paths: readonly string[]) =>
    paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  const pins = (await allPins(local))
    .map(({ since, revisions }) => ({ since, names: namesIn(revisions) }))
    .filter(({ names }) => names.length > 0)
    .sort((a, b) => b.since - a.since);
  const [last] = pins;
  if (!last) return [];
  const files = await listFiles(changelog, signal);
  if (!local.stale) return [];
  const missing = new Set(await local.missing(files.map(({ path }) => path)));
  const stored = files.filter(({ path }) => !missing.has(path));
  // One file of each set of twins suffices; the log uses the last.
  const listed = [...files.filter(({ path }) => missing.has(path)), ...stored];
  const waiting = namesIn(await local.pending());
  const pinned = pins.flatMap(({ since, names }): Candidate[] => {
    const all = withTrimmed(listed, names);
    const combined = candidateOf(all, [...names, ...waiting], since);
    if (waiting.length === 0 || forWriting) return [combined];
    // A pending revision may be built on one whose chunks are not stored here.
    const pinnedOnly = candidateOf(all, names, since);
    const ids = idsOf(all, waiting);
    return [combined, { ...pinnedOnly, pending: pinnedOnly.log.ids.filter((id) => ids.has(id)) }];
  });
  const newest = candidateOf(listed, namesIn(stored.map(({ path }) => path)), last.since);
  return contains(newest, pinned[0]!) ? [newest, ...pinned] : pinned;
}

/** Returns a commit in which the touched ranges of another commit have replaced the rows. */
async function overlay(base: Commit, above: Commit, signal: AbortSignal): Promise<Commit> {
  const touched = overlayTouchedRanges([{ by: above, ranges: (await above.touched?.load(signal)) ?? [] }]);
  const labels = [...touched.keys()];
  const [below, theirs] = await Promise.all([
    base.table.load(labels, signal),
    above.table.load(labels, signal),
  ]);
  const series = new Map(
    [...touched].map(([label, ranges]) => {
      const kept = cutOut(segmentsOf(below.segments, label), ranges);
      const written = segmentsOf(theirs.segments, label);
      const parts = ranges.flatMap((range) => clip(written, range));
      return [label, joinCuts([...kept, ...parts].sort(compareSegments))] as const;
    }),
  );
  const embedded = new Map([...below.embedded, ...theirs.embedded]);
  return { table: new EditedTable(base.table, { series, embedded }) };
}

/** Adds revisions that are pinned here but no longer listed because others have trimmed them. */
function withTrimmed(listed: readonly RevisionName[], names: readonly string[]): readonly RevisionName[] {
  const there = new Set(listed.map(({ name }) => name));
  const trimmed = names.filter((name) => !there.has(name)).map((name) => parseName(name)!);
  return joinTwins([...trimmed, ...listed]);
}

/** Returns the candidate formed by the revisions of some files. */
function candidateOf(all: readonly RevisionName[], names: readonly string[], since: number): Candidate {
  const log = buildLog(all);
  return { heads: topmost(log, idsOf(all, names)), log, since };
}

function idsOf(all: readonly RevisionName[], names: readonly string[]): Set<string> {
  const wanted = new Set(names);
  return new Set(all.filter(({ name }) => wanted.has(name)).map(({ child }) => child));
}

/** Returns whether one candidate contains all revisions of another. */
const contains = ({ log, heads }: Candidate, other: Candidate): boolean =>
  other.heads.every((id) => log.parents.has(id)) &&
  topmost(log, new Set([...heads, ...other.heads])).join() === heads.join();

/** Returns the revisions of `ids` that are no ancestor of another one. */
function topmost(log: Log, ids: ReadonlySet<string>): string[] {
  const ancestors = new Set<string>();
  const heads: string[] = [];
  for (const id of [...log.ids].reverse()) {
    if (ids.has(id) && !ancestors.has(id)) heads.unshift(id);
    if (ids.has(id) || ancestors.has(id)) for (const parent of log.parents.get(id)!) ancestors.add(parent);
  }
  return heads;
}
