import type { Changelog, State } from "../../changelog/changelog.ts";
import type { Commit } from "../../changelog/commit.ts";
import { buildLog, type Log } from "../../changelog/log.ts";
import { joinTwins } from "../../changelog/python/twins.ts";
import { parseName, type RevisionName } from "../../changelog/revision.ts";
import { clip, compareSegments, cutOut, joinCuts, segmentsOf } from "../../changelog/segment-table.ts";
import { overlayTouchedRanges } from "../../changelog/touched-ranges.ts";
import { CacheStore, isUnreachable } from "../../stores/cache/cache-store.ts";
import { allPins } from "../../stores/cache/pins.ts";
import type { Store } from "../../stores/store.ts";

/** Heads that may be at hand while the store, which has newer ones, cannot be reached. */
interface Choice {
  heads: readonly string[];
  log: Log;
  /** When the store listed what was pinned, in epoch milliseconds: all that is missing came later. */
  since: number;
  /** Revisions of which only what they touched is laid over that, oldest first. */
  over?: readonly string[];
}

/**
 * Does `work` on what is at hand, after it failed with `error` on what was listed last: on the newest revisions whose
 * files are here, then on what was pinned, last pinned first, each with what waits to be sent. The store's `stale` tells.
 *
 * @param forWriting whether what `work` makes of a state is built on its heads
 * @throws `error` where the store answers, nothing of the collection is pinned, or none of this does
 */
export async function readLocalState<T>(
  changelog: Changelog,
  store: Store,
  error: unknown,
  work: (state: State) => Promise<T>,
  signal: AbortSignal,
  forWriting = false,
): Promise<T> {
  if (!(store instanceof CacheStore) || !isUnreachable(error)) throw error;
  for (const { heads, log, since, over = [] } of await choices(changelog, store, forWriting, signal)) {
    try {
      const [below, ...above] = await Promise.all(
        [heads, ...over.map((id) => [id])].map((ids) => changelog.stateOf(ids, signal, log)),
      );
      const result = await work({ heads, commit: above.reduce(layOver, below!), conflicts: [] });
      store.standIn(new Date(since));
      return result;
    } catch (failure) {
      if (!isUnreachable(failure)) throw failure;
    }
  }
  throw error;
}

/** What the heads show, or what is pinned of it: see {@link readLocalState}. */
export const newestState = (changelog: Changelog, store: Store, signal: AbortSignal): Promise<State> =>
  changelog
    .state(undefined, signal)
    .catch((error) => readLocalState(changelog, store, error, async (state) => state, signal, true));

/** None where the store answers. */
async function choices(
  changelog: Changelog,
  cache: CacheStore,
  forWriting: boolean,
  signal: AbortSignal,
): Promise<Choice[]> {
  const prefix = `${changelog.folder}/`;
  const namesIn = (paths: readonly string[]) =>
    paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  const pins = (await allPins(cache))
    .map(({ since, revisions }) => ({ since, names: namesIn(revisions) }))
    .filter(({ names }) => names.length > 0)
    .sort((a, b) => b.since - a.since);
  const [last] = pins;
  if (!last) return [];
  const files = await changelog.files(signal);
  if (!cache.stale) return [];
  const lacking = new Set(await cache.kept.lacking(files.map(({ path }) => path)));
  const here = files.filter(({ path }) => !lacking.has(path));
  // Of twins one file is enough: the log takes the last.
  const listed = [...files.filter(({ path }) => lacking.has(path)), ...here];
  const waiting = namesIn(await cache.waiting());
  const pinned = pins.flatMap(({ since, names }): Choice[] => {
    const all = withTrimmed(listed, names);
    const both = choiceOf(all, [...names, ...waiting], since);
    if (waiting.length === 0 || forWriting) return [both];
    // What waits may be built on a revision whose chunks are not here.
    const alone = choiceOf(all, names, since);
    const ids = idsOf(all, waiting);
    return [both, { ...alone, over: alone.log.ids.filter((id) => ids.has(id)) }];
  });
  const newest = choiceOf(listed, namesIn(here.map(({ path }) => path)), last.since);
  return holds(newest, pinned[0]!) ? [newest, ...pinned] : pinned;
}

/** A commit, and what another one touched as that shows it. */
function layOver(below: Commit, above: Commit): Commit {
  const touched = overlayTouchedRanges([{ by: above, ranges: above.touched ?? [] }]);
  const laid = [...touched].flatMap(([label, ranges]) => {
    const theirs = segmentsOf(above.table, label);
    const kept = cutOut(segmentsOf(below.table, label), ranges);
    return joinCuts([...kept, ...ranges.flatMap((range) => clip(theirs, range))].sort(compareSegments));
  });
  const rest = below.table.filter(({ label }) => !touched.has(label));
  return {
    table: [...rest, ...laid].sort(compareSegments),
    embedded: new Map([...below.embedded, ...above.embedded]),
  };
}

/** Others may have trimmed what is pinned here: it is not listed any more. */
function withTrimmed(listed: readonly RevisionName[], names: readonly string[]): readonly RevisionName[] {
  const there = new Set(listed.map(({ name }) => name));
  const trimmed = names.filter((name) => !there.has(name)).map((name) => parseName(name)!);
  return joinTwins([...trimmed, ...listed]);
}

/** What the revisions of some files show. */
function choiceOf(all: readonly RevisionName[], names: readonly string[], since: number): Choice {
  const log = buildLog(all);
  return { heads: topmost(log, idsOf(all, names)), log, since };
}

function idsOf(all: readonly RevisionName[], names: readonly string[]): Set<string> {
  const wanted = new Set(names);
  return new Set(all.filter(({ name }) => wanted.has(name)).map(({ child }) => child));
}

/** Whether one choice shows all that the other does. */
const holds = ({ log, heads }: Choice, other: Choice): boolean =>
  other.heads.every((id) => log.parents.has(id)) &&
  topmost(log, new Set([...heads, ...other.heads])).join() === heads.join();

/** Those on which none of the others is built. */
function topmost(log: Log, ids: ReadonlySet<string>): string[] {
  const below = new Set<string>();
  const heads: string[] = [];
  for (const id of [...log.ids].reverse()) {
    if (ids.has(id) && !below.has(id)) heads.unshift(id);
    if (ids.has(id) || below.has(id)) for (const parent of log.parents.get(id)!) below.add(parent);
  }
  return heads;
}
