import { endable, isListener } from "../../async/change-iterator.ts";
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
export function watchChanges(
  collection: CollectionContext,
  label: string | undefined,
  first: ChangeListener | WatchOptions = {},
  options?: WatchOptions,
): (() => void) | AsyncIterableIterator<Change> {
  return isListener(first, options)
    ? listen(collection, label, first, options)
    : endable((ended) => iterate(collection, label, first, ended));
}

function listen(
  collection: CollectionContext,
  label: string | undefined,
  listener: ChangeListener,
  options: WatchOptions = {},
): () => void {
  const stopping = new AbortController();
  const { signal, onError = console.warn } = options;
  const ending = AbortSignal.any(signal ? [signal, stopping.signal] : [stopping.signal]);
  operations().then(
    ({ watch }) => watch(collection, label, listener, { ...options, signal: ending }),
    (error) => onError(error),
  );
  return () => stopping.abort();
}

async function* iterate(
  collection: CollectionContext,
  label: string | undefined,
  options: WatchOptions,
  ended: AbortSignal,
): AsyncGenerator<Change, undefined> {
  return yield* (await operations()).changes(collection, label, options, ended);
}
