import type { Changelog } from "../../changelog/changelog.ts";
import { currentId } from "../../changelog/log.ts";
import type { Change } from "../../model/api/history.ts";
import { aborted, throwIfAborted } from "../../model/errors.ts";
import type { News } from "../../model/watch.ts";
import { CacheStore } from "../../stores/cache/cache-store.ts";
import type { Store } from "../../stores/store.ts";
import { newestState } from "../read/local-state.ts";
import { ancestorsOf, changesBetween, toRangeChanges } from "./changes.ts";
import { toRevisions } from "./log.ts";

export interface NewsOptions {
  /** Milliseconds between two looks. */
  every: number;
  /** Only what concerns this series. */
  label?: string | undefined;
  signal: AbortSignal;
}

/** Waits until a changelog has other heads than `since`, and tells what is new. Without `since`: the heads as they are. */
export async function nextChange(
  changelog: Changelog,
  store: Store,
  since: readonly string[] | undefined,
  { every, label, signal }: NewsOptions,
): Promise<News> {
  let known = since;
  for (;;) {
    throwIfAborted(signal);
    if (known) await pause(every, signal);
    changelog.refresh();
    const log = await changelog.log(undefined, signal);
    const { heads } = log;
    if (!known) return { heads: await seenFirst(changelog, store, heads, signal), change: undefined };
    if (known.join() === heads.join()) continue;
    const old = known.map((id) => currentId(log, id)).filter((id) => id !== undefined); // the others were trimmed
    const before = ancestorsOf(log, old);
    const reach = ancestorsOf(log, heads);
    const revisions = toRevisions(
      log,
      log.ids.filter((id) => reach.has(id) && !before.has(id)),
    );
    const ranges = await rangesOf(changelog, old, heads, label, signal);
    known = heads;
    if (label === undefined || ranges.length > 0) return { heads, change: { revisions, ranges } };
  }
}

/** The heads as a reader sees them: without a network, maybe older ones than were listed. */
async function seenFirst(
  changelog: Changelog,
  store: Store,
  listed: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (!(store instanceof CacheStore) || !store.stale) return listed;
  return (await newestState(changelog, store, signal)).heads;
}

async function rangesOf(
  changelog: Changelog,
  from: readonly string[],
  to: readonly string[],
  label: string | undefined,
  signal: AbortSignal,
): Promise<Change["ranges"]> {
  const changes = await changesBetween(changelog, from, to, signal);
  const wanted = changes.filter((change) => label === undefined || change.label === label);
  return toRangeChanges(wanted).map(({ lo: _, hi: __, ...change }) => change);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(aborted(signal));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}
