import type { Change, ChangeListener, WatchOptions } from "../model/api/history.ts";

/**
 * Whether the first argument of `watch` is a listener; without one, changes are iterated over. A listener of a wrong type
 * is reported as all errors of a watch are.
 */
export const isListener = (
  first: ChangeListener | WatchOptions | undefined,
  options: WatchOptions | undefined,
): first is ChangeListener => typeof first === "function" || options !== undefined;

/**
 * Returns an iterator that can be ended while the next change is awaited: a generator alone would end with that change.
 *
 * @param start returns the changes until the signal fires
 */
export function endable(
  start: (ended: AbortSignal) => AsyncGenerator<Change, void>,
): AsyncIterableIterator<Change> {
  const ending = new AbortController();
  const changes = start(ending.signal);
  const end = changes.return;
  changes.return = () => {
    ending.abort();
    return end.call(changes, undefined);
  };
  return changes;
}
