import { sleep } from "../../async/clock.ts";
import { type PollResult, pollChanges, WATCH_INTERVAL } from "../../async/poll.ts";
import type { Changelog } from "../../changelog/changelog.ts";
import type { Log } from "../../changelog/log.ts";
import { ancestors, currentId } from "../../changelog/log-lookup.ts";
import type { Change, WatchOptions } from "../../model/api/history.ts";
import { throwIfAborted } from "../../model/errors.ts";
import type { Store } from "../../stores/store.ts";
import { newestState } from "../read/local-state.ts";
import { changesBetween, toRangeChanges } from "./changes.ts";
import type { CollectionContext } from "./collection-context.ts";
import { toRevisions } from "./log.ts";

export interface NextChangeOptions {
  /** Milliseconds between two polls. */
  every: number;
  /** Waits for a change of this series only. */
  label?: string | undefined;
  signal: AbortSignal;
}

/** Calls `listener` with each change of a collection, or of one series if a label is given, until `signal` fires. */
export function watch(
  collection: CollectionContext,
  label: string | undefined,
  listener: (change: Change) => void,
  options: WatchOptions,
): void {
  const { every = WATCH_INTERVAL } = options;
  const next = (since: readonly string[] | undefined, signal: AbortSignal) =>
    nextChange(collection, since, { every, label, signal: collection.untilClosed(signal) });
  pollChanges(next, listener, options);
}

/**
 * Polls a changelog until its heads differ from `since`, and returns them with what changed. Without `since`,
 * returns the current heads at once.
 */
export async function nextChange(
  { changelog, repo: { store } }: CollectionContext,
  since: readonly string[] | undefined,
  { every, label, signal }: NextChangeOptions,
): Promise<PollResult> {
  let known = since;
  for (;;) {
    throwIfAborted(signal);
    if (known) await sleep(every, signal);
    changelog.refresh();
    const log = await changelog.recentLog(signal);
    const { heads } = log;
    if (!known) return { heads: await visibleHeads(changelog, store, heads, signal), change: undefined };
    if (known.join() === heads.join()) continue;
    const old = known.map((id) => currentId(log, id)).filter((id) => id !== undefined); // trimmed revisions have none
    const seen = ancestors(log, old);
    const current = ancestors(log, heads);
    const revisions = toRevisions(
      log,
      log.ids.filter((id) => current.has(id) && !seen.has(id)),
    );
    const ranges = await rangesOf(changelog, log, old, heads, label, signal);
    known = heads;
    if (label === undefined || ranges.length > 0) return { heads, change: { revisions, ranges } };
  }
}

/** Returns the heads that a reader sees. Offline these may be older than the listed ones. */
async function visibleHeads(
  changelog: Changelog,
  store: Store,
  listed: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (!store.local?.stale) return listed;
  return (await newestState(changelog, store, signal)).heads;
}

async function rangesOf(
  changelog: Changelog,
  log: Log,
  from: readonly string[],
  to: readonly string[],
  label: string | undefined,
  signal: AbortSignal,
): Promise<Change["ranges"]> {
  const changes = await changesBetween(changelog, from, to, signal, log);
  const relevant = changes.filter((change) => label === undefined || change.label === label);
  return toRangeChanges(relevant).map(({ lo: _, hi: __, ...change }) => change);
}
