import type { Change, ChangeListener, WatchOptions } from "../model/api/history.ts";

/**
 * Starts a watch, and returns what `watch` returns: a function that ends it, or an iterator that can be ended while the next
 * change is awaited. A generator alone would end with that change, and would start only with the first call of `next`.
 *
 * @param start starts the watch, until the signal fires; returns the changes, if there is no listener. An error goes to
 *   `onError`, or to the first `next`
 * @param first the listener; without one, changes are iterated over. One of a wrong type is reported as all errors are
 */
export function watching(
  start: (ended: AbortSignal, listens: boolean) => Promise<AsyncGenerator<Change, void> | undefined>,
  first: ChangeListener | WatchOptions | undefined,
  options: WatchOptions | undefined,
): (() => void) | AsyncIterableIterator<Change> {
  const ending = new AbortController();
  const listens = typeof first === "function" || options !== undefined;
  const started = start(ending.signal, listens);
  started.catch((error) => listens && (options?.onError ?? console.warn)(error));
  if (listens) return () => ending.abort();
  const changes = (async function* () {
    yield* (await started)!;
  })();
  const end = changes.return;
  changes.return = () => {
    ending.abort();
    return end.call(changes, undefined);
  };
  return changes;
}
