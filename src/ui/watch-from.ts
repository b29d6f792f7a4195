import type { Collection } from "../model/api/collection.ts";
import type { WatchOptions } from "../model/api/history.ts";

/** How many of the newest revisions are searched for heads. An older head only makes for one read too many. */
const RECENT = 16;

/** Calls `listener` with each change of a series since now, so that a read that begins after this call misses none. */
export async function watchFrom(
  collection: Collection,
  label: string,
  listener: () => void,
  options: Pick<WatchOptions, "every"> & { signal: AbortSignal },
): Promise<void> {
  const { signal } = options;
  const recent = await collection.log({ limit: RECENT, signal }).catch(() => undefined);
  if (signal.aborted) return;
  const since = recent?.filter(({ head }) => head);
  // The next read of a store that fails says why.
  collection.series(label).watch(listener, { ...options, since, onError: () => {} });
}
