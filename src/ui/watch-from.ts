import { sleep } from "../async/clock.ts";
import { WATCH_INTERVAL } from "../async/poll.ts";
import type { Collection } from "../model/api/collection.ts";
import type { Revision, WatchOptions } from "../model/api/history.ts";

/** How many of the newest revisions are searched for heads. An older head only makes for one read too many. */
const RECENT = 16;

type Options = Pick<WatchOptions, "every"> & { signal: AbortSignal };

/** Calls `listener` with each change of a series since now, so that a read that begins after this call misses none. */
export async function watchFrom(
  collection: Collection,
  label: string,
  listener: () => void,
  options: Options,
): Promise<void> {
  let failed = false;
  let recent: Revision[] | undefined;
  while (!recent && !options.signal.aborted) {
    recent = await recentRevisions(collection, options);
    failed ||= !recent;
  }
  if (!recent || options.signal.aborted) return;
  const since = recent.filter(({ head }) => head);
  // The next read of a store that fails says why.
  collection.series(label).watch(listener, { ...options, since, onError: () => {} });
  if (failed) listener(); // a read may have come before these revisions
}

/** Returns the newest revisions; if that fails, undefined after a while. */
async function recentRevisions(
  collection: Collection,
  { every = WATCH_INTERVAL, signal }: Options,
): Promise<Revision[] | undefined> {
  try {
    return await collection.log({ limit: RECENT, signal });
  } catch {
    await sleep(every, signal).catch(() => {});
    return undefined;
  }
}
