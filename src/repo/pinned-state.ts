import type { Changelog, State } from "../changelog/changelog.ts";
import { buildLog, type Log } from "../changelog/log.ts";
import { parseName, type RevisionName } from "../changelog/revision.ts";
import { joinTwins } from "../changelog/twins.ts";
import { CacheStore, isUnreachable } from "../stores/cache.ts";
import { allPins } from "../stores/pins.ts";
import type { Store } from "../stores/store.ts";

/** Heads that may be at hand while the store, which has newer ones, cannot be reached. */
interface Choice {
  heads: readonly string[];
  log: Log;
  /** When they were all heads that the store listed: before that, nothing is missing. */
  since: number;
}

/**
 * Does `work` on what is at hand, after it failed with `error` on what was listed last: on the newest revisions whose
 * files are here, then on what was pinned, last pinned first, each with what waits to be sent. The store's `stale` tells.
 *
 * @throws `error` where the store answers, nothing of the collection is pinned, or none of this does
 */
export async function onPinnedState<T>(
  changelog: Changelog,
  store: Store,
  error: unknown,
  work: (state: State) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  if (!(store instanceof CacheStore) || !isUnreachable(error)) throw error;
  const tried = new Set<string>();
  for (const { heads, log, since } of await choices(changelog, store, signal)) {
    if (tried.has(heads.join())) continue;
    tried.add(heads.join());
    try {
      const result = await work({
        heads,
        commit: await changelog.stateOf(heads, signal, log),
        conflicts: [],
      });
      store.standIn(new Date(since));
      return result;
    } catch (failure) {
      if (!isUnreachable(failure)) throw failure;
    }
  }
  throw error;
}

/** What the heads show, or what is pinned of it: see {@link onPinnedState}. */
export const newestState = (changelog: Changelog, store: Store, signal: AbortSignal): Promise<State> =>
  changelog
    .state(undefined, signal)
    .catch((error) => onPinnedState(changelog, store, error, async (state) => state, signal));

/** None where the store answers. */
async function choices(changelog: Changelog, cache: CacheStore, signal: AbortSignal): Promise<Choice[]> {
  const files = await changelog.files(signal);
  const prefix = `${changelog.folder}/`;
  const namesIn = (paths: readonly string[]) =>
    paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  const pins = (await allPins(cache))
    .map(({ since, revisions }) => ({ since, names: namesIn(revisions) }))
    .filter(({ names }) => names.length > 0)
    .sort((a, b) => b.since - a.since);
  if (!cache.stale || pins.length === 0) return [];
  const lacking = new Set(await cache.kept.lacking(files.map(({ path }) => path)));
  const here = files.filter(({ path }) => !lacking.has(path));
  // Of twins one file is enough: the log takes the last.
  const known = [...files.filter(({ path }) => lacking.has(path)), ...here];
  const waiting = namesIn(await cache.waiting());
  const pinned = pins.map(({ since, names }) => choiceOf(known, [...names, ...waiting], since));
  const newest = choiceOf(known, namesIn(here.map(({ path }) => path)), pinned[0]!.since);
  return holds(newest, pinned[0]!) ? [newest, ...pinned] : pinned;
}

/** What the revisions of some files show. Others may have trimmed what is pinned here: that is not listed any more. */
function choiceOf(listed: readonly RevisionName[], names: readonly string[], since: number): Choice {
  const wanted = new Set(names);
  const trimmed = new Set(names);
  for (const { name } of listed) trimmed.delete(name);
  const all = joinTwins([...[...trimmed].map((name) => parseName(name)!), ...listed]);
  const log = buildLog(all);
  const ids = new Set(all.filter(({ name }) => wanted.has(name)).map(({ child }) => child));
  return { heads: topmost(log, ids), log, since };
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
