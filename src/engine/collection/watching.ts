import { watching } from "../../async/change-iterator.ts";
import { lazy } from "../../async/lazy.ts";
import type { Change, ChangeListener, WatchOptions } from "../../model/api/history.ts";
import type { CollectionContext } from "./collection-context.ts";

const operations = lazy(() => import("./operations.ts"));

/**
 * Watches a collection, or one series if a label is given, on this thread. The builds of the workers leave this out
 * (vite.config.ts): their clients ask for one change at a time.
 *
 * @param first the listener; without one, changes are iterated over
 */
export const watchChanges = (
  collection: CollectionContext,
  label: string | undefined,
  first?: ChangeListener | WatchOptions,
  options?: WatchOptions,
): (() => void) | AsyncIterableIterator<Change> =>
  watching(
    async (ended, listens) => (await operations()).watch(collection, label, first, options, ended, listens),
    first,
    options,
  );
