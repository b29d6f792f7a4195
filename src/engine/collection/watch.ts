import { sleep } from "../../async/clock.ts";
import { type NextChange, type PollResult, startWatch, WATCH_INTERVAL } from "../../async/poll.ts";
import type { Changelog } from "../../changelog/changelog.ts";
import type { Log } from "../../changelog/log.ts";
import { ancestors, currentId } from "../../changelog/log-lookup.ts";
import type { Change, ChangeListener, WatchOptions } from "../../model/api/history.ts";
import type { IndexValue } from "../../model/column.ts";
import { throwIfAborted } from "../../model/errors.ts";
import type { Schema } from "../../model/schema.ts";
import type { Store } from "../../stores/store.ts";
import { numberOf } from "../read/key-number.ts";
import { newestState } from "../read/local-state.ts";
import { changesBetween, toRangeChanges } from "./changes.ts";
import type { CollectionContext } from "./collection-context.ts";
import { toRevisions } from "./log.ts";

export interface NextChangeOptions {
  /** Milliseconds between two polls. */
  every: number;
  /** Waits for a change of this series only. */
  label?: string | undefined;
  /** As {@link WatchOptions.numbers}. */
  numbers?: boolean | undefined;
  signal: AbortSignal;
}

/** Watches a collection, or one series if a label is given, until `ended` fires: see {@link startWatch}. */
export const watch = (
  collection: CollectionContext,
  label: string | undefined,
  first: ChangeListener | WatchOptions | undefined,
  own: WatchOptions | undefined,
  ended: AbortSignal,
  listens: boolean,
): AsyncGenerator<Change, undefined> | undefined =>
  startWatch((options) => polling(collection, label, options), first, own, ended, listens);

/** @param options are read once they are checked: when the function is called */
const polling =
  (collection: CollectionContext, label: string | undefined, options: WatchOptions): NextChange =>
  (since, caller) => {
    const { every = WATCH_INTERVAL, numbers } = options;
    return nextChange(collection, since, { every, label, numbers, signal: collection.untilClosed(caller) });
  };

/**
 * Polls a changelog until its heads differ from `since`, and returns them with what changed. Without `since`,
 * returns the current heads at once.
 */
export async function nextChange(
  { changelog, schema, repo: { store } }: CollectionContext,
  since: readonly string[] | undefined,
  { every, label, numbers, signal }: NextChangeOptions,
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
    if (label === undefined || ranges.length > 0)
      return { heads, change: { revisions, ranges: numbers ? inNumbers(ranges, schema) : ranges } };
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

/** Returns ranges whose keys are numbers where they were bigints: of times, epoch milliseconds. */
function inNumbers(ranges: Change["ranges"], { index }: Schema): Change["ranges"] {
  const plain = (key: readonly IndexValue[]) =>
    key.map((value, i) => (typeof value === "bigint" ? numberOf([value], index[i]!)! : value));
  return ranges.map((range) => ({ ...range, start: plain(range.start), stop: plain(range.stop) }));
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
